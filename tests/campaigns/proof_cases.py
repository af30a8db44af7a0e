"""What `prove` runs: small sweeps of everything that varprop simulates, come about in every way, analyzed; theory and explain.

A case is made twice, each time in a folder of its own: for OLD by OLD, for NEW by NEW. Files of the same name must be equal.
Where the way matters, OLD computes undisturbed what NEW computes in that way. Nothing depends on the clock.
"""

import contextlib
import dataclasses
import itertools
import os
import pathlib
import shutil
import signal
import subprocess
import time
from collections.abc import Callable

import h5py

SWEEPS = pathlib.Path(__file__).resolve().parent / "prove_sweeps"
ASIDE = "aside"  # what a case needs on its way and nobody compares
PATIENCE = 600 * float(os.environ.get("VARPROP_PATIENCE", "1"))  # seconds after which a program counts as hanging

ACTIVATIONS = ("linear", "relu", "leaky_relu", "leaky_relu(0.2)", "abs", "tanh", "erf", "sigmoid", "hard_tanh", "softsign",
               "arctan", "sin", "elu", "elu(0.5)", "selu", "gelu", "silu", "softplus")
NEWER_ACTIVATIONS = ("mish", "gelu_tanh", "quick_gelu", "hardswish", "hardsigmoid", "relu6", "relu2", "celu", "celu(0.3)", "softshrink",
                     "sin(30)")  # unknown to programs before 2026-12
INPUTS = ("sphere", "gaussian", "uniform", "rademacher", "positive")
MEASURES = ('["forward"]', '["backward"]', '["weight_gradient"]', '["forward", "weight_gradient"]', '["correlation"]')


class Failed(Exception):
    """A program did not do what it was asked for."""


@dataclasses.dataclass
class Side:
    """One program's turn at a case."""

    program: str          # OLD or NEW
    earlier: str          # OLD, which made what was there before
    is_new: bool          # whether it is NEW's turn
    folder: pathlib.Path  # where its files go, and where it runs

    def start(self, words, program=None, ranks=0):
        launcher = ["mpirun", "--oversubscribe", "-n", str(ranks)] if ranks else []
        environment = dict(os.environ, TMPDIR=str(self.folder / ASIDE), OMPI_MCA_btl_vader_backing_directory=str(self.folder / ASIDE),
                           OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1")
        return subprocess.Popen([*launcher, program or self.program, *map(str, words)], cwd=self.folder, env=environment,
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def run(self, *words, code=0, program=None, ranks=0, output=None):
        """Runs varprop to its end, which must be `code`; what it prints goes to the file `output`, if any."""
        with self.start(words, program, ranks) as process:
            try:
                out, err = process.communicate(timeout=PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                raise Failed(f"`varprop {' '.join(map(str, words))}` did not end.") from None
        if process.returncode != code:
            last = err.decode(errors="replace").strip().splitlines()[-1:]
            raise Failed(f"`varprop {' '.join(map(str, words))}` ended with {process.returncode} instead of {code}: {''.join(last)}")
        if output:
            (self.folder / output).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / output).write_bytes(out)

    def sweep(self, results, *words, **how):
        self.run("sweep", "sweep.toml", "-o", results, "--threads", 1, *words, **how)

    def states(self, results):
        """How many units are pending, done and failed; none while there is no file."""
        with contextlib.suppress(OSError), h5py.File(self.folder / results, "r", locking=False) as file:
            state = file["state"][...]
            return [int((state == s).sum()) for s in range(3)]
        return [0, 0, 0]

    def interrupt(self, results, sign, program=None):
        """A run that hangs at a unit in its middle, and gets the signal when what is before it is committed."""
        words = ("sweep", "sweep.toml", "-o", results, "--threads", 1, "--grace", "1s", "--fault", "hang@100")
        with self.start(words, program) as process:
            end = time.monotonic() + PATIENCE
            while self.states(results)[1] == 0 and process.poll() is None and time.monotonic() < end:
                time.sleep(0.02)
            process.send_signal(sign)
            _, err = process.communicate(timeout=PATIENCE)
        pending, done, _ = self.states(results)
        if pending == 0 or done == 0 or (sign == signal.SIGUSR1 and process.returncode != 75):
            raise Failed(f"a run with {sign.name} in its middle ended with {process.returncode}, {done} units done, {pending} pending: "
                         f"{err.decode(errors='replace').strip()}")


@dataclasses.dataclass
class Case:
    name: str
    recipe: Callable[[Side], None]
    sweep: str = ""  # of prove_sweeps

    def make(self, side):
        (side.folder / ASIDE).mkdir(parents=True)
        if self.sweep:
            shutil.copy(SWEEPS / f"{self.sweep}.toml", side.folder / "sweep.toml")
        self.recipe(side)


def analyze(side, results="results.h5", folder="analysis", *words):
    side.run("analyze", results, "-o", folder, *words, output=f"{folder}/summary.txt")


# Recipes


def plain(*words, analyzed=True):
    def recipe(side):
        side.sweep("results.h5", *words)
        if analyzed:
            analyze(side)
    return recipe


def otherwise_analyzed(side):
    side.sweep("results.h5")
    analyze(side, "results.h5", "analysis", "--factor", 3, "--trainable-depth-factor", 4, "--loss-scale", 65536,
            "--output-gradient-norm", 0.25)


def shards(side):
    """Three parts and what analyze makes of one; merged by NEW with a part that OLD made, they are OLD's whole."""
    parts = [f"part-{number}.h5" for number in (1, 2, 3)]
    for number, part in enumerate(parts, 1):
        side.sweep(part, "--shard", f"{number}/3")
    analyze(side, parts[0])
    if not side.is_new:
        side.sweep("results.h5")
        side.sweep("again.h5")
    else:
        side.sweep(f"{ASIDE}/earlier.h5", "--shard", "2/3", program=side.earlier)
        side.run("merge", "results.h5", parts[2], parts[0], parts[1])
        side.run("merge", "again.h5", parts[0], f"{ASIDE}/earlier.h5", parts[2])


def resumed(sign, begun_by_old):
    def recipe(side):
        if side.is_new:
            side.interrupt("results.h5", sign, program=side.earlier if begun_by_old else side.program)
        side.sweep("results.h5")
    return recipe


def grown(from_old):
    """More values on an axis, more batches and fewer measures than in an earlier file, which is reused."""
    def recipe(side):
        if not side.is_new:
            side.sweep("results.h5")
            return
        side.sweep(f"{ASIDE}/few.h5", "--set", "grid.width=[37]", "--set", "simulation.replicas=12", "--set", "simulation.batches=2",
                   program=side.earlier if from_old else side.program)
        side.sweep("results.h5", "--reuse", f"{ASIDE}/few.h5")
    return recipe


def two_ranks(side):
    side.sweep("results.h5", ranks=2 if side.is_new else 0)


def failed_units(side):
    side.sweep("results.h5", "--fault", "throw@70", code=3)
    analyze(side)


def old_file(side):
    """NEW verifies, finds complete, and analyzes what OLD computed."""
    side.sweep("results.h5", program=side.earlier)
    before = (side.folder / "results.h5").read_bytes()
    side.run("verify", "results.h5", "--sample", "100%")
    side.sweep("results.h5", "--resume")
    if (side.folder / "results.h5").read_bytes() != before:
        raise Failed("a results file of OLD changed where nothing was to be done.")
    analyze(side)


# Questions without a sweep

FEW = ("linear", "relu", "tanh", "sin", "gelu", "softplus")
THEORY = [
    *[(a, 1, 0, "--width", 33, "--depth", 20) for a in (*ACTIVATIONS, *NEWER_ACTIVATIONS)],
    *[(a, 2, 0.05, "--width", 7, "--depth", 9, "--input-correlation", 0.3) for a in (*ACTIVATIONS, *NEWER_ACTIVATIONS)],
    *[(a, 1.7, 0, "--weights", w, "--width", 8) for a in ("relu", "tanh")
      for w in ("orthogonal", "uniform", "truncated_normal", "rademacher")],
    *[(a, 1e300, 0, "--width", 2, "--depth", 5) for a in FEW],
    *[("tanh", 1.760955, 0.05, "--depth", 300, "--input-correlation", c) for c in (-1, 0, 0.999999999999, 1)],
    ("relu", "he", 0), ("relu", "torch", "torch", "--width", 100), ("relu", 2, 0, "--width", 1, "--depth", 1),
    ("tanh", 1e-300, 0), ("tanh", 1, 0, "--width", 1099511627776, "--depth", 5000),
]
CURVES = [
    *[(a,) for a in FEW], ("tanh", "--range", "0:0.3:7", "--width", 16), ("gelu", "--weights", "orthogonal", "--width", 8),
    ("selu", "--weights", "rademacher", "--range", "0:1e10:3"),
]
EXPLAIN = [(), ("--seed", 2), ("--width", 8), ("--width", 33, "--seed", 18446744073709551615)]


def file_name(words):
    return " ".join(map(str, words)).replace("/", "_") + ".json"


def theory(activations):
    def recipe(side):
        for query in THEORY:
            if query[0] in activations:
                activation, weight_variance, bias_variance, *words = query
                side.run("theory", "--activation", activation, "--weight-variance", weight_variance, "--bias-variance", bias_variance,
                         "--json", *words, output=file_name(query))
    return recipe


def curves(side):
    for activation, *words in CURVES:
        side.run("theory", "--activation", activation, "--curve", "--json", *words, output=file_name((activation, *words)))


def explain(*words):
    return lambda side: side.run("explain", "--json", *words, output=file_name(("explain", *words)))


# The table


def setting(key, value):
    return "--set", f"{key}={value}"


CASES = [
    Case("laws", plain(), "laws"),
    Case("laws-scaled", otherwise_analyzed, "laws"),
    Case("activations", plain(analyzed=False), "activations"),
    Case("newer-activations", plain(), "newer_activations"),
    Case("activations-dense", plain("--engine", "dense", analyzed=False), "activations"),
    Case("activations-analyzed", plain(*setting("grid.weight_variance", "[2.0]"), *setting("grid.bias_variance", "[0.05]")),
         "activations"),
    *[Case(f"engine-{engine}", plain("--engine", engine), "engines") for engine in ("radial", "conditional", "dense")],
    Case("engine-radial-huge", plain("--engine", "radial", *setting("grid.width", "[100000,1000000000]")), "engines"),
    Case("weights", plain(), "weights"),
    Case("weights-dense", plain("--engine", "dense", analyzed=False), "weights"),
    *[Case(f"input-{word}", plain(*setting("simulation.input", f'"{word}"'), analyzed=word == "positive"), "inputs")
      for word in INPUTS],
    *[Case(f"input-{word}-dense", plain("--engine", "dense", *setting("simulation.input", f'"{word}"'), analyzed=False), "inputs")
      for word in INPUTS],
    *[Case(f"measure-{i}", plain(*setting("simulation.measure", words)), "ways") for i, words in enumerate(MEASURES, 1)
      if "correlation" not in words],
    Case("measure-correlation", plain(*setting("simulation.measure", '["correlation"]'), *setting("grid.width", "[4,37]")), "ways"),
    Case("pairs", plain(), "pairs"),
    Case("pairs-dense", plain("--engine", "dense", analyzed=False), "pairs"),
    *[Case(f"pairs-apart-{c}", plain(*setting("simulation.input_correlation", c), analyzed=False), "pairs_apart")
      for c in ("-1.0", "0.0", "0.999999999999", "1.0")],
    Case("pairs-width-1", plain(*setting("simulation.input_correlation", "-1.0"), *setting("grid.width", "[1,2]"), analyzed=False),
         "pairs_apart"),
    Case("scaling-none", plain(), "scaling"),
    Case("layers-few", plain(), "layers"),
    Case("layers-all", plain(*setting("output.layers", '"all"')), "layers"),
    Case("extinct", plain(), "extinct"),
    Case("far", plain(analyzed=False), "far"),
    Case("far-analyzed", plain(*setting("grid.activation", '["linear", "relu"]')), "far"),
    Case("wide", plain(analyzed=False), "wide"),
    Case("lone", plain(), "lone"),
    Case("measures", plain(), "measures"),
    Case("measures-of-pairs", plain(), "measures_of_pairs"),
    Case("small", plain(), "small"),
    Case("shards", shards, "ways"),
    *[Case(f"{name}{'-begun-by-old' if by_old else ''}", resumed(sign, by_old), "ways")
      for (name, sign), by_old in itertools.product((("killed", signal.SIGKILL), ("stopped", signal.SIGUSR1)), (False, True))],
    Case("grown", grown(from_old=False), "ways"),
    Case("grown-from-old", grown(from_old=True), "ways"),
    Case("two-ranks", two_ranks, "ways"),
    Case("failed-units", failed_units, "ways"),
    Case("old-file", old_file, "ways"),
    Case("theory-a", theory(ACTIVATIONS[:9]), ""),
    Case("theory-b", theory(ACTIVATIONS[9:]), ""),
    Case("theory-c", theory(NEWER_ACTIVATIONS), ""),
    Case("theory-curves", curves, ""),
    *[Case(" ".join(map(str, ("explain", *words))).replace(" --", "-").replace(" ", "-"), explain(*words), "") for words in EXPLAIN],
]
