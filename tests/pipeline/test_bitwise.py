"""The same bits from any number of threads and ranks, and from runs that were killed and resumed.

A run that is to be interrupted hangs in its last unit, or is put to sleep, so that it cannot end first.
"""

import csv
import math
import os
import random
import shlex
import signal

import h5py

from script_test import PATIENCE
from sweep_runs import SOON, SweepTest

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
replicas = 256
batches = 64
"""
UNITS = 12 * 64
HANGS = ("--threads", 1, "--fault", f"hang@{UNITS - 1}", "--grace", "1s", *SOON)


class BitwiseTest(SweepTest):
    def reference(self, text):
        """The sweep file of this text, and its results from one thread."""
        sweep_file = self.write("sweep.toml", text)
        alone = self.path("alone.h5")
        self.sweep(sweep_file, alone, "--threads", 1)
        return sweep_file, alone

    def long_reference(self):
        return self.write("sweep.toml", LONG_SWEEP), self.undisturbed(LONG_SWEEP)


class Division(BitwiseTest):
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
measure = ["forward", "backward", "correlation", "activations", "ntk"]
input = "gaussian"
""").replace("width = [3, 37]", "width = [4, 37]")
        sweep_file, alone = self.reference(text)
        results = self.path("pairs.h5")
        self.sweep(sweep_file, results, "--threads", 2, ranks=2)
        self.assert_equal_results(alone, results)

    def test_inputs_of_another_mean_square_are_as_indifferent_and_another_sweep(self):
        usual = SWEEP.replace('"gelu"]', '"gelu"]\nweights = ["gaussian", "orthogonal", "uniform"]')
        sweep_file, alone = self.reference(usual + 'measure = ["forward", "activations", "ntk"]\ninput_mean_square = 0.3\n')
        results = self.path("results.h5")
        self.sweep(sweep_file, results, "--threads", 2, ranks=2)
        self.assert_equal_results(alone, results)
        parts = [self.path(f"part-{number}.h5") for number in (1, 2)]
        for number, part in enumerate(parts, 1):
            self.sweep(sweep_file, part, "--shard", f"{number}/2")
        self.expect(0, "merge", self.path("merged.h5"), *parts)
        self.assert_equal_results(alone, self.path("merged.h5"))
        self.expect(0, "verify", results, "--sample", "20%")
        self.assertIn("input_mean_square", self.expect(2, "sweep", self.write("usual.toml", usual), "-o", results).stderr)
        grown = self.sweep(sweep_file, self.path("again.h5"), "--reuse", results)
        self.assertIn("reused 576 of 576 units", grown.stderr)

    def test_the_mean_square_of_the_input_is_what_totals_are_counted_from(self):
        """Orthogonal linear networks: ln q_L = ln M + L ln σ_w², without chance."""
        self.analyze_mean_square(1)
        self.analyze_mean_square(1e-6)

    def analyze_mean_square(self, square):
        sweep_file = self.write("linear.toml", "[grid]\nactivation = \"linear\"\nweights = \"orthogonal\"\nweight_variance = 3\n"
                                f"width = 8\ndepth = 10\n[simulation]\nreplicas = 32\ninput_mean_square = {square}\n")
        results, folder = self.path(f"{square}.h5"), self.path(f"{square}")
        self.sweep(sweep_file, results)
        self.analyze(results, folder)
        with open(os.path.join(folder, "points.csv"), encoding="utf-8", newline="") as file:
            row, = csv.DictReader(line for line in file if not line.startswith("#"))
        self.assertAlmostEqual(float(row["forward_total"]), 10 * math.log(3), places=9)
        with h5py.File(results, "r") as file:
            self.assertAlmostEqual(file["forward_last"][...].flat[0], math.log(square) + 10 * math.log(3), places=9)
            self.assertEqual("input_mean_square" in file.attrs, square != 1)

    def test_a_complete_sweep_is_not_computed_again(self):
        sweep_file, alone = self.reference(SWEEP)
        before = os.stat(alone).st_mtime_ns
        done = self.sweep(sweep_file, alone)
        self.assertIn("complete", done.stderr)
        self.assertEqual(os.stat(alone).st_mtime_ns, before)


class Interruption(BitwiseTest):
    def test_two_kills_and_a_resumption_change_nothing(self):
        sweep_file, alone = self.long_reference()
        rng = random.Random(1)
        for ranks in (0, 2):
            with self.subTest(ranks=ranks):
                results = self.path(f"killed{ranks}.h5")
                self.kill(self.paused_sweep(sweep_file, results, UNITS // 2, "--threads", 1, ranks=ranks))
                before = self.done_units(results)
                process = self.start_varprop("sweep", sweep_file, "-o", results, *HANGS, ranks=ranks)
                self.wait_for_units(process, results, before + rng.randint(1, UNITS // 10))
                self.kill(process)
                done = self.done_units(results)
                self.assertGreater(done, before)
                self.assertLess(done, UNITS)
                self.sweep(sweep_file, results, "--threads", 1, ranks=ranks)
                self.assert_equal_results(alone, results)

    def test_an_orderly_stop_exits_75_and_goes_on_later(self):
        sweep_file, alone = self.long_reference()
        for stop in (signal.SIGUSR1, signal.SIGTERM, signal.SIGINT):
            with self.subTest(signal=stop.name):
                results = self.path(f"{stop.name}.h5")
                process = self.start_varprop("sweep", sweep_file, "-o", results, *HANGS)
                self.wait_for_units(process, results, 1)
                process.send_signal(stop)
                self.assertEqual(process.wait(timeout=PATIENCE), 75)
                self.sweep(sweep_file, results)
                self.assert_equal_results(alone, results)

    def test_mpirun_passes_the_orderly_stop_through(self):
        sweep_file, alone = self.long_reference()
        results = self.path("usr1.h5")
        process = self.start_varprop("sweep", sweep_file, "-o", results, *HANGS, ranks=2)
        self.wait_for_units(process, results, 1)
        process.send_signal(signal.SIGUSR1)
        self.assertEqual(process.wait(timeout=PATIENCE), 75)
        self.sweep(sweep_file, results)
        self.assert_equal_results(alone, results)

    def test_closed_standard_streams_do_no_harm(self):
        sweep_file, alone = self.reference(SWEEP)
        for closed in (">&- 2>&-", "<&- 2>&-", ">&- 2>&- <&-"):
            with self.subTest(closed=closed):
                results = self.path("closed.h5")
                words = self.command("sweep", sweep_file, "-o", results, "--progress", "bar")
                self.run_tool("sh", "-c", f"{shlex.join(words)} {closed}")
                self.assert_equal_results(alone, results)
                os.remove(results)

    def test_a_reader_that_leaves_does_no_harm(self):
        sweep_file, alone = self.long_reference()
        results = self.path("left.h5")
        process = self.paused_sweep(sweep_file, results, UNITS // 2, "--threads", 1, "--progress", "bar")
        process.stderr.close()
        process.send_signal(signal.SIGCONT)
        self.assertEqual(process.wait(timeout=PATIENCE), 0)
        self.assert_equal_results(alone, results)

    def test_a_file_cut_short_meanwhile_is_no_success(self):
        results = self.path("cut.h5")
        process = self.paused_sweep(self.write("sweep.toml", LONG_SWEEP), results, UNITS // 2, "--threads", 1)
        os.truncate(results, 3000)
        process.send_signal(signal.SIGCONT)
        self.assertEqual(process.wait(timeout=PATIENCE), 1)
        self.assertIn("cut short", process.stderr.read())
