"""docs/analysis-format.md says what an analysis holds, no more and no less; analysis.h5 opens in xarray and agrees with
points.csv.

Seen red: with a column renamed, with a row of the page left out, with the words of a flag in another order, with the fill
of a profile changed.
"""

import csv
import itertools
import re

import h5py
import numpy
import xarray

from sweep_runs import SweepTest

SWEEP = """
[grid]
activation = ["tanh", "relu"]
weight_variance = [0.3, 1.0, 2.0, 4.0]
bias_variance = [0.0, 0.05]
width = [16, 32]
depth = [12, 40]
[simulation]
replicas = 32
batches = 4
"""
ALL = SWEEP + 'measure = ["forward", "backward", "weight_gradient", "activations", "ntk", "correlation"]\n'
GRID = ["activation", "weights", "weight_variance", "bias_variance", "width", "depth"]
TIES = {"CLASS", "NAME", "REFERENCE_LIST", "DIMENSION_LIST"}
TYPES = {"float64": numpy.float64, "int32": numpy.int32, "word": numpy.uint8}


def unfolded(name):
    """Every name that a name with braces stands for."""
    parts = [part[1:-1].split(",") if part.startswith("{") else [part] for part in re.split(r"(\{[^}]*\})", name)]
    return ["".join(choice) for choice in itertools.product(*parts)]


class AnalysisFormat(SweepTest):
    def setUp(self):
        super().setUp()
        self.page = self.source("docs/analysis-format.md").read_text(encoding="utf-8")
        self.results = self.undisturbed(ALL)
        self.analysis = self.undisturbed_analysis(ALL)

    def table(self, section):
        """The rows of the table under a heading, as dictionaries by column."""
        text = re.search(rf"^## {section}$(.*?)(?=^## |\Z)", self.page, re.M | re.S).group(1)
        rows = [re.split(r"(?<!\\)\|", line.strip())[1:-1] for line in text.splitlines() if line.startswith("|")]
        rows = [[cell.strip().strip("`") for cell in row] for row in rows]
        return [dict(zip(rows[0], row)) for row in rows[2:]]

    def columns(self):
        """Every column of a point by name, with the row of the page that it is in."""
        return {name: row for row in self.table("Results of a point") for name in unfolded(row["column"])}

    def rows(self, name):
        with open(f"{self.analysis}/{name}", encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def check_variable(self, dataset, row, dimensions):
        self.assertEqual([axis[0].name.strip("/") for axis in dataset.dims], dimensions, dataset.name)
        self.assertEqual(dataset.dtype, TYPES[row["type"]], dataset.name)
        expected = {"long_name"} | ({"flag_values", "flag_meanings"} if row["type"] == "word" else {"units", "_FillValue"})
        self.assertEqual(set(dataset.attrs) - TIES, expected, dataset.name)
        if row["type"] == "word":
            words = [word.strip().replace(" ", "_") for word in row["words"].split(",")]
            self.assertEqual(dataset.attrs["flag_meanings"].split(), ["none", *words], dataset.name)
            self.assertEqual(list(dataset.attrs["flag_values"]), list(range(len(words) + 1)))
        else:
            numpy.testing.assert_equal(dataset.attrs["_FillValue"], -1 if row["type"] == "int32" else numpy.nan)

    def test_datasets(self):
        columns = self.columns()
        profiles = {row["variable"]: row for row in self.table("Profiles")}
        with h5py.File(f"{self.analysis}/analysis.h5") as file:
            self.assertEqual(set(file), {*columns, *profiles, *GRID, "layer"})
            for name, row in columns.items():
                self.check_variable(file[name], row, GRID)
            for name, row in profiles.items():
                self.check_variable(file[name], row, [*GRID, "layer"])

    def test_profiles_follow_what_was_measured(self):
        self.results = self.path("forward.h5")
        self.sweep(self.write("forward.toml", SWEEP + 'measure = ["forward"]\n'), self.results)
        self.analyze(self.results, self.path("out"))
        self.analysis = self.path("out")
        present = {row["variable"] for row in self.table("Profiles") if row["present when"].endswith(" forward")}
        with h5py.File(f"{self.analysis}/analysis.h5") as file:
            self.assertEqual({name for name in file if len(file[name].dims) == 7}, present)

    def test_headers_of_the_tables(self):
        points = self.rows("points.csv")
        self.assertEqual(list(points[0])[:6], GRID)
        self.assertEqual(sorted(list(points[0])[6:]), sorted(self.columns()))
        self.assertEqual(list(self.rows("laws.csv")[0]), [row["column"] for row in self.table("Laws")])

    def test_root_attributes(self):
        self.analysis = self.path("out")
        self.analyze(self.results, self.analysis, "--factor", 50, "--trainable-depth-factor", 5, "--loss-scale", 1024,
                     "--output-gradient-norm", 0.5)
        page = {row["name"]: row for row in self.table("Attributes")}
        with h5py.File(f"{self.analysis}/analysis.h5") as file:
            kinds = {name: "text" if isinstance(value, str) else str(value.dtype) for name, value in file.attrs.items()}
            self.assertEqual(kinds, {name: row["type"] for name, row in page.items()})
            for name in ("Conventions", "filetype"):
                self.assertEqual(file.attrs[name], page[name]["meaning"])
            self.assertEqual(file.attrs["format_version"],
                             re.search(r"^# .* format (\S+)$", self.page, re.M).group(1))
            self.assertEqual([file.attrs[name] for name in ("factor", "trainable_depth_factor", "loss_scale",
                                                            "output_gradient_norm")], [50, 5, 1024, 0.5])

    def test_xarray_agrees_with_the_table(self):
        points = self.rows("points.csv")
        for engine in ("h5netcdf", "netcdf4"):
            with xarray.open_dataset(f"{self.analysis}/analysis.h5", engine=engine) as data:
                self.assertEqual(list(data.activation.values), ["tanh", "relu"])
                for name, row in self.columns().items():
                    self.assertEqual(list(data[name].dims), GRID)
                    values = data[name].values.reshape(-1)
                    if row["type"] == "word":
                        words = data[name].attrs["flag_meanings"].split()
                        found = ["" if value == 0 else words[value].replace("_", " ") for value in values]
                        self.assertEqual(found, [point[name] for point in points], name)
                    else:
                        wanted = [float(point[name] or "nan") for point in points]
                        numpy.testing.assert_array_equal(values, wanted, name)

    def test_profiles_are_those_of_the_results(self):
        with xarray.open_dataset(self.results) as results, xarray.open_dataset(f"{self.analysis}/analysis.h5") as analysis:
            T = results.sizes["replica"] * results.sizes["batch"]
            for quantity in ("forward", "backward", "weight_gradient"):
                alive = results.sizes["replica"] - results[f"{quantity}_extinct"]
                mean = (results[f"{quantity}_log_mean"] * alive).sum("batch") / alive.sum("batch")
                beyond = results.layer > results.depth
                numpy.testing.assert_allclose(analysis[f"{quantity}_log_mean"], mean.where(~beyond).transpose(*GRID, "layer"),
                                              rtol=1e-12, atol=1e-12)
                self.assertLessEqual(float(analysis[f"{quantity}_extinct"].max()), T)
            end = results.forward_last.var(("batch", "replica"), ddof=1)
            last = analysis.forward_log_variance.sel(layer=results.depth)
            numpy.testing.assert_allclose(last, end, rtol=1e-9)
