"""examples/plot_phase_diagram.py draws what an analysis holds: run as it stands, on a small sweep, without a screen.

Seen red: with bias and weight variance exchanged, with the interval's lower end in the place of theory, with an empty picture
saved.
"""

import contextlib
import csv
import io
import math
import os
import runpy
import shutil
import sys
import tempfile
from unittest import mock

os.environ["MPLBACKEND"] = "Agg"

import matplotlib.image  # noqa: E402
import numpy  # noqa: E402

from sweep_runs import SweepTest  # noqa: E402

SMALL = ["--set", "grid.weight_variance={ from = 1.2, to = 2.6, count = 8 }",
         "--set", "grid.bias_variance=[0.05, 0.1, 0.2]", "--set", "simulation.replicas=64"]


class PhaseDiagram(SweepTest):
    _analyzed = None  # the analysis, made by the first test

    def setUp(self):
        super().setUp()
        self.environment["MPLCONFIGDIR"] = self.folder
        self.script = self.source("examples/plot_phase_diagram.py")
        if PhaseDiagram._analyzed is None:
            folder = tempfile.TemporaryDirectory(prefix="varprop-test-")
            self.addClassCleanup(folder.cleanup)
            self.sweep(self.source("examples/phase-diagram.toml"), f"{folder.name}/phase.h5", *SMALL)
            self.analyze(f"{folder.name}/phase.h5", f"{folder.name}/phase")
            PhaseDiagram._analyzed = f"{folder.name}/phase"
        shutil.copytree(PhaseDiagram._analyzed, self.path("phase"))

    def draw(self):
        """The names of the script after it ran."""
        printed = io.StringIO()
        with mock.patch.object(sys, "argv", [str(self.script), self.path("phase")]), contextlib.redirect_stdout(printed):
            names = runpy.run_path(str(self.script))
        self.addCleanup(names["plt"].close, "all")
        self.addCleanup(names["analysis"].close)
        self.assertEqual(printed.getvalue(), f"Wrote {self.path('phase/phase-diagram.png')}\n")
        return names

    def laws(self):
        with open(self.path("phase/laws.csv"), encoding="utf-8", newline="") as file:
            return [row for row in csv.DictReader(file)
                    if row["law"] == "critical_weight_variance" and row["width"] == "256" and row["verdict"] == "holds"]

    def test_the_picture_shows_the_critical_line(self):
        names = self.draw()
        laws = self.laws()
        self.assertEqual([law["bias_variance"] for law in laws], ["0.05", "0.1", "0.2"])
        lines = {line.get_label(): line for line in names["axes"].get_lines()}
        theory = lines["critical, theory at width 256"]
        numpy.testing.assert_array_equal(theory.get_xdata(), [float(law["theory"]) for law in laws])
        numpy.testing.assert_array_equal(theory.get_ydata(), [0.05, 0.1, 0.2])
        (bars,) = names["axes"].containers
        numpy.testing.assert_array_equal(bars[0].get_xdata(), [float(law["estimate"]) for law in laws])
        ends = numpy.array([[segment[0][0], segment[1][0]] for segment in bars[2][0].get_segments()])
        numpy.testing.assert_allclose(ends, [[float(law["low"]), float(law["high"])] for law in laws])

    def test_the_colours_are_the_gradients(self):
        names = self.draw()
        (mesh,) = (piece for piece in names["axes"].collections if hasattr(piece, "get_coordinates"))
        colours = mesh.get_array().reshape(3, 8)
        with open(self.path("phase/points.csv"), encoding="utf-8", newline="") as file:
            total = {(float(row["bias_variance"]), float(row["weight_variance"])): float(row["backward_total"])
                     for row in csv.DictReader(file)}
        for i, bias_variance in enumerate((0.05, 0.1, 0.2)):
            for j in range(8):
                self.assertAlmostEqual(colours[i, j], total[bias_variance, round(1.2 + 0.2 * j, 12)] / 63, places=12)
        self.assertLess(colours[0, 0], 0)
        self.assertGreater(colours[0, -1], 0)

    def test_the_picture_is_not_blank(self):
        self.draw()
        picture = matplotlib.image.imread(self.path("phase/phase-diagram.png"))[:, :, :3]
        rows, columns, _ = picture.shape
        self.assertGreater(min(rows, columns), 500)
        # Blue on the left of the middle, red on the right; black lines on them.
        middle = picture[rows // 2 - 20:rows // 2 + 20]
        left, right = middle[:, columns // 5:columns // 4].mean(axis=(0, 1)), middle[:, columns * 2 // 3:columns * 7 // 10].mean(axis=(0, 1))
        self.assertGreater(left[2], left[0] + 0.1, left)
        self.assertGreater(right[0], right[2] + 0.1, right)
        self.assertGreater(int((picture.max(axis=2) < 0.1).sum()), 1000)
        self.assertFalse(math.isnan(picture.sum()))
