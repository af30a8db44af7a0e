"""The benchmarks run: a short look at every engine's kernel, a few normals, the instructions of one.

Nothing is timed here. Seen to fail with a kernel that throws, with the loop of the quantile function unrecognised, and with
a plan that was made for another instruction set than the sweep.
"""

import json
import os
import pathlib
import subprocess
import tempfile

from script_test import ScriptTest

BINARIES = pathlib.Path(ScriptTest.arguments.varprop).parent.parent / "benchmarks"
KERNELS = (r"^(normals/|engine/[^/]+/(gaussian|rademacher|orthogonal)/(relu|tanh)/inputs:[12]/n:[0-9]+/L:[0-9]+$)")


class Programs(ScriptTest):
    def test_every_kernel_runs(self):
        printed = self.run_tool(BINARIES / "kernels", f"--benchmark_filter={KERNELS}", "--benchmark_min_time=0.001").stdout
        for engine in ("normals/varprop", "engine/conditional/", "engine/radial/", "engine/dense/"):
            self.assertIn(engine, printed)
        self.assertNotIn("ERROR", printed)

    def test_a_million_normals_are_normal(self):
        self.assertIn("z > 4", self.run_tool(BINARIES / "normal_tails", "1e6").stdout)

    def test_units_are_dealt_and_stored(self):
        self.assertIn("| 1 | 64 layers | 160 |", self.run_tool(BINARIES / "dispatch", "160").stdout)
        with tempfile.TemporaryDirectory(prefix="varprop-test-") as scratch:
            printed = self.run_tool(BINARIES / "storage", scratch, "2").stdout
            self.assertEqual(os.listdir(scratch), [])
        self.assertIn("| whole points, 16 batches each | 32 |", printed)

    def test_plans_and_sweeps_of_every_instruction_set_are_set_side_by_side(self):
        targets = self.run_tool(BINARIES / "on_target").stdout.split()
        with tempfile.TemporaryDirectory(prefix="varprop-test-") as scratch:
            output = pathlib.Path(scratch, "prediction.json")
            subprocess.run([self.source("benchmarks/prediction.py"), "--on-target", BINARIES / "on_target", "--seconds", "0.01",
                            "--only", "radial, relu", "--output", output], check=False, capture_output=True)
            measured = json.loads(output.read_text())
        names = {"AVX3": "AVX-512"}
        self.assertEqual([one["instruction_set"] for one in measured], [names.get(name, name) for name in targets])
        for one in measured:
            self.assertAlmostEqual(one["ratio"], one["makespan"] / one["wall"])
            self.assertGreater(one["processor_ratio"], 0)


class Instructions(ScriptTest):
    def test_the_instructions_of_a_normal_are_found(self):
        if "-O3" not in self.run_tool(self.arguments.varprop, "--version").stdout:
            self.skipTest("the instructions of a normal are those of an optimised build")
        printed = self.run_tool(self.source("benchmarks/normal_instructions.py"), BINARIES / "libvarprop_normal_blocks.a").stdout
        self.assertIn("a normal", printed)
