"""`advice` finds no advice of a small sweep refuted, and finds and names what a table refutes.

Seen red: with what lies between two points that are not stable counted as right; with points that are not stable beyond a width left out.
"""

import csv
import pathlib

from sweep_runs import SweepTest

ADVICE = pathlib.Path(__file__).resolve().parent / "advice"

SWEEP = """\
title = "narrow and deep"
[grid]
activation = ["relu", "gelu", "selu"]
weight_variance = [0.5625, 1.2, 2.0, 3.0]
bias_variance = [0.0, 0.1]
width = [16, 64]
depth = [8, 48]
[simulation]
replicas = 24
batches = 8
"""

COLUMNS = ["activation", "weights", "weight_variance", "bias_variance", "width", "depth", "batches_done", "regime",
           "nearest_stable_weight_variance", "nearest_stable_source", "stable_bias_variance", "stable_width", "stable_depth"]


class Advice(SweepTest):
    def advice(self, *words, code):
        return self.run_tool("/usr/bin/python3", ADVICE, "--varprop", self.arguments.varprop, *words, code=code).stdout

    def table(self, *points):
        """points.csv of ReLU points, each (weight variance, bias variance, width, depth, regime, advice by column)."""
        path = pathlib.Path(self.path("points.csv"))
        with open(path, "w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS, restval="")
            writer.writeheader()
            for *coordinates, regime, told in points:
                axes = dict(zip(COLUMNS, ["relu", "gaussian", *coordinates]))
                writer.writerow(axes | {"batches_done": 8, "regime": regime} | told)
        return path

    def refuted(self, *points):
        """How many pieces of advice of these points are refuted."""
        said = self.run_tool("/usr/bin/python3", ADVICE, "--varprop", self.arguments.varprop, "--table", self.table(*points), code=None)
        self.assertEqual(said.returncode, 1 if "  relu" in said.stdout else 0, said.stdout + said.stderr)
        return said.stdout.count("\n  relu")

    def test_a_small_sweep_refutes_none_of_its_advice(self):
        said = self.advice(self.write("small.toml", SWEEP), code=0)
        self.assertRegex(said, r"small: 96 points, \d+ not stable; refuted: weight_variance 0 of \d+, ")

    def test_a_weight_variance_with_a_point_that_is_not_stable(self):
        named = {"nearest_stable_weight_variance": 2}
        self.assertEqual(self.refuted((1, 0, 64, 8, "vanishing", named), (2, 0, 64, 8, "erratic", {})), 1)
        self.assertEqual(self.refuted((1, 0, 64, 8, "vanishing", named), (2, 0, 64, 8, "stable", {})), 0)
        self.assertEqual(self.refuted((1, 0, 64, 8, "vanishing", named), (2, 0, 32, 8, "erratic", {})), 0)

    def test_a_weight_variance_between_points_that_are_not_stable(self):
        named = {"nearest_stable_weight_variance": 2}
        for below, above, wrong in (("vanishing", "exploding", 0), ("erratic", "exploding", 1), ("vanishing", "vanishing", 1),
                                    ("vanishing", "stable", 0)):
            with self.subTest(below=below, above=above):
                self.assertEqual(self.refuted((1, 0, 64, 8, below, named), (3, 0, 64, 8, above, {})), wrong)

    def test_widths_depths_and_biases(self):
        self.assertEqual(self.refuted((1, 0, 64, 8, "erratic", {"stable_width": 100}), (1, 0, 128, 8, "erratic", {})), 1)
        self.assertEqual(self.refuted((1, 0, 64, 8, "erratic", {"stable_width": 200}), (1, 0, 128, 8, "erratic", {})), 0)
        self.assertEqual(self.refuted((1, 0, 64, 4, "erratic", {}), (1, 0, 64, 8, "erratic", {"stable_depth": 6})), 1)
        self.assertEqual(self.refuted((1, 0, 64, 4, "erratic", {}), (1, 0, 64, 8, "erratic", {"stable_depth": 3})), 0)
        self.assertEqual(self.refuted((1, 0, 64, 4, "erratic", {"stable_bias_variance": 1}), (1, 1, 64, 4, "stable", {})), 0)
        self.assertEqual(self.refuted((1, 0, 64, 4, "erratic", {"stable_bias_variance": 1}), (1, 1, 64, 4, "erratic", {})), 1)

