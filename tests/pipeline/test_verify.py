"""varprop verify finds a single flipped bit wherever it is. Seen red: with the sample's slots shifted by one, with the
file's own numbers compared with themselves, with a difference that exits 0, and with the version not looked at."""

import os
import re

import h5py
import numpy

from sweep_runs import PROVENANCE, SweepTest

SWEEP = """
[grid]
activation = ["tanh", "relu"]
weights = ["gaussian", "orthogonal", "rademacher"]
weight_variance = [1.0, 2.0]
width = [4, 9]
depth = [3, 5]
[simulation]
replicas = 8
batches = 2
measure = ["forward", "backward", "weight_gradient", "correlation", "activations", "ntk"]
"""
COORDINATES = {"activation", "weights", "weight_variance", "bias_variance", "width", "depth", "layer", "state"}
DESCRIPTIONS = {"batch", "replica", "engine"}


class Verify(SweepTest):
    def setUp(self):
        super().setUp()
        self.results = self.copy_of_undisturbed(SWEEP, "r.h5")

    def verify(self, *words, code=0):
        done = self.run_varprop("verify", self.results, "--progress", "none", *words)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout + done.stderr

    def flip(self, name, position, bit):
        """Flips one bit of one number in the file; the same again flips it back."""
        with h5py.File(self.results, "r+") as file:
            number = numpy.array([file[name][position]])
            number.view(numpy.uint8)[bit // 8] ^= 1 << bit % 8
            file[name][position] = number[0]

    def test_what_was_computed_here_is_equal(self):
        before = os.stat(self.results).st_mtime_ns
        self.assertIn("compared 96 of 96 done units", self.verify("--sample", "100%"))
        self.assertIn("compared 1 of 96 done units", self.verify())
        self.assertIn("compared 20 of 96 done units", self.verify("--sample", "20", "--seed", "5", "--threads", "1"))
        self.assertEqual(os.stat(self.results).st_mtime_ns, before)
        self.assertEqual(sorted(os.listdir(self.folder)), ["r.h5", "r.h5.log.jsonl"])

    def test_one_flipped_bit_in_any_dataset_is_found_and_named(self):
        rng = numpy.random.default_rng(1)
        with h5py.File(self.results, "r") as file:
            shapes = {name: (data.shape, data.dtype.itemsize) for name, data in file.items()
                      if name not in COORDINATES | PROVENANCE}
        self.assertEqual(len(set(shapes) - DESCRIPTIONS), 32)
        for name, (shape, size) in shapes.items():
            position = tuple(int(rng.integers(extent)) for extent in shape)
            for bit in (0, int(rng.integers(8 * size)), 8 * size - 1):
                with self.subTest(dataset=name, position=position, bit=bit):
                    self.flip(name, position, bit)
                    said = self.verify("--sample", "100%", code=3)
                    self.flip(name, position, bit)
                    self.assertIn(name, said)
                    if name not in DESCRIPTIONS:
                        self.assertIn("1 unit differs", said)
                        self.assertIn(f"batch {position[6] + 1} of the point ", said)
                        self.assertIn(f"width {[4, 9][position[4]]}, depth {[3, 5][position[5]]}: ", said)
        self.assertIn("every bit is the same", self.verify("--sample", "100%"))

    def test_nothing_may_stand_beyond_a_points_depth(self):
        with h5py.File(self.results, "r+") as file:
            self.assertEqual(file["layer"][4], 5)
            file["forward_log_mean"][0, 0, 0, 0, 0, 0, 1, 4] = 1.5
        said = self.verify("--sample", "100%", code=3)
        self.assertIn("layer 5, beyond the point's depth: 1.5 in the file, nan", said)

    def test_only_done_slots_are_compared(self):
        with h5py.File(self.results, "r+") as file:
            file["state"][0, 0, 0, 0, 0, 0, 0] = 0
            file["forward_log_mean"][0, 0, 0, 0, 0, 0, 0] = 7
        self.assertIn("compared 95 of 95 done units", self.verify("--sample", "100%"))
        with h5py.File(self.results, "r+") as file:
            file["state"][...] = 0
        self.assertIn("no unit is done yet", self.verify("--sample", "100%"))

    def test_samples_follow_the_seed(self):
        with h5py.File(self.results, "r+") as file:
            file["forward_log_mean"][...] = 7
        points = {seed: re.findall(r"batch \d of the point [^:]*", self.verify("--sample", "10", "--seed", seed, code=3))
                  for seed in ("1", "2")}
        self.assertEqual([len(found) for found in points.values()], [10, 10])
        self.assertNotEqual(points["1"], points["2"])
        self.assertEqual(points["1"], re.findall(r"batch \d of the point [^:]*", self.verify("--sample", "10", code=3)))

    def test_another_numerics_version_is_refused_with_a_sentence(self):
        with h5py.File(self.results, "r+") as file:
            text = re.sub("numerics_version = [0-9]+", "numerics_version = 1", file.attrs["canonical_text"], count=1)
            h = 0xCBF29CE484222325
            for byte in text.encode():
                h = (h ^ byte) * 0x100000001B3 % 2**64
            file.attrs["numerics_version"] = numpy.int32(1)
            file.attrs["identity"] = f"{h:016x}"
        said = self.verify(code=2)
        self.assertIn("numerics version 1", said)
        self.assertIn("verify it with the varprop that made it", said)
