"""Shards, merging, growing: whatever way a sweep came about, its bits are those of one run.

Seen red: one batch of a piece left to nobody (test_four_shards…); reuse of the neighbouring point (test_a_grown_grid);
the bits of done units not compared (test_parts_that_contradict…); shards resumed without a look at their number
(test_a_shard_is_gone_on_with…); OLD.h5 opened for writing (test_old_results_stay…).
"""

import collections
import csv
import hashlib
import json
import os
import re
import subprocess

import h5py
import numpy

from sweep_runs import SOON, SweepTest

SWEEP = """
title = "growth"
[grid]
activation = ["tanh", "relu"]
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

PAIRS = ('--set', 'simulation.measure=["forward","backward","correlation"]', '--set', 'grid.width=[4,37]')


def digest(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


# Columns of points.csv that speak of other points too.
ADVICE = ("nearest_stable_weight_variance", "nearest_stable_source", "stable_bias_variance", "stable_width", "stable_depth", "remedy")


class GrowthTest(SweepTest):
    def setUp(self):
        super().setUp()
        self.sweep_file = self.write("sweep.toml", SWEEP)
        self.alone = self.path("alone.h5")

    def shards(self, count, *words, sweep_file=None):
        """All shards of the sweep; their paths."""
        paths = [self.path(f"shard-{number}-of-{count}.h5") for number in range(1, count + 1)]
        for number, path in enumerate(paths, 1):
            self.sweep(sweep_file or self.sweep_file, path, "--shard", f"{number}/{count}", *words)
        return paths

    def merge(self, out, *words, code=0):
        done = self.run_varprop("merge", out, *words)
        self.assertEqual(done.returncode, code, done.stderr)
        return done.stderr

    def spoil(self, path, name, index, value):
        """Changes one number of a file."""
        with h5py.File(path, "r+", locking=False) as file:
            array = file[name][...]
            array[index] = value
            file[name][...] = array

    def slots(self, part, batches):
        """Where the units of a shard have their place in a whole file."""
        with h5py.File(part) as file:
            return (batches * file["point"][...].astype(int) + file["batch"][...].astype(int) - 1).tolist()

    def reused(self, stderr):
        return sum(map(int, re.findall(r"reused (\d+) of", stderr)))


class Shards(GrowthTest):
    def test_four_shards_merge_to_the_bits_of_one_run(self):
        for words in ((), PAIRS):
            with self.subTest(words=words):
                self.sweep(self.sweep_file, self.alone, "--overwrite", *words)
                parts = self.shards(4, "--overwrite", *words)
                units = []
                for part in parts:
                    with h5py.File(part) as file:
                        units += zip(file["point"][...].tolist(), file["batch"][...].tolist())
                self.assertEqual(len(units), len(set(units)))
                self.assertEqual(len(units), self.done_units(self.alone))
                out = self.path("out.h5")
                said = self.merge(out, *reversed(parts), "--overwrite")
                self.assertIn("128 of 128 units done", said)
                self.assert_equal_results(self.alone, out)

    def test_a_shard_is_smaller_than_its_share_of_many_replicas(self):
        words = ("--set", "simulation.replicas=24000", "--set", "grid.width=[3]", "--set", "grid.depth=[1]")
        part = self.path("part.h5")
        self.sweep(self.sweep_file, part, "--shard", "1/4", *words)
        self.sweep(self.sweep_file, self.alone, *words)
        self.assertLess(os.path.getsize(part), 0.3 * os.path.getsize(self.alone))

    def test_a_shard_under_mpirun_has_the_same_bits(self):
        first, second = self.path("a.h5"), self.path("b.h5")
        self.sweep(self.sweep_file, first, "--shard", "2/3", "--threads", 1)
        self.sweep(self.sweep_file, second, "--shard", "2/3", "--threads", 1, ranks=2)
        self.assert_equal_results(first, second)

    def test_a_shard_is_gone_on_with_and_nothing_else_is_put_into_it(self):
        part = self.shards(2)[0]
        before = digest(part)
        self.assertIn("complete", self.sweep(self.sweep_file, part, "--shard", "1/2").stderr)
        for words, says in [(("--shard", "2/2"), "holds shard 1 of 2 of this sweep, not shard 2 of 2"),
                            (("--shard", "1/3"), "holds shard 1 of 2 of this sweep, not shard 1 of 3"),
                            ((), "not the whole sweep. Go on with --shard 1/2"),
                            (("--shard", "1/2", "--set", "simulation.seed=2"), "another sweep, which differs in: seed")]:
            with self.subTest(words=words):
                self.assertIn(says, self.sweep(self.sweep_file, part, *words, code=2).stderr)
        self.sweep(self.sweep_file, self.alone)
        self.assertIn("holds the whole of this sweep, not shard 1 of 2",
                      self.sweep(self.sweep_file, self.alone, "--shard", "1/2", code=2).stderr)
        self.assertEqual(digest(part), before)

    def test_shards_that_are_none_are_refused(self):
        for shard, says in [("0/4", "I from 1 to N"), ("5/4", "I from 1 to N"), ("two", "a shard is I/N"),
                            ("1/129", "only 128 units")]:
            with self.subTest(shard):
                done = self.sweep(self.sweep_file, self.path("r.h5"), "--shard", shard, code=2)
                self.assertIn(says, done.stderr)
                self.assertFalse([name for name in os.listdir(self.folder) if name.startswith("r.h5")])

    def test_a_shard_is_analyzed_like_a_whole_file(self):
        words = ("--set", "grid.width=[3,2048]")  # cheap points stay whole in the deal
        self.sweep(self.sweep_file, self.alone, *words)
        part = self.path("part.h5")
        self.sweep(self.sweep_file, part, "--shard", "1/2", *words)
        tables = []
        for results in (self.alone, part):
            folder = results + "-analysis"
            self.assertEqual(self.run_varprop("analyze", results, "-o", folder).returncode, 0)
            with open(os.path.join(folder, "points.csv"), encoding="utf-8") as table:
                tables.append([{name: value for name, value in row.items() if name not in ADVICE} for row in csv.DictReader(table)])
        with h5py.File(part) as file:
            units = collections.Counter(file["point"][...].astype(int).tolist())
        complete = [point for point, count in units.items() if count == 4]
        self.assertTrue(complete)
        for point in complete:
            self.assertEqual(tables[0][point], tables[1][point])

    def test_a_killed_shard_goes_on_and_merges(self):
        sweep_file = self.write("long.toml", LONG_SWEEP)
        self.sweep(sweep_file, self.alone)
        part, other = self.path("p1.h5"), self.path("p2.h5")
        self.sweep(sweep_file, part, "--shard", "1/2")
        slot = max(self.slots(part, batches=64))  # which is to hang
        os.remove(part)
        self.kill(self.paused_sweep(sweep_file, part, 200, "--shard", "1/2", "--threads", 1, ranks=2))
        process = self.start_varprop("sweep", sweep_file, "-o", part, "--shard", "1/2", "--threads", 1, "--fault",
                                     f"hang@{slot}", *SOON)
        self.wait_for_units(process, part, self.done_units(part) + 1)
        self.kill(process)
        unfinished = self.done_units(part)
        with h5py.File(part, locking=False) as file:
            self.assertLess(unfinished, file["unit"].size)
        self.sweep(sweep_file, other, "--shard", "2/2")
        out = self.path("out.h5")
        said = self.merge(out, part, other, code=75)
        self.assertIn(f"{unfinished + self.done_units(other)} of 768 units done", said)
        self.assertIn("units are still pending, first batch", said)
        self.sweep(sweep_file, part, "--shard", "1/2")
        self.merge(out, other, part, "--overwrite")
        self.assert_equal_results(self.alone, out)


class Merging(GrowthTest):
    def test_what_is_missing_is_said_and_can_be_computed(self):
        self.sweep(self.sweep_file, self.alone)
        parts = self.shards(4)
        out = self.path("out.h5")
        said = self.merge(out, parts[3], parts[1], code=75)
        self.assertIn("(shards 1, 3 of 4 are missing)", said)
        self.assertIn("varprop sweep SWEEP.toml -o", said)
        self.sweep(self.sweep_file, out)
        self.assert_equal_results(self.alone, out)
        again = self.path("again.h5")  # whole files are parts too
        self.assertIn("128 of 128", self.merge(again, parts[0], out, out))
        self.assert_equal_results(self.alone, again)

    def test_failed_units_are_reported_and_tried_again(self):
        self.sweep(self.sweep_file, self.alone)
        parts = self.shards(2)
        self.spoil(parts[0], "state", 0, 2)
        self.spoil(parts[1], "state", 0, 2)
        out = self.path("out.h5")
        self.assertIn("2 units failed", self.merge(out, *parts, code=3))
        self.spoil(parts[1], "state", 1, 0)
        self.merge(out, *parts, "--overwrite", code=75)
        self.sweep(self.sweep_file, out)
        self.assert_equal_results(self.alone, out)

    def test_parts_that_contradict_each_other_are_refused(self):
        self.sweep(self.sweep_file, self.alone)
        part = self.shards(3)[1]
        with h5py.File(part) as file:
            value = file["backward_log_mean"][5, 0]
            point, batch = int(file["point"][5]), int(file["batch"][5])
        self.spoil(part, "backward_log_mean", (5, 0), numpy.nextafter(value, 9))
        out = self.path("out.h5")
        said = self.merge(out, self.alone, part, code=2)
        self.assertIn(f"in batch {batch} of the point ", said)
        self.assertIn("backward_log_mean at layer 1", said)
        with h5py.File(self.alone) as file:
            width = file["width"][point // 2 % 2]
        self.assertIn(f", width {int(width)}, ", said)
        self.assertIn(self.alone, said)
        self.assertEqual([name for name in os.listdir(self.folder) if name.startswith("out.h5")], [])

    def test_parts_that_do_not_belong_together_are_refused(self):
        part = self.shards(2)[0]
        for words, says in [(("--set", "simulation.seed=9"), "differ in: seed"),
                            (("--set", "simulation.batches=8"), "differ in: batches, replicas_per_batch"),
                            (("--set", "grid.width=[3]"), "differ in: width")]:
            other = self.path("other.h5")
            self.sweep(self.sweep_file, other, "--overwrite", *words)
            said = self.merge(self.path("out.h5"), part, other, code=2)
            self.assertIn(says, said)
        said = self.merge(self.path("out.h5"), part, self.sweep_file, code=2)
        self.assertIn("not an HDF5 file", said)
        self.merge(self.path("out.h5"), part, self.path("none.h5"), code=2)
        self.assertFalse(os.path.exists(self.path("out.h5")))

    def test_nothing_is_overwritten_unasked_and_no_part_ever(self):
        parts = self.shards(2)
        out = self.path("out.h5")
        self.merge(out, *parts)
        before = digest(out), *map(digest, parts)
        self.assertIn("exists already", self.merge(out, *parts, code=2))
        os.symlink(parts[1], self.path("link.h5"))
        for own in (parts[1], self.path("link.h5")):
            self.assertIn("a file of their own", self.merge(own, *parts, "--overwrite", code=2))
        thesis = self.write("thesis.txt", "ten years of work")
        self.assertIn("results of varprop only", self.merge(thesis, *parts, "--overwrite", code=2))
        self.assertIn("--max-file-size", self.merge(self.path("big.h5"), *parts, "--max-file-size", "1kB", code=2))
        self.assertEqual((digest(out), *map(digest, parts)), before)
        self.assertFalse(os.path.exists(self.path("big.h5")))

    def test_the_event_logs_are_joined(self):
        parts = self.shards(2)
        out = self.path("out.h5")
        self.merge(out, *parts)
        with open(out + ".log.jsonl", encoding="utf-8") as log:
            events = [json.loads(line) for line in log]
        self.assertEqual([e["event"] for e in events], ["merge", "part", "begin", "end", "part", "begin", "end"])
        self.assertEqual([e.get("part") for e in events], [None, *[parts[0]] * 3, *[parts[1]] * 3])
        self.assertEqual(events[4]["holds"], "shard 2 of 2")
        with h5py.File(out) as file, h5py.File(parts[0]) as part:
            self.assertIn("merge", file.attrs["command_line"])
            self.assertEqual(file.attrs["sweep_file"], part.attrs["sweep_file"])
            self.assertEqual(file.attrs["filetype"], "varprop-results")

    def test_a_killed_merge_leaves_no_half_a_file(self):
        parts = self.shards(2)
        out = self.path("out.h5")
        for delay in (0.0, 0.005, 0.01, 0.02, 0.04):
            process = self.start_varprop("merge", out, *parts)
            try:
                process.wait(timeout=delay)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            if os.path.exists(out):
                self.assertEqual(self.done_units(out), 128)
                os.remove(out)
        self.merge(out, *parts)


class Growing(GrowthTest):
    def grow(self, *words, old=(), reused=None):
        """A run that reuses `old` and one that does not, of the same sweep."""
        fresh, grown = self.path("fresh.h5"), self.path("grown.h5")
        self.sweep(self.sweep_file, fresh, "--overwrite", *words)
        reuse = [word for path in old for word in ("--reuse", path)]
        done = self.sweep(self.sweep_file, grown, "--overwrite", *words, *reuse)
        self.assert_equal_results(fresh, grown)
        self.assertEqual(self.reused(done.stderr), reused, done.stderr)
        return done.stderr

    def test_a_grown_grid(self):
        self.sweep(self.sweep_file, self.alone)
        self.grow("--set", "grid.width=[3,5,37]", "--set", "grid.weight_variance=[0.5,2.0,3.0]", "--set",
                  'grid.activation=["relu","gelu","tanh"]', "--set", "grid.depth=[4,7,19,23]", old=[self.alone],
                  reused=2 * 1 * 2 * 2 * 2 * 4)

    def test_more_batches(self):
        self.sweep(self.sweep_file, self.alone)
        self.grow("--set", "simulation.replicas=42", "--set", "simulation.batches=7", old=[self.alone], reused=128)

    def test_fewer_layers_and_quantities(self):
        self.sweep(self.sweep_file, self.alone)
        self.grow("--set", "output.layers=4", "--set", 'simulation.measure=["backward"]', old=[self.alone], reused=128)

    def test_correlation_datasets(self):
        self.sweep(self.sweep_file, self.alone, *PAIRS)
        self.grow(*PAIRS, "--set", "grid.depth=[4,19,20]", old=[self.alone], reused=128)
        self.grow(*PAIRS, "--set", 'simulation.measure=["correlation"]', "--set", "output.layers=5", old=[self.alone],
                  reused=128)

    def test_shards_of_old_results_and_shards_of_new_ones(self):
        parts = self.shards(4)
        self.grow("--set", "grid.width=[3,16,37]", old=[parts[2], parts[0], parts[0]], reused=64)
        fresh, grown = self.path("s1.h5"), self.path("s2.h5")
        words = ("--shard", "2/2", "--set", "grid.width=[3,16,37]")
        self.sweep(self.sweep_file, fresh, *words)
        done = self.sweep(self.sweep_file, grown, *words, *[w for p in parts for w in ("--reuse", p)])
        self.assertGreater(self.reused(done.stderr), 0)
        self.assert_equal_results(fresh, grown)

    def test_a_shard_that_reuses_is_stopped_by_its_limit_and_goes_on(self):
        self.sweep(self.sweep_file, self.alone)
        words = ("--set", "grid.width=[3,37,64]")
        fresh, parts = self.path("fresh.h5"), [self.path("p1.h5"), self.path("p2.h5")]
        self.sweep(self.sweep_file, fresh, *words)
        for number, part in enumerate(parts, 1):
            shard = (*words, "--shard", f"{number}/2", "--reuse", self.alone)
            self.sweep(self.sweep_file, part, *shard)
            hangs = 191 in self.slots(part, batches=4)
            limit = ("--overwrite", "--time-limit", "2s", "--fault", "hang@191") if hangs else ("--overwrite",)
            done = self.sweep(self.sweep_file, part, *shard, *limit, code=75 if hangs else 0)
            self.assertGreater(self.reused(done.stderr), 0)
            said = self.sweep(self.sweep_file, part, *shard, ranks=2).stderr
            self.assertIn("done before", said)
        out = self.path("out.h5")
        self.merge(out, *parts)
        self.assert_equal_results(fresh, out)

    def test_reuse_under_mpirun_and_into_a_file_that_exists(self):
        self.sweep(self.sweep_file, self.alone)
        part = self.shards(2)[0]
        done = self.sweep(self.sweep_file, part, "--shard", "1/2", "--reuse", self.alone)
        self.assertIn("nothing is left to compute or to reuse", done.stderr)
        self.spoil(part, "state", slice(0, 9), 0)
        done = self.sweep(self.sweep_file, part, "--shard", "1/2", "--reuse", self.alone, ranks=2)
        self.assertEqual(self.reused(done.stderr), 9)
        self.assertEqual(self.done_units(part), 64)

    def test_nothing_reusable_is_explained_and_the_sweep_goes_on(self):
        self.sweep(self.sweep_file, self.alone)
        for words, says in [(("simulation.seed=2",), "its seed is 1, not 2"),
                            (("simulation.replicas=48",), "its number of replicas per batch is 6, not 12"),
                            (('simulation.measure=["correlation"]', "grid.width=[37]"), "input_correlation"),
                            (("grid.depth=[5]",), "no depth in common"),
                            (("simulation.engine=dense",), "engine")]:
            with self.subTest(words):
                settings = [word for setting in words for word in ("--set", setting)]
                if "dense" in words[0]:
                    settings = ["--engine", "dense"]
                self.assertIn(says, self.grow(*settings, old=[self.alone], reused=0))

    def test_old_results_stay_as_they_are(self):
        self.sweep(self.sweep_file, self.alone)
        before = digest(self.alone), os.stat(self.alone).st_mtime_ns
        self.grow("--set", "grid.width=[3,5,37]", old=[self.alone], reused=128)
        self.assertEqual((digest(self.alone), os.stat(self.alone).st_mtime_ns), before)

    def test_bad_old_results_are_refused_before_anything_is_written(self):
        self.sweep(self.sweep_file, self.alone)
        results = self.path("r.h5")
        for old, says in [(self.path("none.h5"), "there is no file"), (self.sweep_file, "not an HDF5 file")]:
            done = self.sweep(self.sweep_file, results, "--reuse", old, code=2)
            self.assertIn(says, done.stderr)
            self.assertFalse(os.path.exists(results))
        done = self.sweep(self.sweep_file, self.alone, "--overwrite", "--reuse", self.alone, code=2)
        self.assertIn("a file of their own", done.stderr)
        self.assertEqual(self.done_units(self.alone), 128)
