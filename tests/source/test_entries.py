"""Every class of tests of every script is in CTest's list.

Seen red: with a class left out of the entries of its script, and with a script that has no entry.
"""

import ast
import re

from script_test import ScriptTest

ENTRY = re.compile(r"varprop_script_test\(\S+\s+(\S+\.py)((?:\s+[^\s()]+)*)")
SUBJECTS = re.compile(r"foreach\(subject ([\w ]+)\)")


def entries(folder):
    """(script, classes) of each entry of a folder's list; no classes: all of them."""
    text = (folder / "CMakeLists.txt").read_text(encoding="utf-8")
    subjects = [subject for names in SUBJECTS.findall(text) for subject in names.split()]
    for script, words in ENTRY.findall(text):
        classes = re.search(r"CASES((?:\s+[A-Z][a-z]\w*)+)", words)
        for subject in subjects if "${subject}" in script else [""]:
            yield script.replace("${subject}", subject), set(classes.group(1).split()) if classes else set()


def classes_of(script):
    """The classes of a script that have tests."""
    for node in ast.parse(script.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ClassDef) and any(getattr(part, "name", "").startswith("test_") for part in node.body):
            yield node.name


class Entries(ScriptTest):
    def test_every_class_has_an_entry(self):
        scripts = sorted(self.source("tests").rglob("test_*.py"))
        self.assertGreater(len(scripts), 30)
        for script in scripts:
            listed = [classes for name, classes in entries(script.parent) if name == script.name]
            with self.subTest(script=script.name):
                self.assertTrue(listed, "no entry")
                if all(listed):
                    self.assertEqual(set().union(*listed), set(classes_of(script)))
