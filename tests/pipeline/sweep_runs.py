"""Running the built varprop from tests: command lines, scratch folders, comparison of results files."""

import argparse
import atexit
import os
import subprocess
import sys
import tempfile
import time
import unittest

import h5py

PROVENANCE = {"wall_seconds"}  # the one dataset that may differ between equal runs
PATIENCE = float(os.environ.get("VARPROP_PATIENCE", "1"))  # how many times slower this build may be than a release


def parse_arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--varprop", required=True)
    parser.add_argument("--source", required=True)
    return parser.parse_args()


class SweepTest(unittest.TestCase):
    """A test with a scratch folder that is removed, and with ways to run varprop in it."""

    arguments = None  # set by main()
    _undisturbed = {}  # text of a sweep → results

    def setUp(self):
        scratch = tempfile.TemporaryDirectory(prefix="varprop-test-")
        self.addCleanup(scratch.cleanup)
        self.folder = scratch.name
        self.environment = dict(os.environ, TMPDIR=self.folder, OMPI_MCA_btl_vader_backing_directory=self.folder,
                                OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1")

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)
        return self.path(name)

    def command(self, *words, ranks=0):
        """The command line of varprop with these words; under mpirun where ranks > 0."""
        launcher = ["mpirun", "--oversubscribe", "-n", str(ranks)] if ranks else []
        return [*launcher, self.arguments.varprop, *map(str, words)]

    def run_varprop(self, *words, ranks=0, timeout=100):
        """Runs to the end; the completed process with its text."""
        return subprocess.run(self.command(*words, ranks=ranks), env=self.environment, text=True,
                              timeout=PATIENCE * timeout, stdin=subprocess.DEVNULL, capture_output=True, check=False)

    def start_varprop(self, *words, ranks=0):
        """Starts in the background, in a process group of its own."""
        process = subprocess.Popen(self.command(*words, ranks=ranks), env=self.environment, text=True,
                                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                                   start_new_session=True)
        self.addCleanup(process.stderr.close)
        self.addCleanup(lambda: process.poll() is None and process.kill())
        return process

    def ranks_of(self, process):
        """The varprop processes below a launcher (which gives each a process group of its own), or the process itself."""
        found = subprocess.run(["pgrep", "-P", str(process.pid)], capture_output=True, text=True, check=False)
        return [int(pid) for pid in found.stdout.split()] or [process.pid]

    def sweep(self, sweep_file, results, *words, ranks=0, code=0):
        """Runs a sweep and expects an exit code."""
        done = self.run_varprop("sweep", sweep_file, "-o", results, *words, ranks=ranks)
        self.assertEqual(done.returncode, code, done.stderr)
        return done

    def expect(self, code, *words, says=(), **keywords):
        """Runs varprop to the end: its exit code, and parts of what it says on the standard error."""
        done = self.run_varprop(*words, **keywords)
        self.assertEqual(done.returncode, code, done.stderr)
        for part in says:
            self.assertIn(part, done.stderr)
        return done

    def undisturbed(self, text):
        """Results of the sweep of this text that nobody disturbed: made once, by the first test of the program that asks."""
        if text not in SweepTest._undisturbed:
            folder = tempfile.TemporaryDirectory(prefix="varprop-test-")
            atexit.register(folder.cleanup)
            results = os.path.join(folder.name, "alone.h5")
            self.sweep(self.write("undisturbed.toml", text), results)
            SweepTest._undisturbed[text] = results
        return SweepTest._undisturbed[text]

    def done_units(self, results):
        """How many units the file says are done; 0 where there is no file yet."""
        try:
            with h5py.File(results, "r", locking=False) as file:
                return int((file["state"][...] == 1).sum())
        except (FileNotFoundError, OSError):
            return 0

    def wait_for_units(self, process, results, count, timeout=60):
        """Waits until `count` units are done while `process` runs."""
        end = time.monotonic() + PATIENCE * timeout
        while self.done_units(results) < count:
            self.assertIsNone(process.poll(), "the sweep ended before it could be interrupted")
            self.assertLess(time.monotonic(), end, "no unit was committed in time")
            time.sleep(0.02)

    def assert_equal_results(self, left, right):
        """Every dataset but the provenance holds the same bytes."""
        with h5py.File(left, "r") as a, h5py.File(right, "r") as b:
            self.assertEqual(sorted(a), sorted(b))
            self.assertEqual(a.attrs["identity"], b.attrs["identity"])
            for name in set(a) - PROVENANCE:
                x, y = a[name][...], b[name][...]
                if x.dtype.hasobject:
                    self.assertEqual(x.tolist(), y.tolist(), name)
                else:
                    self.assertEqual(x.tobytes(), y.tobytes(), name)


def main():
    SweepTest.arguments = parse_arguments()
    unittest.main(argv=sys.argv[:1], verbosity=2)
