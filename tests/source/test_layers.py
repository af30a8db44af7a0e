"""The source tree keeps its own rules: folders include each other one way, MPI and HDF5 stay in their folders, files stay short.

Seen red: with an arrow from core/text to core/sweep, with an arrow that nobody uses, and with a small pair of one user.
"""

import re

import source_tree
from script_test import ScriptTest

SOURCE = ScriptTest.source()

# What each folder may include besides itself: no more, and nothing that it does not need. Layers point one way, core ← theory ←
# {workers, analysis}, analysis ← report, all ← driver; rooms within a layer do so too.
ROOMS = {
    "core": "",
    "core/math": "core core/simd",
    "core/network": "core core/math core/network/activations core/text",
    "core/network/activations": "core core/math core/network/activations/definitions core/simd core/text",
    "core/network/activations/definitions": "",
    "core/parallel": "core",
    "core/random": "core core/math core/simd",
    "core/simd": "core",
    "core/storage": "core core/network core/sweep core/text",
    "core/sweep": "core core/math core/network core/text",
    "core/text": "core",
    "theory": "core",
    "theory/finite_width": "core core/network core/network/activations theory/infinite_width theory/means",
    "theory/infinite_width": "core core/network core/network/activations core/text theory theory/means",
    "theory/means": "core core/network core/network/activations theory",
    "theory/networks": "core core/network theory theory/finite_width theory/infinite_width theory/means theory/streams",
    "theory/streams": "core core/network theory theory/infinite_width theory/means",
    "workers":
        "core core/network core/random core/sweep workers/dense workers/network workers/networks workers/one_input "
        "workers/streams workers/two_inputs",
    "workers/dense": "core core/math workers/kernels workers/network workers/two_inputs",
    "workers/kernels": "core core/math core/network core/network/activations core/random core/simd workers/network",
    "workers/network": "core core/math core/network core/network/activations core/random core/sweep",
    "workers/networks": "core core/math core/network core/network/activations core/random workers/dense workers/kernels workers/network",
    "workers/one_input": "core core/random workers/kernels workers/network",
    "workers/streams":
        "core core/network core/random workers/kernels workers/network workers/networks workers/one_input workers/two_inputs",
    "workers/two_inputs": "workers/kernels workers/network",
    "analysis": "analysis/laws analysis/points analysis/results analysis/tables analysis/terminal core/storage",
    "analysis/depth_laws": "analysis/results analysis/statistics core/text theory/networks theory/streams",
    "analysis/laws":
        "analysis/depth_laws analysis/points analysis/statistics core/network core/sweep theory theory/infinite_width "
        "theory/means theory/networks",
    "analysis/points":
        "analysis/depth_laws analysis/results analysis/statistics core core/math core/network core/sweep core/text theory "
        "theory/infinite_width theory/means theory/networks theory/streams",
    "analysis/results": "analysis/statistics core core/math core/network core/storage core/sweep theory",
    "analysis/statistics": "core core/math theory",
    "analysis/tables": "analysis/laws analysis/points core/network core/storage core/text",
    "analysis/terminal": "analysis/laws analysis/points core core/sweep core/text theory/networks",
    "report": "analysis analysis/terminal core report/data report/figures",
    "report/data":
        "analysis/laws analysis/points analysis/statistics analysis/tables analysis/terminal core core/network core/storage "
        "core/sweep core/text theory/finite_width theory/infinite_width theory/means",
    "report/figures": "core core/storage core/text report/data",
    "driver": "driver/command_line driver/commands driver/sweep_file",
    "driver/command_line": "core core/parallel core/storage core/text",
    "driver/commands":
        "analysis/terminal core core/network core/parallel core/simd core/storage core/sweep core/text driver/command_line "
        "driver/explain driver/forecast driver/init driver/merge driver/run driver/schedule driver/status driver/sweep_file "
        "driver/theory driver/verify report report/data",
    "driver/explain":
        "core core/network core/random core/storage core/sweep core/text workers workers/dense workers/kernels workers/network",
    "driver/explain/chapters": "core/network/activations driver/explain theory/infinite_width theory/means workers/kernels",
    "driver/forecast": "core core/network core/simd core/storage core/sweep core/text driver/run driver/schedule workers",
    "driver/init": "core core/math core/network core/network/activations core/random core/text driver/theory theory/means workers",
    "driver/merge": "core core/storage core/sweep core/text driver/run",
    "driver/run":
        "core core/network core/parallel core/random core/simd core/storage core/sweep core/text driver/schedule "
        "driver/sweep_file workers workers/network",
    "driver/schedule": "core core/sweep core/text workers",
    "driver/status": "core core/storage core/text driver/schedule",
    "driver/sweep_file": "core core/network core/storage core/sweep core/text driver/schedule",
    "driver/theory":
        "analysis/points core core/network core/network/activations core/text theory/finite_width theory/infinite_width "
        "theory/means theory/networks theory/streams",
    "driver/verify": "core core/parallel core/random core/simd core/storage core/sweep core/text driver/run driver/schedule workers",
    "benchmarks": "core/simd core/text driver/command_line driver/commands",
    "benchmarks/batch": "benchmarks core/parallel core/sweep driver/run driver/schedule",
    "benchmarks/kernels": "benchmarks/normals core core/network core/simd core/sweep workers",
    "benchmarks/networks": "core core/text workers/networks",
    "benchmarks/normals": "benchmarks core core/random core/simd",
}
# Headers with their .cpp of one user and under 120 lines in all: why each is a module of its own.
SMALL = {
    "analysis/points/totals.hpp": "a jackknife, tested alone",
    "core/network/shape.hpp": "what an axis is made of, tested alone",
    "core/storage/slot_boxes.hpp": "arithmetic beside HDF5's wrapper, tested alone",
    "workers/networks/mlp_branch.hpp": "a block's equation, forward and backward, an entry of the list in layer.cpp",
    "workers/networks/reflections.hpp": "a decomposition, tested alone",
    "workers/networks/residual_branch.hpp": "likewise",
    "workers/networks/stream_fold.hpp": "a lemma, from layer to layer and back, tested alone",
    "workers/networks/token_source.hpp": "how tokens are drawn, tested alone",
    "workers/streams/pair_norm.hpp": "a norm of two signals and its Jacobian, tested alone",
}
# Calls and headers of the outside world, and the one folder or file where they may stand.
CONFINED = {
    "core/parallel": re.compile(r"\bMPI_[A-Z]\w+\s*\(|\bMPI_Comm\b|#include\s*[<\"]mpi"),
    "core/storage": re.compile(r"\bH5[A-Z]{1,2}\w*\s*\(|\bhid_t\b|#include\s*[<\"]hdf5"),
    "core/json.cpp": re.compile(r"#include\s*[<\"]nlohmann"),
}
LAYERS = (*source_tree.LAYERS, "benchmarks")
MOST_LINES = 400


def files(*folders, suffixes=(".hpp", ".cpp")):
    for folder in folders:
        for path in sorted((SOURCE / folder).rglob("*")):
            if path.suffix in suffixes:
                yield path


def without_comments(text):
    return re.sub(r"//[^\n]*|/\*.*?\*/", "", text, flags=re.DOTALL)


class Layers(ScriptTest):
    tree = source_tree.Tree(SOURCE, LAYERS)

    def test_folders_include_what_they_may(self):
        arrows = {folder: set() for folder in self.tree.folders()}
        for folder, target in self.tree.folder_arrows():
            arrows[folder].add(target)
        self.assertEqual(set(arrows), set(ROOMS))
        for folder, targets in arrows.items():
            with self.subTest(folder=folder):
                self.assertEqual(targets, set(ROOMS[folder].split()))

    def test_no_folders_include_each_other(self):
        self.assertEqual(self.tree.cycles(), [])

    def test_our_own_headers_are_included_from_the_root(self):
        for name, text in self.tree.text.items():
            for included in source_tree.INCLUDE.findall(text):
                if "/" not in included:  # made by the build
                    self.assertFalse((SOURCE / name).parent.joinpath(included).exists(), f"{name}: {included}")

    def test_small_modules_have_a_reason(self):
        self.assertEqual(set(source_tree.Tree(SOURCE).small_pairs_of_one_user()), set(SMALL))

    def test_mpi_hdf5_and_the_json_library_stay_at_home(self):
        for home, pattern in CONFINED.items():
            for path in files(*LAYERS):
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
        for path in files(*LAYERS, "tests", suffixes=(".hpp", ".cpp", ".py", ".cmake")):
            with self.subTest(file=str(path.relative_to(SOURCE))):
                self.assertLessEqual(len(path.read_text().splitlines()), MOST_LINES)

    def test_names_are_nouns_of_the_field(self):
        banned = {"utils", "util", "helpers", "helper", "common", "misc", "manager"}
        for path in files(*LAYERS, "tests"):
            with self.subTest(file=str(path.relative_to(SOURCE))):
                self.assertFalse(banned & set(re.split(r"[/_.]", path.relative_to(SOURCE).as_posix())))
