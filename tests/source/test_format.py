"""C++ stands as clang-format writes it. Skipped without clang-format 14: every version formats in its own way."""

import re
import shutil
import subprocess
import sys
import unittest

from source_tree import source_of_arguments

FOLDERS = ("analysis", "benchmarks", "core", "driver", "report", "tests", "theory", "workers")
VERSION = "14"
NOT_RUN = 77  # tells CTest that the test was skipped


def missing():
    """Why formatting cannot be checked here; nothing where it can."""
    if not shutil.which("clang-format"):
        return "clang-format is not installed"
    said = subprocess.run(["clang-format", "--version"], capture_output=True, text=True).stdout
    found = re.search(r"version (\d+)", said)
    return None if found and found[1] == VERSION else f"clang-format is not version {VERSION}: {said.strip()}"


class Format(unittest.TestCase):
    def test_files_are_formatted(self):
        paths = [p for f in FOLDERS for s in ("cpp", "hpp") for p in sorted((SOURCE / f).rglob(f"*.{s}"))]
        self.assertGreater(len(paths), 100)
        done = subprocess.run(["clang-format", "--dry-run", "--Werror", "--style=file", *paths],
                              capture_output=True, text=True)
        wrong = sorted({line.split(":")[0] for line in done.stderr.splitlines() if "-Wclang-format-violations" in line})
        self.assertEqual((wrong, done.returncode), ([], 0), "clang-format -i mends them")


if __name__ == "__main__":
    SOURCE = source_of_arguments()
    if why := missing():
        print(f"Skipped: {why}.")
        sys.exit(NOT_RUN)
    unittest.main(argv=[__file__])
