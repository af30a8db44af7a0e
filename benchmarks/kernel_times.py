"""Times of the Google Benchmark kernels: the best of several repetitions."""

import json
import subprocess
from dataclasses import dataclass


@dataclass(frozen=True)
class Kernel:
    """An engine's kernel: engine/conditional/gaussian/tanh/inputs:1/n:1024/L:64."""

    family: str
    engine: str
    weights: str
    activation: str
    inputs: int
    n: int
    depth: int

    @classmethod
    def parse(cls, name):
        family, engine, weights, activation, *sizes = name.split("/")
        return cls(family, engine, weights, activation, *(int(size.split(":")[1]) for size in sizes))


@dataclass(frozen=True)
class Cost:
    """Of one draw or one network, on one core."""

    ns: float
    cycles: float


def best(runs):
    """Cost by kernel name: the smallest of the repetitions."""
    times = {}
    for run in runs:
        if run.get("error_occurred"):
            raise RuntimeError(f"{run['name']}: {run['error_message']}")
        if run["run_type"] != "iteration":
            continue
        ns = 1e9 * run["time"]
        before = times.get(run["run_name"])
        if before is None or ns < before.ns:
            times[run["run_name"]] = Cost(ns, run["cycles"])
    return times


def measure(executable, pattern, repetitions=3, least_seconds=0.1):
    """Runs the kernels whose names match; their costs and what the program says of the machine."""
    command = [str(executable), f"--benchmark_filter={pattern}", f"--benchmark_repetitions={repetitions}",
               f"--benchmark_min_time={least_seconds}", "--benchmark_enable_random_interleaving=true",
               "--benchmark_format=json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr}")
    report = json.loads(done.stdout)
    return best(report["benchmarks"]), report["context"]
