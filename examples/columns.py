#!/usr/bin/env python3
"""Columns of a table that `varprop analyze` wrote, and the rows that fit: columns.py TABLE.csv COLUMN… [COLUMN=VALUE …]

    python3 examples/columns.py finite/laws.csv law=drift parameter estimate low high theory

Columns come in the order in which they are named; one that is named with a value picks rows and is not printed.
"""

import csv
import sys


def main(path, *words):
    wanted = [word for word in words if "=" not in word]
    conditions = [word.split("=", 1) for word in words if "=" in word]
    with open(path, encoding="utf-8", newline="") as file:
        table = csv.DictReader(file)
        unknown = {*wanted, *(column for column, _ in conditions)} - {*table.fieldnames}
        if unknown:
            sys.exit(f"{path} has no column {', '.join(sorted(unknown))}.\nIt has {', '.join(table.fieldnames)}.")
        rows = [[shown(row[column]) for column in wanted] for row in table
                if all(row[column] == value for column, value in conditions)]
    widths = [max(len(text) for text in column) for column in zip(wanted, *rows)]
    for row in [wanted, *rows]:
        print("  ".join(text.rjust(width) for text, width in zip(row, widths)))


def shown(field):
    """Fractions with five digits, - for an empty field."""
    try:
        return field if field.isdigit() else f"{float(field):.5g}"
    except ValueError:
        return field or "-"


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
