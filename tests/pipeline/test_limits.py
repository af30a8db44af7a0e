"""Time limits on a machine that is slower than the cost model says: every run that gets nowhere says so, once, with a
number of batches that works.

The machine is pinned (--pace: a predicted second takes so many) and slowed (--fault slow@8: a unit takes eight times what
is predicted), by sleeping: the networks take a tenth of what is pinned or less, so that other work on this machine counts
for nothing.

Seen to fail with the program as it was before, but for the two switches: "stopped with 0 of 10 units", exit code 75;
"stopping now" twice; units begun though the file tells that they cannot end; a job's end of the past ignored silently;
a unit of before that was slow blocking all that follow; dear units alone begun, and dropped; less time advised than a job
had; "complete" of a file that an older copy had been written over.
"""

import concurrent.futures
import os
import re
import shutil
import signal
import time

from script_test import PATIENCE
from sweep_runs import SweepTest

PACE = 10
SLOW = ("--pace", PACE, "--fault", "slow@8", "--threads", 1)
LIMIT = "6s"

# Predicted: 0.94 s, 9.4 s as pinned, 75 s as slowed, for all 160 replicas of a point.
SWEEP = """
[grid]
activation = "tanh"
weights = "uniform"
weight_variance = [1, 2]
width = 1024
depth = 8
[simulation]
replicas = 160
batches = 2
"""

# Predicted: 0.3 ms a unit at n = 1, 0.94 s at n = 1024.
CHEAP_AND_DEAR = """
[grid]
activation = "tanh"
weights = "uniform"
weight_variance = 1
width = [1, 1024]
depth = 16
[simulation]
replicas = 160
batches = 2
"""

# Predicted, as pinned: 0.25 s a unit, 2 s as slowed.
THREE_UNITS = """
[grid]
activation = "tanh"
weights = "uniform"
weight_variance = 1
width = 256
depth = 9
[simulation]
replicas = 180
batches = 3
"""


class Limits(SweepTest):

    def limited(self, name, batches, limit=LIMIT):
        """One run in a file of its own within a limit."""
        return self.run_varprop("sweep", self.sweep_file, "-o", self.path(name), *SLOW, "--time-limit", limit, "--set",
                                f"simulation.batches={batches}")

    def advised(self, done, batches):
        """The batches that a run which got nowhere advises."""
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("not one unit", done.stderr)
        self.assertLessEqual(done.stderr.count("stopping now"), 1, done.stderr)
        self.assertNotIn("goes on from there", done.stderr)
        found = re.search(r"With simulation\.batches = (\d+) \(now (\d+)\)", done.stderr)
        self.assertIsNotNone(found, done.stderr)
        self.assertEqual(int(found[2]), batches)
        self.assertEqual(160 % int(found[1]), 0)
        self.assertGreater(int(found[1]), batches)
        return int(found[1])

    def follow_the_advice(self, first):
        """From so many batches on, as a person would, until units end in time: how often that took advice."""
        batches, asked = first, 0
        while (done := self.limited(f"{first}-{batches}.h5", batches)).returncode == 1:
            batches, asked = self.advised(done, batches), asked + 1
            self.assertLessEqual(asked, 2, done.stderr)
        self.assertEqual(done.returncode, 75, done.stderr)
        units = self.done_units(self.path(f"{first}-{batches}.h5"))
        self.assertGreater(units, 0)
        again = self.limited(f"{first}-{batches}.h5", batches)
        self.assertEqual(again.returncode, 75, again.stderr)
        self.assertGreater(self.done_units(self.path(f"{first}-{batches}.h5")), units, "the same command goes on")
        return asked

    def test_the_advice_of_a_run_that_got_nowhere_works(self):
        self.sweep_file = self.write("sweep.toml", SWEEP)
        with concurrent.futures.ThreadPoolExecutor() as pool:  # they sleep
            asked = dict(zip((2, 4, 5, 8, 10), pool.map(self.follow_the_advice, (2, 4, 5, 8, 10))))
        self.assertTrue(all(times >= 1 for times in asked.values()), asked)

    def test_a_file_with_units_of_before_gets_nowhere_either(self):
        sweep_file, results = self.write("sweep.toml", CHEAP_AND_DEAR), self.path("r.h5")
        self.sweep(sweep_file, results, *SLOW, "--time-limit", LIMIT, code=75)
        self.assertEqual(self.done_units(results), 2, "the cheap ones")
        done = self.sweep(sweep_file, results, "--pace", 2, "--fault", "slow@40", "--threads", 1, "--time-limit", LIMIT,
                          code=1)
        self.assertIn(f"not one unit ended before the time limit of {LIMIT}", done.stderr)
        self.assertEqual(done.stderr.count("stopping now"), 1, done.stderr)
        self.assertRegex(done.stderr, r"With simulation\.batches = \d+ \(now 2\)")
        self.assertEqual(self.done_units(results), 2)
        status = self.run_varprop("status", results).stdout
        self.assertIn("exit code 1", status, "the log knows how the job ended")

    def test_the_file_s_units_tell_the_pace(self):
        sweep_file, results = self.write("sweep.toml", SWEEP), self.path("r.h5")
        words = (sweep_file, "-o", results, "--threads", 1, "--set", "simulation.batches=16")
        process = self.start_varprop("sweep", *words, "--pace", PACE, "--fault", "slow@8")
        self.wait_for_units(process, results, 1)
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(timeout=PATIENCE), 75, "a signal is no deadline")
        units = self.done_units(results)
        done = self.run_varprop("sweep", *words, "--pace", 100, "--time-limit", LIMIT)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("not one unit can be relied on to end", done.stderr)
        self.assertNotIn("stopping", done.stderr, "nothing was begun in vain")
        done = self.run_varprop("sweep", *words, "--pace", PACE, "--fault", "slow@40", "--time-limit", LIMIT)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("not one unit ended before", done.stderr, "one was tried, since only the file spoke against it")
        self.assertEqual(self.done_units(results), units)

    def test_slow_units_of_before_block_nothing(self):
        sweep_file, results = self.write("sweep.toml", SWEEP), self.path("r.h5")
        words = (sweep_file, "-o", results, "--pace", PACE, "--threads", 1, "--set", "simulation.batches=160")
        process = self.start_varprop("sweep", *words, "--fault", "slow@80")  # 4.7 s a unit
        self.wait_for_units(process, results, 1)
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(timeout=PATIENCE), 75)
        units = self.done_units(results)
        done = self.run_varprop("sweep", *words, "--time-limit", LIMIT)
        self.assertIn(done.returncode, (0, 75), done.stderr)
        self.assertGreater(self.done_units(results), units + 1, "a unit was tried, and others followed")

    def test_cheap_units_end_though_the_dear_ones_do_not(self):
        sweep_file, results = self.write("sweep.toml", CHEAP_AND_DEAR), self.path("r.h5")
        slow = ("--pace", 2, "--fault", "slow@40", "--threads", 1)  # a dear unit fits, and takes 37 s
        self.sweep(sweep_file, results, *slow, "--time-limit", LIMIT, code=75)
        self.assertEqual(self.done_units(results), 2, "the cheap ones, which were begun first")

    def test_the_advice_before_the_end_of_a_job_counts_what_is_kept_of_it(self):
        sweep_file = self.write("sweep.toml", SWEEP)

        def in_a_job(seconds, name):
            self.environment["SLURM_JOB_END_TIME"] = str(int(time.time()) + seconds)
            return self.run_varprop("sweep", sweep_file, "-o", self.path(name), "--set", "simulation.replicas=16", "--pace", 65,
                                    "--fault", "slow@1", "--threads", 1)  # 3 s a unit, nearly all of them asleep

        done = in_a_job(9, "short.h5")
        self.assertEqual(done.returncode, 1, done.stderr)
        found = re.search(r"the end of this job in .*or give it (\d+)s or more", done.stderr)
        self.assertIsNotNone(found, done.stderr)
        self.assertGreater(int(found[1]), 9, done.stderr)
        done = in_a_job(int(found[1]) + 2, "longer.h5")  # two more for a start that other work delays
        self.assertIn(done.returncode, (0, 75), done.stderr)

    def test_a_signal_is_no_deadline_though_nothing_ended(self):
        sweep_file, results = self.write("sweep.toml", SWEEP), self.path("r.h5")
        process = self.start_varprop("sweep", sweep_file, "-o", results, *SLOW, "--time-limit", "1h")
        while not os.path.exists(results + ".log.jsonl"):
            self.assertIsNone(process.poll())
            time.sleep(0.02)
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(timeout=PATIENCE), 75)
        self.assertEqual(self.done_units(results), 0)

    def test_ranks_tell_what_their_dropped_units_had_taken(self):
        sweep_file, results = self.write("sweep.toml", SWEEP), self.path("r.h5")
        done = self.sweep(sweep_file, results, *SLOW, "--set", "simulation.batches=4", "--time-limit", LIMIT, ranks=2,
                          code=1)
        self.assertIn("had run for", done.stderr)
        self.assertRegex(done.stderr, r"With simulation\.batches = (40|80|160) \(now 4\)")

    def test_a_job_s_end_of_the_past_is_said_once(self):
        sweep_file, results = self.write("sweep.toml", CHEAP_AND_DEAR), self.path("r.h5")
        self.environment["SLURM_JOB_END_TIME"] = "1000"
        for words in ((), ("--progress", "none")):
            with self.subTest(words=words):
                done = self.sweep(sweep_file, results, "--set", "grid.width=1", "--overwrite", *words)
                self.assertEqual(done.stderr.count("SLURM_JOB_END_TIME=1000"), 1, done.stderr)
                self.assertIn("has passed", done.stderr)

    def test_a_file_that_an_older_copy_was_written_over_is_not_complete(self):
        sweep_file, results, older = self.write("sweep.toml", THREE_UNITS), self.path("r.h5"), self.path("older.h5")
        words = ("sweep", sweep_file, "-o", results, *SLOW)
        process = self.start_varprop(*words)
        while not os.path.exists(results):
            self.assertIsNone(process.poll())
            time.sleep(0.01)
        shutil.copyfile(results, older)
        self.assertEqual(self.done_units(older), 0, "the copy was made before a unit was done")
        self.wait_for_units(process, results, 1)
        shutil.copyfile(older, results)  # in place: the same file, with other bytes
        self.assertEqual(self.done_units(results), 0, "the next unit is not done yet")
        self.assertEqual(process.wait(timeout=PATIENCE), 1)
        said = process.stderr.read()
        self.assertIn("of 3 units that are done, 1 is not in it", said)
        self.assertNotIn("complete:", said)
        self.assertEqual(self.done_units(results), 2, "nothing that was there is lost")
        self.sweep(sweep_file, results)
        self.assert_equal_results(self.undisturbed(THREE_UNITS), results)

    def test_a_file_that_something_else_was_written_over_is_not_complete(self):
        sweep_file, results = self.write("sweep.toml", THREE_UNITS), self.path("r.h5")
        process = self.start_varprop("sweep", sweep_file, "-o", results, *SLOW)
        self.wait_for_units(process, results, 1)
        with open(results, "r+b") as file:
            file.write(b"\x37" * os.path.getsize(results))
        self.assertEqual(process.wait(timeout=PATIENCE), 1)
        self.assertIn("was overwritten while this run wrote to it", process.stderr.read())
