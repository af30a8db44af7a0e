"""examples/README.md as tests see it: its sections, their commands run one after another, and the tables these leave."""

import csv
import importlib.util
import json
import os
import pathlib
import re

import h5py
import shown_output
from sweep_runs import SweepTest

LARGE = {"edge-of-chaos.toml"}  # what ./quickstart sweeps; the tests take fewer networks of it
FEWER = ["--set", "simulation.replicas=16", "--set", "grid.weight_variance={ from = 0.5, to = 4.0, count = 8 }"]


def sections(page):
    parts = re.split(r"^## (.*)$", page, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2]))


class Examples(SweepTest):
    def setUp(self):
        super().setUp()
        self.examples = self.source("examples").resolve()
        self.sections = sections((self.examples / "README.md").read_text(encoding="utf-8"))
        bin = pathlib.Path(self.path("bin"))
        bin.mkdir()
        (bin / "varprop").symlink_to(self.arguments.varprop)
        (bin / "python3").symlink_to("/usr/bin/python3")
        pathlib.Path(self.path("examples")).symlink_to(self.examples)
        self.environment.update(PATH=f"{bin}:{os.environ['PATH']}", MPLBACKEND="Agg", MPLCONFIGDIR=self.folder)

    def run_section(self, name):
        """The commands of the section about one sweep file, in its order; what they print must be what is shown."""
        heading, = (heading for heading, text in self.sections.items() if f"]({name})" in text)
        for command, shown in shown_output.console(self.sections[heading]):
            if name in LARGE and " sweep " in command:
                command = " ".join([command, *(f"'{word}'" for word in FEWER)])
            done = self.run_tool("bash", "-c", command, cwd=self.folder)
            if shown and name not in LARGE:
                self.assertRegex(done.stdout, shown_output.pattern(shown), command)

    def rows(self, table, **wanted):
        with open(self.path(table), encoding="utf-8", newline="") as file:
            rows = [row for row in csv.DictReader(file) if wanted.items() <= row.items()]
        self.assertTrue(rows, f"{table} has no {wanted}")
        return rows

    def row(self, table, **wanted):
        row, = self.rows(table, **wanted)
        return row

    def assert_holds(self, law, estimate, tolerance):
        self.assertEqual(law["verdict"], "holds", law)
        self.assertAlmostEqual(float(law["estimate"]), estimate, delta=tolerance, msg=law)
        self.assertLess(abs(float(law["z"])), 3.29, law)

    def theory(self, *words):
        done = self.run_varprop("theory", "--json", *words)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def profiles(self, file, *names, **point):
        """Columns over the layers of one point, as examples/layers.py finds them: {layer: number} of each."""
        spec = importlib.util.spec_from_file_location("layers", self.examples / "layers.py")
        layers = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(layers)
        with h5py.File(self.path(file), "r") as results:
            where = layers.place(results, point)
            return [dict(zip(results["layer"][:].tolist(), layers.profile(results, name, where))) for name in names]
