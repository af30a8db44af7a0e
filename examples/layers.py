#!/usr/bin/env python3
"""Profiles out of the analysis.h5 that `varprop analyze` wrote: layers.py ANALYSIS.h5 [AXIS=VALUE …] [LAYER,LAYER,…] VARIABLE …

    python3 examples/layers.py gain/analysis.h5 weight_variance=1 1,2,10,50 activations_log_mean:root

Of one point: an axis with one value need not be named, and of several depths the largest is taken. VARIABLE:root is exp(x/2) of
the logarithm x of a square, VARIABLE:exp is exp(x).
"""

import math
import sys

import h5py

AXES = ("activation", "weights", "weight_variance", "bias_variance", "width", "depth")
TURNED = {"": float, "root": lambda x: math.exp(x / 2), "exp": math.exp}


def main(path, *words):
    conditions = dict(word.split("=", 1) for word in words if "=" in word)
    layers = [int(layer) for word in words if word[0].isdigit() for layer in word.split(",")]
    wanted = [word for word in words if "=" not in word and not word[0].isdigit()]
    with h5py.File(path, "r") as file:
        point = tuple(place(file, axis, conditions.get(axis)) for axis in AXES)
        columns = [(file[name][point], TURNED[turn]) for name, _, turn in (word.partition(":") for word in wanted)]
        rows = [[str(layer), *(shown(turn(column[i])) for column, turn in columns)]
                for i, layer in enumerate(file["layer"][:]) if layer in layers or not layers]
    widths = [max(len(text) for text in column) for column in zip(["layer", *wanted], *rows)]
    for row in [["layer", *wanted], *rows]:
        print("  ".join(text.rjust(width) for text, width in zip(row, widths)))


def place(file, axis, value):
    """Where the point stands on an axis."""
    values = [str(x) for x in (file[axis].asstr()[:] if axis in AXES[:2] else file[axis][:])]
    if value is None and (len(values) == 1 or axis == "depth"):
        return len(values) - 1
    for i, found in enumerate(values):
        if value is not None and (found == value or (axis not in AXES[:2] and math.isclose(float(found), float(value)))):
            return i
    sys.exit(f"{axis} must be one of {', '.join(values)}.")


def shown(x):
    """Five digits, - where there is none."""
    return "-" if math.isnan(x) else f"{x:.5g}"


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
