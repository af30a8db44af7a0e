"""docs/reading-results.md tells the truth: its examples, taken from the page as they stand there, print what the file holds,
on a finished file, on one with half of its batches missing, and on one that is being written; and on a list of points.

What they print is compared with the arrays themselves, at places worked out here from the sweep's text.

Seen red: a place of another point in Octave's and the shell's example, two dimensions exchanged in R's, a regime's word taken
one too early, and, on the file with batches missing, every example without its choice of done batches; in the list
the point of another depth in each language.
"""

import csv
import math
import pathlib
import re
import shutil
import signal
import unittest

import h5py
import numpy
import xarray

from script_test import PATIENCE
from sweep_runs import SweepTest

# The place of the examples' point: tanh, gaussian, 2.4, 0.05, 1000, 50.
POINT = (1, 0, 2, 1, 1, 1)
POINT_IN_TABLE = {"activation": "tanh", "weights": "gaussian", "weight_variance": "2.4", "bias_variance": "0.05",
                  "width": "1000", "depth": "50"}
DEPTH = 50

INTERPRETERS = {"python": ["/usr/bin/python3", "-c"], "r": ["Rscript", "-e"],
                "octave": ["octave-cli", "--quiet", "--eval"], "sh": ["bash", "-euo", "pipefail", "-c"]}

# What the page has, section by section: the language that is run, and which of the numbers it prints.
RESULTS, ANALYSIS = {"batches", "profile", "share"}, {"regime", "rate"}
EXAMPLES = {
    "Python: xarray": ("python", RESULTS | ANALYSIS),
    "Python: h5py": ("python", RESULTS),
    "Python: pandas": ("python", ANALYSIS),
    "R: hdf5r": ("r", RESULTS | ANALYSIS),
    "Octave and MATLAB: ncread": ("octave", RESULTS | ANALYSIS),
    "Shell: ncdump and h5dump": ("sh", RESULTS | ANALYSIS),
}
LISTS = "Lists of points"
NOT_RUN = {"Octave and MATLAB: ncread": "matlab", "Julia: HDF5.jl": "julia"}

# So much work that it goes on for minutes, and a hang where it ends: the examples' point is the sixth of 200 equally dear ones, which
# come first.
LONG = ["--set", "grid.weight_variance={ from = 2.0, to = 21.8, count = 100 }", "--set", "simulation.replicas=3072",
        "--threads", "1", "--fault", "hang@25599"]


def blocks(text):
    """(language, code) of every fenced block."""
    return re.findall(r"^```(\w+)\n(.*?)^```$", text, flags=re.DOTALL | re.MULTILINE)


def sections(page):
    """Heading → text below it; before the first heading: under the empty one."""
    parts = re.split(r"^## (.*)$", page, flags=re.MULTILINE)
    return dict(zip(["", *parts[1::2]], parts[::2]))


def printed(output):
    """The numbers of an example's output."""
    found = {"profile": {int(l): float(q) for l, q in re.findall(r"^ *(\d+) +(-?\d+\.\d{8})$", output, re.MULTILINE)}}
    for name, label in (("batches", "batches done"), ("share", "share of networks with a stable gradient"),
                        ("rate", "change of ln g per layer")):
        for value in re.findall(rf"^{label}: +(\S+) *$", output, re.MULTILINE):
            found[name] = float(value)
    for word in re.findall(r"^regime: +(\w+) *$", output, re.MULTILINE):
        found["regime"] = word
    return {name: value for name, value in found.items() if value not in ({}, None)}


class Reading(SweepTest):
    @classmethod
    def setUpClass(cls):
        for tool in ("Rscript", "octave-cli", "h5dump", "ncdump"):
            if shutil.which(tool) is None:
                raise unittest.SkipTest(f"{tool} is missing; cmake/packages.txt names its package")

    def setUp(self):
        super().setUp()
        page = self.source("docs/reading-results.md").read_text(encoding="utf-8")
        self.sections = sections(page)
        introduction = dict(blocks(self.sections[""]))
        self.sweep_file = self.write("sweep.toml", introduction["toml"])
        self.commands = introduction["sh"]
        self.environment.pop("HDF5_USE_FILE_LOCKING", None)

    def follow(self, commands):
        """Runs commands of the page."""
        for command in commands.splitlines():
            program, *words = command.split()
            self.assertEqual(program, "varprop")
            self.run_tool(self.arguments.varprop, *words, cwd=self.folder)

    def compare(self, found, held, names):
        """Numbers that an example printed with those that the files hold."""
        self.assertEqual(set(found), names)
        for name in names - {"profile", "regime"}:
            self.assertAlmostEqual(found[name], held[name], delta=1e-9 * max(1, abs(held[name])), msg=name)
        if "regime" in names:
            self.assertEqual(found["regime"], held["regime"])
        if "profile" in names:
            self.assertEqual(list(found["profile"]), list(held["profile"]))
            for layer, ln_q in held["profile"].items():
                self.assertAlmostEqual(found["profile"][layer], ln_q, delta=1e-8, msg=f"layer {layer}")


class ReadingResults(Reading):
    def held(self):
        """What the files hold of the point."""
        with h5py.File(self.path("results.h5"), "r", locking=False) as file:
            done = file["state"][POINT] == 1
            profile = file["forward_log_mean"][POINT][done].mean(axis=0)
            ln_g = file["backward_first"][POINT][done]
            self.assertEqual(file["layer"][...].tolist(), list(range(1, DEPTH + 1)))
        with open(self.path("analysis/points.csv"), encoding="utf-8", newline="") as file:
            row, = (row for row in csv.DictReader(file) if POINT_IN_TABLE.items() <= row.items())
        return {"batches": done.sum(), "profile": dict(enumerate(profile, start=1)),
                "share": (numpy.abs(ln_g) < math.log(100)).mean(), "regime": row["regime"],
                "rate": float(row["backward_rate"])}

    def check(self, heading, held):
        """Runs the example below a heading."""
        language, names = EXAMPLES[heading]
        code, = (code for found, code in blocks(self.sections[heading]) if found == language)
        done = self.run_tool(*INTERPRETERS[language], code, cwd=self.folder)
        self.compare(printed(done.stdout), held, names)

    def check_all(self, **wanted):
        held = self.held()
        self.assertLessEqual(wanted.items(), held.items())
        self.assertTrue(0.05 < held["share"] < 0.95, f"a share of {held['share']} would not tell one point from others")
        for heading in EXAMPLES:
            with self.subTest(heading):
                self.check(heading, held)

    def test_a_finished_file(self):
        self.follow(self.commands)
        self.check_all(batches=16)
        self.assert_shown(self.held())

    def assert_shown(self, held):
        shown = dict(blocks(self.sections[""]))["text"]
        found = printed(shown)
        for layer, ln_q in found.pop("profile").items():
            self.assertAlmostEqual(ln_q, held["profile"][layer], delta=1e-8)
        self.assertEqual(found, {name: value for name, value in held.items() if name != "profile"})

    def test_a_file_with_batches_missing(self):
        shard = self.path("shard.h5")
        self.sweep(self.sweep_file, shard, "--shard", "1/2")
        merged = self.run_varprop("merge", self.path("results.h5"), shard)
        self.assertEqual(merged.returncode, 75, merged.stderr)
        self.analyze(self.path("results.h5"), self.path("analysis"))
        held = self.held()
        self.assertTrue(0 < held["batches"] < 16, held["batches"])
        self.check_all()

    def test_a_file_that_is_being_written(self):
        results = self.path("results.h5")
        self.environment["HDF5_USE_FILE_LOCKING"] = "TRUE"  # the writer is deaf to it
        writer = self.start_varprop("sweep", self.sweep_file, "-o", results, *LONG)
        self.environment.pop("HDF5_USE_FILE_LOCKING")
        while not self.point_is_done(results):
            self.wait_for_units(writer, results, self.done_units(results) + 1)
        self.analyze(self.path("results.h5"), self.path("analysis"))
        self.check_all(batches=16)
        self.assertIsNone(writer.poll(), "the sweep should have gone on all the while")
        writer.send_signal(signal.SIGTERM)
        self.assertEqual(writer.wait(timeout=PATIENCE), 75, writer.stderr.read())

    def point_is_done(self, results):
        try:
            with h5py.File(results, "r", locking=False) as file:
                return bool((file["state"][POINT] == 1).all())
        except FileNotFoundError:
            return False

    def test_every_example_is_run_or_said_not_to_be(self):
        for heading, text in self.sections.items():
            for language, _ in blocks(text):
                if heading == LISTS:
                    self.assertIn(language, {"toml", *INTERPRETERS})
                elif heading != "":
                    self.assertIn(language, (EXAMPLES.get(heading, ("",))[0], NOT_RUN.get(heading)), heading)
        self.assertLessEqual(set(EXAMPLES) | set(NOT_RUN), set(self.sections))

    def test_every_link_leads_somewhere(self):
        docs = self.source("docs")
        headings = {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in self.sections}
        for text in self.sections.values():
            for link in re.findall(r"\]\(([^)]+)\)", text):
                page, _, anchor = link.partition("#")
                self.assertTrue((docs / page).exists(), link)
                if not page:
                    self.assertIn(anchor, headings)


class ListsOfPoints(Reading):
    def test_every_language_finds_the_point_in_a_list(self):
        (_, sweep_file), (_, commands), *examples = blocks(self.sections[LISTS])
        self.write("list.toml", sweep_file)
        self.follow(commands)
        with h5py.File(self.path("list.h5"), "r") as file:
            place, = numpy.flatnonzero((file["width"][...] == 1000) & (file["depth"][...] == DEPTH))
            rows, ln_g = file["forward_log_mean"][place], file["backward_first"][place]
            self.assertNotIn("width", [scale[0].name for scale in file["state"].dims])
        for engine in ("h5netcdf", "netcdf4"):
            with xarray.open_dataset(self.path("list.h5"), engine=engine) as data:
                self.assertEqual((data.width.dims, "width" in data.coords), (("point",), True), engine)
        held = {"batches": 16, "profile": dict(enumerate(rows.mean(axis=0), start=1)),
                "share": (numpy.abs(ln_g) < math.log(100)).mean()}
        self.assertEqual([language for language, _ in examples], ["python", "r", "octave", "sh"])
        for language, code in examples:
            with self.subTest(language):
                done = self.run_tool(*INTERPRETERS[language], code, cwd=self.folder)
                self.compare(printed(done.stdout), held, RESULTS - ({"share"} if language == "sh" else set()))
        shown = printed(dict(blocks(self.sections[""]))["text"])
        self.assertEqual(held["share"], shown["share"])
        for layer, ln_q in shown["profile"].items():
            self.assertAlmostEqual(ln_q, held["profile"][layer], delta=1e-8)
