"""Grids that are no product: from several tables, zips, rules and a CSV to files and tables; the same bits as in products."""

import csv
import os

import h5py
import numpy

from sweep_runs import SweepTest

PRODUCT = """
[grid]
activation = ["relu", "tanh"]
weight_variance = [1.0, 2.0]
width = [8, 16]
depth = [4, 8]
[simulation]
replicas = 24
batches = 4
"""
SETTINGS = "[simulation]\nreplicas = 24\nbatches = 4\n"
UNION = """
[[grid]]
activation = "tanh"
weight_variance = [2.0, 1.0]
width = 16
depth = "width/4"
[[grid]]
activation = "relu"
weight_variance = 2
width = [16, 8]
depth = [8, 4]
zip = [["width", "depth"]]
[[grid]]
activation = ["relu", "tanh"]
points = "points.csv"
depth = 8
""" + SETTINGS
POINTS = "weight_variance,width\n1,8\n2,40\n"


def rows_of(folder, name):
    with open(os.path.join(folder, name), encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


class ListedPoints(SweepTest):
    def union(self, text=UNION):
        self.write("points.csv", POINTS)
        return self.write("union.toml", text)

    def test_the_file_has_one_dimension_and_the_axes_along_it(self):
        results = self.path("union.h5")
        self.sweep(self.union(), results)
        with h5py.File(results, "r") as file:
            self.assertEqual(file.attrs["format_version"], "2.0")
            self.assertEqual([axis[0].name.strip("/") for axis in file["forward_log_mean"].dims], ["point", "batch", "layer"])
            self.assertEqual(file.attrs["coordinates"], "activation weights weight_variance bias_variance width depth")
            points = list(zip(file["activation"].asstr()[...], file["weight_variance"][...], file["width"][...], file["depth"][...]))
            self.assertEqual(points, [("relu", 1, 8, 8), ("relu", 2, 8, 4), ("relu", 2, 16, 8), ("relu", 2, 40, 8),
                                      ("tanh", 1, 8, 8), ("tanh", 1, 16, 4), ("tanh", 2, 16, 4), ("tanh", 2, 40, 8)])
            numpy.testing.assert_array_equal(file["point"][...], range(8))
        self.expect(0, "verify", results, "--sample", "100%")
        self.assertIn("8 points, 32 units: 32 done", self.expect(0, "status", results).stdout)

    def test_a_list_and_the_product_around_it_have_the_same_numbers(self):
        product, union = self.path("product.h5"), self.path("union.h5")
        self.sweep(self.write("product.toml", PRODUCT), product)
        done = self.sweep(self.union(), union, "--reuse", product)
        self.assertIn("reused 24 of 32 units", done.stderr)  # width 40 is new
        alone = self.path("alone.h5")
        self.sweep(self.union(), alone)
        self.assert_equal_results(alone, union)
        grown = self.sweep(self.write("product.toml", PRODUCT), self.path("again.h5"), "--reuse", alone)
        self.assertIn("reused 24 of 64 units", grown.stderr)
        self.assert_equal_results(product, self.path("again.h5"))

    def test_a_product_written_as_a_list_is_the_product(self):
        results = self.path("product.h5")
        self.sweep(self.write("product.toml", PRODUCT), results)
        lines = [f"{phi},{v},{n},{L}" for phi in ("tanh", "relu") for v in (2, 1) for n in (8, 16) for L in (4, 8)]
        self.write("points.csv", "activation,weight_variance,width,depth\n" + "\n".join(lines) + "\n")
        as_list = self.write("list.toml", '[grid]\npoints = "points.csv"\n' + SETTINGS)
        again = self.sweep(as_list, results)
        self.assertIn("nothing is left to compute", again.stderr)

    def test_shards_ranks_and_merging(self):
        whole = self.path("whole.h5")
        self.sweep(self.union(), whole, "--threads", 1)
        parts = [self.path(f"part-{number}.h5") for number in (1, 2, 3)]
        for number, part in enumerate(parts, 1):
            self.sweep(self.union(), part, "--shard", f"{number}/3")
        with h5py.File(parts[0], "r") as file:
            self.assertEqual(file["point_of_unit"].dims[0][0].name.strip("/"), "unit")
            self.assertEqual(file["width"].dims[0][0].name.strip("/"), "point")
        self.expect(0, "merge", self.path("merged.h5"), *parts)
        self.assert_equal_results(whole, self.path("merged.h5"))

    def test_tables_have_a_row_a_point(self):
        results, folder = self.path("union.h5"), self.path("union")
        self.sweep(self.union(), results)
        said = self.analyze(results, folder)
        rows = rows_of(folder, "points.csv")
        self.assertEqual([(row["activation"], row["width"], row["depth"]) for row in rows[:3]],
                         [("relu", "8", "8"), ("relu", "8", "4"), ("relu", "16", "8")])
        self.assertIn("weight_variance 2, ", said)  # single points where rows have different variances
        with h5py.File(os.path.join(folder, "analysis.h5"), "r") as file:
            self.assertEqual(file["regime"].shape, (8,))
            self.assertEqual(file["forward_log_mean"].dims[0][0].name.strip("/"), "point")

    def test_bad_input_is_refused_and_writes_nothing(self):
        self.write("points.csv", POINTS)
        for change, words in ((('"width/4"', '"widht/4"'), 'Did you mean "width"?'),
                              (("depth = [8, 4]", "depth = [8, 4, 2]"), "width has 2 values and depth has 3 values"),
                              (("points.csv", "nothing.csv"), "nothing.csv: the file of points cannot be opened"),
                              (('depth = "width/4"', 'depth = "width/8"\nbias_variance = "depth - 3"'), "gives -1 at depth 2"),
                              (("depth = 8\n", "depth = [8, 8]\n"), "8 stands there twice"),
                              (("width = [16, 8]", "width = [16, 16]\nbias_variance = 0"), "")):
            self.assertIn(change[0], UNION)
            refused = self.run_varprop("sweep", self.write("bad.toml", UNION.replace(*change)), "-o", self.path("bad.h5"))
            if words:
                self.assertEqual(refused.returncode, 2, refused.stderr)
                self.assertIn(words, refused.stderr)
                self.assertFalse(os.path.exists(self.path("bad.h5")))
