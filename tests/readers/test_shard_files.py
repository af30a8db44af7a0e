"""The file of a shard opens as it is in xarray (both engines), h5py and ncdump, and the page's example finds its units.

Seen red: batches counted from 0; no scale attached to the axis unit; the example with two axes swapped.
"""
import contextlib
import io
import re
import subprocess

import h5py
import numpy
import xarray

import results
from results import COORDINATES, DONE, FAILED, GRID, SHARD, known_value
from script_test import ScriptTest

GRID_SIZES = [len(COORDINATES[axis]) for axis in GRID]
BATCHES = len(COORDINATES["batch"])


class ShardFiles(results.ResultsTest):
    def setUp(self):
        super().setUp()
        self.make("--shard")

    def check(self, engine):
        with xarray.open_dataset(self.results, engine=engine) as data:
            for name in [*GRID, "layer", "replica"]:
                self.assertEqual(data[name].values.tolist(), COORDINATES[name], name)
            self.assertEqual(data["unit"].values.tolist(), list(range(1, len(SHARD) + 1)))
            self.assertEqual(data["point"].values.tolist(), [slot // BATCHES for slot in SHARD])
            self.assertEqual(data["batch"].values.tolist(), [slot % BATCHES + 1 for slot in SHARD])
            self.assertEqual(list(data["state"].dims), ["unit"])
            self.assertEqual(list(data["forward_log_mean"].dims), ["unit", "layer"])
            self.assertEqual(list(data["forward_last"].dims), ["unit", "replica"])
            states = data["state"].values
            self.assertEqual([slot for slot, s in zip(SHARD, states) if s == 1], [s for s in DONE if s in SHARD])
            self.assertEqual([slot for slot, s in zip(SHARD, states) if s == 2], [s for s in FAILED if s in SHARD])
            last = data["forward_last"].values
            for i, slot in enumerate(SHARD):
                wanted = [known_value(slot, 12, r, False) if states[i] == 1 else numpy.nan for r in range(7)]
                numpy.testing.assert_array_equal(last[i], wanted)
            self.assertEqual(data.attrs["filetype"], "varprop-shard")
            self.assertEqual((data.attrs["shard"], data.attrs["shards"]), (2, 3))

    def test_h5netcdf(self):
        self.check("h5netcdf")

    def test_netcdf4(self):
        self.check("netcdf4")

    def test_h5py_finds_one_scale_on_every_axis(self):
        with h5py.File(self.results) as file:
            for name, dataset in file.items():
                if h5py.h5ds.is_scale(dataset.id):
                    continue
                for axis in dataset.dims:
                    self.assertEqual(len(axis), 1, name)
                    self.assertIn(axis[0].name.strip("/"), [*COORDINATES, "unit"])

    def test_ncdump(self):
        done = subprocess.run(["ncdump", "-v", "point,state", self.results], text=True, capture_output=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(f"unit = {len(SHARD)} ;", done.stdout)

    def test_the_example_of_the_format_page_finds_the_units(self):
        path = ScriptTest.source("docs/file-format.md")
        with open(path, encoding="utf-8") as page:
            section = page.read().split("## Files of a shard")[1]
        code = re.search(r"```python\n(.*?)```", section, re.S).group(1)
        names = {}
        with contextlib.redirect_stdout(io.StringIO()):
            exec(code.replace("SHARD.h5", self.results), names)
        with contextlib.closing(names["shard"]) as shard:
            for i, slot in enumerate(SHARD):
                place = numpy.unravel_index(slot // BATCHES, GRID_SIZES)
                for axis, index in zip(GRID, place):
                    self.assertEqual(shard[f"unit_{axis}"].values[i], COORDINATES[axis][index])
