#!/usr/bin/python3
"""Prints what random numbers and engines cost: kernel_table.py --kernels EXE [--output FILE.json]."""

import argparse
import dataclasses
import json

import kernel_times
from engine_costs import ENGINE_COSTS, per_unit
from markdown import table


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kernels", required=True)
    parser.add_argument("--repetitions", type=int, default=5)
    parser.add_argument("--output")
    return parser.parse_args()


def print_normals(costs):
    ours = costs["normals/varprop"].ns
    table(["a 64-bit draw", "ns", "cycles", "× ours"],
          [[name.split("/")[1], costs[name].ns, costs[name].cycles, costs[name].ns / ours]
           for name in ("normals/varprop", "normals/varprop_with_AVX2", "normals/bits", "normals/std") if name in costs])


def in_order(kernel):
    return kernel.engine, kernel.inputs, kernel.weights != "gaussian", kernel.weights, kernel.activation


def print_engines(costs):
    two_normals = 2 * costs["normals/varprop"].ns
    rows = []
    kernels = {kernel_times.Kernel.parse(name): cost for name, cost in costs.items() if name.startswith("engine/")}
    for kernel, cost in sorted(kernels.items(), key=lambda item: in_order(item[0])):
        ns, cycles = per_unit(kernel, cost)
        draws = ns / two_normals if (kernel.engine, kernel.inputs) == ("conditional", 1) else None
        rows.append([kernel.engine, kernel.weights, kernel.activation, str(kernel.inputs),
                     f"{kernel.n} × {kernel.depth}", cost.ns / 1e6, ENGINE_COSTS[kernel.engine].unit, ns, cycles, draws])
    table(["engine", "weights", "activation", "inputs", "n × L", "ms a network", "unit", "ns a unit", "cycles a unit",
           "× two normals"], rows)


def main():
    arguments = parse_arguments()
    costs, context = kernel_times.measure(arguments.kernels, "^(normals|engine)/", arguments.repetitions)
    print(f"Cycles are {context['cycles']}, {context['clock_GHz']} GHz; {context['instruction_set']}.\n")
    print_normals(costs)
    print_engines(costs)
    if arguments.output:
        with open(arguments.output, "w", encoding="utf-8") as file:
            json.dump({"context": context, "costs": {name: dataclasses.asdict(cost) for name, cost in costs.items()}},
                      file, indent=1)


if __name__ == "__main__":
    main()
