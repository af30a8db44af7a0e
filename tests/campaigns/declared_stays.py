"""What a new axis and a new measure may not change: sweeps and files that know nothing of them."""

import json
import pathlib
import signal

import proof_cases
from declared_runs import TABLES, Declared

OLD_SWEEPS = ("small", "pairs", "extinct", "scaling", "laws")  # of prove_sweeps
ONE_POINT = """
[grid]
activation = "{}"
weights = "{}"
weight_variance = 1.5
width = 8
depth = 4
[simulation]
replicas = 6
batches = 3
"""


class OldSweeps(Declared):
    """A sweep that names neither the axis nor the measure is in the new program what it is in the old one."""

    def test_identities_numbers_and_tables(self):
        for name in OLD_SWEEPS:
            sweep = (proof_cases.SWEEPS / f"{name}.toml").read_text(encoding="utf-8")
            with self.subTest(name):
                for program, run in (("old", self.run_old), ("new", self.run_new)):
                    pathlib.Path(self.path(f"{name}/{program}")).mkdir(parents=True)
                    self.made_by(run, f"{name}/{program}/results", sweep)
                    run("analyze", f"{name}/{program}/results.h5", "-o", f"{name}/{program}")
                for made in ("results.h5", "analysis.h5", *TABLES):
                    self.assert_equal(f"{name}/old/{made}", f"{name}/new/{made}")

    def test_canonical_texts(self):
        for activation in proof_cases.FEW:
            for weights in ("gaussian", "orthogonal", "rademacher"):
                self.write("one.toml", ONE_POINT.format(activation, weights))
                old, new = (json.loads(run("plan", "one.toml", "--json"))["longest_unit"]["point"] for run in (self.run_old, self.run_new))
                self.assertEqual(old, new)
                self.assertNotIn("dummy", new)

    def test_theory_and_explain(self):
        for words in (("theory", "--activation", "tanh", "--weight-variance", 1.5, "--width", 64, "--depth", 20),
                      ("theory", "--activation", "gelu", "--curve"), ("explain", "--width", 8)):
            old, new = (run(*words, "--json") for run in (self.run_old, self.run_new))
            self.assertEqual(old, new)


class OldFiles(Declared):
    """Files that the old program wrote, whole, in part and in parts, in the new program."""

    def setUp(self):
        super().setUp()
        self.sweep_text = (proof_cases.SWEEPS / "ways.toml").read_text(encoding="utf-8")
        self.made_by(self.run_old, "sweep", self.sweep_text)

    def test_open(self):
        before = pathlib.Path(self.path("sweep.h5")).read_bytes()
        old, new = (run("status", "sweep.h5", "--json") for run in (self.run_old, self.run_new))
        self.assertEqual(json.loads(old), json.loads(new))
        self.run_new("verify", "sweep.h5", "--sample", "100%")
        self.run_new("sweep", "sweep.toml", "-o", "sweep.h5", "--resume")
        for program, run in (("old", self.run_old), ("new", self.run_new)):
            run("analyze", "sweep.h5", "-o", program)
        for name in (*TABLES, "analysis.h5"):
            self.assert_equal(f"old/{name}", f"new/{name}")
        self.assertEqual(pathlib.Path(self.path("sweep.h5")).read_bytes(), before)

    def test_go_on(self):
        self.side(True).interrupt("part.h5", signal.SIGKILL, program=self.arguments.old)
        self.run_new("status", "part.h5")
        self.run_new("analyze", "part.h5", "-o", "part")
        self.run_new("sweep", "sweep.toml", "-o", "part.h5")
        self.assert_equal("sweep.h5", "part.h5")

    def test_are_merged(self):
        for number in (1, 2, 3):
            run = self.run_new if number == 2 else self.run_old
            self.made_by(run, f"part-{number}", self.sweep_text, "--shard", f"{number}/3")
        self.run_new("merge", "merged.h5", "part-3.h5", "part-1.h5", "part-2.h5")
        self.assert_equal("sweep.h5", "merged.h5")

    def test_are_reused_where_the_axis_is_added(self):
        grown = self.sweep_text.replace("[simulation]", "dummy = [0, 1]\n[simulation]")
        self.made_by(self.run_new, "grown", grown, "--reuse", "sweep.h5")
        self.made_by(self.run_new, "fresh", grown)
        self.assert_equal("fresh.h5", "grown.h5")
        with self.opened("sweep.h5") as file:
            units = file["state"].size
        log = pathlib.Path(self.path("grown.h5.log.jsonl")).read_text(encoding="utf-8").splitlines()
        self.assertEqual([event["units"] for event in map(json.loads, log) if event["event"] == "reuse"], [units])
