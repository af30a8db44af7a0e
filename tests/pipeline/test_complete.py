"""A complete results file needs nothing: no lock, no log, no other rank. It may lie where nothing can be written.

Seen red: with the lock taken before a look at the file (exit 1 in the read-only folder, a log where there was none).
"""

import os
import shutil
import stat

from sweep_runs import SweepTest

SWEEP = """
[grid]
activation = ["tanh", "relu"]
weight_variance = [1.0, 2.0]
width = [8]
depth = [4]
[simulation]
replicas = 32
"""
NOBODY = 65534  # root may write anywhere


class Complete(SweepTest):
    def setUp(self):
        super().setUp()
        os.mkdir(self.path("archive"))
        self.sweep_file, self.results = self.write("sweep.toml", SWEEP), self.path("archive/r.h5")
        self.sweep(self.sweep_file, self.results)
        os.remove(self.results + ".log.jsonl")
        self.time = os.stat(self.results).st_mtime_ns

    def assert_untouched(self):
        self.assertEqual(os.listdir(self.path("archive")), ["r.h5"])
        self.assertEqual(os.stat(self.results).st_mtime_ns, self.time)

    def test_it_is_said_and_nothing_is_written(self):
        for ranks in (0, 2):
            with self.subTest(ranks=ranks):
                done = self.sweep(self.sweep_file, self.results, ranks=ranks)
                self.assertIn(f"complete: 64 units in {self.results}", done.stderr)
                self.assert_untouched()

    def test_the_folder_may_be_read_only(self):
        varprop = shutil.copy(self.arguments.varprop, self.path("varprop"))  # where nobody may read it
        os.chmod(self.folder, 0o755)
        os.chmod(self.path("archive"), stat.S_IRUSR | stat.S_IXUSR | stat.S_IROTH | stat.S_IXOTH)
        other = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
        done = self.run_tool(varprop, "sweep", self.sweep_file, "-o", self.results, **other)
        self.assertIn("complete: 64 units", done.stderr)
        self.assert_untouched()

    def test_another_sweep_is_refused_all_the_same(self):
        done = self.sweep(self.sweep_file, self.results, "--set", "simulation.seed=2", code=2)
        self.assertIn("another sweep, which differs in: seed", done.stderr)
        self.assert_untouched()
