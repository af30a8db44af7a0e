"""The batch scripts on a real SLURM of three nodes: several nodes, requeues, arrays, a lost node, a second
writer, a wrong plugin.

Every result must be, to the last bit, what one core gives alone. Where a job has to be interrupted, its first run hangs in a
unit that comes late, so that no test depends on how fast the machine is. Seen red: with the requeue left out (too short), with
a done count that is not looked at (gets nowhere), with the trap left out (signal), with the whole array requeued where one
task is meant, with the merge's parts misnamed (array), without --wait (a rank that dies), without
a second try (a crash), and with a lock that locks nothing (second writer).
"""

import datetime
import os
import pathlib
import re
import unittest

import h5py

from slurm_lab import SlurmLab
from sweep_runs import SweepTest

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
LATE = 6 * 64 - 1  # the last unit of tanh, 2.0, 256 wide: a job begins with some of the cheapest, then come the dearest,
BEFORE_LATE = 2 * 64  # of which two points stand before it; how many cheap ones are strewn among them is the machine's affair

# The first run of a job (of one shard, where shard is not empty) hangs in a unit that comes late, the next runs are undisturbed. Where
# END is not empty, that run believes that its job ends in so many seconds; what it was told first is written down.
HANGS_FIRST = """#!/bin/bash
if [ "$1" = sweep ] && [ "${{SLURM_RESTART_COUNT:-0}}" = 0 ] && [[ "$*" = *"{shard}"* ]]; then
  set -- "$@" --patience commit=0.02s,writer=0.5s --fault hang@{slot} {limit}
  if [ -n "{end}" ]; then
    echo "$SLURM_JOB_END_TIME" >{folder}/end
    export SLURM_JOB_END_TIME=$(($(date +%s) + {end}))
  fi
fi
exec {varprop} "$@"
"""

# Crashes as many times as there are letters in the file.
CRASHES = """#!/bin/bash
if [ "$1" = sweep ] && [ -s {crashes} ]; then
  truncate -s -1 {crashes}
  kill -SEGV $$
fi
exec {varprop} "$@"
"""


class BatchTest(SweepTest):
    lab = None

    @classmethod
    def setUpClass(cls):
        if obstacle := SlurmLab.obstacle():
            raise unittest.SkipTest(f"no SLURM can be started here: {obstacle}")
        cls.lab = SlurmLab(3)
        cls.addClassCleanup(cls.lab.down)

    def setUp(self):
        super().setUp()
        self.sweep_file, self.results = self.write("sweep.toml", SWEEP), self.path("r.h5")
        self.lab.outputs = pathlib.Path(self.folder)
        self.alone = self.undisturbed(SWEEP)
        self.scripts = self.source("slurm")
        self.lab.environment["VARPROP"] = self.arguments.varprop

    def submit(self, script, *words, options=(), **environment):
        """Submits a batch script; the job's number. `environment`: LAUNCHER and its kind."""
        self.lab.environment.update(environment)
        for name in {"LAUNCHER", "MPI_PLUGIN"} - set(environment):
            self.lab.environment.pop(name, None)
        return self.lab.run("sbatch", "--parsable", "-o", self.path("job-%j.log"), *options, self.scripts / script,
                            *words).strip()

    def let_the_first_run_hang(self, limit="", shard="", end=""):
        """From now on jobs use a varprop that hangs in their first run, until `limit`."""
        self.lab.environment["VARPROP"] = self.write("varprop", HANGS_FIRST.format(
            slot=LATE, limit=limit, shard=shard, end=end, folder=self.folder, varprop=self.arguments.varprop))
        os.chmod(self.path("varprop"), 0o755)

    def output(self):
        return "".join(path.read_text() for path in sorted(pathlib.Path(self.folder).glob("job-*.log")))

    def assert_completes(self, job):
        ended = self.lab.wait_for_job(job)
        self.assertEqual(ended["JobState"], "COMPLETED", self.output() + self.lab.logs())
        self.assert_equal_results(self.alone, self.results)
        return ended


class Jobs(BatchTest):
    def test_several_nodes_with_srun_and_with_mpirun(self):
        for launcher in ("srun", "mpirun"):
            with self.subTest(launcher=launcher):
                job = self.submit("sweep.sbatch", self.sweep_file, self.results, "--threads", 1,
                                  options=("-N", 3, "-t", 5), LAUNCHER=launcher)
                self.assertEqual(self.assert_completes(job)["NumNodes"], "3")
                self.assertIn("3 ranks", self.output())
                for path in pathlib.Path(self.folder).glob("r.h5*"):
                    path.unlink()
                for path in pathlib.Path(self.folder).glob("job-*"):
                    path.unlink()

    def test_a_job_that_gets_nowhere_ends(self):
        job = self.submit("sweep.sbatch", self.sweep_file, self.results, "--threads", 1, "--set",
                          "simulation.batches=1", "--set", "simulation.replicas=1000000", "--set", "grid.width=[4096]", "--set", 'grid.activation=["tanh"]',
                          "--time-limit", "1s", options=("-N", 1, "-t", 5))
        ended = self.lab.wait_for_job(job)
        self.assertEqual((ended["JobState"], ended["Restarts"]), ("FAILED", "0"), self.output())
        self.assertIn("not one unit", self.output())
        self.assertIn("does not go on by itself", self.output())

    def test_a_wrong_plugin_is_refused_with_the_reason(self):
        job = self.submit("sweep.sbatch", self.sweep_file, self.results, options=("-N", 2, "-t", 5), MPI_PLUGIN="none")
        ended = self.lab.wait_for_job(job)
        self.assertEqual(ended["JobState"], "FAILED")
        self.assertIn("--mpi=pmix", self.output())
        self.assertFalse(os.path.exists(self.results))

    def test_a_second_writer_on_another_node_is_refused(self):
        self.let_the_first_run_hang()
        first = self.submit("sweep.sbatch", self.sweep_file, self.results, "--threads", 1,
                            options=("-N", 1, "-w", "n1", "-t", 5))
        self.lab.wait_for(lambda: self.done_units(self.results) > BEFORE_LATE, "many units are done")
        second = self.submit("sweep.sbatch", self.sweep_file, self.results, "--threads", 1,
                             options=("-N", 1, "-w", "n2", "-t", 5))
        self.assertEqual(self.lab.wait_for_job(second)["JobState"], "FAILED")
        self.assertIn("is being written by", pathlib.Path(self.path(f"job-{second}.log")).read_text())
        self.lab.run("scancel", first)
        self.lab.wait_for_job(first)


class Requeues(BatchTest):
    def shard_of(self, slot):
        """Which of four shards has the unit."""
        for number in range(1, 5):
            part = self.path("part.h5")
            self.sweep(self.sweep_file, part, "--shard", f"{number}/4", "--overwrite")
            with h5py.File(part) as file:
                slots = 64 * file["point"][...].astype(int) + file["batch"][...].astype(int) - 1
            if slot in slots:
                return number
        return self.fail("every unit is in a shard")

    def test_a_job_that_is_too_short_requeues_itself_until_complete(self):
        """The job's end is SLURM's own in the full tests, the shortest that it knows: one minute. Else the run is told another."""
        self.let_the_first_run_hang(end="" if self.arguments.full else "8")
        job = self.submit("sweep.sbatch", self.sweep_file, self.results, "--threads", 1, options=("-N", 1, "-t", 1))
        self.lab.wait_for(lambda: self.lab.job(job)["JobState"] == "RUNNING" or self.lab.job(job)["Restarts"] != "0", "the job runs")
        first_end = datetime.datetime.fromisoformat(self.lab.job(job)["EndTime"]).timestamp()
        ended = self.assert_completes(job)
        self.assertGreaterEqual(int(ended["Restarts"]), 1)
        self.assertIn("requeued to go on", self.output())
        if not self.arguments.full:
            with open(self.path("end"), encoding="utf-8") as file:
                self.assertEqual(int(file.read()), first_end, "the script knows the job's end")

    def test_a_signal_to_the_script_reaches_the_sweep(self):
        self.let_the_first_run_hang("--grace 1s")
        job = self.submit("sweep.sbatch", self.sweep_file, self.results, "--threads", 1, options=("-N", 1, "-t", 5))
        self.lab.wait_for(lambda: self.done_units(self.results) > BEFORE_LATE, "many units are done")
        self.lab.run("scancel", "--batch", "--signal=USR1", job)
        self.assertEqual(self.assert_completes(job)["Restarts"], "1")
        self.assertIn("exit code 75", self.output())

    def test_an_array_of_shards_that_requeue_themselves_merges(self):
        shard = self.shard_of(LATE)
        self.let_the_first_run_hang("--time-limit 3s", shard=f"--shard {shard}/4")
        self.lab.environment["LAUNCHER"] = "srun"
        said = self.lab.run(self.scripts / "submit-array", 4, self.sweep_file, self.results, "-t", 5, "-o",
                            self.path("job-%A-%a.log"), "--", "--threads", 1, cwd=self.folder)
        array, merge = re.fullmatch(r"shards: job (\d+), merge and analysis: job (\d+)\n", said).groups()
        self.assert_completes(merge)
        self.assertIn("requeued to go on", self.output())
        self.assertEqual(self.lab.restarts(array), [0, 0, 0, 1], "only the shard that hung goes on")
        self.assertTrue(os.path.exists(self.path("r-analysis/points.csv")))

    def test_a_rank_that_dies_is_survived(self):
        """srun would wait for the others, and they for the dead one, until the job's time is over."""
        self.let_the_first_run_hang()
        self.lab.environment["SLURM_WAIT"] = "1"
        self.addCleanup(self.lab.environment.pop, "SLURM_WAIT")
        job = self.submit("sweep.sbatch", self.sweep_file, self.results, "--threads", 1, options=("-N", 3, "-t", 5))
        self.lab.wait_for(lambda: self.done_units(self.results) > BEFORE_LATE, "many units are done")
        self.lab.kill_task("n2", self.arguments.varprop)
        self.assertEqual(self.assert_completes(job)["Restarts"], "1")

    def test_a_crash_before_the_first_unit_is_tried_again_once(self):
        """Open MPI's ranks have crashed while they connected, seconds after a lost node's had been killed."""
        crashes = self.path("crashes")
        self.lab.environment["VARPROP"] = self.write("varprop", CRASHES.format(
            crashes=crashes, varprop=self.arguments.varprop))
        os.chmod(self.path("varprop"), 0o755)
        for wanted, state in ((1, "COMPLETED"), (2, "FAILED")):
            with self.subTest(crashes=wanted):
                pathlib.Path(crashes).write_text("x" * wanted)
                job = self.submit("sweep.sbatch", self.sweep_file, self.path(f"{wanted}.h5"), "--threads", 1, options=("-N", 1, "-t", 5))
                ended = self.lab.wait_for_job(job)
                self.assertEqual((ended["JobState"], ended["Restarts"]), (state, "0"), self.output())
                self.assertEqual(pathlib.Path(crashes).read_text(), "")
        self.assert_equal_results(self.alone, self.path("1.h5"))

    def test_a_node_that_is_lost_is_survived(self):
        self.let_the_first_run_hang()
        job = self.submit("sweep.sbatch", self.sweep_file, self.results, "--threads", 1, options=("-N", 3, "-t", 5))
        self.lab.wait_for(lambda: self.done_units(self.results) > BEFORE_LATE, "many units are done")
        self.lab.kill_node("n3")
        self.lab.wait_for(lambda: self.lab.job(job)["Restarts"] != "0", "the loss is noticed and the job requeued")
        self.lab.start_node("n3")
        self.assert_completes(job)
