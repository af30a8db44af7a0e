#!/usr/bin/python3
"""Do the lines that `varprop init` prints for PyTorch do in PyTorch what it promises?

    benchmarks/initialization.py --varprop build/release/driver/varprop [--networks 16] [--width 512] [--depth 100]

Asks `varprop init --json` for every activation and law of weights, executes every program of its "lines" on a torch.nn model
of that width and depth, and measures the gradient's rate: the change of ln|dl/dz^l|^2 per layer from z^L down to z^1, over
networks with 8 inputs each (|x|^2 = n) and as many output gradients on the unit sphere. A row for every line, and one for
every activation; exit code 1 where the factor per layer, e^rate, is not what was promised to within 1 %. Where nothing is
stable, the biases that `init` names as a remedy are there. In tests and benchmarks/run it has no part.
"""

import argparse
import json
import math
import subprocess
import sys
from dataclasses import dataclass

import torch

import markdown

TOLERANCE = 0.01  # of the factor per layer
INPUTS = 8         # of every network
MODULES = {"linear": torch.nn.Identity(), "relu": torch.nn.ReLU(), "leaky_relu(0.2)": torch.nn.LeakyReLU(0.2),
           "tanh": torch.nn.Tanh(), "sigmoid": torch.nn.Sigmoid(), "hard_tanh": torch.nn.Hardtanh(),
           "softsign": torch.nn.Softsign(), "elu": torch.nn.ELU(), "selu": torch.nn.SELU(), "gelu": torch.nn.GELU(),
           "silu": torch.nn.SiLU()}
LAWS = ("gaussian", "uniform", "truncated_normal", "rademacher", "orthogonal")
SLOW = "orthogonal"  # torch makes such a matrix in a hundred times the time


class Layers(torch.nn.Module):
    """`depth` linear layers with an activation between two of them, which keep their z."""

    def __init__(self, width, depth, activation):
        super().__init__()
        self.linear = torch.nn.ModuleList(torch.nn.Linear(width, width) for _ in range(depth))
        self.activation = activation

    def forward(self, x):
        z = self.linear[0](x)
        first = z
        for linear in self.linear[1:]:
            z = linear(self.activation(z))
        return first, z


@dataclass(frozen=True)
class Promise:
    """What varprop says of a law of weights, and the programs that it prints for it."""

    law: str
    bias_variance: float
    rate: float  # of ln g per layer, going down
    programs: list


@dataclass(frozen=True)
class Row:
    """A line, and the factor that a squared gradient takes per layer: promised, and measured with its standard error."""

    activation: str
    law: str
    line: str
    networks: int
    promised: float
    measured: float
    error: float
    off: float  # measured over promised, less 1

    def cells(self):
        return (self.activation, f"`{self.line}`", str(self.networks), f"{self.promised:.5f}",
                f"{self.measured:.5f} ± {self.error:.5f}", f"{100 * self.off:+.2f} %")


def summary(rows):
    """A row for every activation: how many lines, of which laws, and the one that is farthest off."""
    for activation in dict.fromkeys(row.activation for row in rows):
        own = [row for row in rows if row.activation == activation]
        farthest = max(own, key=lambda row: abs(row.off))
        yield (activation, str(len(own)), str(sum(row.networks for row in own)), *farthest.cells()[3:],
               f"`{farthest.line}`")


def answer(arguments, activation, law, bias_variance):
    done = subprocess.run([arguments.varprop, "init", "--activation", activation, "--width", str(arguments.width), "--depth",
                           str(arguments.depth), "--weights", law, "--bias-variance", str(bias_variance), "--json"],
                          check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def promise(arguments, activation, law):
    """Without biases, or with those that are said to help where nothing is stable; None where nothing holds."""
    told = answer(arguments, activation, law, 0)
    if told["stable_low"] is None and "bias_variance" in told["remedies"]:
        told = answer(arguments, activation, law, told["remedies"]["bias_variance"])
    if told["weight_variance"] is None:
        return None
    return Promise(law, told["bias_variance"], told["backward_rate"], told["lines"]["torch"])


def on_sphere(count, width, radius):
    x = torch.randn(count, width)
    return x * (radius / x.norm(dim=1, keepdim=True))


def rate_of(model, width, depth):
    first, last = model(on_sphere(INPUTS, width, math.sqrt(width)))
    (gradient,) = torch.autograd.grad(last, first, on_sphere(INPUTS, width, 1))
    return (gradient.norm(dim=1).log() * 2).mean().item() / (depth - 1)


def measured(program, model, networks, width, depth):
    """The mean rate over networks and its standard error."""
    code = compile(program, "varprop init", "exec")
    rates = []
    for _ in range(networks):
        exec(code, {"model": model})  # as printed, so it imports torch itself
        rates.append(rate_of(model, width, depth))
    rates = torch.tensor(rates, dtype=torch.float64)
    return rates.mean().item(), rates.std().item() / math.sqrt(networks)


def weight_line(program):
    """The line that tells one program from another, as the page shows it."""
    return next(line.strip() for line in program.splitlines() if "m.weight" in line)


def rows_of(arguments, activation):
    model = Layers(arguments.width, arguments.depth, MODULES[activation])
    for law in arguments.laws:
        told = promise(arguments, activation, law)
        if told is None:
            print(f"{activation}, {law}: nothing holds this depth", file=sys.stderr)
            continue
        networks = max(2, arguments.networks // 2) if law == SLOW else arguments.networks
        for program in told.programs:
            rate, error = measured(program, model, networks, arguments.width, arguments.depth)
            off = math.expm1(rate - told.rate)
            name = activation + (f", bias_variance {told.bias_variance}" if told.bias_variance else "")
            yield Row(name, law, weight_line(program), networks, math.exp(told.rate), math.exp(rate), error, off)


def arguments_of():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--varprop", required=True)
    parser.add_argument("--networks", type=int, default=16)
    parser.add_argument("--width", type=int, default=512)
    parser.add_argument("--depth", type=int, default=100)
    parser.add_argument("--activations", nargs="+", default=list(MODULES), choices=MODULES)
    parser.add_argument("--laws", nargs="+", default=LAWS, choices=LAWS)
    return parser.parse_args()


def main():
    arguments = arguments_of()
    torch.manual_seed(1)
    rows = []
    for activation in arguments.activations:
        for row in rows_of(arguments, activation):
            print(*row.cells(), file=sys.stderr)
            rows.append(row)
    print(f"PyTorch {torch.__version__}, n = {arguments.width}, L = {arguments.depth}\n")
    markdown.table(("activation", "line", "networks", "promised e^rate", "measured", "off"), [row.cells() for row in rows])
    markdown.table(("activation", "lines", "networks", "promised e^rate", "measured, farthest off", "off", "by"), summary(rows))
    return 0 if all(abs(row.off) <= TOLERANCE for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
