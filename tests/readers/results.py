"""Fresh results files for the tests of this folder, and the numbers they hold (tests/core/storage/known_sweep.hpp)."""
import argparse
import os
import subprocess
import sys
import tempfile
import unittest

AXES = {
    "activation": ["tanh", "leaky_relu(0.2)"],
    "weights": ["gaussian"],
    "weight_variance": [0.1, 1.5, 2.0],
    "bias_variance": [0.0, 0.05],
    "width": [64.0, 3e9],
    "depth": [3, 5],
}
COORDINATES = {**AXES, "batch": [1, 2, 3, 4], "layer": [1, 2, 3, 5], "replica": [1, 2, 3, 4, 5, 6, 7]}
GRID = list(AXES)
SLOTS = 2 * 3 * 2 * 2 * 2 * 4
DONE = [slot for slot in range(16) if slot != 5]
FAILED = [5]
SHARD = [slot for slot in range(SLOTS) if slot // 3 % 3 == 1]  # shard 2 of 3


def known_value(slot, dataset, position, whole):
    if whole:
        return (7 * slot + 3 * dataset + position) % 100
    return slot + dataset / 32 + position / 1024


class Options:
    make_results = None
    source = None


class ResultsTest(unittest.TestCase):
    """Each test has a folder of its own."""

    def setUp(self):
        self._folder = tempfile.TemporaryDirectory(prefix="varprop-test-")
        self.addCleanup(self._folder.cleanup)
        self.path = os.path.join(self._folder.name, "known.h5")

    def make(self, *measures):
        subprocess.run([Options.make_results, self.path, *measures], check=True)
        return self.path

    def hold(self):
        """A process that made the file and keeps it open for writing."""
        process = subprocess.Popen([Options.make_results, self.path, "--hold"], text=True,
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.addCleanup(lambda: (process.stdin.close(), process.wait(), process.stdout.close()))
        self.assertEqual(process.stdout.readline(), "open\n")
        return process


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--make-results", required=True)
    parser.add_argument("--source", required=True)
    options, rest = parser.parse_known_args()
    Options.make_results, Options.source = options.make_results, options.source
    unittest.main(module="__main__", argv=[sys.argv[0], *rest])
