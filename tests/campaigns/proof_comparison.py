"""What two folders of varprop's files hold: equal to the last bit, or in which places not, in sentences.

Everything counts but where a file comes from: PROVENANCE and PROVENANCE_ROWS are what is left out, and nothing else is.
"""

import csv
import dataclasses
import io
import json
import pathlib
import re

import h5py
import numpy

# In results files and analysis.h5.
PROVENANCE = {
    "datasets": {"wall_seconds"},
    "attributes": {"history", "date", "host", "command_line", "program_version", "git_commit", "mpi_version",
                   "hdf5_version", "compiler"},
}
# In the list `provenance` of report.html.
PROVENANCE_ROWS = {"made by", "command", "host", "date", "analyzed by"}
# Beside a results file: what happened when, of which no result depends.
DIARIES = (".log.jsonl", ".lock")

SHOWN = 2  # differences of one dataset or file that are told one by one


@dataclasses.dataclass
class Count:
    """What was compared."""

    files: int = 0
    datasets: int = 0
    bytes: int = 0

    def __iadd__(self, other):
        self.files += other.files
        self.datasets += other.datasets
        self.bytes += other.bytes
        return self


@dataclasses.dataclass
class Difference:
    subject: str  # "RESULTS.h5/forward_log_mean", "RESULTS.h5@identity", "analysis/points.csv"
    sentence: str


def shown(value):
    """A value, short enough for a sentence."""
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= 200 else f"{text[:200]}… ({len(text)} characters)"


def left_out():
    """PROVENANCE and PROVENANCE_ROWS in words."""
    rows = ", ".join(f'"{row}"' for row in sorted(PROVENANCE_ROWS))
    return (f"dataset {', '.join(PROVENANCE['datasets'])}; attributes {', '.join(sorted(PROVENANCE['attributes']))}; "
            f"rows {rows} of the report's provenance; event logs")


def compare_folders(old, new, aside):
    """Compares the files of two folders, by name, but for those in their folder `aside`. The Count and the Differences."""
    count, differences = Count(), []
    for name in sorted(files_below(old) | files_below(new), key=lambda name: ("/" in name, name)):  # results before what is made of them
        if name.startswith(f"{aside}/"):
            continue
        left, right = pathlib.Path(old, name), pathlib.Path(new, name)
        missing = [side for side, path in (("OLD", left), ("NEW", right)) if not path.exists()]
        if missing:
            differences.append(Difference(name, f"{' and '.join(missing)} left no {name}."))
            continue
        compared, found = compare_files(left, right, name)
        count += compared
        differences += found
    return count, differences


def files_below(folder):
    folder = pathlib.Path(folder)
    return {str(path.relative_to(folder)) for path in folder.rglob("*")
            if path.is_file() and not path.name.endswith(DIARIES)}


def compare_files(left, right, name):
    if name.endswith(".h5"):
        return compare_hdf5(left, right, name)
    if name.endswith(".html"):
        return compare_reports(left, right, name)
    a, b = left.read_bytes(), right.read_bytes()
    return Count(files=1, bytes=len(a)), compare_texts(a, b, name)


# Texts


def compare_texts(a, b, name):
    if a == b:
        return []
    try:
        if name.endswith(".csv"):
            sentence = csv_sentence(a.decode(), b.decode())
        elif name.endswith(".json"):
            sentence = json_sentence(json.loads(a), json.loads(b))
        else:
            sentence = line_sentence(a.decode(), b.decode())
    except ValueError:  # a text that is not what its name promises
        sentence = None
    return [Difference(name, f"{name}: {sentence or byte_sentence(a, b)}")]


def csv_sentence(a, b):
    old, new = (list(csv.reader(io.StringIO(text, newline=""))) for text in (a, b))
    if len(old) != len(new):
        return f"OLD has {len(old)} lines, NEW {len(new)}."
    if old[:1] != new[:1]:
        return f"other columns: {sequence_sentence(old[0], new[0])}"
    places = [(line, column) for line, (x, y) in enumerate(zip(old, new)) for column in range(max(len(x), len(y)))
              if x[column:column + 1] != y[column:column + 1]]
    if not places:
        return None
    line, column = places[0]
    columns = sorted({old[0][c] for _, c in places if c < len(old[0])})
    fields = f"{len(places)} fields of {', '.join(columns[:8])}{' …' if len(columns) > 8 else ''} differ"
    return (f"{fields}; first in line {line + 1} ({', '.join(old[line][:6])}), {old[0][column]}: "
            f"OLD {shown(''.join(old[line][column:column + 1]))}, NEW {shown(''.join(new[line][column:column + 1]))}.")


def json_sentence(a, b, path="$"):
    """The first place where two JSON values differ, None where they do not."""
    if type(a) is not type(b):
        return f"{path}: OLD {shown(a)}, NEW {shown(b)}."
    if isinstance(a, dict):
        if list(a) != list(b):
            return f"{path} has other keys: {sequence_sentence(list(a), list(b))}"
        pairs = ((f"{path}.{key}", a[key], b[key]) for key in a)
    elif isinstance(a, list):
        if len(a) != len(b):
            return f"{path}: OLD has {len(a)} elements, NEW {len(b)}."
        pairs = ((f"{path}[{i}]", *pair) for i, pair in enumerate(zip(a, b)))
    else:
        return None if repr(a) == repr(b) else f"{path}: OLD {shown(a)}, NEW {shown(b)}."
    return next((s for place, x, y in pairs if (s := json_sentence(x, y, place))), None)


def line_sentence(a, b):
    for number, (x, y) in enumerate(zip(a.splitlines(), b.splitlines()), 1):
        if x != y:
            return f"first in line {number}: OLD {shown(x)}, NEW {shown(y)}."
    return None


def byte_sentence(a, b):
    place = next((i for i, (x, y) in enumerate(zip(a, b)) if x != y), min(len(a), len(b)))
    return (f"first at byte {place} of {len(a)} and {len(b)}: OLD {shown(a[place:place + 20])}, "
            f"NEW {shown(b[place:place + 20])}.")


def sequence_sentence(old, new):
    """How two sequences of words differ."""
    gone, come = [x for x in old if x not in new], [x for x in new if x not in old]
    parts = [f"OLD alone has {', '.join(map(str, gone))}"] * bool(gone) + [f"NEW alone has {', '.join(map(str, come))}"] * bool(come)
    return "; ".join(parts or ["the same in another order"]) + "."


# report.html: its data elements; the page around them is not compared


def report_data(path):
    """The texts of the data elements, by key, as docs/report-format.md has them."""
    texts = {}
    html = path.read_text(encoding="utf-8")
    for key, text in re.findall(r'<script type="application/json" data-key="(\w+)">(.*?)</script>', html, re.DOTALL):
        texts[key] = texts.get(key, "") + text
    rows = json.loads(texts.get("provenance", "[]"))
    texts["provenance"] = json.dumps([[what, "" if what in PROVENANCE_ROWS else value] for what, value in rows])
    return texts


def compare_reports(left, right, name):
    a, b = report_data(left), report_data(right)
    count = Count(files=1, bytes=sum(len(text.encode()) for text in a.values()))
    if list(a) != list(b):
        return count, [Difference(name, f"{name} has other data elements: {sequence_sentence(list(a), list(b))}")]
    differences = []
    for key in a:
        if a[key] != b[key]:
            sentence = json_sentence(json.loads(a[key]), json.loads(b[key]), key) or byte_sentence(a[key].encode(), b[key].encode())
            differences.append(Difference(f"{name}#{key}", f"{name}, data element {sentence}"))
    return count, differences


# HDF5


def creation_order(group):
    names = []
    group.id.links.iterate(lambda name: names.append(name.decode()), idx_type=h5py.h5.INDEX_CRT_ORDER)
    return names


def compare_hdf5(left, right, name):
    count, differences = Count(files=1), []
    with h5py.File(left, "r", locking=False) as a, h5py.File(right, "r", locking=False) as b:
        order = creation_order(a)
        if order != creation_order(b):
            differences.append(Difference(name, f"{name} has other datasets: {sequence_sentence(order, creation_order(b))}"))
        differences += compare_attributes(a, b, name)
        for dataset in order:
            if dataset not in b or dataset in PROVENANCE["datasets"]:
                continue
            count.datasets += 1
            count.bytes += a[dataset].nbytes
            differences += compare_attributes(a[dataset], b[dataset], f"{name}/{dataset}")
            differences += compare_datasets(a[dataset], b[dataset], f"{name}/{dataset}")
    return count, differences


def attribute_text(holder, name):
    """An attribute in words that are equal where type, shape and bits are; references by the name of what they name."""
    def in_words(value):
        if isinstance(value, h5py.Reference):
            return holder.file[value].name
        if isinstance(value, numpy.void):
            return [in_words(field) for field in value]
        if isinstance(value, numpy.ndarray) and value.dtype.kind in "OV":
            return [in_words(element) for element in value]
        return value if isinstance(value, (str, bytes)) else (value, value.dtype.str, value.tobytes().hex())
    value = holder.attrs[name]
    return in_words(value) if isinstance(value, str) else str(in_words(value))


def compare_attributes(a, b, name):
    names = [list(set(x.attrs) - PROVENANCE["attributes"]) for x in (a, b)]
    differences = []
    if set(names[0]) != set(names[1]):
        differences.append(Difference(f"{name}@", f"{name} has other attributes: {sequence_sentence(*map(sorted, names))}"))
    for attribute in sorted(set(names[0]) & set(names[1])):
        old, new = attribute_text(a, attribute), attribute_text(b, attribute)
        if old != new:
            told = line_sentence(old, new) if "\n" in old + new else f"OLD {shown(old)}, NEW {shown(new)}."
            differences.append(Difference(f"{name}@{attribute}", f"{name}, attribute {attribute}: {told}"))
    return differences


def compare_datasets(a, b, name):
    shapes = [(x.dtype.str, h5py.check_string_dtype(x.dtype), x.shape) for x in (a, b)]
    if shapes[0] != shapes[1]:
        return [Difference(name, f"{name}: OLD is {shapes[0]}, NEW {shapes[1]}.")]
    x, y = a[...], b[...]
    if x.dtype.hasobject:
        places = numpy.argwhere(x != y)
    else:
        size = x.dtype.itemsize
        bits = [numpy.frombuffer(z.tobytes(), numpy.uint8).reshape(*z.shape, size) for z in (x, y)]
        places = numpy.argwhere((bits[0] != bits[1]).any(axis=-1))
    if len(places) == 0:
        return []
    told = "; ".join(f"at {place_words(a, place)} OLD {number(x[tuple(place)])}, NEW {number(y[tuple(place)])}"
                     for place in places[:SHOWN])
    return [Difference(name, f"{name}: {len(places)} of {x.size} values differ: {told}{' …' if len(places) > SHOWN else ''}.")]


def place_words(dataset, place):
    """"width 64.0, depth 3", of a place in a dataset with dimension scales; axes of one value are left out."""
    words = []
    for axis, index in enumerate(place):
        scales = dataset.dims[axis]
        if len(scales) == 0:
            words.append(f"[{index}]")
        elif len(scales[0]) > 1:
            value = scales[0][index]
            words.append(f"{scales[0].name.strip('/')} {value.decode() if isinstance(value, bytes) else value}")
    return ", ".join(words) or "its only place"


def number(value):
    """A number, with its bits where they are those of a NaN."""
    if isinstance(value, bytes):
        return value.decode()
    return f"{value!r} ({value.tobytes()[::-1].hex()})" if value != value else repr(value)
