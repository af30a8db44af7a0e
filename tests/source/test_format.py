"""C++ stands as clang-format writes it. Skipped without clang-format 14: every version formats in its own way."""

import re
import shutil
import subprocess
import unittest

from script_test import ScriptTest

FOLDERS = ("analysis", "benchmarks", "core", "driver", "report", "tests", "theory", "workers")
VERSION = "14"


def missing():
    """Why formatting cannot be checked here; nothing where it can."""
    if not shutil.which("clang-format"):
        return "clang-format is not installed"
    said = subprocess.run(["clang-format", "--version"], capture_output=True, text=True).stdout
    found = re.search(r"version (\d+)", said)
    return None if found and found[1] == VERSION else f"clang-format is not version {VERSION}: {said.strip()}"


class Format(ScriptTest):
    @classmethod
    def setUpClass(cls):
        if why := missing():
            raise unittest.SkipTest(why)

    def test_files_are_formatted(self):
        paths = [p for f in FOLDERS for s in ("cpp", "hpp") for p in sorted(self.source(f).rglob(f"*.{s}"))]
        self.assertGreater(len(paths), 100)
        done = subprocess.run(["clang-format", "--dry-run", "--Werror", "--style=file", *paths],
                              capture_output=True, text=True)
        wrong = sorted({line.split(":")[0] for line in done.stderr.splitlines() if "-Wclang-format-violations" in line})
        self.assertEqual((wrong, done.returncode), ([], 0), "clang-format -i mends them")
