"""Files damaged in every way that a disk, a cable or a person has, the same ways for the same seed.

damage_bytes: of a results file or of an event log; damage_text: of a sweep file. Both say in a few words what they did.
"""

import re

# Where HDF5's own structures begin: heaps of texts, trees and headers of objects.
SIGNATURES = re.compile(rb"GCOL|TREE|HEAP|SNOD|OHDR|OCHK|FRHP|FHDB|FHIB|BTHD|BTIN|BTLF|FSHD|FSSE|\x89HDF")
TEXTS = re.compile(rb"[ -~]{4,}")
WHOLE_NUMBERS = [0, 1, 2, 0x7F, 0xFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0x7FFFFFFFFFFFFFFF, 0x8000000000000000, 0xFFFFFFFFFFFFFFFF]


def length(rng, most):
    """Mostly short, now and then long."""
    return max(1, min(most, int(2 ** rng.uniform(0, 14))))


def stretch(content, rng):
    size = length(rng, len(content))
    begin = rng.randrange(len(content) - size + 1)
    return begin, begin + size


def filling(size, rng):
    kind = rng.choice(["zeros", "ones", "noise"])
    return kind, {"zeros": bytes(size), "ones": b"\xff" * size, "noise": rng.randbytes(size)}[kind]


# Each changes the bytes in place and returns words.


def flip_bits(content, rng):
    count = rng.choice([1, 1, 1, 2, 4, 16, 64])
    for _ in range(count):
        content[rng.randrange(len(content))] ^= 1 << rng.randrange(8)
    return f"{count} bits flipped"


def fill_stretch(content, rng):
    begin, end = stretch(content, rng)
    kind, content[begin:end] = filling(end - begin, rng)
    return f"{kind} from {begin} to {end}"


def fill_sector(content, rng):
    size = rng.choice([512, 4096])
    begin = rng.randrange(len(content)) // size * size
    end = min(len(content), begin + size)
    kind, content[begin:end] = filling(end - begin, rng)
    return f"{kind} in the sector from {begin} to {end}"


def truncate(content, rng):
    size = rng.choice([rng.randrange(len(content)), rng.randrange(min(len(content), 4096)), len(content) - length(rng, len(content))])
    del content[size:]
    return f"cut to {size} bytes"


def extend(content, rng):
    kind, more = filling(length(rng, 1 << 16), rng)
    content += more
    return f"{len(more)} bytes of {kind} at the end"


def swap_stretches(content, rng):
    size = length(rng, len(content) // 2)
    a, b = (rng.randrange(len(content) - size + 1) for _ in range(2))
    content[a:a + size], content[b:b + size] = content[b:b + size], content[a:a + size]
    return f"{size} bytes at {a} and {b} swapped"


def duplicate_stretch(content, rng):
    begin, end = stretch(content, rng)
    to = rng.randrange(len(content) - (end - begin) + 1)
    content[to:to + end - begin] = content[begin:end]
    return f"bytes {begin} to {end} also at {to}"


def drop_stretch(content, rng):
    begin, end = stretch(content, rng)
    del content[begin:end]
    return f"bytes {begin} to {end} missing"


def hit_structure(content, rng):
    found = [match.start() for match in SIGNATURES.finditer(content)] or [0]
    at = rng.choice(found)
    begin = max(0, min(len(content) - 1, at + rng.randrange(-8, 160)))
    end = min(len(content), begin + rng.choice([1, 2, 4, 8, 16, 32, 64]))
    kind, content[begin:end] = filling(end - begin, rng)
    return f"{kind} from {begin} to {end}, at {bytes(content[at:at + 4])!r} at {at}"


def replace_whole_number(content, rng):
    size = rng.choice([1, 2, 4, 8])
    begin = rng.randrange(max(1, len(content) - size))
    number = rng.choice(WHOLE_NUMBERS) & (256**size - 1)
    content[begin:begin + size] = number.to_bytes(size, "little")
    return f"{size} bytes at {begin} are {number}"


def hit_text(content, rng):
    found = [match.span() for match in TEXTS.finditer(content)] or [(0, len(content))]
    begin, end = rng.choice(found)
    at = rng.randrange(begin, end)
    content[at] = rng.choice([0, 0xC3, 0x1B, 10, 32, 45, 48, 57, 65, 122, content[at] ^ 1])
    return f"a letter at {at}"


DAMAGES = [flip_bits, flip_bits, fill_stretch, fill_stretch, fill_sector, truncate, extend, swap_stretches, duplicate_stretch,
           drop_stretch, hit_structure, hit_structure, hit_structure, replace_whole_number, replace_whole_number, hit_text, hit_text]


def damage_bytes(original, rng):
    """A damaged copy, which is not equal to the original, and what was done."""
    while True:
        content = bytearray(original)
        words = []
        for _ in range(rng.choice([1, 1, 1, 2, 3])):
            if content:
                words.append(rng.choice(DAMAGES)(content, rng))
        if content != original:
            return bytes(content), "; ".join(words)


# Sweep files

TOKENS = re.compile(r"""[\w.+-]+|"[^"\n]*"|'[^'\n]*'|\s+|.""", re.DOTALL)
NUMBERS = ["0", "-0", "-1", "1", "2", "7", "1e308", "1e-308", "1e309", "5e-324", "nan", "inf", "-inf", "0.1", "1e3", "1_000", "0x7f", "0b1",
           "127", "1000000", "1000001", "1048575", "1048576", "2147483647", "4294967296", "1099511627776", "1099511627777",
           "9007199254740993", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "18446744073709551615",
           "1.7976931348623157e308", "123456789012345678901234567890"]
VALUES = ["true", "false", '""', '"he"', '"torch"', '"lecun"', '"all"', '"tanh"', '"leaky_relu(0.2)"', '"leaky_relu(1e400)"', '"elu("', '"relu(1)"',
          '"orthogonal"', '"rademacher"', '"dense"', '"none"', '"correlation"', "[]", "{}", "[[]]", "[1, 1]", '["tanh", "tanh"]',
          "{ from = 1, to = 2, count = 3 }", "{ from = 1, to = 1e300, count = 1000000, scale = \"log\" }", "{ from = 1 }",
          "{ from = 1, to = 1000000, count = 1000000 }", "1979-05-27", "07:32:00", '"\\u001b[31m"', '"\\u0000"', "'''a'''", '"""\n"""']
JUNK = ["\0", "\x1b[2J", "\r", "\ufeff", "\u202e", "é", "\U0001f600", "\\", '"', "'", "#", "=", "[", "]", "[[", "]]", "{", "}", ",", ".",
        "\n", "[grid]\n", "[[grid]]\n", "[simulation]\n", "[output]\n", "grid.width = 3\n", "\u00a0", "\t", "\x7f", "\ud7ff"]


def damage_one_place(text, others, rng):
    tokens, lines = TOKENS.findall(text), text.splitlines(keepends=True)
    kind = rng.choice(["number", "number", "number", "number", "number", "value", "value", "junk", "delete", "duplicate", "swap", "line", "line", "key", "splice",
                       "many", "nest", "long", "cut"])
    place = rng.randrange(len(tokens)) if tokens else 0
    numbers = [i for i, token in enumerate(tokens) if token[:1].isdigit()]
    if kind == "number" and numbers:
        tokens[rng.choice(numbers)] = rng.choice(NUMBERS)
    elif kind == "value":
        return assign(text, rng.choice(VALUES + NUMBERS), rng), kind
    elif kind == "junk":
        tokens.insert(place, rng.choice(JUNK))
    elif kind == "delete":
        del tokens[place:place + rng.choice([1, 1, 2, 5])]
    elif kind == "duplicate":
        tokens[place:place] = tokens[place:place + rng.choice([1, 2, 8, 40])]
    elif kind == "swap" and tokens:
        other = rng.randrange(len(tokens))
        tokens[place], tokens[other] = tokens[other], tokens[place]
    elif kind == "line" and lines:
        return damage_lines(lines, rng), kind
    elif kind == "key":
        return assign(text, rng.choice(VALUES + NUMBERS), rng, rng.choice(others)), kind
    elif kind == "splice":
        other = rng.choice(others)
        return text[:rng.randrange(len(text) + 1)] + other[rng.randrange(len(other)):], kind
    elif kind == "many":
        values = ", ".join(str(rng.choice([i, i / 7, f'"{i}"'])) for i in range(rng.choice([10, 300, 2000])))
        return assign(text, f"[{values}]", rng), kind
    elif kind == "nest":
        depth = rng.choice([2, 50, 300, 5000])
        opened, closed = rng.choice([("[", "]"), ("{a=", "}")])
        return assign(text, opened * depth + "1" + closed * rng.choice([depth, depth - 1]), rng), kind
    elif kind == "long":
        return assign(text, f'"{rng.choice(["x", "é", "%s", "{}", chr(92) + "n"]) * rng.choice([100, 10000, 100000])}"', rng), kind
    elif kind == "cut":
        return text[:rng.randrange(len(text) + 1)], kind
    return "".join(tokens), kind


def assign(text, value, rng, other=None):
    """Another value for one key, of this text or of another one's."""
    assignments = list(re.finditer(r"^[ \t]*[\w.]+[ \t]*=[^\n]*$", text, re.M))
    if other:
        keys = re.findall(r"^[ \t]*([\w.]+)[ \t]*=", other, re.M)
        return f"{text}\n{rng.choice(keys or ['a'])} = {value}\n"
    if not assignments:
        return f"{text}\na = {value}\n"
    chosen = rng.choice(assignments)
    return text[:chosen.start()] + chosen.group().split("=")[0] + f"= {value}" + text[chosen.end():]


def damage_lines(lines, rng):
    a, b = rng.randrange(len(lines)), rng.randrange(len(lines))
    how = rng.choice(["delete", "duplicate", "swap"])
    if how == "delete":
        del lines[a]
    elif how == "duplicate":
        lines.insert(b, lines[a])
    else:
        lines[a], lines[b] = lines[b], lines[a]
    return "".join(lines)


def damage_text(texts, rng):
    """A sweep file that began as one of these texts, in bytes, and what was done."""
    text, words = rng.choice(texts), []
    for _ in range(rng.choice([1, 1, 1, 1, 2, 3, 5])):
        text, word = damage_one_place(text, texts, rng)
        words.append(word)
    content = text.encode("utf-8", "surrogatepass")
    if content and rng.random() < 0.15:
        damaged, word = damage_bytes(content, rng)
        return damaged, "; ".join([*words, word])
    return content, "; ".join(words)
