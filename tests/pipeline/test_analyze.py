"""varprop analyze on results that are not complete: nothing done yet, still being written, one shard. It says so, and
analyzes what there is.

Seen red: with the sentence on other shards left out, with a file without a done unit refused.
"""

import signal

from sweep_runs import SweepTest, main

SWEEP = """
[grid]
activation = ["tanh", "relu"]
weight_variance = [1.0, 2.0]
width = [16]
depth = [20]
[simulation]
replicas = 64
batches = 4
"""


class Analyze(SweepTest):
    def setUp(self):
        super().setUp()
        self.sweep_file, self.results = self.write("sweep.toml", SWEEP), self.path("r.h5")

    def analyze(self):
        """What analyze prints; the table must have its four points."""
        done = self.run_varprop("analyze", self.results, "-o", self.path("out"))
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        with open(self.path("out/points.csv"), encoding="utf-8") as table:
            self.assertEqual(len(table.readlines()), 1 + 4)
        return done.stdout

    def test_nothing_done_yet(self):
        settings = ("--set", 'grid.activation=["tanh"]', "--set", "grid.weight_variance=[1,2,3,4]", "--set",
                    "grid.width=[1000000]", "--set", "simulation.replicas=1024")
        done = self.sweep(self.sweep_file, self.results, *settings, "--time-limit", "1s", code=1)
        self.assertIn("not one unit", done.stderr)
        said = self.analyze()
        self.assertIn("0 of 16 batches done (0.0 %), 0 failed", said)
        self.assertIn("This is a part of the sweep: 4 points have no result yet.", said)

    def test_while_it_is_written(self):
        process = self.start_varprop("sweep", self.sweep_file, "-o", self.results, "--threads", 1, "--fault", "hang@15")
        self.wait_for_units(process, self.results, 1)
        said = self.analyze()
        self.assertIsNone(process.poll(), "the sweep goes on")
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(timeout=60), 75)
        self.assertIn("of 16 batches done", said)
        self.assertIn("This is a part of the sweep", said)

    def test_a_shard(self):
        self.sweep(self.sweep_file, self.results, "--shard", "1/4")
        done = self.done_units(self.results)
        said = self.analyze()
        self.assertIn(f"{done} of 16 batches done", said)
        self.assertIn(f"The file holds shard 1 of 4: {16 - done} batches are in others, which varprop merge joins to it.", said)


if __name__ == "__main__":
    main()
