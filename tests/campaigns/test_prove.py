"""`prove` finds a program equal to itself, and finds and names whatever another one does otherwise.

Seen red: with datasets compared by ==, for which the two zeros are one number and no NaN is itself; with every difference expected.
"""

import os
import pathlib
import re
import stat
import tempfile
import unittest

import h5py
import numpy

import proof_comparison
from sweep_runs import SweepTest

PROVE = pathlib.Path(__file__).resolve().parent / "prove"

# A program that is varprop, and then does something of its own.
WRAPPER = """#!/usr/bin/python3
import pathlib, subprocess, sys
done = subprocess.run(["{varprop}", *sys.argv[1:]])
command = "".join(sys.argv[1:2])
{change}
sys.exit(done.returncode)
"""

ONE_BIT = """
if command == "sweep":
    import h5py, numpy
    with h5py.File("results.h5", "r+", locking=False) as file:
        values = file["backward_log_mean"][...]
        values.view(numpy.uint64).reshape(-1)[41] ^= numpy.uint64(1)
        file["backward_log_mean"][...] = values
"""

ONE_DIGIT = """
if command == "analyze":
    table = pathlib.Path("analysis/points.csv")
    table.write_text(table.read_text().replace("tanh,gaussian,1,0,8,5", "tanh,gaussian,1,0,9,5"))
"""


class Prove(SweepTest):
    def prove(self, new, *words, code):
        done = self.run_tool("/usr/bin/python3", PROVE, self.arguments.varprop, new, *words, code=code)
        return done.stdout

    def changed(self, change):
        """A program that does what varprop does, and then `change`."""
        path = pathlib.Path(self.write("changed", WRAPPER.format(varprop=os.path.abspath(self.arguments.varprop), change=change)))
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        return path

    def test_a_program_is_equal_to_itself(self):
        said = self.prove(self.arguments.varprop, "--only", "small", "--expect", "laws.csv", code=0)
        self.assertIn("OLD and NEW are equal.", said)
        self.assertIn("laws.csv was expected to differ, and does not.", said)
        files, datasets, size = map(int, re.search(r"1 cases: (\d+) files, (\d+) datasets, (\d+) bytes", said).groups())
        self.assertGreaterEqual((files, datasets), (10, 100))
        self.assertGreater(size, 100_000)

    def test_one_bit_of_one_number_is_named(self):
        said = self.prove(self.changed(ONE_BIT), "--only", "wide", code=1)
        self.assertRegex(said, r"results.h5/backward_log_mean: 1 of 360 values differ: at activation tanh, .*, batch 1, layer 2 "
                               r"OLD (-?\d\.\d+), NEW (?!\1)")
        self.assertEqual(said.count("  wide: "), 1, said)

    def test_a_digit_of_a_table_is_named_unless_it_is_expected(self):
        program = self.changed(ONE_DIGIT)
        said = self.prove(program, "--only", "small", code=1)
        self.assertIn("points.csv: 1 fields of width differ; first in line 3 (tanh, gaussian, 1, 0, 8, 5), width: OLD 8, NEW 9.", said)
        said = self.prove(program, "--only", "small", "--expect", "points.csv", code=0)
        self.assertIn("Expected differences", said)

    def test_another_exit_code_is_a_difference(self):
        said = self.prove(self.changed("done.returncode = 5"), "--only", "small", code=1)
        self.assertIn("NEW: `varprop sweep sweep.toml -o results.h5 --threads 1` ended with 5 instead of 0", said)

    def test_bad_usage(self):
        self.prove(self.path("nothing"), code=2)
        self.prove(self.arguments.varprop, "--only", "nothing", code=2)


class Comparison(unittest.TestCase):
    """What is equal to no eye but to the bits'."""

    def differences(self, old, new, name="numbers.h5"):
        with tempfile.TemporaryDirectory(prefix="varprop-test-") as folder:
            for side, content in (("old", old), ("new", new)):
                path = pathlib.Path(folder, side, name)
                path.parent.mkdir()
                if isinstance(content, str):
                    path.write_text(content, encoding="utf-8")
                    continue
                with h5py.File(path, "w", track_order=True) as file:
                    for dataset, values in content.items():
                        file[dataset] = values
            return [d.subject for d in proof_comparison.compare_folders(f"{folder}/old", f"{folder}/new", "aside")[1]]

    def test_zeros_and_nans_are_told_apart_by_their_bits(self):
        nan = numpy.array([0x7FF8000000000001], numpy.uint64).view(float)
        for old, new in (([0.0], [-0.0]), ([numpy.nan], nan)):
            self.assertEqual(self.differences({"x": numpy.array(old)}, {"x": numpy.array(new)}), ["numbers.h5/x"])
        self.assertEqual(self.differences({"x": nan}, {"x": nan}), [])

    def test_types_names_and_texts_count(self):
        self.assertEqual(self.differences({"x": numpy.int32([1])}, {"x": numpy.uint8([1])}), ["numbers.h5/x"])
        self.assertEqual(self.differences({"x": [1], "wall_seconds": [1.0]}, {"x": [1], "wall_seconds": [2.0]}), [])
        self.assertEqual(self.differences({"x": [1]}, {"x": [1], "y": [1]}), ["numbers.h5"])
        self.assertEqual(self.differences({"x": ["a", "b"]}, {"x": ["a", "c"]}), ["numbers.h5/x"])

    def test_spaces_and_last_digits_of_texts_count(self):
        for name, old, new in (("t.csv", "a,b\n1,2\n", "a,b\n1,2.0\n"), ("t.csv", "a\n", "a\r\n"), ("t.json", "[1]", "[1 ]"),
                               ("t.json", "[1.0]", "[1]"), ("t.txt", "a\nb\n", "a\nb")):
            self.assertEqual(self.differences(old, new, name), [name])
