"""Tables for docs."""


def number(x, digits=3):
    """Three significant digits, without an exponent where that is readable."""
    if x is None:
        return ""
    if isinstance(x, str):
        return x
    if x != 0 and not 1e-4 <= abs(x) < 1e6:
        return f"{x:.{digits - 1}e}"
    return f"{x:.{digits}g}" if abs(x) < 10**digits else f"{x:.0f}"


def table(header, rows):
    """Prints a Markdown table; numbers by number()."""
    print("| " + " | ".join(header) + " |")
    print("|" + "---|" * len(header))
    for row in rows:
        print("| " + " | ".join(number(cell) for cell in row) + " |")
    print()
