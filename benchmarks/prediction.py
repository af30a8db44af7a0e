#!/usr/bin/python3
"""How well `varprop plan` predicts `varprop sweep`: prediction.py --on-target EXE [--output FILE.json].

For sweeps of every engine, weight distribution and cost of φ, with every instruction set that this machine has: the
predicted makespan over the measured wall time, and the predicted core-seconds over the processor time of the sweep's
process, which counts less what else runs on the machine. Exit 1 if a makespan is off by more than a factor 1.5.
"""

import argparse
import dataclasses
import json
import os
import pathlib
import resource
import statistics
import subprocess
import sys
import tempfile
import time

from markdown import table

TARGET = 1.5
SWEEP = """
[grid]
activation = {activation}
weights = "{weights}"
weight_variance = [1.0, 2.0]
bias_variance = {bias_variance}
width = {width}
depth = {depth}
[simulation]
engine = "{engine}"
replicas = {replicas}
batches = 16
{measure}
"""
PAIR = 'measure = ["forward", "backward", "weight_gradient", "correlation"]'


@dataclasses.dataclass(frozen=True)
class Case:
    """What is swept."""

    name: str
    activation: str
    width: str
    depth: str
    weights: str = "gaussian"
    engine: str = "auto"
    bias_variance: str = "0"
    measure: str = ""

    def text(self, replicas):
        return SWEEP.format(replicas=replicas, **dataclasses.asdict(self))


CASES = [
    Case("radial, relu", '"relu"', "1000000", "64"),
    Case("radial, leaky relu, n = 8", '"leaky_relu(0.1)"', "8", "[4, 16]"),
    Case("conditional, tanh", '"tanh"', "1024", "50"),
    Case("conditional, tanh, biases", '"tanh"', "[64, 256, 1024]", "[16, 64, 256]", bias_variance="[0, 0.05]"),
    Case("conditional, tanh, n = 16", '"tanh"', "16", "[8, 128]"),
    Case("conditional, tanh, n = 65536", '"tanh"', "65536", "16"),
    Case("conditional, relu", '"relu"', "1024", "50", engine="conditional"),
    Case("conditional, gelu, erf, softplus, sin", '["gelu", "erf", "softplus", "sin"]', "512", "64"),
    Case("conditional, 15 activations", '["linear", "leaky_relu", "abs", "tanh", "erf", "sigmoid", "hard_tanh", '
         '"softsign", "arctan", "sin", "elu", "selu", "gelu", "silu", "softplus"]', "256", "64", engine="conditional"),
    Case("conditional, orthogonal", '"tanh"', "1024", "50", weights="orthogonal"),
    Case("conditional, orthogonal, biases", '"tanh"', "1024", "50", weights="orthogonal", bias_variance="0.1"),
    Case("conditional, two inputs", '["tanh", "relu"]', "1024", "50", measure=PAIR),
    Case("conditional, orthogonal, two inputs", '"tanh"', "1024", "50", weights="orthogonal", measure=PAIR),
    Case("dense, gaussian", '"tanh"', "1024", "50", engine="dense"),
    Case("dense, gaussian, n = 64", '"tanh"', "64", "32", engine="dense"),
    Case("dense, truncated normal", '"tanh"', "1024", "50", weights="truncated_normal"),
    Case("dense, uniform", '"tanh"', "1024", "50", weights="uniform"),
    Case("dense, uniform, L = 4", '"tanh"', "1024", "4", weights="uniform"),
    Case("dense, rademacher", '"tanh"', "1024", "50", weights="rademacher"),
    Case("dense, orthogonal", '"tanh"', "128", "16", weights="orthogonal", engine="dense"),
    Case("dense, uniform, two inputs", '"tanh"', "512", "32", weights="uniform", measure=PAIR),
]


class Runs:
    """The program with one instruction set, and a scratch folder."""

    def __init__(self, executable, target, scratch):
        self.command = [str(executable), target]
        self.sweep_file, self.results = pathlib.Path(scratch, "sweep.toml"), pathlib.Path(scratch, "results.h5")

    def plan(self, case, replicas):
        self.sweep_file.write_text(case.text(replicas), encoding="utf-8")
        done = subprocess.run([*self.command, "plan", self.sweep_file, "--json"], check=True, capture_output=True, text=True)
        return json.loads(done.stdout)

    def replicas(self, case, seconds):
        """As many as make the sweep last so long, and one a batch at least."""
        plan = self.plan(case, 1600)
        return 16 * max(1, round(100 * seconds / plan["makespan_seconds"]))

    def sweep(self):
        """Wall and processor seconds of the sweep planned last."""
        before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        subprocess.run([*self.command, "sweep", self.sweep_file, "-o", self.results, "--overwrite", "--progress", "none"],
                       check=True, capture_output=True)
        wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
        return wall, after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def measure(runs, case, seconds):
    """The plan of a case, and what its sweep of about so many seconds took."""
    plan = runs.plan(case, runs.replicas(case, seconds))
    wall, processor = runs.sweep()
    print(f"{case.name}, {plan['instruction_set']}: {plan['makespan_seconds']:.3g} s predicted, {wall:.3g} s measured",
          file=sys.stderr)
    return {"case": case.name, "instruction_set": plan["instruction_set"], "model": plan["model_core_seconds"],
            "factor": plan["factor"], "makespan": plan["makespan_seconds"], "wall": wall,
            "ratio": plan["makespan_seconds"] / wall, "processor_ratio": plan["core_seconds"] / processor}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--on-target", required=True, type=pathlib.Path)
    parser.add_argument("--only", default="", help="cases with this in their names")
    parser.add_argument("--seconds", type=float, default=3.0, help="wanted of a sweep")
    parser.add_argument("--output")
    arguments = parser.parse_args()
    targets = subprocess.run([arguments.on_target], check=True, capture_output=True, text=True).stdout.split()
    with tempfile.TemporaryDirectory(prefix="varprop-benchmark-") as scratch:
        os.environ["TMPDIR"] = scratch
        measured = [measure(Runs(arguments.on_target.resolve(), target, scratch), case, arguments.seconds)
                    for target in targets for case in CASES if arguments.only in case.name]
    good = [1 / TARGET <= one["ratio"] <= TARGET for one in measured]
    table(["sweep", "instruction set", "model, s", "× factor", "makespan, s", "measured, s", "predicted / measured",
           "the same of processor time", f"within {TARGET}"],
          [[*list(one.values()), "met" if met else "missed"] for one, met in zip(measured, good)])
    ratios = [one["ratio"] for one in measured]
    print(f"Predicted over measured: {min(ratios):.2f} to {max(ratios):.2f}, median {statistics.median(ratios):.2f}.\n")
    if arguments.output:
        pathlib.Path(arguments.output).write_text(json.dumps(measured, indent=1), encoding="utf-8")
    return not all(good)


if __name__ == "__main__":
    raise SystemExit(main())
