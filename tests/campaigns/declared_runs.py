"""What `declared` runs: the program with the axis and the measure, and the one without, each in the test's scratch folder."""

import contextlib
import csv
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "fixtures"))

import h5py  # noqa: E402

import proof_cases  # noqa: E402
import proof_comparison  # noqa: E402
from sweep_runs import SweepTest  # noqa: E402

TABLES = ("points.csv", "laws.csv")


class Declared(SweepTest):
    """Both programs, in the test's scratch folder."""

    def setUp(self):
        super().setUp()
        (pathlib.Path(self.folder) / proof_cases.ASIDE).mkdir()

    def side(self, new):
        """How prove drives a program; `earlier` is the old one always."""
        program = self.arguments.varprop if new else self.arguments.old
        return proof_cases.Side(program, self.arguments.old, new, pathlib.Path(self.folder))

    def run_old(self, *words, code=0):
        return self.run_tool(self.arguments.old, *words, code=code, cwd=self.folder).stdout

    def run_new(self, *words, code=0):
        return self.run_tool(self.arguments.varprop, *words, code=code, cwd=self.folder).stdout

    def made_by(self, run, name, sweep, *words):
        """Results of this text, made by one of the programs."""
        run("sweep", self.write(f"{name}.toml", sweep), "-o", f"{name}.h5", "--threads", 1, *words)
        return self.path(f"{name}.h5")

    def assert_equal(self, old, new):
        """Files without a difference but for where they come from."""
        _, differences = proof_comparison.compare_files(pathlib.Path(self.path(old)), pathlib.Path(self.path(new)), old)
        self.assertEqual([difference.sentence for difference in differences], [])

    def table(self, name):
        with open(self.path(name), encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def chart(self, name):
        return json.loads(pathlib.Path(self.path(name)).read_text(encoding="utf-8"))

    @contextlib.contextmanager
    def opened(self, name, mode="r"):
        with h5py.File(self.path(name), mode, locking=False) as file:
            yield file
