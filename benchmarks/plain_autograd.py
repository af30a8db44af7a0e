#!/usr/bin/python3
"""Have plain networks of unequal layers, dropout and norms the law that PyTorch's autograd gives them?

    benchmarks/plain_autograd.py --varprop build/release/driver/varprop [--networks 2000]

nn.Linear as PyTorch starts it and as torch.nn.init fills it, nn.Dropout, nn.LayerNorm and an RMSNorm written here, in float64,
ε = 0. Biases are redrawn as normal numbers of the variance that nn.Linear gives them, as varprop's are. Beside them as many
networks of `varprop sweep`, one a batch, so that its file has every network's numbers. Of ln q_L, ln q_2, ln g_1 and ln |dW|^2
of the second and the last matrix the means and the variances are compared: exit code 1 where two are more than 4 standard errors
apart. In tests and benchmarks/run it has no part.
"""

import argparse
import math
import os
import pathlib
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field

import h5py
import numpy as np
import torch

import agreement
import markdown

ACTIVATIONS = {"relu": torch.nn.functional.relu, "gelu": torch.nn.functional.gelu, "tanh": torch.tanh}
UNEQUAL = {"width": 40, "depth": 4, "shape": "1:0.25:0.75", "input_width": 20, "output_width": 15}  # 20-40-10-30-15
EQUAL = {"width": 24, "depth": 5}
LEAST = -50.0
TORCH = {"weights": "uniform", "weight_variance": "torch"}
init = torch.nn.init
INITIALIZERS = {  # of weights: torch's call and what it is to varprop
    "as it starts": (lambda weight: None, TORCH, {}),
    "kaiming_normal_": (lambda weight: init.kaiming_normal_(weight, nonlinearity="relu"), {"weight_variance": "he"}, {}),
    "kaiming_normal_, fan_out": (lambda weight: init.kaiming_normal_(weight, nonlinearity="relu", mode="fan_out"),
                                 {"weight_variance": "he"}, {"variance_scaling": "fan_out"}),
    "xavier_uniform_": (init.xavier_uniform_, {"weights": "uniform", "weight_variance": "xavier"},
                        {"variance_scaling": "fan_avg"}),
    "lecun": (lambda weight: init.kaiming_normal_(weight, nonlinearity="linear"), {"weight_variance": 1}, {}),
}


@dataclass(frozen=True)
class Case:
    activation: str
    initializer: str
    layers: dict = field(default_factory=lambda: EQUAL)
    norm: str = "none"
    keep: float = 1.0
    biases: bool = False

    @property
    def widths(self):
        return [20, 40, 10, 30, 15] if self.layers is UNEQUAL else [24] * 6

    @property
    def name(self):
        parts = [f"{'-'.join(map(str, self.widths)) if self.layers is UNEQUAL else '5 × 24'}, {self.activation}, {self.initializer}"]
        parts += ["biases"] * self.biases + [self.norm] * (self.norm != "none") + [f"keep {self.keep}"] * (self.keep < 1)
        return ", ".join(parts)


CASES = (
    Case("relu", "as it starts", UNEQUAL, biases=True),
    Case("tanh", "as it starts"),
    Case("tanh", "xavier_uniform_", UNEQUAL),
    Case("relu", "kaiming_normal_", UNEQUAL, keep=0.9),
    Case("relu", "kaiming_normal_, fan_out", UNEQUAL),
    Case("gelu", "kaiming_normal_, fan_out", UNEQUAL, keep=0.5, biases=True),
    Case("tanh", "lecun", norm="pre_layer"),
    Case("gelu", "lecun", norm="post_layer", keep=0.8),
    Case("relu", "kaiming_normal_", UNEQUAL, norm="pre_rms", keep=0.8),
    Case("tanh", "lecun", UNEQUAL, norm="post_rms", biases=True),
    Case("relu", "as it starts", norm="post_layer", biases=True),
)


class RMSNorm(torch.nn.Module):
    def forward(self, x):
        return x * math.sqrt(x.shape[-1]) / x.norm(dim=-1, keepdim=True)


class Network(torch.nn.Module):
    """z = W a + b, a = φ(N(z)) or N(φ(z)), then dropout; no norm and no φ behind the last layer."""

    def __init__(self, case):
        super().__init__()
        self.case = case
        self.phi = ACTIVATIONS[case.activation]
        self.linears = torch.nn.ModuleList(torch.nn.Linear(n, m, bias=case.biases, dtype=torch.float64)
                                           for n, m in zip(case.widths, case.widths[1:]))
        self.norms = [torch.nn.LayerNorm(n, eps=0.0, elementwise_affine=False) if case.norm.endswith("layer") else RMSNorm()
                      for n in case.widths[1:-1]]
        self.dropout = torch.nn.Dropout(1 - case.keep)

    def draw(self):
        for linear in self.linears:
            linear.reset_parameters()
            INITIALIZERS[self.case.initializer][0](linear.weight)
            if self.case.biases:
                init.normal_(linear.bias, std=math.sqrt(1 / (3 * linear.in_features)))
        self.zero_grad()

    def hidden(self, z, norm):
        if self.case.norm.startswith("pre"):
            return self.dropout(self.phi(norm(z)))
        return self.dropout(norm(self.phi(z)) if self.case.norm != "none" else self.phi(z))

    def forward(self, x):
        """z of every layer."""
        signals = []
        for i, linear in enumerate(self.linears):
            signals.append(linear(x))
            signals[-1].retain_grad()
            if i < len(self.norms):
                x = self.hidden(signals[-1], self.norms[i])
        return signals


def peers(case, networks):
    """{what: ln of it, of every network} by autograd; the input on the sphere of mean square 1."""
    model, rows = Network(case), []
    for _ in range(networks):
        model.draw()
        x = torch.randn(case.widths[0], dtype=torch.float64)
        signals = model(x * math.sqrt(case.widths[0]) / x.norm())
        v = torch.randn_like(signals[-1])
        (v / v.norm() * signals[-1]).sum().backward()
        squares = (signals[-1].square().mean(), signals[1].square().mean(), signals[0].grad.square().sum(),
                   model.linears[1].weight.grad.square().sum(), model.linears[-1].weight.grad.square().sum())
        rows.append([square.item() for square in squares])
    with np.errstate(divide="ignore"):
        return dict(zip(("ln q_L", "ln q_2", "ln g_1", "ln dW_2", "ln dW_L"), np.log(np.array(rows).T)))


def toml(values):
    return "\n".join(f"{key} = {value if not isinstance(value, str) else chr(34) + value + chr(34)}" for key, value in values.items())


def ours(case, varprop, networks):
    """The same of `varprop sweep`."""
    _, grid, simulation = INITIALIZERS[case.initializer]
    grid = {"activation": case.activation, "norm": case.norm, "keep": case.keep, **case.layers, **grid}
    simulation = {"replicas": networks, "batches": networks, "bias_scaling": "fan_in", **simulation}
    if case.biases:
        grid["bias_variance"] = 1 / 3
    with tempfile.TemporaryDirectory(prefix="varprop-autograd-") as folder:
        sweep, results = pathlib.Path(folder, "sweep.toml"), pathlib.Path(folder, "results.h5")
        sweep.write_text(f"[grid]\n{toml(grid)}\n[simulation]\n{toml(simulation)}\n", encoding="utf-8")
        subprocess.run([varprop, "sweep", sweep, "-o", results, "--progress", "none"], check=True,
                       env=dict(os.environ, TMPDIR=folder))
        with h5py.File(results, "r") as file:
            def column(name, layer):
                return file[f"{name}_log_mean"][...].reshape(networks, -1)[:, layer]

            return {"ln q_L": column("forward", -1), "ln q_2": column("forward", 1), "ln g_1": column("backward", 0),
                    "ln dW_2": column("weight_gradient", 1), "ln dW_L": column("weight_gradient", -1)}


def living(x):
    """Without what is 0: autograd leaves its rounding where a norm takes the whole gradient of a layer with one living neuron."""
    return x[x > LEAST]


def compared(case, varprop, networks):
    """A row for each number that differs from network to network."""
    a, b = ours(case, varprop, networks), peers(case, networks)
    for what, theirs in b.items():
        if np.std(living(theirs)) > 1e-9:
            mean, variance = agreement.compare(what, living(a[what]), living(theirs))
            yield (case.name, what, f"{mean.ours:.4f}", f"{mean.theirs:.4f}", mean.z,
                   f"{variance.ours:.4f}", f"{variance.theirs:.4f}", variance.z)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--varprop", required=True)
    parser.add_argument("--networks", type=int, default=2000)
    arguments = parser.parse_args()
    torch.manual_seed(1)
    torch.set_num_threads(1)
    rows = [row for case in CASES for row in compared(case, arguments.varprop, arguments.networks)]
    print(f"PyTorch {torch.__version__}, {arguments.networks} networks of each\n")
    markdown.table(("network", "of", "mean", "PyTorch's", "standard errors apart", "variance", "PyTorch's",
                    "standard errors apart"), rows)
    return 0 if all(max(abs(row[4]), abs(row[7])) <= agreement.LARGEST_Z for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
