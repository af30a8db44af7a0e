"""varprop plan, as a user types it. Seen red: with --set ignored, with one more batch named than was simulated, with the
pilot's factor left out of the times, with the probe's left out of them, and with a kilobyte held for each unit."""

import json
import os
import subprocess

from sweep_runs import SweepTest

SWEEP = """
title = "planned"
[grid]
activation = ["tanh", "relu"]
weights = ["gaussian", "uniform"]
weight_variance = [1.0, 2.0]
width = [8, 64]
depth = [4, 16]
[simulation]
replicas = 64
batches = 4
"""

ONE = """
[grid]
activation = "tanh"
weight_variance = 1.0
width = 8
depth = 4
[simulation]
replicas = 1
batches = 1
"""

MILLION = """
[grid]
activation = ["tanh", "relu"]
weight_variance = { from = 0.5, to = 4.0, count = 1000 }
bias_variance = { from = 0, to = 1, count = 25 }
width = [8, 16, 32, 64]
depth = [4, 8, 16, 32, 64]
[simulation]
replicas = 16
batches = 1
"""


class Plan(SweepTest):
    def plan(self, *words, text=SWEEP, pace=1):
        """What plan says in JSON; its times are those of the cost model times `pace`, or of a probe where that is None."""
        pinned = () if pace is None else ("--pace", pace)
        done = self.run_varprop("plan", self.write("sweep.toml", text), "--json", *words, *pinned)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def test_the_page_says_all_and_nothing_is_written(self):
        sweep_file = self.write("sweep.toml", SWEEP)
        done = self.run_varprop("plan", sweep_file, "--ranks", 4, "--threads", 2)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stderr, "")
        for word in ("32 points, 128 units", "conditional", "radial", "dense", "core-seconds", "by the cost model, times ",
                     "probe of this machine's AVX", "longest unit", "width 64",
                     "makespan", "efficiency", "memory", "on rank 0", "file", "beyond a point's depth",
                     "#SBATCH --ntasks=4", "#SBATCH --cpus-per-task=2", "#SBATCH --mem-per-cpu=", "#SBATCH --time="):
            self.assertIn(word, " ".join(done.stdout.split()))
        self.assertLessEqual(max(map(len, done.stdout.splitlines())), 80)
        self.assertEqual(os.listdir(self.folder), ["sweep.toml"])

    def test_one_is_no_plural(self):
        done = self.run_varprop("plan", self.write("one.toml", ONE), "--threads", 1)
        self.assertIn("1 point, 1 unit\n", done.stdout)
        self.assertIn(" on 1 rank of 1 thread\n", done.stdout)

    def test_parts_add_up(self):
        plan = self.plan()
        self.assertEqual(plan["units"], 128)
        self.assertEqual(sum(part["units"] for part in plan["parts"]), 128)
        self.assertAlmostEqual(sum(part["core_seconds"] for part in plan["parts"]), plan["core_seconds"])
        self.assertEqual({part["engine"] for part in plan["parts"]}, {"conditional", "radial", "dense"})

    def test_the_file_has_the_size_that_was_planned(self):
        sweep_file, results = self.write("sweep.toml", SWEEP), self.path("r.h5")
        self.sweep(sweep_file, results)
        self.assertAlmostEqual(os.path.getsize(results) / self.plan()["file_bytes"], 1, delta=0.5)

    def test_settings_and_engine_count(self):
        self.assertEqual(self.plan("--set", "simulation.batches=16")["units"], 512)
        engines = {part["engine"] for part in self.plan("--engine", "dense")["parts"]}
        self.assertEqual(engines, {"dense"})

    def test_batches_that_mend_divide_the_replicas_and_mend(self):
        words = ["--ranks", 500, "--threads", 1, "--set", "grid.width=[8, 4096]", "--set", "simulation.replicas=6000"]
        plan = self.plan(*words)
        self.assertTrue(plan["held_up_by_longest_unit"])
        batches = plan["remedy"]["batches"]
        self.assertEqual(6000 % batches, 0)
        mended = self.plan(*words, "--set", f"simulation.batches={batches}")
        self.assertAlmostEqual(mended["makespan_seconds"], plan["remedy"]["makespan_seconds"])
        self.assertLess(mended["makespan_seconds"], plan["makespan_seconds"])

    def test_a_pilot_scales_the_times(self):
        plain, piloted = self.plan(), self.plan("--pilot", "100%")
        self.assertEqual(piloted["pilot"]["units"], 128)
        self.assertAlmostEqual(piloted["pilot"]["factor"] * plain["core_seconds"] / piloted["core_seconds"], 1, places=6)
        self.assertAlmostEqual(piloted["pilot"]["core_seconds"] / piloted["core_seconds"], 1, places=6)

    def test_a_probe_scales_every_time(self):
        plan, modelled = self.plan(pace=None), self.plan()
        self.assertEqual((plan["factor_source"], modelled["factor_source"]), ("probe", "pinned"))
        self.assertAlmostEqual(plan["model_core_seconds"], modelled["core_seconds"])
        self.assertEqual(modelled["factor"], 1)
        for part in plan["parts"]:
            self.assertAlmostEqual(part["core_seconds"], part["factor"] * part["model_core_seconds"])
            self.assertGreater(part["factor"], 0)
        self.assertGreater(len({part["factor"] for part in plan["parts"]}), 1, "each part has its own")
        self.assertAlmostEqual(plan["factor"] * plan["model_core_seconds"], plan["core_seconds"])
        slow = self.plan(pace=7)
        for key in ("core_seconds", "factor"):
            self.assertAlmostEqual(slow[key], 7 * modelled[key])
        self.assertAlmostEqual(slow["longest_unit"]["seconds"], 7 * modelled["longest_unit"]["seconds"])
        self.assertGreater(slow["makespan_seconds"], 2 * modelled["makespan_seconds"])

    def test_the_pinned_pace_is_a_number_above_0(self):
        for pace in ("0", "-1", "nan", "fast"):
            done = self.run_varprop("plan", self.write("sweep.toml", SWEEP), "--pace", pace)
            self.assertEqual(done.returncode, 2)
            self.assertIn("allowed are", done.stderr)

    def test_bad_input_exits_2(self):
        done = self.run_varprop("plan", self.write("bad.toml", SWEEP.replace("replicas = 64", "replicas = 63")))
        self.assertEqual(done.returncode, 2)
        self.assertIn("bad.toml:11:11: simulation.batches: ", done.stderr)

    def test_a_million_points_take_no_gigabyte(self):
        process = subprocess.Popen(self.command("plan", self.write("million.toml", MILLION), "--json", "--ranks", 10000,
                                                "--threads", 1), env=self.environment, stdout=subprocess.PIPE)
        plan = json.load(process.stdout)
        process.stdout.close()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        self.assertEqual(process.returncode, 0)
        self.assertEqual(plan["units"], 1_000_000)
        self.assertTrue(plan["simulated"])
        self.assertLess(usage.ru_maxrss * 1024, 1e9)
