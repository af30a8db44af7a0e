"""SIGKILL at random moments: every file opens, no committed slot is lost or changed, the end is the same to the last bit.

20 kills by default, 100 in the campaign of docs/running.md (--full); over 1, 2 and 4 ranks in turns; of one rank, of all, or of
mpirun alone; from the creation of the file to the last commit. Seen to fail with states written before their rows.
"""

import os
import random
import sys
import time

import h5py
import numpy as np

from sweep_runs import PROVENANCE, SOON, SweepTest

SWEEP = """
[grid]
activation = ["tanh", "relu"]
weight_variance = [1.0, 1.5, 2.0]
bias_variance = [0.0, 0.1]
width = [32, 128]
depth = [100]
[simulation]
replicas = 1024
batches = 64
"""


class Kills(SweepTest):
    def rows(self, path):
        """state and every result dataset with a batch axis, by name."""
        with h5py.File(path, "r", locking=False) as file:
            state = file["state"][...]
            rows = {name: data[...] for name, data in file.items()
                    if name not in PROVENANCE and data.ndim > state.ndim and data.shape[:state.ndim] == state.shape}
        return state, rows

    def assert_nothing_lost_or_changed(self, results, done_before, reference):
        state, rows = self.rows(results)
        done = state == 1
        self.assertFalse((done_before & ~done).any(), "a committed slot was lost")
        for name, data in rows.items():
            self.assertTrue(np.array_equal(data[done], reference[name][done], equal_nan=True), f"{name} has changed")
        return done

    def run_and_kill(self, sweep_file, results, ranks, who):
        """One run, killed at a random moment; False if it was faster."""
        process = self.start_varprop("sweep", sweep_file, "-o", results, "--threads", 1, *SOON, ranks=ranks)
        time.sleep(self.random.expovariate(3) + (0.3 if ranks else 0))  # seconds, and what the launcher takes
        if process.poll() is not None:
            self.assertIn(process.returncode, (0, 2), process.stderr.read())
            return False
        self.kill(process, {"one": [self.random.choice(self.ranks_of(process))], "launcher": [process.pid], "all": None}[who])
        return True

    def test_no_kill_costs_or_changes_a_committed_slot(self):
        self.random = random.Random(1)
        sweep_file, alone = self.write("sweep.toml", SWEEP), self.path("alone.h5")
        self.sweep(sweep_file, alone)
        state, reference = self.rows(alone)
        kills = 100 if self.arguments.full else 20
        killed, files, opened = 0, 0, 0
        while killed < kills:
            ranks = (0, 2, 4)[files % 3]
            results, files = self.path(f"killed{files}.h5"), files + 1
            done = np.zeros(state.shape, bool)
            while killed < kills and not done.all():
                if not self.run_and_kill(sweep_file, results, ranks, self.random.choice(["one", "all", "launcher"])):
                    break
                killed += 1
                if os.path.exists(results):
                    done = self.assert_nothing_lost_or_changed(results, done, reference)
                    opened += 1
            self.sweep(sweep_file, results, ranks=ranks)
            self.assert_equal_results(alone, results)
            os.remove(results)
        print(f"{killed} kills of {files} sweeps: {opened} times there was a file, which opened; no slot lost or changed",
              file=sys.stderr)
