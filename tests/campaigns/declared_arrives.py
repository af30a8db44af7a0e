"""Where a new axis and a new measure must arrive: in the file, in the analysis and in the report."""

import json
import math
import pathlib
import shutil
import tempfile

import h5py
import numpy

import proof_comparison
from declared_runs import Declared

NETWORKS = """
[simulation]
replicas = 64
batches = 8
"""
# Enough for laws that hold, at every value of dummy.
GRID = """
[grid]
activation = ["tanh", "relu"]
weight_variance = { from = 1.0, to = 3.0, count = 11 }
width = [64, 128, 256, 512]
depth = [10, 40]
"""
MEASURED = 'measure = ["forward", "backward", "dummy_measure"]\n'


class Axis(Declared):
    """dummy = [0, 1] beside each of the two alone; dummy = 0 alone is the old program's, which knows no dummy."""

    kept = None  # a folder of results and analyses that all tests share

    def setUp(self):
        super().setUp()
        if Axis.kept is None:
            self.made_by(self.run_new, "both", GRID + "dummy = [0, 1]\n" + NETWORKS)
            self.made_by(self.run_new, "1", GRID + "dummy = 1\n" + NETWORKS)
            self.made_by(self.run_old, "0", GRID + NETWORKS)
            self.analyze_each()
            Axis.kept = self.enterClassContext(tempfile.TemporaryDirectory(prefix="varprop-declared-"))
            shutil.copytree(self.folder, Axis.kept, dirs_exist_ok=True)
        shutil.copytree(Axis.kept, self.folder, dirs_exist_ok=True)

    def analyze_each(self):
        for name, run in (("both", self.run_new), ("1", self.run_new), ("0", self.run_old)):
            said = run("analyze", f"{name}.h5", "-o", name)
            self.write(f"{name}/summary.txt", said)

    def assert_each_as_alone(self, table):
        """The rows of each value of dummy are those of its own analysis, where old ones have no such column."""
        rows = self.table(f"both/{table}")
        self.assertEqual({row["dummy"] for row in rows}, {"0", "1"})
        for value in ("0", "1"):
            alone = [{"dummy": value} | row for row in self.table(f"{value}/{table}")]
            together = [row for row in rows if row["dummy"] == value]
            self.assertEqual(len(together), len(alone))
            for a, b in zip(together, alone):
                self.assertEqual(a, b)

    def test_it_is_a_dimension_of_the_file(self):
        grid = ["activation", "weights", "weight_variance", "bias_variance", "width", "depth", "dummy"]
        with self.opened("both.h5") as file:
            self.assertEqual(file.attrs["format_version"], "2.0")
            for name, rest in (("forward_log_mean", ["batch", "layer"]), ("backward_first", ["batch", "replica"]), ("state", ["batch"])):
                self.assertEqual([pathlib.PurePath(d[0].name).name for d in file[name].dims], grid + rest)
            self.assertEqual(file["dummy"][...].tolist(), [0, 1])
            self.assertTrue(h5py.h5ds.is_scale(file["dummy"].id))
        with self.opened("0.h5") as file:
            self.assertNotIn("dummy", file)

    def test_readers_see_the_coordinate(self):
        try:
            import xarray
        except ImportError:
            self.skipTest("python3-xarray is missing")
        for name in ("both.h5", "both/analysis.h5"):
            with xarray.open_dataset(self.path(name), engine="h5netcdf") as dataset:
                self.assertEqual(dataset.dummy.values.tolist(), [0, 1])
                chosen = dataset.sel(dummy=1, width=64)
                self.assertNotIn("dummy", chosen.forward_log_mean.dims)

    def test_its_points_have_numbers_of_their_own(self):
        with self.opened("both.h5") as both, self.opened("0.h5") as zero, self.opened("1.h5") as one:
            for name in ("forward_log_mean", "backward_log_mean", "weight_gradient_log_mean", "forward_last", "backward_first"):
                together = both[name][...]
                self.assertEqual(together[..., 0, :, :].tobytes(), zero[name][...].tobytes(), name)
                self.assertEqual(together[..., 1, :, :].tobytes(), one[name][..., 0, :, :].tobytes(), name)
            last = both["forward_last"][...]
            shared = last[..., 0, :, :] == last[..., 1, :, :]
            self.assertFalse(shared.any(), "different points have equal random networks")

    def test_whatever_the_way(self):
        self.run_new("verify", "both.h5", "--sample", "5%")
        for number in (1, 2):
            self.run_new("sweep", "both.toml", "-o", f"part-{number}.h5", "--threads", 1, "--shard", f"{number}/2")
        self.run_new("merge", "merged.h5", "part-2.h5", "part-1.h5")
        self.assert_equal("both.h5", "merged.h5")

    def test_an_old_program_refuses_its_file(self):
        said = self.run_tool(self.arguments.old, "status", "both.h5", code=2, cwd=self.folder).stderr
        self.assertIn("2.0", said)

    def test_points_and_their_theory(self):
        self.assert_each_as_alone("points.csv")

    def test_laws(self):
        self.assert_each_as_alone("laws.csv")
        for law in ("critical_weight_variance", "correlation_length", "drift", "fluctuation", "forward_depth", "backward_depth"):
            rows = [row for row in self.table("both/laws.csv") if row["law"] == law]
            found = [[row["estimate"] for row in rows if row["dummy"] == value and row["estimate"]] for value in ("0", "1")]
            self.assertTrue(found[0] and found[1], f"{law} holds nowhere")
            self.assertNotEqual(*found)

    def test_the_summary_tells_of_every_value(self):
        """Critical weight variances: those of each value as alone, of 1 with its name."""
        told = {}
        for name in ("both", "0", "1"):
            lines = pathlib.Path(self.path(f"{name}/summary.txt")).read_text(encoding="utf-8").splitlines()
            begin = next(i for i, line in enumerate(lines) if line.startswith("Critical weight variance")) + 2
            end = lines.index("", begin)
            told[name] = list(zip(lines[begin:end:2], lines[begin + 1:end:2]))
        self.assertEqual(sorted(told["both"]), sorted(told["0"] + told["1"]))
        self.assertEqual({subject.endswith(", dummy 1") for subject, _ in told["1"]}, {True})

    def doctor(self, name, stable):
        """Lets gradients vanish but at one weight variance; the signal stays where it is everywhere."""
        with self.opened(name, "r+") as file:
            file["forward_last"][...] = numpy.where(numpy.isnan(file["forward_last"][...]), numpy.nan, 0.0)
            gradients = file["backward_first"]
            for value, place in enumerate(stable):
                rows = numpy.full(gradients.shape, -50.0)
                rows[:, :, place] = 0.0
                if len(stable) == 1:
                    gradients[...] = rows
                else:
                    gradients[..., value, :, :] = rows[..., value, :, :]

    def test_its_advice(self):
        """Networks of dummy = 0 are stable at the third weight variance alone, those of 1 at the ninth."""
        for name, stable in (("both.h5", (2, 8)), ("0.h5", (2,)), ("1.h5", (8,))):
            self.doctor(name, stable)
        self.analyze_each()
        rows = self.table("both/points.csv")
        for value, advice in (("0", 1.4), ("1", 2.6)):
            told = {(float(row["nearest_stable_weight_variance"]), row["nearest_stable_source"]) for row in rows if row["dummy"] == value}
            self.assertEqual(told, {(advice, "grid")})
        self.assert_each_as_alone("points.csv")

    def test_its_charts(self):
        """Every chart lets one choose the value, and has rows of each."""
        for name in ("phase-diagram", "profile", "depth-laws", "width-scaling"):
            chart = self.chart(f"both/charts/{name}.vl.json")
            slices = [param for param in chart["params"] if param["name"] == "slice_dummy"]
            self.assertEqual([param["bind"]["options"] for param in slices], [[0, 1]], name)
            self.assertIn("== slice_dummy", json.dumps({key: part for key, part in chart.items() if key not in ("params", "datasets")}))
            for table, rows in chart["datasets"].items():
                self.assertEqual({row["dummy"] for row in rows} - {None}, {0, 1} if rows else set(), f"{name}: {table}")

    def test_theory_curves_stand_at_every_value(self):
        both, alone = (self.chart(f"{name}/charts/phase-diagram.vl.json")["datasets"] for name in ("both", "1"))
        for table in ("critical", "cells"):
            left = [{k: v for k, v in row.items() if k != "point"} for row in both[table] if row["dummy"] == 1]
            right = [{k: v for k, v in row.items() if k != "point"} for row in alone[table]]
            self.assertEqual(left, right, table)
        self.assertEqual({row["dummy"] for row in both["edge"]}, {0, 1})


class Measure(Declared):
    """ln 2 at every layer of every network, from the file to the report."""

    def setUp(self):
        super().setUp()
        self.made_by(self.run_new, "new", GRID + NETWORKS + MEASURED)
        self.made_by(self.run_old, "old", GRID + NETWORKS + 'measure = ["forward", "backward"]\n')

    def assert_two(self, file, batches):
        """ln 2 exactly, and no scatter, wherever there is a layer; nothing where there is none."""
        there = ~numpy.isnan(file["forward_log_mean"][...])
        self.assertTrue(there.any() and not there.all())
        for name, value in (("log_mean", math.log(2)), ("log_of_mean", math.log(2)), ("log_variance", 0.0)):
            values = file[f"dummy_measure_{name}"][...]
            self.assertEqual(set(values[there].tolist()), {value}, name)
            self.assertTrue(numpy.isnan(values[~there]).all(), name)
        self.assertEqual(set(file["dummy_measure_extinct"][...][there].tolist()), {0})
        self.assertEqual(file["dummy_measure_log_mean"].shape, file["forward_log_mean"].shape)
        self.assertEqual(file["dummy_measure_log_mean"].ndim, 8 if batches else 7)

    def test_arrives_in_the_file(self):
        with self.opened("new.h5") as new, self.opened("old.h5") as old:
            self.assertEqual(new.attrs["format_version"], "1.2")
            self.assertNotEqual(new.attrs["identity"], old.attrs["identity"])
            self.assert_two(new, batches=True)
            self.assertIn("d_l = 2, nothing", new["dummy_measure_log_mean"].attrs["long_name"])
            for name in set(old) - {"wall_seconds"}:
                self.assertEqual(old[name][...].tobytes() if old[name].dtype.kind != "O" else old[name][...].tolist(),
                                 new[name][...].tobytes() if new[name].dtype.kind != "O" else new[name][...].tolist(), name)
        self.run_new("verify", "new.h5", "--sample", "5%")

    def test_arrives_alone(self):
        self.made_by(self.run_new, "alone", GRID + NETWORKS + 'measure = "dummy_measure"\n')
        self.run_new("analyze", "alone.h5", "-o", "alone")
        with self.opened("alone/analysis.h5") as file:
            values = file["dummy_measure_log_mean"][...]
            self.assertEqual(set(values[~numpy.isnan(values)].tolist()), {math.log(2)})

    def test_arrives_in_the_tables(self):
        for name, run in (("new", self.run_new), ("old", self.run_old)):
            run("analyze", f"{name}.h5", "-o", name)
        with self.opened("new/analysis.h5") as file:
            self.assert_two(file, batches=False)
            there = ~numpy.isnan(file["dummy_measure_log_mean"][...])
            self.assertEqual(set(file["dummy_measure_log_of_mean_reliable"][...][there].tolist()), {2})
        old, new = self.table("old/points.csv"), self.table("new/points.csv")
        added = [f"dummy_measure_{form}_{way}_layer" for form in ("fp32", "fp16", "bf16", "fp8_e4m3", "fp8_e5m2")
                 for way in ("subnormal", "underflow", "overflow")]
        self.assertEqual(list(new[0]), list(old[0]) + added)
        self.assertEqual([{key: row[key] for key in old[0]} for row in new], old)
        self.assertEqual({row[key] for row in new for key in added}, {""}, "2 leaves no format")
        self.assert_equal("old/laws.csv", "new/laws.csv")

    def test_is_a_curve_of_the_report(self):
        self.run_new("analyze", "new.h5", "-o", "new")
        chart = self.chart("new/charts/profile.vl.json")
        choice = next(param for param in chart["params"] if param["name"] == "quantity")
        self.assertIn("dummy_measure", choice["bind"]["options"])
        self.assertIn("Dummy measure: mean of ln d", json.dumps(chart["title"]))
        self.assert_curve([row for row in chart["datasets"]["profile"] if row["quantity"] == "dummy_measure"])

    def test_is_a_curve_of_the_page(self):
        self.run_new("analyze", "new.h5", "-o", "new")
        page = pathlib.Path(self.path("new/report.html"))
        if not page.exists():
            self.skipTest("this varprop was built without npm")
        data = {key: json.loads(text) for key, text in proof_comparison.report_data(page).items()}
        self.assertIn("dummy_measure", [quantity["name"] for quantity in data["quantities"]])
        series, forward = data["profiles"]["dummy_measure"], data["profiles"]["forward"]
        self.assertEqual([len(mean) for mean in series["mean"]], [len(mean) for mean in forward["mean"]])
        self.assert_curve([{"mean": mean, "low": low, "high": high} for point in zip(series["mean"], series["low"], series["high"])
                           for mean, low, high in zip(*point)])

    def assert_curve(self, rows):
        self.assertGreater(len(rows), 100)
        for row in rows:
            for end in ("mean", "low", "high"):
                self.assertAlmostEqual(row[end], math.log(2), places=5)
