"""docs/file-format.md says what fresh files hold, no more and no less."""
import re

import h5py
import numpy

import results
from script_test import ScriptTest

QUANTITIES = ["forward", "backward", "weight_gradient", "correlation", "activations", "ntk"]
TIES = {"CLASS", "NAME", "REFERENCE_LIST", "DIMENSION_LIST"}


def page():
    with open(ScriptTest.source("docs/file-format.md"), encoding="utf-8") as file:
        return file.read()


def table(section):
    """The rows of the table under a heading, as dictionaries by column."""
    return tables(section)[0]


def tables(section):
    """All tables under a heading."""
    text = re.search(rf"^## {section}$(.*?)(?=^## |\Z)", page(), re.M | re.S).group(1)
    return [parsed(block) for block in re.findall(r"(?:^\|.*\n)+", text, re.M)]


def parsed(block):
    rows = [re.split(r"(?<!\\)\|", line.strip())[1:-1] for line in block.splitlines()]
    rows = [[cell.strip().strip("`") for cell in row] for row in rows]
    return [dict(zip(rows[0], row)) for row in rows[2:]]


def type_name(dtype):
    """A type in the words of the page."""
    text = h5py.check_string_dtype(dtype)
    if text is not None:
        return "text" if text.length is None and text.encoding == "utf-8" else f"odd text {text}"
    return f"big-endian {dtype}" if dtype.byteorder == ">" else dtype.name


def attribute_type(attribute):
    return type_name(attribute.dtype) + (" array" if attribute.shape else "")


def attributes(item):
    """name → type of the attributes, those of the dimension scales left out."""
    names = [h5py.h5a.open(item.id, index=i).name.decode() for i in range(h5py.h5a.get_num_attrs(item.id))]
    return {n: attribute_type(h5py.h5a.open(item.id, n.encode())) for n in names if n not in TIES}


def fill_name(dataset):
    """The fill in the words of the page; where _FillValue and HDF5's fill differ, both."""
    if h5py.h5ds.is_scale(dataset.id):
        return "–"
    real = dataset.fillvalue
    if "_FillValue" not in dataset.attrs:
        return str(real)
    stated = dataset.attrs["_FillValue"]
    if numpy.isnan(stated) and numpy.isnan(real):
        return "NaN"
    return str(real) if stated == real else f"{real}, but {stated} in _FillValue"


def describe(name, dataset):
    is_scale = h5py.h5ds.is_scale(dataset.id)
    return {
        "path": "/" + name,
        "kind": "scale" if is_scale else "variable",
        "type": type_name(dataset.dtype),
        "dimensions": name if is_scale else " ".join(axis[0].name.strip("/") for axis in dataset.dims),
        "unit": dataset.attrs.get("units", "–"),
        "fill": fill_name(dataset),
    }


def expected_attributes(row):
    expected = {"long_name": "text"}
    if row["unit"] != "–":
        expected["units"] = "text"
    if row["fill"] in ("NaN", "-1"):
        expected["_FillValue"] = row["type"]
    if row["path"] in ("/state", "/engine"):
        expected.update(flag_values="uint8 array", flag_meanings="text")
    return expected


def is_present(row, measures):
    condition = row["present when"]
    if condition == "always":
        return True
    return re.fullmatch(r"`?measure`? has (\w+)", condition).group(1) in measures


def of_a_shard(rows):
    """The rows of a whole file's datasets as the page says that a shard has them."""
    whole = " ".join([*results.GRID, "batch"])
    replaced, _ = tables("Files of a shard")
    for row in rows:
        if row["path"] == "/batch":
            yield from replaced
        else:
            yield {**row, "dimensions": row["dimensions"].replace(whole, "unit")}


class FileFormat(results.ResultsTest):
    def compare(self, measures, shard=False):
        self.make(*measures, *(["--shard"] if shard else []))
        wanted = [row for row in table("Datasets") if is_present(row, measures)]
        if shard:
            wanted = list(of_a_shard(wanted))
        with h5py.File(self.results) as file:
            order = []
            file.id.links.visit(lambda name: order.append(name.decode()), idx_type=h5py.h5.INDEX_CRT_ORDER)
            found = [describe(name, file[name]) for name in order]
            self.assertEqual([row["path"] for row in wanted], [row["path"] for row in found])
            for row, real in zip(wanted, found):
                self.assertEqual({key: row[key] for key in real}, real)
                self.assertEqual(attributes(file[row["path"]]), expected_attributes(row), row["path"])

    def test_with_everything(self):
        self.compare(QUANTITIES)

    def test_with_the_default(self):
        self.compare(["forward", "backward", "weight_gradient"])

    def test_with_one_quantity(self):
        for quantity in QUANTITIES:
            self.compare([quantity])

    def test_of_a_shard(self):
        self.compare(QUANTITIES, shard=True)

    def test_root_attributes_of_a_shard(self):
        self.make("--shard")
        more = tables("Files of a shard")[1]
        with h5py.File(self.results) as file:
            self.assertEqual(attributes(file["/"]),
                             {row["name"]: row["type"] for row in [*table("Root attributes"), *more]})
            self.assertEqual((file.attrs["shard"], file.attrs["shards"]), (2, 3))

    def test_root_attributes(self):
        self.make()
        with h5py.File(self.results) as file:
            self.assertEqual(attributes(file["/"]), {row["name"]: row["type"] for row in table("Root attributes")})

    def test_attributes_of_datasets(self):
        self.make()
        with h5py.File(self.results) as file:
            found = {name for dataset in file.values() for name in attributes(dataset)}
            self.assertEqual(found, {row["name"] for row in table("Attributes of datasets")})

    def test_versions(self):
        """What a file holds decides: nothing newer than 1.1 without a newer measure."""
        for measures, version in (((), "1.1"), (("forward", "ntk"), "1.2"), (("activations",), "1.2"),
                                  (("correlation",), "1.2")):
            self.make(*measures)
            with h5py.File(self.results) as file:
                self.assertEqual(file.attrs["format_version"], version)

    def test_version_and_fixed_words(self):
        self.make(*QUANTITIES)
        with h5py.File(self.results) as file:
            version = re.search(r"else (\S+) where correlation, activations or ntk are measured", page()).group(1)
            self.assertEqual(file.attrs["format_version"], version)
            meanings = {row["name"]: row["meaning"] for row in table("Root attributes")}
            for name in ("Conventions", "filetype", "generator"):
                self.assertEqual(re.split(r",", meanings[name])[0], file.attrs[name])
