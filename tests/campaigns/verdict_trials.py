"""One point of the campaign on verdicts: drawn, predicted, simulated, compared.

A simulation is clear where its regime does not hang on chance: with [low, high] the 95 % interval of a total Λ, widened on each
side by half its length once more, no end of the signal's or the gradient's interval reaches across ±ln F; no share of networks
within F is nearer to 0.9, and no share of extinct ones nearer to 0.1, than 1.96 standard errors of such a share.
"""

import collections
import csv
import json
import math
import pathlib
import random
import subprocess
import tempfile

ACTIVATIONS = ("linear", "relu", "leaky_relu(0.2)", "abs", "tanh", "erf", "sigmoid", "hard_tanh", "softsign", "arctan", "sin",
               "elu", "selu", "gelu", "silu", "softplus")
WEIGHTS = ("gaussian", "orthogonal", "uniform", "truncated_normal", "rademacher")
BIAS_VARIANCES = (0, 0.1)
LOG_FACTOR = math.log(100)
BATCHES = 16
MOST_REPLICAS, LEAST_REPLICAS = 512, 64
DENSE_SECONDS = 20  # of one point that draws every weight, as long as LEAST_REPLICAS do not take longer

Trial = collections.namedtuple(
    "Trial", "number point predicted simulated clear totals_of numbers advised advice_regime advice_holds")


def outcome(trial):
    """agrees, undecided (theory's estimate is not sharp enough, and it says so), differs."""
    return {trial.simulated: "agrees", "undecided": "undecided"}.get(trial.predicted, "differs")


def draw(seed, number):
    """A point; the same for a number and a seed."""
    chance = random.Random(f"verdicts {seed} {number}")
    return {"activation": chance.choice(ACTIVATIONS), "weights": chance.choice(WEIGHTS),
            "weight_variance": round(chance.uniform(0.3, 4), 4), "bias_variance": chance.choice(BIAS_VARIANCES),
            "width": round(math.exp(chance.uniform(math.log(16), math.log(1024)))),
            "depth": round(math.exp(chance.uniform(math.log(2), math.log(200))))}


def replicas_of(point, dense_seconds):
    """A multiple of BATCHES."""
    if point["weights"] in ("gaussian", "orthogonal"):
        return MOST_REPLICAS
    seconds = 1e-8 * point["width"] ** 2 * point["depth"]  # of one network, on one core
    return max(LEAST_REPLICAS, min(MOST_REPLICAS, int(dense_seconds / seconds) // BATCHES * BATCHES))


def run(program, *words):
    done = subprocess.run([program, *map(str, words)], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(map(str, words))}: {done.stderr}")
    return done.stdout


def predict(program, point):
    options = (word for key, value in point.items() for word in ("--" + key.replace("_", "-"), value))
    return json.loads(run(program, "theory", "--json", *options))


def simulate(program, point, folder, seed, dense_seconds):
    """The point's row of points.csv."""
    folder.mkdir(parents=True, exist_ok=True)
    values = (f"{key} = {json.dumps(value)}" for key, value in point.items())
    replicas = replicas_of(point, dense_seconds)
    sweep = folder / "sweep.toml"
    sweep.write_text("[grid]\n" + "\n".join(values) + f"\n[simulation]\nreplicas = {replicas}\nbatches = {BATCHES}\n"
                     f"seed = {seed}\n[output]\nlayers = 2\n", encoding="utf-8")
    run(program, "sweep", sweep, "-o", folder / "results.h5", "--threads", 1, "--progress", "none")
    run(program, "analyze", folder / "results.h5", "-o", folder / "tables")
    with open(folder / "tables" / "points.csv", encoding="utf-8", newline="") as file:
        row, = csv.DictReader(line for line in file if not line.startswith("#"))
    return row | {"networks": replicas}


def is_clear(row):
    error = {share: 1.96 * math.sqrt(share * (1 - share) / row["networks"]) for share in (0.1, 0.9)}
    if row["regime"] in ("", "undecided"):
        return False
    for direction in ("forward", "backward"):
        extinct, within = (float(row[f"{direction}_{share}"]) for share in ("extinct_share", "share_in_range"))
        if abs(extinct - 0.1) < error[0.1]:
            return False
        if extinct > 0.1:
            continue
        low, high = float(row[f"{direction}_total_low"]), float(row[f"{direction}_total_high"])
        half = (high - low) / 2
        if any(low - half <= border <= high + half for border in (-LOG_FACTOR, LOG_FACTOR)):
            return False
        if max(abs(low), abs(high)) < LOG_FACTOR and abs(within - 0.9) < error[0.9]:
            return False
    return True


def advice(program, point, theory, row, folder, *how):
    """What is advised, and what a simulation there says; nothing where the point is stable already, or none is advised."""
    advised = theory["nearest_stable_weight_variance"]
    if advised is None or theory["regime"] == "stable" or theory["regime"] != row["regime"]:
        return None, None, None
    there = simulate(program, point | {"weight_variance": advised}, folder / "advised", *how)
    return advised, there["regime"], there["regime"] == "stable"


def make(program, seed, number, keep=None, dense_seconds=DENSE_SECONDS):
    """The trial of one number. Throws RuntimeError where a command fails."""
    point = draw(seed, number)
    with tempfile.TemporaryDirectory(prefix="varprop-verdicts-") as scratch:
        folder, how = pathlib.Path(keep or scratch, str(number)), (number + 1, dense_seconds)
        theory, row = predict(program, point), simulate(program, point, folder, *how)
        told = ", ".join(f"{d}: {theory[f'{d}_total']:.3f}, measured {float(row[f'{d}_total_low'] or 'nan'):.3f} to "
                         f"{float(row[f'{d}_total_high'] or 'nan'):.3f}, within F {float(row[f'{d}_share_in_range']):.3f}"
                         for d in ("forward", "backward"))
        numbers = f"{told}; predicted share {theory['share_in_range']:.3f}"
        return Trial(number, ", ".join(map(str, point.values())), theory["regime"], row["regime"], is_clear(row),
                     theory["totals_of"], numbers, *advice(program, point, theory, row, folder, *how))
