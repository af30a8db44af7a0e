"""Timed runs of the built program, `varprop sweep`, as a user starts it: process, files and all."""

import os
import pathlib
import subprocess
import tempfile
import time
from dataclasses import dataclass

import h5py

BATCHES = 16
LEAST_SECONDS = 3.0  # a run is long enough for starting and ending to vanish in it; nothing is subtracted


@dataclass(frozen=True)
class Method:
    """How varprop simulates a network."""

    engine: str
    weights: str = "gaussian"

    def __str__(self):
        return self.engine if self.weights == "gaussian" else f"{self.engine}, {self.weights}"


SWEEP = """
[grid]
activation = ["{network.activation}"]
weights = ["{method.weights}"]
weight_variance = {network.weight_variance}
width = {network.n}
depth = {network.depth}
[simulation]
engine = "{method.engine}"
replicas = {replicas}
batches = {batches}
measure = ["forward", "backward", "weight_gradient", "ntk"]
"""


class Varprop:
    """A built varprop and a scratch folder for its files."""

    def __init__(self, executable):
        self.executable = str(executable)
        self.scratch = tempfile.TemporaryDirectory(prefix="varprop-benchmark-")
        self.results = pathlib.Path(self.scratch.name, "results.h5")
        self.calibrated = {}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.scratch.cleanup()

    def sweep(self, network, method, replicas, threads):
        """Runs one point; the finished process."""
        sweep = pathlib.Path(self.scratch.name, "sweep.toml")
        sweep.write_text(SWEEP.format(network=network, method=method, replicas=replicas, batches=BATCHES),
                         encoding="utf-8")
        command = [self.executable, "sweep", sweep, "-o", self.results, "--overwrite", "--progress", "none"]
        return subprocess.run([*command, "--threads", str(threads)], capture_output=True, text=True, check=False,
                              env=dict(os.environ, TMPDIR=self.scratch.name))

    def knows(self, method, activation_network):
        """Whether this build has such an engine and such weights, and they go together."""
        done = self.sweep(activation_network, method, BATCHES, threads=1)
        if done.returncode not in (0, 2):
            raise RuntimeError(done.stderr)
        return done.returncode == 0

    def timed_sweep(self, network, method, replicas, threads):
        start = time.perf_counter()
        done = self.sweep(network, method, replicas, threads)
        seconds = time.perf_counter() - start
        if done.returncode != 0:
            raise RuntimeError(f"varprop ended with exit code {done.returncode}: {done.stderr}")
        return seconds

    def seconds_per_replica(self, network, method, threads):
        """Of wall time; the first call finds out how many replicas make the run long enough."""
        key = (network, method, threads)
        replicas = self.calibrated.get(key, BATCHES)
        while True:
            seconds = self.timed_sweep(network, method, replicas, threads)
            if seconds >= LEAST_SECONDS:
                self.calibrated[key] = replicas
                return seconds / replicas
            growth = min(64, max(2, 1.3 * LEAST_SECONDS / seconds))
            replicas = BATCHES * int(growth * replicas / BATCHES)

    def replicas(self, network, method, count):
        """ln q_L, ln g_1 and ln Θ_W of `count` networks."""
        self.timed_sweep(network, method, count, threads=os.cpu_count())
        with h5py.File(self.results, "r") as file:
            return tuple(file[name][...].reshape(-1) for name in ("forward_last", "backward_first", "ntk_weight"))
