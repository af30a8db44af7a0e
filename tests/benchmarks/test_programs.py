"""The benchmarks run: a short look at every engine's kernel, a few normals, the instructions of one.

Nothing is timed here. Seen to fail with a kernel that throws, with the loop of the quantile function unrecognised, and with
a plan that was made for another instruction set than the sweep.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest


KERNELS = (r"^(normals/|engine/[^/]+/(gaussian|rademacher|orthogonal)/(relu|tanh)/inputs:[12]/n:[0-9]+/L:[0-9]+$)")


class Programs(unittest.TestCase):
    def run_program(self, *command):
        done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def test_every_kernel_runs(self):
        printed = self.run_program(BINARIES / "kernels", f"--benchmark_filter={KERNELS}", "--benchmark_min_time=0.001")
        for engine in ("normals/varprop", "engine/conditional/", "engine/radial/", "engine/dense/"):
            self.assertIn(engine, printed)
        self.assertNotIn("ERROR", printed)

    def test_a_million_normals_are_normal(self):
        self.assertIn("z > 4", self.run_program(BINARIES / "normal_tails", "1e6"))

    def test_units_are_dealt_and_stored(self):
        self.assertIn("| 1 | 64 layers | 160 |", self.run_program(BINARIES / "dispatch", "160"))
        with tempfile.TemporaryDirectory(prefix="varprop-test-") as scratch:
            printed = self.run_program(BINARIES / "storage", scratch, "--points", "2")
            self.assertEqual(os.listdir(scratch), [])
        self.assertIn("| whole points, 16 batches each | 32 |", printed)

    def test_plans_and_sweeps_of_every_instruction_set_are_set_side_by_side(self):
        targets = self.run_program(BINARIES / "on_target").split()
        with tempfile.TemporaryDirectory(prefix="varprop-test-") as scratch:
            output = pathlib.Path(scratch, "prediction.json")
            subprocess.run([SOURCE / "benchmarks/prediction.py", "--on-target", BINARIES / "on_target", "--seconds", "0.01",
                            "--only", "radial, relu", "--output", output], check=False, capture_output=True)
            measured = json.loads(output.read_text())
        names = {"AVX3": "AVX-512"}
        self.assertEqual([one["instruction_set"] for one in measured], [names.get(name, name) for name in targets])
        for one in measured:
            self.assertAlmostEqual(one["ratio"], one["makespan"] / one["wall"])
            self.assertGreater(one["processor_ratio"], 0)

    def test_the_instructions_of_a_normal_are_found(self):
        if "-O3" not in self.run_program(VARPROP, "--version"):
            self.skipTest("they are those of an optimised build")
        printed = self.run_program(SOURCE / "benchmarks/normal_instructions.py",
                                   BINARIES / "libvarprop_normal_blocks.a")
        self.assertIn("a normal", printed)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--varprop", type=pathlib.Path, required=True)
    parser.add_argument("--source", type=pathlib.Path, required=True)
    arguments = parser.parse_args()
    SOURCE, VARPROP = arguments.source, arguments.varprop
    BINARIES = arguments.varprop.parent.parent / "benchmarks"
    unittest.main(argv=sys.argv[:1], verbosity=2)
