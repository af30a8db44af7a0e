#!/usr/bin/python3
"""varprop beside PyTorch and NumPy: compare.py --varprop EXE --kernels EXE [--output FILE.json].

Everybody simulates the same random networks, forward and backward, on one core and on all; the best of several
repetitions, taken in turns. Double precision, and single for PyTorch as well, which likes it much better. Exit 1 if varprop and a peer do not agree about the networks.
"""

import argparse
import json
import os
import sys

import kernel_times
from agreement import compare
from engine_costs import per_unit
from markdown import number, table
from networks import Network
from peers import Peer
from promises import kernel_promises, network_promises
from varprop_runs import Method, Varprop

# n → L and how many replicas of a peer are timed together: half a second or so
SIZES = {128: (256, 4), 1024: (16, 1), 4096: (4, 1)}
DEPTH_OF = {n: depth for n, (depth, _) in SIZES.items()}
METHODS = [(Method("conditional"), "tanh"), (Method("conditional"), "relu"), (Method("radial"), "relu"),
           (Method("dense"), "tanh"), (Method("dense", "rademacher"), "tanh")]
AGREEING = {activation: Network(activation, 128, 24) for activation in ("tanh", "relu")}


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--varprop", required=True)
    parser.add_argument("--kernels", required=True)
    parser.add_argument("--repetitions", type=int, default=3)
    parser.add_argument("--peer-networks", type=int, default=2000, help="for the check of agreement")
    parser.add_argument("--widths", type=int, nargs="+", default=list(SIZES), choices=list(SIZES))
    parser.add_argument("--output")
    return parser.parse_args()


def check_agreement(varprop, count):
    """All comparisons of ln q_L, ln g_1 and ln Θ_W with the dense peers."""
    comparisons = []
    for library in ("numpy", "torch"):
        with Peer(library) as peer:
            for activation, network in AGREEING.items():
                theirs = peer.replicas(network, count)
                ours = varprop.replicas(network, Method("conditional"), 16 * count)
                for what, a, b in zip(("ln q_L", "ln g_1", "ln Θ_W"), ours, theirs):
                    comparisons += [(library, activation, c) for c in compare(what, a, b)]
    return comparisons


def print_agreement(comparisons):
    table(["peer", "activation", "n = 128, L = 24", "conditional engine", "peer", "z", ""],
          [[library, activation, c.what, f"{c.ours:.4f}", f"{c.theirs:.4f}", f"{c.z:+.2f}",
            "agrees" if c.agrees else "DIFFERS"] for library, activation, c in comparisons])


def measure_draws(kernels, repetitions):
    """ns per draw of NumPy and the costs of our kernels, in turns, on one core."""
    pattern = "^normals/(varprop|std)|^engine/conditional/gaussian/(tanh|relu)/inputs:1/"
    numpy_draw, best = float("inf"), {}
    with Peer("numpy") as peer:
        for _ in range(repetitions):
            numpy_draw = min(numpy_draw, 1e9 * peer.seconds_per_draw(20_000_000))
            for name, cost in kernel_times.measure(kernels, pattern, repetitions=1)[0].items():
                best[name] = min(best.get(name, cost), cost, key=lambda c: c.ns)
    return numpy_draw, best


def neuron_layer(costs, activation):
    for name, cost in costs.items():
        if name.startswith("engine/") and (kernel := kernel_times.Kernel.parse(name)).activation == activation:
            return per_unit(kernel, cost)[0]
    raise RuntimeError(f"no kernel for {activation}")


def peers_of(cores):
    """One network after another on so many threads, and for PyTorch a network on every core, which it likes better."""
    peers = [Peer(library, threads=cores) for library in ("numpy", "torch", "torch32")]
    if cores > 1:
        peers += [Peer(library, processes=cores) for library in ("torch", "torch32")]
    return peers


def measure_networks(varprop, methods, widths, cores, repetitions):
    """Best seconds per replica by (name or Method, network, cores), and the peers."""
    seconds = {}

    def keep(who, network, measured):
        key = (who, network, cores)
        seconds[key] = min(seconds.get(key, measured), measured)

    peers = peers_of(cores)
    for n in widths:
        depth, replicas = SIZES[n]
        for _ in range(repetitions):
            for activation in ("tanh", "relu"):
                network = Network(activation, n, depth)
                for peer in peers:
                    keep(peer.name, network, peer.seconds_per_replica(network, replicas))
                for method, its_activation in methods:
                    if its_activation == activation:
                        keep(method, network, varprop.seconds_per_replica(network, method, cores))
    about = {peer.name: peer.blas for peer in peers}
    for peer in peers:
        peer.__exit__()
    return seconds, about


def print_networks(seconds, about):
    """Seconds per replica, and how many times longer each peer takes."""
    rows = []
    for (who, network, cores), ours in seconds.items():
        if isinstance(who, Method):
            peers = [seconds[name, network, cores] for name in about]
            rows.append([str(cores), f"{network.n} × {network.depth}", network.activation, str(who), ours,
                         *(f"{number(peer)} ({number(peer / ours)} ×)" for peer in peers)])
    table(["threads", "n × L", "activation", "varprop", "s a replica", *about], rows)
    for name, blas in about.items():
        print(f"- {name}: {blas}")
    print()


def print_promises(promises):
    table(["", "measured", "target", ""],
          [[p.what, p.measured, f"{p.relation} {p.bound:g}", p.verdict] for p in promises])


def write(path, seconds, promises, about):
    with open(path, "w", encoding="utf-8") as file:
        json.dump({"peers": about,
                   "seconds_per_replica": [{"who": str(who), **vars(network), "threads": cores, "seconds": s}
                                           for (who, network, cores), s in seconds.items()],
                   "promises": [vars(p) | {"verdict": p.verdict} for p in promises]}, file, indent=1)


def main():
    arguments = parse_arguments()
    all_cores = len(os.sched_getaffinity(0))
    with Varprop(arguments.varprop) as varprop:
        methods = [(m, a) for m, a in METHODS if varprop.knows(m, AGREEING[a])]
        comparisons = check_agreement(varprop, arguments.peer_networks)
        print_agreement(comparisons)
        numpy_draw, costs = measure_draws(arguments.kernels, arguments.repetitions)
        seconds = {}
        for cores in sorted({1, all_cores}):
            on_these, about = measure_networks(varprop, methods, arguments.widths, cores, arguments.repetitions)
            print_networks(on_these, about)
            seconds |= on_these
    print(f"NumPy's standard_normal: {numpy_draw:.2f} ns a draw\n")
    draw = {name: costs[f"normals/{name}"].ns if f"normals/{name}" in costs else None
            for name in ("std", "varprop", "varprop_with_AVX2")}
    promises = kernel_promises(numpy_draw, draw["std"], draw["varprop"], draw["varprop_with_AVX2"],
                               neuron_layer(costs, "tanh"), neuron_layer(costs, "relu"))
    promises += network_promises(seconds, [name for name in about if "PyTorch" in name], all_cores, DEPTH_OF)
    print_promises(promises)
    if arguments.output:
        write(arguments.output, seconds, promises, about)
    sys.exit(0 if all(c.agrees for *_, c in comparisons) else 1)


if __name__ == "__main__":
    main()
