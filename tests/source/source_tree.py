"""The production files of a source tree: who includes whom, how long files and functions are."""

import collections
import pathlib
import re

LAYERS = ("core", "theory", "workers", "analysis", "report", "driver")
SMALL_PAIR = 120
INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"', re.MULTILINE)
FRAME = re.compile(r"\s*$|\s*#|\s*(inline\s+)?namespace\b|\s*}\s*//\s*namespace|HWY_(BEFORE|AFTER)_NAMESPACE")
NO_CODE = re.compile(r'//[^\n]*|/\*.*?\*/|R"\((?:.*?)\)"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])\'', re.DOTALL)
HEAD = re.compile(r"[;{}]")
KEYWORDS = re.compile(r"\s*(?:template\s*<[^;{}]*>\s*)?(?:inline\s+)?(?:constexpr\s+)?(namespace|class|struct|union|enum|extern)\b")


class Tree:
    def __init__(self, root, layers=LAYERS):
        self.root = pathlib.Path(root)
        self.text = {path.relative_to(self.root).as_posix(): path.read_text(encoding="utf-8")
                     for layer in layers for path in sorted((self.root / layer).rglob("*"))
                     if path.suffix in (".hpp", ".cpp") and "node_modules" not in path.parts}
        self.includes = {name: [target for target in INCLUDE.findall(text) if target in self.text]
                         for name, text in self.text.items()}
        self.users = {name: {user for user, targets in self.includes.items()
                             if name in targets and stem(user) != stem(name)} for name in self.text}

    def lines(self, name):
        return len(self.text[name].splitlines())

    def pairs(self):
        return [name for name in self.text if name.endswith(".hpp") and stem(name) + ".cpp" in self.text]

    def small_pairs_of_one_user(self):
        return [name for name in self.pairs() if len(self.users[name]) == 1
                and self.lines(name) + self.lines(stem(name) + ".cpp") < SMALL_PAIR]

    def headers_of_one_user(self):
        headers = [name for name in self.text if name.endswith(".hpp")]
        return sum(len(self.users[name]) == 1 for name in headers) / len(headers)

    def frame_share(self):
        lines = [line for text in self.text.values() for line in text.splitlines()]
        return sum(bool(FRAME.match(line)) for line in lines) / len(lines)

    def folders(self):
        return sorted(set(map(folder, self.text)))

    def folder_arrows(self):
        return {(folder(name), folder(target)) for name, targets in self.includes.items() for target in targets
                if folder(name) != folder(target)}

    def cycles(self):
        arrows = self.folder_arrows()
        return sorted({tuple(sorted(arrow)) for arrow in arrows if arrow[::-1] in arrows})

    def largest_folder(self):
        return max(collections.Counter(map(folder, self.text)).values())

    def functions(self):
        return sorted(length for text in self.text.values() for length in function_lengths(text))


def stem(name):
    return name.rsplit(".", 1)[0]


def folder(name):
    return name.rsplit("/", 1)[0]


def function_lengths(text):
    """Lines of every function body that stands in a namespace or a class."""
    code = NO_CODE.sub(lambda match: "\n" * match.group().count("\n"), text)
    code = re.sub(r"^\s*#(?:[^\n]*\\\n)*[^\n]*", lambda match: "\n" * match.group().count("\n"), code, flags=re.MULTILINE)
    scopes, begin, line = [], 0, 1  # scopes: (is it a function, line of its brace)
    for match in HEAD.finditer(code):
        line += code.count("\n", begin if match.start() else 0, match.start())
        head, begin = code[begin:match.start()], match.start()
        head = head.lstrip(";{}")
        if match.group() == "{":
            outside = not any(inside for inside, _ in scopes)
            is_scope = KEYWORDS.match(head) and "(" not in KEYWORDS.sub("", head, count=1)
            function = outside and not is_scope and ")" in head and not re.search(r"=\s*$|=\s*\w*$", head)
            scopes.append((function, line))
        elif match.group() == "}" and scopes:
            function, first = scopes.pop()
            if function:
                yield max(line - first - 1, 1 if line == first else 0)
