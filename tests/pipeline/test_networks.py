"""Networks of unequal layers, dropout and norms, from the sweep file to the tables: dimensions, threads and ranks, shards, growth.
"""

import csv
import math
import os

import h5py
import numpy

from sweep_runs import SweepTest

OLD = """
[grid]
activation = ["relu", "tanh"]
weight_variance = [1.0, 2.0]
bias_variance = [0.0, 0.1]
width = [6, 21]
depth = [3, 8]
[simulation]
replicas = 24
batches = 4
measure = ["forward", "backward", "activations"]
"""
NEW = OLD.replace("[simulation]", """norm = ["none", "post_rms", "pre_layer"]
keep = [0.7, 1.0]
shape = ["constant", "1:0.5"]
input_width = [0, 9]
[simulation]
""")
GRID = ["activation", "weights", "weight_variance", "bias_variance", "width", "depth"]
ADDED = ["norm", "keep", "shape", "input_width"]


class Networks(SweepTest):
    def test_files_grow_dimensions_and_hold_the_same_bits_however_they_are_made(self):
        sweep_file, alone = self.write("new.toml", NEW), self.path("alone.h5")
        self.sweep(sweep_file, alone, "--threads", 1)
        with h5py.File(alone, "r") as file:
            self.assertEqual(file.attrs["format_version"], "2.0")
            self.assertEqual([axis[0].name.strip("/") for axis in file["state"].dims], [*GRID, *ADDED, "batch"])
            self.assertEqual([axis[0].name.strip("/") for axis in file["engine"].dims], [*GRID, *ADDED])
            self.assertEqual(list(file["shape"].asstr()[...]), ["constant", "1:0.5"])
            self.assertEqual(set(file["state"][...].flat), {1})
        parts = [self.path(f"part-{number}.h5") for number in (1, 2)]
        for number, part in enumerate(parts, 1):
            self.sweep(sweep_file, part, "--shard", f"{number}/2", "--threads", 2)
        self.expect(0, "merge", self.path("merged.h5"), *parts)
        self.assert_equal_results(alone, self.path("merged.h5"))
        self.expect(0, "verify", alone, "--sample", "10%")

    def test_old_points_keep_their_numbers_within_a_grown_sweep(self):
        old_file, old = self.write("old.toml", OLD), self.path("old.h5")
        self.sweep(old_file, old)
        with h5py.File(old, "r") as file:
            self.assertNotIn("norm", file)
            self.assertEqual(file.attrs["format_version"], "1.2")
        new = self.path("new.h5")
        done = self.sweep(self.write("new.toml", NEW), new, "--reuse", old)
        self.assertIn("reused 128 of 3072 units", done.stderr)
        with h5py.File(old, "r") as before, h5py.File(new, "r") as after:
            plain = after["forward_last"][..., 0, 1, 0, 0, :, :]  # norm none, keep 1, constant, the width
            numpy.testing.assert_array_equal(before["forward_last"][...], plain)

    def test_tables_tell_the_coordinates_and_what_is_not_known(self):
        sweep_file, results, folder = self.write("new.toml", NEW), self.path("new.h5"), self.path("new")
        self.sweep(sweep_file, results)
        self.analyze(results, folder)
        with open(os.path.join(folder, "points.csv"), encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
        self.assertEqual(list(rows[0])[6:10], ADDED)
        self.assertEqual(len(rows), 768)
        critical = [row for row in rows if row["activation"] == "relu" and row["bias_variance"] == "0" and row["keep"] == "0.7"
                    and row["norm"] == "none" and row["weight_variance"] == "2"]
        self.assertTrue(critical)
        for row in critical:
            self.assertAlmostEqual(float(row["chi"]), 1 / 0.7, places=6)
            c = float(row["c_star"])
            self.assertAlmostEqual(c, 0.7 * (math.sqrt(1 - c * c) + c * (math.pi - math.acos(c))) / math.pi, places=12)
        changed = [row for row in rows if row["norm"] == "pre_layer"]
        self.assertEqual({row["theory_backward_rate_n"] for row in changed}, {""})

    def test_what_no_engine_can_simulate_is_refused(self):
        for line, words in (('norm = "pre_layer"', "at least 3 a hidden layer are needed"),
                            ('weights = "orthogonal"\noutput_width = 4', "layers of one width only"),
                            ('shape = "1;2"', "is no shape; allowed: constant, or 1 to 16 ratios above 0"),
                            ("keep = 0", "0 is not allowed; allowed: a finite number above 0, at most 1")):
            text = OLD.replace("width = [6, 21]", f"width = [2, 6]\n{line}")
            refused = self.expect(2, "sweep", self.write("bad.toml", text), "-o", self.path("bad.h5"))
            self.assertIn(words, refused.stderr)
            self.assertFalse(os.path.exists(self.path("bad.h5")))
