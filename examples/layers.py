#!/usr/bin/env python3
"""Profiles out of the analysis.h5 that `varprop analyze` wrote, or out of a results file: layers.py FILE.h5 [AXIS=VALUE …]
[LAYER,LAYER,…] VARIABLE …

    python3 examples/layers.py gain/analysis.h5 weight_variance=1 1,2,10,50 activations_log_mean:root

Of one point: axes on which several are left must be named, but of several depths the largest is taken. VARIABLE:root is exp(x/2)
of the logarithm x of a square, VARIABLE:exp is exp(x). Needs python3-h5py. Of a results file it is the mean over the done batches.
"""

import itertools
import math
import sys

import h5py

TURNED = {"": float, "root": lambda x: math.exp(x / 2), "exp": math.exp}


def main(path, *words):
    conditions = dict(word.split("=", 1) for word in words if "=" in word)
    layers = [int(layer) for word in words if word[0].isdigit() for layer in word.split(",")]
    wanted = [word for word in words if "=" not in word and not word[0].isdigit()]
    with h5py.File(path, "r") as file:
        point = place(file, conditions)
        columns = [(profile(file, name, point), TURNED[turn]) for name, _, turn in (word.partition(":") for word in wanted)]
        rows = [[str(layer), *(shown(turn(column[i])) for column, turn in columns)]
                for i, layer in enumerate(file["layer"][:]) if layer in layers or not layers]
    widths = [max(len(text) for text in column) for column in zip(["layer", *wanted], *rows)]
    for row in [["layer", *wanted], *rows]:
        print("  ".join(text.rjust(width) for text, width in zip(row, widths)))


def place(file, conditions):
    """Where the one point stands that fits, along the axes or along the list of points."""
    found = [(where, values) for where, values in points(file) if fits(values, conditions)]
    found = [(where, values) for where, values in found if values["depth"] == max(values["depth"] for _, values in found)]
    if len(found) == 1:
        return found[0][0]
    candidates = found or list(points(file))
    open_axes = {axis: list(dict.fromkeys(str(values[axis]) for _, values in candidates)) for axis in candidates[0][1]}
    sys.exit("\n".join(f"{axis} must be one of {', '.join(values)}." for axis, values in open_axes.items()
                       if len(values) > 1 or axis in conditions))


def points(file):
    """(place, {axis: value}) of every point."""
    if "coordinates" in file.attrs:
        axes = file.attrs["coordinates"].split()
        for i, values in enumerate(zip(*(values_of(file, axis) for axis in axes))):
            yield (i,), dict(zip(axes, values))
        return
    sample = file["state" if "state" in file else "regime"]
    axes = [axis for axis in dimensions(sample) if axis != "batch"]
    for places in itertools.product(*(enumerate(values_of(file, axis)) for axis in axes)):
        yield tuple(i for i, _ in places), {axis: value for axis, (_, value) in zip(axes, places)}


def values_of(file, axis):
    return (file[axis].asstr() if h5py.check_string_dtype(file[axis].dtype) else file[axis])[:]


def dimensions(dataset):
    return [scales[0].name.strip("/") for scales in dataset.dims]


def fits(values, conditions):
    if unknown := conditions.keys() - values.keys():
        sys.exit(f"There is no axis {', '.join(sorted(unknown))}.\nThere are {', '.join(values)}.")
    return all(values[axis] == wanted if isinstance(values[axis], str) else math.isclose(values[axis], float(wanted))
               for axis, wanted in conditions.items())


def profile(file, name, point):
    """A number a layer."""
    if "batch" not in dimensions(file[name]):
        return file[name][point]
    return file[name][point][file["state"][point] == 1].mean(axis=0)


def shown(x):
    """Five digits, - where there is none."""
    return "-" if math.isnan(x) else f"{x:.5g}"


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
