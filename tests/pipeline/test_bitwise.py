"""The same bits from any number of threads and ranks, and from runs that were killed and resumed."""

import os
import random
import shlex
import signal
import subprocess

from sweep_runs import SweepTest, main

SWEEP = """
title = "bitwise"
[grid]
activation = ["tanh", "relu", "gelu"]
weight_variance = [1.0, 2.0]
bias_variance = [0.0, 0.05]
width = [3, 37]
depth = [4, 19]
[simulation]
replicas = 24
batches = 4
"""

LONG_SWEEP = """
[grid]
activation = ["tanh", "relu"]
weight_variance = [1.0, 1.5, 2.0]
width = [64, 256]
depth = [100]
[simulation]
replicas = 9216
batches = 64
"""

LONGER_SWEEP = LONG_SWEEP.replace("9216", "36864").replace("batches = 64", "batches = 256")  # for two ranks


class Bitwise(SweepTest):
    """The long sweep takes many commit intervals on one core, so that there is time to interrupt it more than once."""

    def long_reference(self, text=LONG_SWEEP):
        return self.write("sweep.toml", text), self.undisturbed(text)

    def reference(self, text):
        sweep_file = self.write("sweep.toml", text)
        alone = self.path("alone.h5")
        self.sweep(sweep_file, alone, "--threads", 1)
        return sweep_file, alone

    def test_threads_and_ranks_change_nothing(self):
        sweep_file, alone = self.reference(SWEEP)
        for threads, ranks in [(2, 0), (1, 2), (2, 2), (1, 4)]:
            with self.subTest(threads=threads, ranks=ranks):
                results = self.path(f"t{threads}r{ranks}.h5")
                self.sweep(sweep_file, results, "--threads", threads, ranks=ranks)
                self.assert_equal_results(alone, results)

    def test_the_dense_engine_is_as_indifferent(self):
        sweep_file, _ = self.reference(SWEEP)
        first, second = self.path("d1.h5"), self.path("d2.h5")
        self.sweep(sweep_file, first, "--threads", 1, "--engine", "dense")
        self.sweep(sweep_file, second, "--threads", 1, "--engine", "dense", ranks=3)
        self.assert_equal_results(first, second)

    def test_two_inputs_and_every_law_of_weights_are_as_indifferent(self):
        text = SWEEP.replace("[simulation]", """weights = ["gaussian", "orthogonal", "rademacher"]
[simulation]
measure = ["forward", "backward", "correlation"]
input = "gaussian"
""").replace("width = [3, 37]", "width = [4, 37]")
        sweep_file, alone = self.reference(text)
        results = self.path("pairs.h5")
        self.sweep(sweep_file, results, "--threads", 2, ranks=2)
        self.assert_equal_results(alone, results)

    def test_two_kills_and_a_resumption_change_nothing(self):
        sweep_file, alone = self.long_reference(LONGER_SWEEP)
        total = self.done_units(alone)
        rng = random.Random(1)
        for ranks in (0, 2):
            with self.subTest(ranks=ranks):
                results = self.path(f"killed{ranks}.h5")
                done = 0
                for _ in range(2):
                    process = self.start_varprop("sweep", sweep_file, "-o", results, "--threads", 1, ranks=ranks)
                    self.wait_for_units(process, results, done + rng.randint(1, total // 10))
                    for pid in self.ranks_of(process):  # a killed mpirun would leave them a second
                        os.kill(pid, signal.SIGKILL)
                    process.wait()
                    before, done = done, self.done_units(results)
                    self.assertGreater(done, before)
                    self.assertLess(done, total)
                self.sweep(sweep_file, results, "--threads", 1, ranks=ranks)
                self.assert_equal_results(alone, results)

    def test_an_orderly_stop_exits_75_and_goes_on_later(self):
        sweep_file, alone = self.long_reference()
        for stop in (signal.SIGUSR1, signal.SIGTERM, signal.SIGINT):
            with self.subTest(signal=stop.name):
                results = self.path(f"{stop.name}.h5")
                process = self.start_varprop("sweep", sweep_file, "-o", results, "--threads", 1)
                self.wait_for_units(process, results, 1)
                process.send_signal(stop)
                self.assertEqual(process.wait(timeout=60), 75)
                self.sweep(sweep_file, results)
                self.assert_equal_results(alone, results)

    def test_mpirun_passes_the_orderly_stop_through(self):
        sweep_file, alone = self.long_reference(LONGER_SWEEP)
        results = self.path("usr1.h5")
        process = self.start_varprop("sweep", sweep_file, "-o", results, "--threads", 1, ranks=2)
        self.wait_for_units(process, results, 1)
        process.send_signal(signal.SIGUSR1)
        self.assertEqual(process.wait(timeout=60), 75)
        self.sweep(sweep_file, results)
        self.assert_equal_results(alone, results)

    def test_closed_standard_streams_do_no_harm(self):
        sweep_file, alone = self.reference(SWEEP)
        for closed in (">&- 2>&-", "<&- 2>&-", ">&- 2>&- <&-"):
            with self.subTest(closed=closed):
                results = self.path("closed.h5")
                words = self.command("sweep", sweep_file, "-o", results, "--progress", "bar")
                done = subprocess.run(f"{shlex.join(words)} {closed}", shell=True, env=self.environment, check=False)
                self.assertEqual(done.returncode, 0)
                self.assert_equal_results(alone, results)
                os.remove(results)

    def test_a_reader_that_leaves_does_no_harm(self):
        sweep_file, alone = self.long_reference()
        results = self.path("left.h5")
        process = self.start_varprop("sweep", sweep_file, "-o", results, "--progress", "bar")
        process.stderr.close()
        self.assertEqual(process.wait(timeout=100), 0)
        self.assert_equal_results(alone, results)

    def test_a_file_cut_short_meanwhile_is_no_success(self):
        sweep_file = self.write("sweep.toml", LONG_SWEEP)
        results = self.path("cut.h5")
        process = self.start_varprop("sweep", sweep_file, "-o", results, "--threads", 1)
        self.wait_for_units(process, results, 1)
        os.truncate(results, 3000)
        self.assertEqual(process.wait(timeout=100), 1)
        self.assertIn("cut short", process.stderr.read())

    def test_a_complete_sweep_is_not_computed_again(self):
        sweep_file, alone = self.reference(SWEEP)
        before = os.stat(alone).st_mtime_ns
        done = self.sweep(sweep_file, alone)
        self.assertIn("complete", done.stderr)
        self.assertEqual(os.stat(alone).st_mtime_ns, before)


if __name__ == "__main__":
    main()
