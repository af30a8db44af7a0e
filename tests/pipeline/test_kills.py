"""SIGKILL at random moments: every file opens, no committed slot is lost or changed, the end is the same to the last bit.

    test_kills.py --varprop EXE --source DIR [--kills N]

20 kills by default, 100 in the campaign of docs/running.md; over 1, 2 and 4 ranks in turns; of one rank, of all, or of
mpirun alone; from the creation of the file to the last commit. Seen to fail with states written before their rows.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import time
import unittest

import h5py
import numpy as np

from sweep_runs import PROVENANCE, SweepTest

SWEEP = """
[grid]
activation = ["tanh", "relu"]
weight_variance = [1.0, 1.5, 2.0]
bias_variance = [0.0, 0.1]
width = [32, 128]
depth = [100]
[simulation]
replicas = 4096
batches = 64
"""


class Kills(SweepTest):
    kills = 20  # set by the command line

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

    def kill(self, process, who):
        if who == "launcher":
            os.kill(process.pid, signal.SIGKILL)
        elif who == "all":
            os.killpg(process.pid, signal.SIGKILL)
        else:
            try:
                os.kill(self.random.choice(self.ranks_of(process)), signal.SIGKILL)
            except ProcessLookupError:
                pass
        process.wait(timeout=60)

    def run_and_kill(self, sweep_file, results, ranks, who):
        """One run, killed at a random moment; False if it was faster."""
        process = self.start_varprop("sweep", sweep_file, "-o", results, "--threads", 1, ranks=ranks)
        try:
            process.wait(timeout=self.random.uniform(0.05, 3.0))
        except subprocess.TimeoutExpired:
            self.kill(process, who)
            return True
        self.assertIn(process.returncode, (0, 2), process.stderr.read())
        return False

    def test_no_kill_costs_or_changes_a_committed_slot(self):
        self.random = random.Random(1)
        sweep_file, alone = self.write("sweep.toml", SWEEP), self.path("alone.h5")
        self.sweep(sweep_file, alone)
        _, reference = self.rows(alone)
        killed, files, opened = 0, 0, 0
        while killed < self.kills:
            ranks = (0, 2, 4)[files % 3]
            results, files = self.path(f"killed{files}.h5"), files + 1
            done = np.zeros(self.rows(alone)[0].shape, bool)
            while killed < self.kills and not done.all():
                if not self.run_and_kill(sweep_file, results, ranks, self.random.choice(["one", "all", "launcher"])):
                    break
                killed += 1
                if os.path.exists(results):
                    done = self.assert_nothing_lost_or_changed(results, done, reference)
                    opened += 1
            time.sleep(1.5 if ranks else 0)  # a killed mpirun's ranks outlive it
            self.sweep(sweep_file, results, ranks=ranks)
            self.assert_equal_results(alone, results)
            os.remove(results)
        print(f"{killed} kills of {files} sweeps: {opened} times there was a file, which opened; no slot lost or changed",
              file=sys.stderr)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--varprop", required=True)
    parser.add_argument("--source", required=True)
    parser.add_argument("--kills", type=int, default=Kills.kills)
    SweepTest.arguments = parser.parse_args()
    Kills.kills = SweepTest.arguments.kills
    unittest.main(argv=sys.argv[:1], verbosity=2)
