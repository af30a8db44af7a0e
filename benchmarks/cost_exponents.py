#!/usr/bin/python3
"""How cost grows with width n and depth L, engine by engine: cost_exponents.py --kernels EXE [--output FILE.json].

Log–log slopes by least squares over the window where the fixed cost is below 5 %. Exit 1 if a slope is out of
tolerance.
"""

import argparse
import dataclasses
import json
import sys
from collections import defaultdict

import kernel_times
from engine_costs import DEPTH_EXPONENT, DEPTH_TOLERANCE, ENGINE_COSTS
from markdown import table
from power_law import fit


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kernels", required=True)
    parser.add_argument("--repetitions", type=int, default=7)
    parser.add_argument("--output")
    return parser.parse_args()


def curves(costs):
    """(axis, engine, activation) → sizes and ns a network."""
    points = defaultdict(list)
    for name, cost in costs.items():
        kernel = kernel_times.Kernel.parse(name)
        axis = kernel.family.removeprefix("cost_")
        points[axis, kernel.engine, kernel.activation].append((kernel.n if axis == "n" else kernel.depth, cost.ns))
    return {key: tuple(zip(*sorted(curve))) for key, curve in points.items()}


def target(axis, engine):
    """The exponent that is expected, and the tolerance."""
    if axis == "L":
        return DEPTH_EXPONENT, DEPTH_TOLERANCE
    return ENGINE_COSTS[engine].exponent, ENGINE_COSTS[engine].tolerance


def row(key, curve):
    """A row of the table, and whether the exponent is as it should be."""
    axis, engine, activation = key
    exponent, tolerance = target(axis, engine)
    law = fit(*curve, exponent)
    wanted = f"{exponent} ± {tolerance}"
    if law is None:
        return [engine, activation, axis, "no window", "", "", wanted, "missed"], False
    met = abs(law.exponent - exponent) <= tolerance
    measured = f"{law.exponent:.3f} ± {law.error:.3f}"
    window = f"{law.window[0]:.0f} to {law.window[1]:.0f}"
    return [engine, activation, axis, window, law.fixed, measured, wanted, "met" if met else "missed"], met


def main():
    arguments = parse_arguments()
    costs, _ = kernel_times.measure(arguments.kernels, "^cost_", arguments.repetitions, least_seconds=0.05)
    all_curves = curves(costs)
    rows, met = zip(*(row(key, curve) for key, curve in all_curves.items()))
    table(["engine", "activation", "in", "window", "fixed ns", "exponent", "target", ""], rows)
    if arguments.output:
        with open(arguments.output, "w", encoding="utf-8") as file:
            json.dump({"costs": {name: dataclasses.asdict(cost) for name, cost in costs.items()}}, file, indent=1)
    sys.exit(0 if all(met) else 1)


if __name__ == "__main__":
    main()
