"""docs/report-format.md says what a report holds, no more and no less, and what it shows is what points.csv, laws.csv and
analysis.h5 tell.

Seen red: with a key, a column and a placeholder left out of the page, with 0 for null, with a choice of points where all of them
fit, with `sd` a variance, with theory's gradients a layer off.
"""

import csv
import json
import pathlib
import re

import numpy
import xarray

from sweep_runs import SweepTest

SWEEP = """
title = "A report"
[grid]
activation = ["tanh", "relu"]
weight_variance = [0.3, 1.0, 2.0, 4.0]
bias_variance = [0.0, 0.05, 0.1]
width = [16, 32]
depth = [12, 40]
[simulation]
replicas = 32
batches = 4
"""
GRID = ["activation", "weights", "weight_variance", "bias_variance", "width", "depth"]
QUANTITIES = ["forward", "backward", "weight_gradient"]


class ReportFormatTest(SweepTest):
    def setUp(self):
        super().setUp()
        self.text = self.source("docs/report-format.md").read_text(encoding="utf-8")

    def named(self, section, column=0):
        """Names between backticks in the rows of the table under a heading, by row."""
        text = re.search(rf"^## {section}$(.*?)(?=^## |\Z)", self.text, re.M | re.S).group(1)
        rows = [line.split("|")[1:-1] for line in text.splitlines() if line.startswith("|")][2:]
        return [re.findall(r"`([^`]+)`", row[column]) for row in rows]


class Placeholders(ReportFormatTest):
    def test_placeholders(self):
        described = {name for row in self.named("Placeholders of a chart") for name in row}
        used = set()
        for path in self.source("report/page/charts").glob("*.vl.json"):
            used |= set(re.findall(r"@[a-z_]+@", path.read_text(encoding="utf-8")))
        self.assertLessEqual(used, described)


class ReportFormat(ReportFormatTest):
    """The page of one analysis, which takes npm."""

    @classmethod
    def setUpClass(cls):
        cls.require_npm()

    def setUp(self):
        super().setUp()
        self.analysis = self.undisturbed_analysis(SWEEP)

    def data(self):
        """What the page embeds."""
        html = pathlib.Path(self.analysis, "report.html").read_text(encoding="utf-8")
        texts = {}
        for key, text in re.findall(r'<script type="application/json" data-key="(\w+)">(.*?)</script>', html, re.DOTALL):
            texts[key] = texts.get(key, "") + text
        return {key: json.loads(text) for key, text in texts.items()}

    def points(self):
        with open(f"{self.analysis}/points.csv", encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def test_keys(self):
        data = self.data()
        self.assertEqual(list(data), [name for row in self.named("The data") for name in row])
        self.assertEqual(data["format"], int(re.search(r"^# .* format (\d+)$", self.text, re.M).group(1)))

    def test_tables(self):
        rows = zip(self.named("Tables"), self.named("Tables", 2))
        columns = {name[0]: set(inside) for name, inside in rows}
        data, charts = self.data(), {}
        for path in pathlib.Path(self.analysis, "charts").iterdir():
            charts.update(json.loads(path.read_text(encoding="utf-8"))["datasets"])
        for name, described in columns.items():
            table = data["tables"][name] if name in data["tables"] else charts[name][0]
            self.assertEqual(set(table), described | set(GRID), name)
        self.assertEqual(set(columns), set(data["tables"]) | {"profile", "histogram", "exact_law"})

    def test_points_are_those_of_the_table(self):
        data, points = self.data(), self.points()
        for column in data["columns"]:
            for row, element in zip(points, data["points"][column["name"]], strict=True):
                wanted = row[column["name"]]
                if element is None or column["kind"] == "word":
                    self.assertEqual("" if element is None else column["words"][element], wanted, column["name"])
                else:
                    numpy.testing.assert_allclose(element, float(wanted), rtol=1e-5, err_msg=column["name"])
        exits = {(point, data["format_exits"]["columns"][column]["name"]): layer
                 for point, column, layer in data["format_exits"]["rows"]}
        wanted = {(p, name): int(row[name]) for p, row in enumerate(points) for name in row if name.endswith("_layer") and row[name]}
        self.assertEqual(exits, wanted)
        self.assertEqual(data["format_exits"]["rows"], sorted(data["format_exits"]["rows"]))

    def test_cells_are_the_points(self):
        data, points = self.data(), self.points()
        self.assertEqual(data["picture"], {"x": "weight_variance", "y": "bias_variance", "quantity": "backward", "regime": "regime"})
        cells = data["tables"]["cells"]
        self.assertEqual(cells["point"], list(range(len(points))))
        self.assertEqual(cells["regime"], [row["regime"] or None for row in points])
        for axis in data["axes"]:
            self.assertEqual([str(value) for value in cells[axis["name"]]],
                             [row[axis["name"]] if axis["name"] in ("activation", "weights", "width", "depth") else
                              str(float(row[axis["name"]])) for row in points])

    def test_profiles_are_those_of_the_analysis(self):
        data = self.data()
        profiles = data["profiles"]
        with xarray.open_dataset(f"{self.analysis}/analysis.h5") as analysis:
            layers = [list(analysis.layer.values).index(layer) for layer in profiles["layers"]]
            for quantity in QUANTITIES:
                mean = analysis[f"{quantity}_log_mean"].values.reshape(-1, analysis.sizes["layer"])[:, layers]
                sd = numpy.sqrt(analysis[f"{quantity}_log_variance"].values.reshape(-1, analysis.sizes["layer"])[:, layers])
                for k, point in enumerate(profiles["points"]):
                    for name, wanted in (("mean", mean[point]), ("sd", sd[point])):
                        row = [numpy.nan if x is None else x for x in profiles[quantity][name][k]]
                        numpy.testing.assert_allclose(row, wanted[: len(row)], rtol=1e-5, atol=1e-5, err_msg=f"{quantity} {name}")
                        self.assertTrue(numpy.isnan(wanted[len(row):]).all())

    def test_theory_is_near_the_profiles(self):
        """Within the scatter of 32 networks and what the width adds: gross mistakes only."""
        data = self.data()
        profiles, axes = data["profiles"], {axis["name"]: axis["values"] for axis in data["axes"]}
        shape = [len(axes[name]) for name in GRID]
        for k, point in enumerate(profiles["points"]):
            at = dict(zip(GRID, (axes[name][i] for name, i in zip(GRID, numpy.unravel_index(point, shape)))))
            if at["activation"] != "relu" or at["bias_variance"] != 0 or at["width"] != 32:
                self.assertEqual(profiles["forward"]["theory_n"][k] is None,
                                 at["activation"] != "relu" or at["bias_variance"] != 0)
                continue
            for quantity in QUANTITIES:
                series = profiles[quantity]
                for mean, sd, theory in zip(series["mean"][k], series["sd"][k], series["theory_n"][k], strict=True):
                    if mean is not None and sd is not None:
                        self.assertLess(abs(mean - theory), 6 * sd / numpy.sqrt(20) + 0.2, f"{quantity} of {at}")
