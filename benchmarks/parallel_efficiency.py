#!/usr/bin/python3
"""How much of two cores a sweep turns into results: its time on one core over twice that on two ranks, or on two threads.

The grid's units cost from microseconds to a second. Whole programs, from start to exit, in turns; best of each.
"""

import argparse
import os
import pathlib
import subprocess
import tempfile
import time

import h5py
import numpy

from markdown import number, table

SWEEP = """
[grid]
activation = ["relu", "tanh"]
weight_variance = { from = 1.0, to = 3.0, count = 3 }
width = [4, 64, 1024, 16384, 65536]
depth = [2, 32, 512, 4096]
[simulation]
replicas = 16
batches = 16
[output]
layers = 64
"""
TARGET = 0.95


class Runs:
    """Timed runs of one sweep in a scratch folder."""

    def __init__(self, varprop, scratch):
        self.varprop, self.results = str(varprop), pathlib.Path(scratch, "results.h5")
        self.sweep = pathlib.Path(scratch, "sweep.toml")
        self.sweep.write_text(SWEEP, encoding="utf-8")

    def seconds(self, ranks, threads):
        launcher = ["mpirun", "-n", str(ranks), "--bind-to", "none"] if ranks > 1 else []
        command = [self.varprop, "sweep", self.sweep, "-o", self.results, "--overwrite", "--progress", "none"]
        start = time.perf_counter()
        subprocess.run([*launcher, *command, "--threads", str(threads)], check=True, capture_output=True,
                       env=dict(os.environ, OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1"))
        return time.perf_counter() - start

    def cost_span(self):
        """The dearest unit of the last run over its cheapest point's mean."""
        with h5py.File(self.results, "r") as file:
            seconds = file["wall_seconds"][...]
        return numpy.max(seconds) / numpy.min(numpy.mean(seconds, axis=-1))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--varprop", required=True, type=pathlib.Path)
    parser.add_argument("--repetitions", type=int, default=2)
    options = parser.parse_args()
    ways = {"one core": (1, 1), "2 threads": (1, 2), "2 ranks": (2, 1)}
    with tempfile.TemporaryDirectory(prefix="varprop-benchmark-") as scratch:
        runs = Runs(options.varprop.resolve(), scratch)
        best = dict.fromkeys(ways, numpy.inf)
        for _ in range(options.repetitions):
            for way, (ranks, threads) in ways.items():
                best[way] = min(best[way], runs.seconds(ranks, threads))
        span = runs.cost_span()
    efficiency = {way: best["one core"] / seconds / (ranks * threads)
                  for (way, seconds), (ranks, threads) in zip(best.items(), ways.values())}
    table(["", "seconds", "efficiency", "target"],
          [[way, best[way], efficiency[way], "" if way == "one core" else f"≥ {TARGET}"] for way in ways])
    print(f"The dearest unit costs {number(span)} times the cheapest.\n")
    return min(efficiency.values()) < TARGET


if __name__ == "__main__":
    raise SystemExit(main())
