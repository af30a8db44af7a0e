#!/usr/bin/python3
"""Have networks of blocks the law that PyTorch's autograd gives them?

    benchmarks/autograd.py --samples build/release/benchmarks/stream_samples [--networks 2000]

nn.TransformerEncoderLayer (before and after its norms, whole and causal attention, ReLU and GELU), and residual blocks, RMSNorm
and SwiGLU written here, with all weights drawn anew from N(0, variance), biases 0, no dropout and ε = 0, in float64. Beside
them as many networks of varprop's, whose matrices are never drawn (transformers: by the engine gram). Of ln q_L, ln g_0 and
ln |dW|^2 of every matrix of the first block the means and the variances are compared: exit code 1 where two are more than 4
standard errors apart. In tests and benchmarks/run it has no part.
"""

import argparse
import math
import subprocess
import sys
from dataclasses import dataclass, field

import torch

import markdown

ERRORS = 4
ROLES = ("in", "gate", "out", "query", "key", "value", "attention_out")
ACTIVATIONS = {"relu": torch.nn.functional.relu, "gelu": torch.nn.functional.gelu, "silu": torch.nn.functional.silu,
               "tanh": torch.tanh}


@dataclass(frozen=True)
class Case:
    name: str
    block: str
    norm: str
    activation: str
    n: int
    m: int
    tokens: int = 1
    heads: int = 1
    mask: str = "none"
    skip: float = 1.0
    branch_scale: float = 1.0
    L: int = 3
    input_correlation: float = 0.3
    variance: dict = field(default_factory=dict)


def variances(n, m, **others):
    """1/fan-in of every matrix, or what is said of it."""
    of = {"in": 1 / n, "gate": 1 / n, "out": 1 / m, "query": 1 / n, "key": 1 / n, "value": 1 / n, "attention_out": 1 / n}
    return of | others


CASES = (
    Case("encoder layer, norm first", "transformer", "pre_layer", "gelu", 32, 64, 6, 4, variance=variances(32, 64)),
    Case("encoder layer, norm last", "transformer", "post_layer", "relu", 16, 32, 4, 2, variance=variances(16, 32)),
    Case("encoder layer, norm first, causal", "transformer", "pre_layer", "relu", 64, 128, 5, 8, "causal",
         variance=variances(64, 128, query=3 / 64, key=3 / 64)),
    Case("encoder layer, norm last, causal", "transformer", "post_layer", "gelu", 24, 48, 3, 3, "causal",
         variance=variances(24, 48, value=2 / 24)),
    Case("mlp behind RMSNorm", "mlp", "pre_rms", "gelu", 32, 48, skip=0.9, branch_scale=0.7, variance=variances(32, 48)),
    Case("mlp before RMSNorm", "mlp", "post_rms", "tanh", 16, 16, variance=variances(16, 16, **{"in": 2 / 16})),
    Case("SwiGLU behind RMSNorm", "glu", "pre_rms", "silu", 64, 40, variance=variances(64, 40)),
    Case("SwiGLU, no norm", "glu", "none", "silu", 16, 16, branch_scale=0.5, variance=variances(16, 16)),
    Case("residual block, no norm", "residual", "none", "relu", 32, 32, variance=variances(32, 32)),
    Case("residual block behind RMSNorm", "residual", "pre_rms", "tanh", 16, 16, skip=0.8, variance=variances(16, 16)),
)


def rms_norm(x):
    return x * math.sqrt(x.shape[-1]) / x.norm(dim=-1, keepdim=True)


class Encoder:
    """Layers of PyTorch's own."""

    def __init__(self, case):
        self.mask = torch.full((case.tokens, case.tokens), -math.inf).triu(1) if case.mask == "causal" else None
        self.layers = [torch.nn.TransformerEncoderLayer(
            case.n, case.heads, case.m, dropout=0.0, activation=case.activation, layer_norm_eps=0.0, batch_first=True,
            norm_first=case.norm.startswith("pre"), dtype=torch.float64) for _ in range(case.L)]
        for layer in self.layers:
            for name, parameter in layer.named_parameters():
                if name.endswith("bias"):
                    torch.nn.init.zeros_(parameter)

    def draw(self, case):
        for layer in self.layers:
            for part, role in zip(layer.self_attn.in_proj_weight.detach().chunk(3), ("query", "key", "value")):
                part.normal_(0, math.sqrt(case.variance[role]))
            for weight, role in ((layer.self_attn.out_proj.weight, "attention_out"), (layer.linear1.weight, "in"),
                                 (layer.linear2.weight, "out")):
                torch.nn.init.normal_(weight, 0, math.sqrt(case.variance[role]))
            layer.zero_grad()

    def __call__(self, x):
        for layer in self.layers:
            x = layer(x.unsqueeze(0), src_mask=self.mask).squeeze(0)
        return x

    def gradients(self):
        first = self.layers[0]
        query, key, value = first.self_attn.in_proj_weight.grad.chunk(3)
        return {"query": query, "key": key, "value": value, "attention_out": first.self_attn.out_proj.weight.grad,
                "in": first.linear1.weight.grad, "out": first.linear2.weight.grad}


class Blocks:
    """Blocks as they are written: mlp, glu, residual."""

    SHAPES = {"mlp": {"in": "mn", "out": "nm"}, "glu": {"gate": "mn", "in": "mn", "out": "nm"}, "residual": {"out": "nn"}}

    def __init__(self, case):
        self.case = case

    def draw(self, case):
        size = {"n": case.n, "m": case.m}
        self.weights = [{role: (torch.randn(size[out], size[in_], dtype=torch.float64)
                                * math.sqrt(case.variance[role])).requires_grad_()
                         for role, (out, in_) in self.SHAPES[case.block].items()} for _ in range(case.L)]

    def branch(self, w, u):
        phi = ACTIVATIONS[self.case.activation]
        if self.case.block == "residual":
            return phi(u) @ w["out"].T
        if self.case.block == "mlp":
            return phi(u @ w["in"].T) @ w["out"].T
        return (phi(u @ w["gate"].T) * (u @ w["in"].T)) @ w["out"].T

    def __call__(self, x):
        case = self.case
        for w in self.weights:
            u = rms_norm(x) if case.norm == "pre_rms" else x
            x = case.skip * x + case.branch_scale * self.branch(w, u)
            if case.norm == "post_rms":
                x = rms_norm(x)
        return x

    def gradients(self):
        return {role: w.grad for role, w in self.weights[0].items()}


def tokens_of(case):
    """On the sphere |x_t|^2 = n, every two with the same cosine."""
    directions, _ = torch.linalg.qr(torch.randn(case.n, case.tokens, dtype=torch.float64))
    gram = torch.full((case.tokens, case.tokens), case.input_correlation, dtype=torch.float64)
    gram.fill_diagonal_(1.0)
    x = torch.linalg.cholesky(gram) @ (directions * torch.sign(torch.randn(case.tokens))).T
    return (x * math.sqrt(case.n)).requires_grad_()


def peers(case, networks):
    """ln q_L, ln g_0, ln |dW|^2 by role, a row a network."""
    model = (Encoder if case.block == "transformer" else Blocks)(case)
    rows = []
    for _ in range(networks):
        model.draw(case)
        x = tokens_of(case)
        y = model(x)
        v = torch.randn_like(y)
        (v / v.norm() * y).sum().backward()
        gradients = model.gradients()
        squares = [gradients[role].norm() ** 2 if role in gradients else torch.tensor(0.0) for role in ROLES]
        rows.append([(y.norm() ** 2 / y.numel()).log().item(), (x.grad.norm() ** 2).log().item(),
                     *(square.log().item() for square in squares)])
    return torch.tensor(rows, dtype=torch.float64)


def ours(case, samples, networks):
    keys = {"block": case.block, "norm": case.norm, "activation": case.activation, "n": case.n, "m": case.m, "L": case.L,
            "tokens": case.tokens, "heads": case.heads, "attention_mask": case.mask, "skip": case.skip,
            "branch_scale": case.branch_scale, "input_correlation": case.input_correlation, "networks": networks}
    keys |= case.variance
    if case.block == "transformer":  # the engine gram
        keys["matrices"] = "folded"
    done = subprocess.run([samples, *(f"{key}={value}" for key, value in keys.items())], check=True, capture_output=True,
                          text=True)
    return torch.tensor([[float(x) for x in line.split()] for line in done.stdout.splitlines()], dtype=torch.float64)


def moments(x):
    """Mean and variance of a sample, each with its standard error."""
    mean, variance = x.mean(), x.var()
    kurtosis = ((x - mean) ** 4).mean() / variance ** 2
    return ((mean, (variance / len(x)).sqrt()), (variance, variance * ((kurtosis - 1) / len(x)).sqrt()))


def compared(case, samples, networks):
    """A row for each statistic that both have: how many standard errors mean and variance are apart."""
    a, b = ours(case, samples, networks), peers(case, networks)
    for column, name in enumerate(("q_L", "g_0", *(f"dW_{role}" for role in ROLES))):
        if torch.isinf(b[:, column]).any() or b[:, column].std() < 1e-9:  # no such matrix, or a norm at the end
            continue
        ((mean, error), (variance, of_variance)), ((mean_, error_), (variance_, of_variance_)) = (
            moments(a[:, column]), moments(b[:, column]))
        yield (case.name, f"ln {name}", f"{mean:.4f}", f"{mean_:.4f}", ((mean - mean_) / (error ** 2 + error_ ** 2).sqrt()).item(),
               f"{variance:.4f}", f"{variance_:.4f}",
               ((variance - variance_) / (of_variance ** 2 + of_variance_ ** 2).sqrt()).item())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--samples", required=True)
    parser.add_argument("--networks", type=int, default=2000)
    arguments = parser.parse_args()
    torch.manual_seed(1)
    torch.set_num_threads(1)
    rows = []
    for case in CASES:
        for row in compared(case, arguments.samples, arguments.networks):
            print(*row, file=sys.stderr)
            rows.append(row)
    print(f"PyTorch {torch.__version__}, {arguments.networks} networks of each\n")
    markdown.table(("network", "of", "mean", "PyTorch's", "standard errors apart", "variance", "PyTorch's",
                    "standard errors apart"), rows)
    return 0 if all(max(abs(row[4]), abs(row[7])) <= ERRORS for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
