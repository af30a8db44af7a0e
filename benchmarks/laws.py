#!/usr/bin/env python3
"""The laws that varprop finds in sweeps of its own, beside theory: the table of docs/estimators.md.

    benchmarks/laws.py --varprop build/release/driver/varprop [--more 8]

Sweeps of tests/fixtures/law_sweeps.py with `--more` times as many networks.
"""

import argparse
import csv
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "tests/fixtures"))
from law_sweeps import SWEEPS, sweep_text  # noqa: E402

# What the table shows: sweep, and the rows of its laws.csv.
SHOWN = [
    ("straight", {"law": "critical_weight_variance"}),
    ("tanh", {"law": "critical_weight_variance"}),
    ("erf", {"law": "critical_weight_variance"}),
    ("orthogonal", {"law": "critical_weight_variance"}),
    ("straight", {"law": "correlation_length", "width": "512"}),
    ("straight", {"law": "drift", "weight_variance": "2"}),
    ("fluctuation", {"law": "fluctuation", "weight_variance": "2"}),
    ("slopes", {"law": "forward_depth"}),
    ("power", {"law": "forward_depth"}),
    ("founding", {"law": "width"}),
]
COORDINATES = ["activation", "weights", "weight_variance", "bias_variance", "width", "depth"]


def laws_of(varprop, name, more, folder):
    sweep, results = folder / f"{name}.toml", folder / f"{name}.h5"
    sweep.write_text(sweep_text(name, SWEEPS[name][1] * more), encoding="utf-8")
    for command in (["sweep", sweep, "-o", results, "--progress", "none"], ["analyze", results, "-o", folder / name]):
        subprocess.run([varprop, *map(str, command)], check=True, stdout=subprocess.DEVNULL)
    results.unlink()
    with open(folder / name / "laws.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def short(number):
    return f"{float(number):.5g}" if number else "–"


def row_of(law):
    subject = ", ".join(law[axis] for axis in COORDINATES if law[axis])
    interval = f"{short(law['low'])} … {short(law['high'])}" if law["low"] else "–"
    z = f"{float(law['z']):.2f}" if law["z"] else "–"
    return (f"| {law['law']} {law['parameter']} | {subject} | {short(law['estimate'])} | {interval} | {short(law['theory'])} "
            f"| {z} | {law['verdict']} |")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--varprop", required=True)
    parser.add_argument("--more", type=int, default=8)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="varprop-laws-") as name:
        folder = pathlib.Path(name)
        laws = {sweep: laws_of(options.varprop, sweep, options.more, folder) for sweep in dict.fromkeys(s for s, _ in SHOWN)}
    print("| law | of | estimate | 95 % | theory | z | verdict |\n|---|---|---|---|---|---|---|")
    for sweep, wanted in SHOWN:
        for law in laws[sweep]:
            if all(law[key] == word for key, word in wanted.items()):
                print(row_of(law))


if __name__ == "__main__":
    main()
