"""varprop status while a sweep runs, after it was killed, after it ended, and without its log. Seen red: with the lock
file's text believed without its lock, with a log that must be there, and with a job that is never ended."""

import json
import os
import signal

import h5py

from script_test import PATIENCE
from sweep_runs import SOON, SweepTest

LONG = """
title = "watched"
[grid]
activation = "tanh"
weight_variance = [1.0, 1.5]
width = [256]
depth = [200]
[simulation]
replicas = 4000
batches = 400
"""


class Status(SweepTest):
    def setUp(self):
        super().setUp()
        self.sweep_file, self.results = self.write("long.toml", LONG), self.path("long.h5")

    def status(self):
        done = self.run_varprop("status", self.results, "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def test_while_it_runs_killed_and_stopped(self):
        process = self.paused_sweep(self.sweep_file, self.results, 400, "--threads", 1)
        running = self.status()
        self.assertIn(f"process {process.pid} on ", running["writer"])
        self.assertEqual(running["units"], 800)
        self.assertGreaterEqual(running["done"], 1)
        self.assertGreater(running["remaining_core_seconds"], 0)
        self.assertGreater(running["seconds_left"], 0)
        self.assertEqual(running["jobs"][0]["process"], running["writer"])
        self.kill(process)
        killed = self.status()
        self.assertIsNone(killed["writer"])
        self.assertNotIn("code", killed["jobs"][0])
        self.assertGreaterEqual(killed["done"], running["done"])
        self.assertEqual(killed["done"], self.done_units(self.results))

        process = self.start_varprop("sweep", self.sweep_file, "-o", self.results, "--threads", 1, *SOON,
                                     "--fault", "hang@799")
        self.wait_for_units(process, self.results, killed["done"] + 1)
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=PATIENCE)
        stopped = self.status()
        self.assertEqual([job.get("code") for job in stopped["jobs"]], [None, 75])
        self.assertEqual(stopped["jobs"][1]["done_at_begin"], killed["done"])
        self.assertEqual(stopped["jobs"][1]["done_at_end"], stopped["done"])
        page = self.run_varprop("status", self.results).stdout
        for word in ("watched", "800 units", "nobody is writing", "exit code 75", "killed", "remaining cost"):
            self.assertIn(word, page)

    def test_losing_the_log_loses_no_result(self):
        self.sweep(self.sweep_file, self.results, "--set", "simulation.replicas=400")
        before = self.status()
        os.remove(self.results + ".log.jsonl")
        after = self.status()
        self.assertEqual(after["jobs"], [])
        for key in ("done", "pending", "failed", "identity", "remaining_core_seconds", "pace"):
            self.assertEqual(after[key], before[key])
        self.assertEqual(sorted(os.listdir(self.folder)), ["long.h5", "long.toml"], "a look leaves nothing behind")

    def test_failed_units_are_named(self):
        self.sweep(self.sweep_file, self.results, "--set", "simulation.replicas=400")
        with h5py.File(self.results, "r+") as file:
            file["state"][0, 0, 1, 0, 0, 0, 6] = 2
        status = self.status()
        self.assertEqual((status["done"], status["failed"], status["pending"]), (799, 1, 0))
        self.assertEqual(status["failures"][0]["batch"], 7)
        self.assertIn("weight_variance=1.5", status["failures"][0]["point"])
        self.assertGreater(status["remaining_core_seconds"], 0)

    def test_what_is_no_results_file_is_refused(self):
        for name in ("none.h5", "long.toml"):
            done = self.run_varprop("status", self.path(name))
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertIn(name, done.stderr)
