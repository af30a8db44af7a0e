"""Out of memory is the outside world: exit code 1, a sentence, units that are pending, and nothing left behind.

Seen red: units marked as failed by std::bad_alloc; SIGSEGV within HDF5 with .creating and .lock left; status, merge and verify
calling a whole file damaged; analyze ending with "Resource temporarily unavailable"; a rank's units that nobody waits for.
"""

import os
import pathlib
import resource
import shutil

from sweep_runs import SweepTest

SWEEP = """
[grid]
activation = ["tanh", "relu"]
weight_variance = [1.0, 2.0]
width = 16
depth = 20
[simulation]
replicas = 64
batches = 4
"""
SENTENCE = "varprop: this process is out of memory. Let it have more"


def limit_memory(kilobytes):
    resource.setrlimit(resource.RLIMIT_AS, (1024 * kilobytes, 1024 * kilobytes))


class MemoryTest(SweepTest):
    def setUp(self):
        super().setUp()
        self.sweep_file, self.results = self.write("s.toml", SWEEP), self.path("r.h5")

    def states(self):
        """How many units are pending, done and failed."""
        said = self.run_varprop("status", self.results, "--json").stdout
        return [int(said.split(f'"{word}":')[1].split(",")[0]) for word in ("pending", "done", "failed")]


class Memory(MemoryTest):
    def test_a_unit_that_has_no_memory_is_pending(self):
        done = self.sweep(self.sweep_file, self.results, "--threads", 1, "--fault", "starve@9", code=1)
        self.assertIn(SENTENCE, done.stderr)
        pending, finished, failed = self.states()
        self.assertEqual((pending + finished, failed), (16, 0))
        self.assertGreaterEqual(pending, 1)
        self.assertFalse(os.path.exists(self.results + ".lock"))
        self.sweep(self.sweep_file, self.results)
        self.assertEqual(self.states(), [0, 16, 0])
        self.assert_equal_results(self.results, self.undisturbed(SWEEP))

    def test_what_is_finished_by_then_is_kept(self):
        """Four units on one thread, the last of which has no memory."""
        order = ("--set", 'grid.activation="relu"', "--set", "grid.weight_variance=2")
        self.sweep(self.sweep_file, self.results, *order, "--threads", 1, "--fault", "starve@3", code=1)
        self.assertEqual(self.states(), [1, 3, 0])

    def test_a_rank_without_memory_ends_the_run_in_order(self):
        """Whichever of three ranks meets it."""
        for slot in (0, 7, 15):
            with self.subTest(slot=slot):
                done = self.sweep(self.sweep_file, self.results, "--overwrite", "--fault", f"starve@{slot}", ranks=3, code=1)
                self.assertIn("out of memory", done.stderr)
                pending, finished, failed = self.states()
                self.assertEqual((pending + finished, failed), (16, 0))
                self.assertFalse(os.path.exists(self.results + ".lock"))


class LimitedMemory(MemoryTest):
    def run_limited(self, kilobytes, *words):
        return self.run_varprop(*words, preexec_fn=lambda: limit_memory(kilobytes))

    def least_memory(self):
        """Kilobytes with which the program begins: below, its libraries cannot be loaded, and nobody can say a word."""
        low, high = 10_000, 400_000
        if self.run_limited(high, "--version").returncode != 0:
            self.skipTest("this build cannot run within a limit of its address space")
        while high - low > 100:
            middle = (low + high) // 2
            low, high = (low, middle) if self.run_limited(middle, "--version").returncode == 0 else (middle, high)
        return high

    def test_every_command_within_every_limit(self):
        """From the memory with which the program just begins: what it cannot do it says."""
        self.sweep(self.sweep_file, self.results)
        least = self.least_memory()
        commands = {"sweep": ("sweep", self.sweep_file, "-o", "OUT/n.h5", "--threads", 2), "status": ("status", self.results),
                    "plan": ("plan", self.sweep_file), "merge": ("merge", "OUT/m.h5", self.results),
                    "verify": ("verify", self.results, "--threads", 2), "analyze": ("analyze", self.results, "-o", "OUT/a")}
        for name, words in commands.items():
            codes = set()
            for kilobytes in (*range(least, least + 4000, 400), *range(least + 4000, least + 28000, 2400), least + 200_000):
                with self.subTest(command=name, kilobytes=kilobytes):
                    out = self.path("out")
                    os.mkdir(out)
                    done = self.run_limited(kilobytes, *(str(word).replace("OUT", out) for word in words))
                    left = [entry for entry in os.listdir(out) if entry.endswith((".lock", ".creating", ".part"))]
                    empty = name == "analyze" and done.returncode != 0 and os.listdir(out)
                    shutil.rmtree(out)
                    codes.add(done.returncode)
                    self.assertIn(done.returncode, (0, 1), done.stderr)
                    self.assertEqual((left, empty or []), ([], []))
                    if done.returncode == 1:
                        self.assertRegex(done.stderr, r"(?m)^varprop: .*(memory|compute threads, not)")
            self.assertIn(0, codes, name)

    def test_what_is_to_be_replaced_stays_where_no_thread_can_start(self):
        """Seen red with the threads started after the old file had gone."""
        self.sweep(self.sweep_file, self.results)
        old = pathlib.Path(self.results).read_bytes()
        least, threadless = self.least_memory(), 0
        for kilobytes in range(least + 4000, least + 20_000, 1000):
            with self.subTest(kilobytes=kilobytes):
                done = self.run_limited(kilobytes, "sweep", self.sweep_file, "-o", self.results, "--overwrite", "--threads", 1)
                if "a single compute thread" in done.stderr:
                    threadless += 1
                    self.assertEqual(pathlib.Path(self.results).read_bytes(), old)
                old = pathlib.Path(self.results).read_bytes()
        self.assertGreater(threadless, 0)
