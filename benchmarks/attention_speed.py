#!/usr/bin/python3
"""How much longer does PyTorch take for attention and transformers than varprop, to which their width is nothing?

    benchmarks/attention_speed.py --samples build/release/benchmarks/stream_samples [--networks 24]

Two blocks behind RMSNorm of GPT-2 XL's shape (n = 1600, 25 heads, 16 tokens, hidden layers of 4n, GELU), attention alone and
transformers: PyTorch draws every matrix in float32 and takes all gradients, on all cores; varprop's engine gram runs a process
on each core. Both draw networks of one law: ln q_L, ln g_0 and ln |dW|^2 of the first block are compared, exit code 1 where
means are more than 4 standard errors apart. Seconds are of the wall clock, and of processors: on a machine that does other
work only the latter mean anything. In tests and benchmarks/run it has no part.
"""

import argparse
import math
import os
import resource
import subprocess
import sys
import time

import torch

import markdown

ERRORS = 4
N, HEADS, TOKENS, BLOCKS, HIDDEN = 1600, 25, 16, 2, 6400
ROLES = ("in", "gate", "out", "query", "key", "value", "attention_out")
NAMES = ("ln q_L", "ln g_0", *(f"ln dW_{role}" for role in ROLES))


def rms_norm(x):
    return x * math.sqrt(N) / x.norm(dim=-1, keepdim=True)


def attention(weights, x):
    query, key, value = ((rms_norm(x) @ weights[role]).view(TOKENS, HEADS, -1).transpose(0, 1)
                         for role in ("query", "key", "value"))
    logits = query @ key.transpose(1, 2) / math.sqrt(N // HEADS)
    return x + (torch.softmax(logits, -1) @ value).transpose(0, 1).reshape(TOKENS, N) @ weights["attention_out"]


def mlp(weights, x):
    return x + torch.nn.functional.gelu(rms_norm(x) @ weights["in"]) @ weights["out"]


def matrices(block):
    shapes = {role: (N, N) for role in ("query", "key", "value", "attention_out")}
    if block == "transformer":
        shapes |= {"in": (N, HIDDEN), "out": (HIDDEN, N)}
    return {role: (torch.randn(shape) / math.sqrt(shape[0])).requires_grad_() for role, shape in shapes.items()}


def tokens():
    """On the sphere |x_t|^2 = n, orthogonal."""
    directions, _ = torch.linalg.qr(torch.randn(N, TOKENS))
    return ((directions * torch.sign(torch.randn(TOKENS))).T * math.sqrt(N)).requires_grad_()


def peer(block):
    """A network of PyTorch's."""
    x = tokens()
    y, layers = x, []
    for _ in range(BLOCKS):
        layers.append(matrices(block))
        y = attention(layers[-1], y)
        if block == "transformer":
            y = mlp(layers[-1], y)
    v = torch.randn_like(y)
    (v / v.norm() * y).sum().backward()
    squares = [layers[0][role].grad.norm() ** 2 if role in layers[0] else torch.tensor(0.0) for role in ROLES]
    return [(y.norm() ** 2 / y.numel()).log().item(), (x.grad.norm() ** 2).log().item(), *(s.log().item() for s in squares)]


def processors(who):
    used = resource.getrusage(who)
    return used.ru_utime + used.ru_stime


def timed(work, who):
    """What it gives, and seconds of the clock and of processors."""
    before, begun = processors(who), time.perf_counter()
    result = work()
    return result, time.perf_counter() - begun, processors(who) - before


def ours(block, samples, networks):
    """As many networks on each core at once."""
    of = {role: 1 / HIDDEN if role == "out" else 1 / N for role in ROLES}
    keys = {"block": block, "norm": "pre_rms", "activation": "gelu", "n": N, "m": HIDDEN, "L": BLOCKS, "tokens": TOKENS,
            "heads": HEADS, "matrices": "folded", "networks": networks} | of
    running = [subprocess.Popen([samples, *(f"{key}={value}" for key, value in keys.items()), f"seed={seed}"],
                                stdout=subprocess.PIPE, text=True) for seed in range(os.cpu_count())]
    lines = [line for process in running for line in process.communicate()[0].splitlines()]
    if any(process.returncode for process in running):
        sys.exit("stream_samples has failed.")
    return [[float(x) for x in line.split()] for line in lines]


def compared(block, samples, networks):
    """Rows of the means, and seconds a block of either."""
    peer(block)
    theirs, clock, cpu = timed(lambda: [peer(block) for _ in range(networks)], resource.RUSAGE_SELF)
    many = 60
    mine, our_clock, our_cpu = timed(lambda: ours(block, samples, many), resource.RUSAGE_CHILDREN)
    one, short_clock, short_cpu = timed(lambda: ours(block, samples, 1), resource.RUSAGE_CHILDREN)
    rest = (len(mine) - len(one)) * BLOCKS
    theirs, mine = torch.tensor(theirs, dtype=torch.float64), torch.tensor(mine, dtype=torch.float64)
    rows = []
    for column, name in enumerate(NAMES):
        a, b = mine[:, column], theirs[:, column]
        if not torch.isinf(b).any():
            error = (a.var() / len(a) + b.var() / len(b)).sqrt()
            rows.append((block, name, a.mean().item(), b.mean().item(), ((a.mean() - b.mean()) / error).item()))
    return rows, (clock / networks / BLOCKS, (our_clock - short_clock) / rest, cpu / networks / BLOCKS, (our_cpu - short_cpu) / rest)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--samples", required=True)
    parser.add_argument("--networks", type=int, default=24)
    arguments = parser.parse_args()
    torch.manual_seed(1)
    torch.set_num_threads(os.cpu_count())
    means, speeds = [], []
    for block in ("attention", "transformer"):
        rows, (clock, our_clock, cpu, our_cpu) = compared(block, arguments.samples, arguments.networks)
        means += rows
        speeds.append((block, clock * 1e3, our_clock * 1e3, clock / our_clock, cpu * 1e3, our_cpu * 1e3, cpu / our_cpu))
    print(f"PyTorch {torch.__version__} in float32, {arguments.networks} networks of each; milliseconds a block\n")
    markdown.table(("block", "PyTorch's clock", "varprop's", "times", "PyTorch's processors", "varprop's", "times"), speeds)
    markdown.table(("block", "mean of", "varprop's", "PyTorch's", "standard errors apart"), means)
    return 0 if all(abs(row[4]) <= ERRORS for row in means) else 1


if __name__ == "__main__":
    sys.exit(main())
