"""examples/README.md tells the truth: its commands work as they stand, they print what the page shows, and what it claims is
what the sweeps say.

Console blocks of the page hold commands (`$ …`) and their output, where a line with … alone stands for any lines. Seeds are
fixed, so every number is the same at each run. What is claimed is tested in standard errors against theory: |z| < 3.29 is
missed by chance by 1 of 1000 estimates, so if all simulated numbers were drawn anew (another numerics_version) the tests of
this file, some 40 estimates, would fail for about 1 seed in 25.
"""

import csv
import json
import math
import os
import pathlib
import re
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "pipeline"))
import sweep_runs  # noqa: E402

LARGE = {"edge-of-chaos.toml"}  # what ./quickstart sweeps; the tests take fewer networks of it
FEWER = ["--set", "simulation.replicas=16", "--set", "grid.weight_variance={ from = 0.5, to = 4.0, count = 8 }"]


def sections(page):
    parts = re.split(r"^## (.*)$", page, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2]))


def console(text):
    """(command, lines shown below it) of all console blocks."""
    for block in re.findall(r"^```console\n(.*?)^```$", text, flags=re.DOTALL | re.MULTILINE):
        for command, output in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block, flags=re.MULTILINE):
            yield command, output.splitlines()


def pattern(lines):
    """What an output must look like that is shown as these lines."""
    return "".join(r"(?:.*\n)*?" if line.strip() == "…" else re.escape(line) + r"\n" for line in lines) + r"\Z"


class Examples(sweep_runs.SweepTest):
    def setUp(self):
        super().setUp()
        self.examples = pathlib.Path(self.arguments.source, "examples")
        self.sections = sections((self.examples / "README.md").read_text(encoding="utf-8"))
        bin = pathlib.Path(self.path("bin"))
        bin.mkdir()
        (bin / "varprop").symlink_to(self.arguments.varprop)
        (bin / "python3").symlink_to("/usr/bin/python3")
        pathlib.Path(self.path("examples")).symlink_to(self.examples)
        self.environment.update(PATH=f"{bin}:{os.environ['PATH']}", MPLBACKEND="Agg", MPLCONFIGDIR=self.folder,
                                PYTHONDONTWRITEBYTECODE="1")

    def run_section(self, name):
        """The commands of the section about one sweep file, in its order; what they print must be what is shown."""
        heading, = (heading for heading, text in self.sections.items() if f"]({name})" in text)
        for command, shown in console(self.sections[heading]):
            if name in LARGE and " sweep " in command:
                command = " ".join([command, *(f"'{word}'" for word in FEWER)])
            done = subprocess.run(["bash", "-c", command], cwd=self.folder, env=self.environment, text=True, timeout=200,
                                  stdin=subprocess.DEVNULL, capture_output=True, check=False)
            self.assertEqual(done.returncode, 0, f"{command}\n{done.stdout}\n{done.stderr}")
            if shown and name not in LARGE:
                self.assertRegex(done.stdout, r"\A" + pattern(shown), command)

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


class Page(Examples):
    def test_every_example_has_its_section(self):
        for sweep in self.examples.glob("*.toml"):
            headings = [heading for heading, text in self.sections.items() if f"]({sweep.name})" in text]
            self.assertEqual(len(headings), 1, sweep.name)
            self.assertTrue(headings[0].endswith("?"), headings[0])

    def test_every_link_leads_somewhere(self):
        for text in self.sections.values():
            for link in re.findall(r"\]\(([^)#]+)", text):
                self.assertTrue((self.examples / link).exists(), link)

    def test_examples_are_small(self):
        for sweep in self.examples.glob("*.toml"):
            done = self.run_varprop("plan", sweep, "--json")
            self.assertEqual(done.returncode, 0, done.stderr)
            plan = json.loads(done.stdout)
            if sweep.name not in LARGE:
                self.assertLess(plan["core_seconds"], 60, sweep.name)
                self.assertLess(plan["file_bytes"], 200e6, sweep.name)


class Claims(Examples):
    def test_edge_of_chaos(self):
        self.run_section("edge-of-chaos.toml")
        self.assertEqual(self.row("edge-analysis/points.csv", activation="relu", weight_variance="2", bias_variance="0",
                                  width="1024", depth="64")["regime"], "stable")
        for weight_variance, regime in (("1", "vanishing"), ("3.5", "exploding")):
            for activation in ("relu", "tanh"):
                self.assertEqual(self.row("edge-analysis/points.csv", activation=activation, bias_variance="0.05", depth="256",
                                          weight_variance=weight_variance, width="1024")["regime"], regime)

    def test_founding_question(self):
        self.run_section("founding-question.toml")
        for weights in ("gaussian", "uniform", "rademacher"):
            self.assert_holds(self.row("founding/laws.csv", law="width", weights=weights, depth="1"), 1, 0.02)

    def test_gelu_initialization(self):
        self.run_section("gelu-initialization.toml")

    def test_finite_width(self):
        self.run_section("finite-width.toml")
        self.assert_holds(self.row("finite/laws.csv", law="fluctuation"), 5, 0.2)
        self.assert_holds(self.row("finite/laws.csv", law="drift", parameter="kappa_1"), -2.5, 0.3)

    def test_orthogonal(self):
        self.run_section("orthogonal.toml")

    def test_half_precision(self):
        self.run_section("half-precision.toml")

    def test_phase_diagram(self):
        self.run_section("phase-diagram.toml")


if __name__ == "__main__":
    sys.dont_write_bytecode = True
    sweep_runs.main()
