"""The source tree keeps its own rules: layers point one way, MPI and HDF5 stay in their folders, files stay short."""

import pathlib
import re

from script_test import ScriptTest

SOURCE = ScriptTest.source()

# What each layer may include besides itself.
MAY_INCLUDE = {
    "core": set(),
    "theory": {"core"},
    "workers": {"core", "theory"},
    "analysis": {"core", "theory"},
    "driver": {"core", "theory", "workers", "analysis"},
    "benchmarks": {"core", "theory", "workers", "analysis", "driver"},
}
# Calls and headers of the outside world, and the one folder or file where they may stand.
CONFINED = {
    "core/parallel": re.compile(r"\bMPI_[A-Z]\w+\s*\(|\bMPI_Comm\b|#include\s*[<\"]mpi"),
    "core/storage": re.compile(r"\bH5[A-Z]{1,2}\w*\s*\(|\bhid_t\b|#include\s*[<\"]hdf5"),
    "core/json.cpp": re.compile(r"#include\s*[<\"]nlohmann"),
}
INCLUDE = re.compile(r'^\s*#include\s*"([^"]+)"', re.MULTILINE)
MOST_LINES = 400


def files(*folders, suffixes=(".hpp", ".cpp")):
    for folder in folders:
        for path in sorted((SOURCE / folder).rglob("*")):
            if path.suffix in suffixes:
                yield path


def without_comments(text):
    return re.sub(r"//[^\n]*|/\*.*?\*/", "", text, flags=re.DOTALL)


class Layers(ScriptTest):
    def test_includes_point_one_way(self):
        for layer, allowed in MAY_INCLUDE.items():
            for path in files(layer):
                for included in INCLUDE.findall(path.read_text()):
                    if "/" not in included:  # made by the build; ours are written from the root of the tree
                        self.assertFalse((path.parent / included).exists(), f"{path}: {included}")
                        continue
                    target = included.split("/")[0]
                    with self.subTest(file=str(path.relative_to(SOURCE)), includes=included):
                        self.assertIn(target, allowed | {layer})

    def test_mpi_hdf5_and_the_json_library_stay_at_home(self):
        for home, pattern in CONFINED.items():
            for path in files(*MAY_INCLUDE):
                name = path.relative_to(SOURCE).as_posix()
                if name == home or name.startswith(home + "/"):
                    continue
                with self.subTest(file=name, home=home):
                    self.assertIsNone(pattern.search(without_comments(path.read_text())))

    def test_the_confined_are_found_at_home(self):
        for home, pattern in CONFINED.items():
            sources = list(files(home, suffixes=(".cpp",)))
            if sources:
                with self.subTest(home=home):
                    self.assertTrue(any(pattern.search(path.read_text()) for path in sources))

    def test_files_are_short(self):
        for path in files(*MAY_INCLUDE, "tests", suffixes=(".hpp", ".cpp", ".py", ".cmake")):
            with self.subTest(file=str(path.relative_to(SOURCE))):
                self.assertLessEqual(len(path.read_text().splitlines()), MOST_LINES)

    def test_names_are_nouns_of_the_field(self):
        banned = {"utils", "util", "helpers", "helper", "common", "misc", "manager"}
        for path in files(*MAY_INCLUDE, "tests"):
            with self.subTest(file=str(path.relative_to(SOURCE))):
                self.assertFalse(banned & set(re.split(r"[/_.]", path.relative_to(SOURCE).as_posix())))
