"""varprop analyze on results that are not complete (nothing done yet, still being written, one shard), merged, of one batch or
one point. It says so, and analyzes what there is.

Seen red: with the sentence on other shards left out, with a file without a done unit refused, with a law of one
batch that holds; with a node that fails passed over, with the finding that a sweep is not done left out.
"""

import contextlib
import csv
import hashlib
import json
import os
import pathlib
import re
import resource
import shutil
import signal
import subprocess
import unittest

from script_test import PATIENCE
from sweep_runs import SOON, SweepTest, is_running

SWEEP = """
[grid]
activation = ["tanh", "relu"]
weight_variance = [1.0, 2.0]
width = [16]
depth = [20]
[simulation]
replicas = 64
batches = 4
"""


def limit_file_sizes(largest=4096):
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))


def tree(folder):
    """Every file below a folder with its bytes (how many, and their digest), and every folder."""
    root = pathlib.Path(folder)
    content = lambda path: (path.stat().st_size, hashlib.sha256(path.read_bytes()).hexdigest())  # noqa: E731
    return {str(path.relative_to(root)): (0, "") if path.is_dir() else content(path) for path in root.rglob("*")}


class AnalyzeTest(SweepTest):
    def setUp(self):
        super().setUp()
        self.sweep_file, self.results = self.write("sweep.toml", SWEEP), self.path("r.h5")

    def analyze_here(self, points=4):
        """What analyze prints; the table must have its points."""
        said = self.analyze(self.results, self.path("out"))
        with open(self.path("out/points.csv"), encoding="utf-8") as table:
            self.assertEqual(len(table.readlines()), 1 + points)
        return said


class Analyze(AnalyzeTest):
    def laws(self):
        with open(self.path("out/laws.csv"), encoding="utf-8", newline="") as table:
            return list(csv.DictReader(table))

    def test_nothing_done_yet(self):
        settings = ("--set", 'grid.activation=["tanh"]', "--set", "grid.weight_variance=[1,2,3,4]", "--set",
                    "grid.width=[1000000]", "--set", "simulation.replicas=1024000")
        done = self.sweep(self.sweep_file, self.results, *settings, "--time-limit", "1s", code=1)
        self.assertIn("not one unit", done.stderr)
        said = self.analyze_here()
        self.assertIn("0 of 16 batches done (0.0 %), 0 failed", said)
        self.assertIn("This is a part of the sweep: 4 points have no result yet.", said)

    def test_a_limit_on_file_sizes_is_a_sentence(self):
        """Seen to fail with SIGXFSZ left to end the process."""
        self.sweep(self.sweep_file, self.results)
        for words in (("analyze", self.results, "-o", self.path("out")), ("explain", "-o", self.path("story"))):
            with self.subTest(command=words[0]):
                done = self.run_tool(*self.command(*words), code=1, preexec_fn=limit_file_sizes)
                self.assertRegex(done.stderr, r"^varprop: cannot .*\n$")
                self.assertEqual(len(done.stderr.splitlines()), 1)

    def test_while_it_is_written(self):
        process = self.start_varprop("sweep", self.sweep_file, "-o", self.results, "--threads", 1, "--fault", "hang@15", *SOON)
        self.wait_for_units(process, self.results, 1)
        said = self.analyze_here()
        self.assertIsNone(process.poll(), "the sweep goes on")
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(timeout=PATIENCE), 75)
        self.assertIn("of 16 batches done", said)
        self.assertIn("This is a part of the sweep", said)

    def test_a_shard(self):
        self.sweep(self.sweep_file, self.results, "--shard", "1/4")
        done = self.done_units(self.results)
        said = self.analyze_here()
        self.assertIn(f"{done} of 16 batches done", said)
        self.assertIn(f"The file holds shard 1 of 4: {16 - done} batches are in others, which varprop merge joins to it.", said)

    def test_one_batch(self):
        self.sweep(self.sweep_file, self.results, "--set", "simulation.batches=1")
        said = self.analyze_here()
        self.assertIn("One batch a point: rates have no standard errors.", said)
        self.assertIn("Fewer than 3 batches a point: laws have no intervals, and none holds.", said)
        laws = self.laws()
        self.assertFalse([law for law in laws if law["low"] or law["verdict"] == "holds"])
        rates = [law for law in laws if law["parameter"] == "rate" and law["estimate"]]
        self.assertTrue(rates, "estimates stay where only intervals are missing")
        self.assertEqual({law["verdict"] for law in rates}, {"refused: fewer than 3 batches: no interval and no test"})

    def test_a_grid_of_one_point(self):
        axes = ("--set", 'grid.activation="relu"', "--set", "grid.weight_variance=2")
        self.sweep(self.sweep_file, self.results, *axes)
        self.analyze_here(points=1)
        verdicts = {law["verdict"] for law in self.laws() if law["law"] == "critical_weight_variance"}
        self.assertIn("refused: fewer than 2 weight variances have a backward rate (1)", verdicts)

    def test_merged_shards_are_analyzed_as_the_whole(self):
        parts = []
        for part in (1, 2):
            parts.append(self.path(f"part{part}.h5"))
            self.sweep(self.sweep_file, parts[-1], "--shard", f"{part}/2")
        self.assertEqual(self.run_varprop("merge", self.results, *parts).returncode, 0)
        self.analyze_here()
        merged = self.laws()
        self.sweep(self.sweep_file, self.path("whole.h5"))
        self.results = self.path("whole.h5")
        self.analyze_here()
        self.assertEqual(merged, self.laws())

    def test_every_chart_stands_by_itself(self):
        self.sweep(self.sweep_file, self.results)
        said = self.analyze_here()
        charts = {path.name: json.loads(path.read_text(encoding="utf-8")) for path in pathlib.Path(self.path("out/charts")).iterdir()}
        expected = pathlib.Path(self.arguments.source, "report/page/charts").glob("*.vl.json")
        self.assertEqual(set(charts), {path.name for path in expected})
        for name, chart in charts.items():
            self.assertIn("vega-lite", chart["$schema"], name)
            self.assertTrue(chart["datasets"], name)
        page = os.path.exists(self.path("out/report.html"))
        self.assertEqual(("out/report.html" in said, "built without npm" in said), (page, not page))

    def test_figures_that_cannot_be_drawn_are_refused(self):
        self.sweep(self.sweep_file, self.results)
        self.environment["PATH"] = self.path("bin")
        done = self.run_varprop("analyze", self.results, "-o", self.path("out"), "--figures")
        self.assertEqual(done.returncode, 2)
        self.assertRegex(done.stderr, "--figures: (node draws them, and it is not on the PATH|this varprop was built without npm)")
        self.assertFalse(os.path.exists(self.path("out")), "nothing is written")

    def test_bad_options(self):
        self.sweep(self.sweep_file, self.results)
        for option, value in (("--factor", "1"), ("--loss-scale", "0"), ("--output-gradient-norm", "-1"),
                              ("--trainable-depth-factor", "nan")):
            done = self.run_varprop("analyze", self.results, "-o", self.path("out"), option, value)
            self.assertEqual(done.returncode, 2, option)
            self.assertIn(f"{option} {value}: ", done.stderr)
            self.assertFalse(os.path.exists(self.path("out")))


class ReplacementTest(AnalyzeTest):
    def results_of_two_sweeps(self):
        """Small results, and larger ones of another sweep."""
        small, large = self.path("small.h5"), self.path("large.h5")
        self.sweep(self.sweep_file, small, "--set", 'grid.activation="relu"', "--set", "simulation.batches=1")
        self.sweep(self.sweep_file, large, "--set", "grid.depth=[10,20,40]", "--set", "grid.weight_variance=[1,1.5,2,2.5,3]")
        return small, large

    def assert_replaced_as_one(self, large, folder, *, fits, limit=None):
        """An analysis of larger results that may not fit: it is there whole, or the one before is, and nothing else."""
        before = tree(folder)
        done = self.run_varprop("analyze", large, "-o", folder, preexec_fn=limit)
        if done.returncode == 0:
            self.assertEqual(tree(folder).keys(), before.keys())
            self.assertEqual(tree(folder), fits)
            return True
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertRegex(done.stderr, f"^varprop: cannot [^\\n]*{re.escape(str(folder))}/[a-z0-9./-]*: [^\\n]*\\n$")
        self.assertEqual(tree(folder), before)
        return False


class Replacement(ReplacementTest):
    def test_an_analysis_that_does_not_fit_leaves_the_one_before(self):
        """Seen red: whole files of both stood side by side, and an empty .part."""
        small, large = self.results_of_two_sweeps()
        first, whole = self.path("first"), self.path("whole")
        for results, folder in ((small, first), (large, whole)):
            self.assertEqual(self.run_varprop("analyze", results, "-o", folder).returncode, 0)
        sizes = sorted({size for size, _ in tree(whole).values() if size})
        for largest in (0, 1, *sizes):  # just too small for one file more each time
            with self.subTest(largest=largest):
                folder = self.path(f"out{largest}")
                shutil.copytree(first, folder)
                fitted = self.assert_replaced_as_one(large, folder, fits=tree(whole), limit=lambda: limit_file_sizes(largest))
                self.assertEqual(fitted, False if largest < sizes[-1] else fitted)
                os.mkdir(self.path(f"fresh{largest}"))
                self.run_varprop("analyze", large, "-o", self.path(f"fresh{largest}/new"), preexec_fn=lambda: limit_file_sizes(largest))
                self.assertEqual(os.listdir(self.path(f"fresh{largest}")), ["new"] if fitted else [])


@unittest.skipUnless(os.geteuid() == 0, "mounting a small tmpfs takes root")
class FullDisk(ReplacementTest):
    def test_an_analysis_on_a_full_disk_leaves_the_one_before(self):
        small, large = self.results_of_two_sweeps()
        first, whole, disk = self.path("first"), self.path("whole"), self.path("disk")
        for results, folder in ((small, first), (large, whole)):
            self.assertEqual(self.run_varprop("analyze", results, "-o", folder).returncode, 0)
        os.mkdir(disk)
        room, more = (sum(size // 1024 + 4 for size, _ in tree(folder).values()) for folder in (first, whole))
        outcomes = set()
        for kilobytes in (*range(room + 8, room + more, more // 12), room + more + 512):
            with self.subTest(kilobytes=kilobytes), contextlib.ExitStack() as at_the_end:
                mount = ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", disk]
                if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
                    self.skipTest("this root may not mount a small tmpfs")
                at_the_end.callback(subprocess.run, ["umount", disk], check=True)
                shutil.copytree(first, disk + "/out")
                outcomes.add(self.assert_replaced_as_one(large, disk + "/out", fits=tree(whole)))
                self.assertEqual(os.listdir(disk), ["out"])
        self.assertEqual(outcomes, {True, False})


class Report(AnalyzeTest):
    """The page and its figures, which take npm."""

    @classmethod
    def setUpClass(cls):
        cls.require_npm()

    def page(self):
        """The data of the report's page."""
        html = pathlib.Path(self.path("out/report.html")).read_text(encoding="utf-8")
        texts = {}
        for key, text in re.findall(r'<script type="application/json" data-key="(\w+)">(.*?)</script>', html, re.DOTALL):
            texts[key] = texts.get(key, "") + text
        return {key: json.loads(text) for key, text in texts.items()}

    def figures_by(self, node):
        """Analyses with this node on the PATH."""
        self.environment["PATH"] = self.path("bin")
        self.add_program("bin", "node", node)
        done = self.run_varprop("analyze", self.results, "-o", self.path("out"), "--figures")
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_the_report_of_a_part(self):
        self.sweep(self.sweep_file, self.results, "--shard", "1/4")
        said = self.analyze_here()
        data = self.page()
        self.assertIn(f"The report:  {self.path('out/report.html')}", said)
        self.assertEqual(data["progress"], {"points": 4, "batches": 16, "done": self.done_units(self.results), "failed": 0})
        self.assertIn("This is a part of the sweep", data["findings"][0])
        self.assertTrue([note for note in data["notes"] if note.startswith("The file holds shard 1 of 4")])

    def test_the_report_tells_the_sweep_file_as_it_is(self):
        hostile = SWEEP + '# </script><script>alert("&amp;")</script> <!-- ü\n'
        self.sweep(self.write("sweep.toml", 'title = "</title><b>&amp;"\n' + hostile), self.results)
        self.analyze_here()
        provenance = dict(self.page()["provenance"])
        self.assertTrue(provenance["sweep file"].endswith(hostile))
        self.assertEqual((self.page()["title"], provenance["results file"]), ("</title><b>&amp;", "r.h5"))

    def test_figures(self):
        self.sweep(self.sweep_file, self.results)
        self.environment["PATH"] = self.path("bin")
        self.add_program("bin", "node", 'echo "out of memory" >&2; exit 7')
        done = self.run_varprop("analyze", self.results, "-o", self.path("out"), "--figures")
        self.assertEqual((done.returncode, done.stderr), (1, "varprop: node could not draw the figures: out of memory\n"))
        self.assertFalse(os.path.exists(self.path("out")), "nothing is left behind")
        self.add_program("bin", "node", '[ -s "$2" ] && echo "<svg/>" >"$3/a.svg" && echo a.svg && echo "2 were left out." >&2')
        done = self.run_varprop("analyze", self.results, "-o", self.path("out"), "--figures")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("figures (1 SVG; for PNG, rsvg-convert is missing)\n2 were left out.\n", done.stdout)
        self.add_program("bin", "rsvg-convert", 'for word; do [ "$before" = -o ] && echo png >"$word"; before=$word; done')
        done = self.run_varprop("analyze", self.results, "-o", self.path("out"), "--figures")
        self.assertIn("figures (1 SVG, the same as PNG)", done.stdout)
        self.assertEqual(sorted(os.listdir(self.path("out/figures"))), ["a.png", "a.svg", "drawn.txt"])
        shutil.rmtree(self.path("out"))
        os.mkdir(self.path("out"))
        self.write("out/figures", "mine")
        done = self.run_varprop("analyze", self.results, "-o", self.path("out"), "--figures")
        self.assertEqual(done.returncode, 2)
        self.assertEqual(os.listdir(self.path("out")), ["figures"])

    def test_new_figures_replace_those_of_the_analysis_before_alone(self):
        self.sweep(self.sweep_file, self.results)
        self.figures_by('echo old >"$3/a.svg"; echo old >"$3/b.svg"; echo a.svg; echo b.svg')
        self.write("out/figures/mine.svg", "mine")
        self.write("out/mine.txt", "mine")
        with open(self.path("out/figures/drawn.txt"), "a", encoding="utf-8") as names:
            names.write("../mine.txt\n")
        self.figures_by('echo new >"$3/b.svg"; echo new >"$3/c.svg"; echo b.svg; echo c.svg')
        self.assertEqual(sorted(os.listdir(self.path("out/figures"))), ["b.svg", "c.svg", "drawn.txt", "mine.svg"])
        self.assertTrue(os.path.exists(self.path("out/mine.txt")))
        self.assertEqual(pathlib.Path(self.path("out/figures/drawn.txt")).read_text(encoding="utf-8"), "b.svg\nc.svg\n")
        said = self.analyze_here()
        self.assertIn(f"{self.path('out/figures')} is of an earlier analysis; --figures draws it anew", said)
        self.assertEqual(pathlib.Path(self.path("out/figures/b.svg")).read_text(encoding="utf-8"), "new\n")

    def test_a_killed_analysis_takes_the_drawer_with_it_and_the_next_one_clears_up(self):
        self.sweep(self.sweep_file, self.results)
        self.figures_by("true")
        self.environment["PATH"] += ":" + os.environ["PATH"]
        self.add_program("bin", "node", f'echo $$ >"{self.path("drawer")}"; exec sleep 3600')
        drawer = pathlib.Path(self.path("drawer"))
        analysis = subprocess.Popen([self.arguments.varprop, "analyze", self.results, "-o", self.path("out"), "--figures"],
                                    env=self.environment, stdout=subprocess.DEVNULL)
        self.wait_until(lambda: drawer.exists() and drawer.read_text(encoding="utf-8"), "figures are drawn", analysis)
        rooms = lambda: [name for name in os.listdir(self.path("out")) if name.endswith(".part")]  # noqa: E731
        self.analyze_here()
        self.assertEqual(len(rooms()), 1, "the room of a living analysis is left alone")
        analysis.kill()
        analysis.wait()
        self.wait_until(lambda: not is_running(int(drawer.read_text(encoding="utf-8"))), "the drawer is gone")
        self.assertEqual(len(rooms()), 1)
        self.analyze_here()
        self.assertEqual(rooms(), [])
