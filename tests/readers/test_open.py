"""A results file opens as it is in xarray (both engines), h5py and ncdump, also while it is being written."""
import contextlib
import io
import re
import subprocess

import h5py
import netCDF4
import numpy
import xarray

import results
from results import COORDINATES, DONE, FAILED, GRID, SLOTS, known_value
from script_test import ScriptTest

LAYER_DATASETS = [f"{x}_{y}" for x in ("forward", "backward", "weight_gradient")
                  for y in ("log_mean", "log_variance", "log_of_mean", "extinct")]
DATASETS = LAYER_DATASETS + ["forward_last", "backward_first"]


def expected_rows(name):
    """The array of one dataset, a row per slot, NaN where there is nothing."""
    dataset = DATASETS.index(name)
    per_layer = name in LAYER_DATASETS
    length = 4 if per_layer else 7
    rows = numpy.full((SLOTS, length), numpy.nan)
    for slot in DONE:
        depth = COORDINATES["depth"][slot // 4 % 2]
        for i in range(length):
            if not per_layer or COORDINATES["layer"][i] <= depth:
                rows[slot, i] = known_value(slot, dataset, i, name.endswith("_extinct"))
    return rows


class Xarray(results.ResultsTest):
    def check(self, engine):
        with xarray.open_dataset(self.results, engine=engine) as data:
            for name, values in COORDINATES.items():
                self.assertEqual(data[name].values.tolist(), values, name)
                self.assertIn(name, data.coords)
            for name in DATASETS:
                last = "layer" if name in LAYER_DATASETS else "replica"
                self.assertEqual(list(data[name].dims), [*GRID, "batch", last])
                rows = data[name].values.reshape(SLOTS, -1)
                numpy.testing.assert_array_equal(rows, expected_rows(name), name)
            states = data["state"]
            self.assertEqual(list(states.dims), [*GRID, "batch"])
            self.assertEqual(states.dtype, numpy.uint8)
            self.assertEqual(numpy.flatnonzero(states.values == 1).tolist(), DONE)
            self.assertEqual(numpy.flatnonzero(states.values == 2).tolist(), FAILED)
            self.assertEqual(states.attrs["flag_meanings"], "pending done failed")
            self.assertEqual(list(states.attrs["flag_values"]), [0, 1, 2])
            self.assertEqual(list(data["engine"].dims), ["activation", "weights"])
            seconds = data["wall_seconds"].values.reshape(-1)
            self.assertEqual(numpy.flatnonzero(~numpy.isnan(seconds)).tolist(), DONE)
            self.assertEqual(seconds[DONE[3]], 0.5 + DONE[3])
            self.assertEqual(data.attrs["title"], "Known numbers")
            self.assertEqual(data.attrs["seed"], "18446744073709551615")
            self.assertEqual(data.attrs["sweep_file"], 'title = "Known numbers" # φ\n')
            row = data["forward_log_mean"].sel(activation="tanh", weights="gaussian", weight_variance=0.1,
                                               bias_variance=0.0, width=64, depth=5, batch=3)
            numpy.testing.assert_array_equal(row.values, expected_rows("forward_log_mean")[6])

    def test_h5netcdf(self):
        self.make()
        self.check("h5netcdf")

    def test_netcdf4(self):
        self.make()
        self.check("netcdf4")

    def test_while_another_process_writes(self):
        writer = self.hold()
        self.check("h5netcdf")
        self.check("netcdf4")
        writer.stdin.write("go on\n")
        writer.stdin.flush()
        self.assertEqual(writer.stdout.readline(), "committed\n")
        with xarray.open_dataset(self.results) as data:
            self.assertEqual(int((data["state"] == 1).sum()), len(DONE) + 1)


class Page(results.ResultsTest):
    def test_the_example_of_the_format_page_runs(self):
        page = open(ScriptTest.source("docs/file-format.md"), encoding="utf-8")
        with page:
            code = re.search(r"```python\n(.*?)```", page.read(), re.S).group(1)
        self.make()
        names = {}
        with contextlib.redirect_stdout(io.StringIO()):
            exec(code.replace("RESULTS.h5", self.results), names)
        names["data"].close()
        self.assertEqual(int(names["done"].sum()), len(DONE))


class H5py(results.ResultsTest):
    def test_every_axis_has_the_scale_of_its_name(self):
        self.make()
        with h5py.File(self.results) as file:
            for name, dataset in file.items():
                if h5py.h5ds.is_scale(dataset.id):
                    self.assertIn(name, COORDINATES)
                    continue
                for axis in dataset.dims:
                    self.assertEqual(len(axis), 1, name)
                    self.assertIn(axis[0].name.strip("/"), COORDINATES)

    def test_values_and_layout(self):
        self.make()
        with h5py.File(self.results) as file:
            rows = file["backward_first"][...].reshape(SLOTS, -1)
            numpy.testing.assert_array_equal(rows, expected_rows("backward_first"))
            extinct = file["forward_extinct"][...].reshape(SLOTS, -1)
            self.assertEqual(extinct[20].tolist(), [-1] * 4)
            text = [name for name, dataset in file.items() if dataset.dtype.kind == "O"]
            order = []
            file.id.links.visit(lambda name: order.append(name.decode()), idx_type=h5py.h5.INDEX_CRT_ORDER)
            self.assertEqual(set(order[-len(text):]), set(text), "text must be created last")
            for dataset in file.values():
                self.assertIsNone(dataset.chunks)
                self.assertEqual(dataset.id.get_create_plist().get_alloc_time(), h5py.h5d.ALLOC_TIME_EARLY)

    def test_commits_change_raw_data_only(self):
        """Byte for byte: what lies outside the arrays is as it was at the creation."""
        writer = self.hold()

        def outside():
            with open(self.results, "rb") as raw:
                content = bytearray(raw.read())
            content[20:24] = bytes(4)  # HDF5's flag "open for writing", which nobody reads in superblocks of version 0
            with h5py.File(self.results) as file:
                for dataset in file.values():
                    begin, length = dataset.id.get_offset(), dataset.id.get_storage_size()
                    content[begin:begin + length] = bytes(length)
            return bytes(content)

        before = outside()
        writer.stdin.write("go on\n")
        writer.stdin.flush()
        self.assertEqual(writer.stdout.readline(), "committed\n")
        self.assertEqual(outside(), before)
        writer.stdin.close()
        writer.wait()
        self.assertEqual(outside(), before)


class NetCDF(results.ResultsTest):
    def test_ncdump(self):
        self.make()
        header = subprocess.run(["ncdump", "-h", self.results], check=True, capture_output=True, text=True).stdout
        for name, values in COORDINATES.items():
            self.assertIn(f"\t{name} = {len(values)} ;", header)
        self.assertIn("int forward_extinct(activation, weights, weight_variance, bias_variance, width, depth, batch, "
                      "layer) ;", header)
        self.assertIn('state:flag_meanings = "pending done failed" ;', header.replace("string state", "state"))
        self.assertIn("ubyte state(", header)

    def test_netcdf_can_append(self):
        self.make()
        with netCDF4.Dataset(self.results, "a") as file:
            file.setncattr("comment", "added by netCDF")
        with netCDF4.Dataset(self.results) as file:
            self.assertEqual(file.comment, "added by netCDF")
            self.assertEqual(file["forward_log_mean"].dimensions, (*GRID, "batch", "layer"))
