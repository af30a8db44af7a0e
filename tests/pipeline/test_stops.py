"""Limits, signals and faults: a run stops in order, keeps what is done, and goes on to the same bits.

A run that is to be interrupted hangs in a unit that comes late, so that it cannot end first, however slow the test is.

Seen to fail: with the deadline ignored (limits), with units dealt whatever their length (the dear point), with the reason
of a throwing unit dropped, with the failing commit swallowed, with the grace period taken for endless.
"""

import contextlib
import os
import shutil
import signal
import time

import h5py

from script_test import PATIENCE
from sweep_runs import SOON, SweepTest

SWEEP = """
[grid]
activation = ["tanh", "relu"]
weight_variance = [1.0, 1.5, 2.0]
width = [64, 256]
depth = [100]
[simulation]
replicas = 256
batches = 64
"""
UNITS = 12 * 64
LAST_HANGS = ("--threads", 1, "--fault", f"hang@{UNITS - 1}")

# Slowed 20000 times: 8 units of a quarter of an hour, and 8 of a second, which one of nine threads computes one after the other.
SECONDS_AND_QUARTERS = """
[grid]
activation = ["tanh"]
weight_variance = [1.0]
width = [1, 65536]
depth = [200]
[simulation]
replicas = 8
batches = 8
"""

# Predicted: a quarter of an hour a unit at n = 2¹⁹, 2 ms a unit at n = 1, which has all the time there is.
DEAR_AND_CHEAP = """
[grid]
activation = ["tanh"]
weight_variance = [1.0]
width = [1, 524288]
depth = [200]
[simulation]
replicas = 4096
batches = 2
"""


def environment(pid):
    with open(f"/proc/{pid}/environ", "rb") as file:
        return file.read().split(b"\0")


class StopsTest(SweepTest):
    def setUp(self):
        super().setUp()
        self.sweep_file, self.results = self.write("sweep.toml", SWEEP), self.path("r.h5")

    def state(self, results):
        with h5py.File(results, "r", locking=False) as file:
            return file["state"][...]

    def log_text(self, results):
        with open(results + ".log.jsonl", encoding="utf-8") as file:
            return file.read()

    def finish(self, sweep_file, results):
        """Goes on to the end; the bits must be those of a run that nobody disturbed."""
        self.sweep(sweep_file, results)
        self.assert_equal_results(self.undisturbed(SWEEP), results)


class Limits(StopsTest):
    def test_the_time_limit_stops_in_order(self):
        done = self.sweep(self.sweep_file, self.results, *LAST_HANGS, *SOON, "--time-limit", "8s", code=75)
        self.assertIn("the same command goes on", done.stderr)
        self.assertGreater(self.done_units(self.results), 0)
        self.finish(self.sweep_file, self.results)

    def test_a_job_s_end_is_a_limit(self):
        self.environment["SLURM_JOB_END_TIME"] = str(int(time.time()) + 12)
        self.sweep(self.sweep_file, self.results, *LAST_HANGS, *SOON, code=75)
        self.assertGreater(self.done_units(self.results), 0)
        self.environment["SLURM_JOB_END_TIME"] = "1000"  # of another job, long ago
        self.sweep(self.sweep_file, self.results)
        self.environment["SLURM_JOB_END_TIME"] = "tomorrow"
        self.assertIn("is no time", self.sweep(self.sweep_file, self.results, code=2).stderr)

    def test_what_cannot_end_in_time_is_not_begun(self):
        sweep_file, results = self.write("dear.toml", DEAR_AND_CHEAP), self.path("dear.h5")
        self.sweep(sweep_file, results, "--threads", 1, "--time-limit", "10m", "--pace", 1, code=75)
        self.assertEqual(self.state(results).ravel().tolist(), [1, 1, 0, 0])
        refused = self.sweep(sweep_file, results, "--threads", 1, "--time-limit", "10m", "--pace", 1, code=1)
        self.assertIn("not one unit", refused.stderr)
        self.assertIn("simulation.batches = ", refused.stderr)
        self.assertEqual(self.state(results).ravel().tolist(), [1, 1, 0, 0])

    def test_limits_and_faults_that_are_none_are_refused(self):
        for words in (("--time-limit", "0"), ("--time-limit", "1x"), ("--time-limit", "-3s"), ("--time-limit", ""),
                      ("--grace", "nan"), ("--time-limit", "1e9d"), ("--fault", "throw"), ("--fault", "x@3"), ("--fault", "slow@"), ("--pace", "0"),
                      ("--patience", "commit"), ("--patience", "writer=1s,commits=1s")):
            with self.subTest(words=words):
                self.assertIn("allowed are", self.sweep(self.sweep_file, self.results, *words, code=2).stderr)
                self.assertFalse(os.path.exists(self.results))


class Signals(StopsTest):
    def test_running_units_have_the_grace_period(self):
        process = self.start_varprop("sweep", self.sweep_file, "-o", self.results, "--threads", 2, "--fault",
                                     f"hang@{UNITS - 1}", "--grace", "1s", *SOON)
        self.wait_for_units(process, self.results, UNITS - 1)
        process.send_signal(signal.SIGUSR1)
        self.assertEqual(process.wait(timeout=PATIENCE), 75)
        self.assertEqual(self.done_units(self.results), UNITS - 1)
        self.finish(self.sweep_file, self.results)

    def test_what_finishes_in_the_grace_period_is_safe_at_once(self):
        """Seen to fail with commits after the end of the grace period alone."""
        sweep_file = self.write("quarters.toml", SECONDS_AND_QUARTERS)
        process = self.paused_sweep(sweep_file, self.results, 6, "--threads", 9, "--pace", 1, "--fault", "slow@20000", "--grace", "1d")
        done = self.done_units(self.results)
        process.send_signal(signal.SIGUSR1)
        process.send_signal(signal.SIGCONT)
        self.wait_for_units(process, self.results, done + 1)
        self.assertIsNone(process.poll(), "eight units go on")
        self.kill(process)
        self.sweep(sweep_file, self.results)
        self.assert_equal_results(self.undisturbed(SECONDS_AND_QUARTERS), self.results)

    def test_a_rank_that_does_not_answer_is_left_behind(self):
        """Seen to fail with farewells waited for without an end."""
        process = self.start_varprop("sweep", self.sweep_file, "-o", self.results, *LAST_HANGS, "--grace", "1s", "--patience",
                                     "commit=0.02s,answer=6s", ranks=3)
        self.wait_for_units(process, self.results, 1)
        silent = next(pid for pid in self.ranks_of(process) if b"OMPI_COMM_WORLD_RANK=2" in environment(pid))
        os.kill(silent, signal.SIGSTOP)
        try:
            process.send_signal(signal.SIGUSR1)
            self.assertNotEqual(process.wait(timeout=PATIENCE), 0)
        finally:
            with contextlib.suppress(ProcessLookupError):  # the launcher may have ended it
                os.kill(silent, signal.SIGCONT)
        self.assertIn("1 rank does not answer", process.stderr.read())
        self.finish(self.sweep_file, self.results)


class Faults(StopsTest):
    def test_a_unit_that_throws_fails_alone(self):
        for ranks in (0, 3):
            with self.subTest(ranks=ranks):
                results = self.path(f"throws{ranks}.h5")
                done = self.sweep(self.sweep_file, results, "--fault", "throw@70", ranks=ranks, code=3)
                self.assertIn("a fault on purpose", done.stderr)
                self.assertIn("a fault on purpose", self.log_text(results))
                state = self.state(results).ravel()
                self.assertEqual([int((state == s).sum()) for s in (0, 1, 2)], [0, UNITS - 1, 1])
                self.assertEqual(state[70], 2)
                self.finish(self.sweep_file, results)

    def test_a_unit_that_kills_its_process_costs_no_committed_slot(self):
        for ranks, code in ((0, -signal.SIGKILL), (3, 128 + signal.SIGKILL)):
            with self.subTest(ranks=ranks):
                results = self.path(f"kills{ranks}.h5")
                done = self.run_varprop("sweep", self.sweep_file, "-o", results, "--fault", "kill@700", "--threads", 1,
                                        *SOON, ranks=ranks)
                self.assertEqual(done.returncode, code)
                self.assertFalse((self.state(results) == 2).any(), "a dead process accuses nobody")
                self.finish(self.sweep_file, results)

    def test_a_disk_that_refuses_to_write_ends_in_order(self):
        for ranks in (0, 2):
            with self.subTest(ranks=ranks):
                results = self.path(f"full{ranks}.h5")
                done = self.run_varprop("sweep", self.sweep_file, "-o", results, "--fault", "write@2", "--threads", 1,
                                        *SOON, ranks=ranks)
                self.assertEqual(done.returncode, 1)
                self.assertIn(results, done.stderr)
                self.assertGreater(self.done_units(results), 0)
                self.finish(self.sweep_file, results)

    def test_a_folder_that_vanishes_ends_the_run_and_not_the_results(self):
        os.mkdir(self.path("here"))
        self.results = self.path("here/r.h5")
        process = self.paused_sweep(self.sweep_file, self.results, UNITS // 2, "--threads", 1)
        shutil.move(self.path("here"), self.path("there"))
        process.send_signal(signal.SIGCONT)
        self.assertEqual(process.wait(timeout=PATIENCE), 1)
        self.assertIn("here/r.h5", process.stderr.read())
        self.finish(self.sweep_file, self.path("there/r.h5"))
