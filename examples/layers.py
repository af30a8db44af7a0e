#!/usr/bin/env python3
"""Prints profiles of an analysis layer by layer.

    python3 examples/layers.py DIR/analysis.h5 [AXIS=VALUE ...] [LAYER,LAYER,... ] VARIABLE ...

Only the point with these values on its axes is printed: an axis of one value needs none, and the deepest networks are taken
where no depth is named. VARIABLE may be followed by :root for exp(x/2) of the logarithm x of a square, by :exp for exp(x).
"""

import math
import sys

import h5py

TURNED = {"": lambda x: x, "root": lambda x: math.exp(x / 2), "exp": math.exp}


def place(file, axis, wanted):
    values = [value.decode() if isinstance(value, bytes) else value for value in file[axis][:]]
    if axis not in wanted:
        if len(values) > 1 and axis != "depth":
            raise SystemExit(f"layers.py: which {axis}? {', '.join(map(str, values))}")
        return len(values) - 1
    for i, value in enumerate(values):
        if str(value) == wanted[axis] or (not isinstance(value, str) and math.isclose(value, float(wanted[axis]))):
            return i
    raise SystemExit(f"layers.py: there is no {axis} {wanted[axis]}, only {', '.join(map(str, values))}.")


def main():
    if len(sys.argv) < 3:
        raise SystemExit(__doc__)
    path, *words = sys.argv[1:]
    wanted = dict(word.split("=", 1) for word in words if "=" in word)
    layers = {int(layer) for word in words if word[0].isdigit() for layer in word.split(",")}
    names = [word for word in words if "=" not in word and not word[0].isdigit()]
    with h5py.File(path, "r") as file:
        depth = [scale for scale in ("activation", "weights", "weight_variance", "bias_variance", "width", "depth")]
        point = tuple(place(file, axis, wanted) for axis in depth)
        rows = [["layer", *names]]
        for i, layer in enumerate(file["layer"][:]):
            if layer > file["depth"][point[-1]] or (layers and layer not in layers):
                continue
            values = [TURNED[turn](float(file[name][point][i])) for name, _, turn in (word.partition(":") for word in names)]
            rows.append([str(layer), *("-" if math.isnan(x) else f"{x:.5g}" for x in values)])
    widths = [max(len(row[c]) for row in rows) for c in range(len(rows[0]))]
    for row in rows:
        print("  ".join(cell.rjust(width) for cell, width in zip(row, widths)))


if __name__ == "__main__":
    main()
