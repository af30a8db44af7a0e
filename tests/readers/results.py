"""Fresh results files for the tests of this folder, and the numbers they hold (tests/fixtures/known_sweep.hpp)."""
import subprocess

from script_test import ScriptTest

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


class ResultsTest(ScriptTest):
    """Each test has a folder of its own, with `results` in it once they are made."""

    def setUp(self):
        super().setUp()
        self.results = self.path("known.h5")

    def make(self, *measures):
        self.run_tool(self.arguments.make_results, self.results, *measures)
        return self.results

    def hold(self):
        """A process that made the file and keeps it open for writing."""
        process = subprocess.Popen([self.arguments.make_results, self.results, "--hold"], text=True,
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.addCleanup(lambda: (process.stdin.close(), process.wait(), process.stdout.close()))
        self.assertEqual(process.stdout.readline(), "open\n")
        return process
