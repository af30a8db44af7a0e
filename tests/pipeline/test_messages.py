"""What varprop says: it is not silent in a process with a leftover rank, and what comes from elsewhere neither floods nor drives
a terminal. Each seen red on the program before: silence with exit code 0, escape sequences, megabytes, 1e+09 for a count.
"""

import os
import unittest.mock

import h5py

from sweep_runs import SMALL_SWEEP as SWEEP, SweepTest


class MessageTest(SweepTest):
    def setUp(self):
        super().setUp()
        self.sweep_file, self.results = self.write("s.toml", SWEEP), self.path("r.h5")


class LeftoverRanks(MessageTest):
    """A rank in the environment silences nobody, unless it is one of several."""

    def test_a_rank_alone(self):
        self.sweep(self.sweep_file, self.results)
        told = self.expect(0, "status", self.results).stdout
        for variables in ({"PMI_RANK": "1"}, {"PMIX_RANK": "1"}, {"OMPI_COMM_WORLD_RANK": "1"}, {"SLURM_PROCID": "1"},
                          {"SLURM_PROCID": "1", "SLURM_NTASKS": "2", "SLURM_STEP_NUM_TASKS": "2"},
                          {"PMI_RANK": "1", "PMI_SIZE": "1"}, {"PMI_RANK": "x", "PMI_SIZE": "2"},
                          {"PMI_RANK": "1", "OMPI_COMM_WORLD_SIZE": "2"},
                          {"OMPI_COMM_WORLD_RANK": "0", "OMPI_COMM_WORLD_SIZE": "1", "SLURM_PROCID": "1",
                           "SLURM_STEP_NUM_TASKS": "2"}):
            with self.subTest(variables):
                with unittest.mock.patch.dict(self.environment, variables):
                    self.assertEqual(self.expect(0, "status", self.results).stdout, told)
                    self.expect(2, "status", self.path("none.h5"), says=["there is no file"])

    def test_one_of_several_says_that_it_does_nothing(self):
        self.sweep(self.sweep_file, self.results)
        for rank, size in (("OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE"), ("PMI_RANK", "PMI_SIZE"),
                           ("PMIX_RANK", "SLURM_NTASKS"), ("PMIX_RANK", "SLURM_STEP_NUM_TASKS")):
            for words in (("status", self.results), ("merge", self.path("out.h5"), self.results), ("--version",),
                          ("analyze", self.results, "-o", self.path("analysis")), ("help",)):
                with self.subTest(rank=rank, words=words):
                    with unittest.mock.patch.dict(self.environment, {rank: "1", size: "2"}):
                        done = self.expect(0, *words, says=[f"copy 2 of 2 ({rank}=1)", "does nothing"])
                    self.assertEqual(done.stdout, "")
        self.assertFalse(os.path.exists(self.path("out.h5")))

    def test_a_sweep_with_a_leftover_rank(self):
        self.environment["PMI_RANK"] = "1"
        self.sweep(self.sweep_file, self.results)
        self.expect(2, "sweep", self.sweep_file, "-o", self.results, "--set", "simulation.seed=2", says=["another sweep"])
        self.environment["PMI_SIZE"] = "2"
        self.expect(1, "sweep", self.sweep_file, "-o", self.path("other.h5"), says=["2 processes (PMI_RANK)", "unset PMI_RANK"])
        self.assertFalse(os.path.exists(self.path("other.h5")))


class Words(MessageTest):
    """What comes from elsewhere neither floods nor drives a terminal."""

    def refuse(self, *words, says):
        done = self.expect(2, *words, says=says)
        self.assertLess(len(done.stderr), 10_000)

    def test_titles(self):
        file = self.write("long.toml", SWEEP.replace('"small"', '"' + 3_000_000 * "x" + '"'))
        self.refuse("sweep", file, "-o", self.results, says=["title: this title has 3000000 bytes", "at most 1000"])
        for text in ("\\u001b[2J", "\\u007f", "\\u009b2J", "two\\nlines"):
            with self.subTest(text):
                file = self.write("odd.toml", SWEEP.replace("small", text))
                self.refuse("sweep", file, "-o", self.results, says=["without control characters"])
        file = self.write("fine.toml", SWEEP.replace("small", "σ_w² — a title"))
        self.assertIn("σ_w² — a title", self.expect(0, "plan", file).stdout)

    def test_values_and_keys(self):
        long = 100_000 * "x"
        for text in (f'activation = "{long}"', f"{long} = 3", f'"{long}" = 3', f"[{long}]"):
            with self.subTest(text[:20]):
                self.refuse("plan", self.write("long.toml", SWEEP.replace('activation = "tanh"', text)), says=["long.toml:3:"])
        self.refuse("plan", self.sweep_file, "--set", f'grid.activation="{100_000 * "x"}"', says=["--set grid.activation="])

    def test_a_status_drives_no_terminal(self):
        self.sweep(self.sweep_file, self.results)
        with h5py.File(self.results, "r+") as file:
            file["state"][..., 3] = 2
            file.attrs["title"] = "red \x1b[31m" + 2_000_000 * "y"
        point = "numerics_version=1;activation=tanh"
        with open(self.results + ".log.jsonl", encoding="utf-8") as log:
            self.assertIn("begin", log.read())
        with open(self.results + ".log.jsonl", "a", encoding="utf-8") as log:
            log.write('{"time": "\\u001b[2J", "event": "begin", "process": "a\\u009b2Jb\\u007f' + 2_000_000 * "p" + '"}\n')
            log.write(f'{{"time": "t", "event": "begin", "process": "\\u001b]0;x\\u0007{point}"}}\n')
        done = self.expect(0, "status", self.results)
        self.assertIn("\\u001b[31m", done.stdout)
        self.assertIn("\\u001b]0;x\\u0007", done.stdout)
        self.assertLess(len(done.stdout), 20_000)
        for text in (done.stdout, self.expect(0, "status", self.results, "--json").stdout):
            for character in ("\x1b", "\x9b", "\x07", "\x7f"):
                self.assertNotIn(character, text)

    def test_paths(self):
        odd = self.path("\x1b[31mred\x9b.h5")
        self.refuse("status", odd, says=["there is no file", "\\u001b[31mred\\u009b.h5"])
        self.sweep(self.sweep_file, odd)
        for words in (("status", odd), ("analyze", odd, "-o", self.path("\x1banalysis")), ("verify", odd),
                      ("sweep", self.sweep_file, "-o", odd), ("merge", self.path("\x1bout.h5"), odd)):
            with self.subTest(words[0]):
                done = self.expect(0, *words)
                self.assertNotIn("\x1b", done.stdout + done.stderr)
                self.assertNotIn("\x9b", done.stdout + done.stderr)

    def test_a_whole_section(self):
        self.refuse("plan", self.sweep_file, "--set", "grid={}",
                    says=["--set grid={}: this is a section", "one key at a time", "Keys of [grid]: activation, weights"])

    def test_counts_are_whole_numbers(self):
        for key, value, shown in (("simulation.replicas", "1e12", "1000000000000 is not allowed"),
                                  ("grid.depth", "1e9", "1000000000 is not allowed"),
                                  ("grid.width", "[100000, 100000]", "100000 stands there twice"),
                                  ("grid.width", "{from = 100000, to = 1, count = 3}", "from 100000 to 1"),
                                  ("simulation.seed", "1e9", "1000000000 is no seed"),
                                  ("output.layers", "1e9", "1000000000 is not allowed")):
            with self.subTest(key + value):
                self.refuse("plan", self.sweep_file, "--set", f"{key}={value}", says=[shown])
        large = [word for setting in ("grid.width=100000", "grid.depth=1000", "simulation.replicas=100000000",
                                      "simulation.batches=10000") for word in ("--set", setting)]
        self.assertNotRegex(self.expect(0, "plan", self.sweep_file, *large).stdout, r"e\+\d")
