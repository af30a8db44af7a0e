"""Random networks as anybody would simulate them, with their weight matrices: dense_peer.py LIBRARY THREADS.

A server on standard input and output. Every line in is a request, one JSON object; every line out the answer to one:
    {"activation": "tanh", "n": 128, "depth": 16, "replicas": 4} → {"seconds", "ln_q_last", "ln_g_first", "ln_ntk"}    a replica
    {"draws": 1000000}                                           → {"seconds"}    of processor time, a draw
    {"about": true}                                              → {"library", "blas", "threads"}
`depth` matrices are drawn per replica, once, into memory that is there already, and kept for the backward pass. q_l and
g_l of every layer are measured, as logarithms, and the sum of |∂ℓ/∂W^l|² = g_l |a^(l-1)|² over all.
"""

import ctypes
import json
import math
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from networks import Network


def blas_kernel():
    """OpenBLAS's name of the processor whose kernels it runs, asked of the library that this process has loaded."""
    with open("/proc/self/maps", encoding="utf-8") as maps:
        paths = sorted({line.split()[-1] for line in maps if "openblas" in line})
    for path in paths:
        name = getattr(ctypes.CDLL(path), "openblas_get_corename", None)
        if name:
            name.restype = ctypes.c_char_p
            return "OpenBLAS " + name().decode()
    return "no OpenBLAS"


class NumpyPeer:
    """NumPy. Each thread fills its rows of a matrix from a generator of its own (the interpreter lock is free then)."""

    def __init__(self, threads):
        import numpy as np

        self.np = np
        self.name = "NumPy " + np.__version__
        self.generators = [np.random.Generator(np.random.PCG64(seed))
                           for seed in np.random.SeedSequence(1).spawn(threads)]
        self.pool = ThreadPoolExecutor(threads) if threads > 1 else None

    def matrices(self, depth, n):
        return self.np.empty((depth, n, n))

    def fill(self, out):
        """Standard normals into an array."""
        parts = self.np.array_split(out.reshape(-1), len(self.generators))
        if self.pool:
            list(self.pool.map(lambda generator, part: generator.standard_normal(out=part), self.generators, parts))
        else:
            self.generators[0].standard_normal(out=parts[0])

    def vector(self, n):
        return self.generators[0].standard_normal(n)

    def apply(self, activation, z):
        """φ(z) and φ'(z)."""
        if activation == "relu":
            return self.np.maximum(z, 0), (z > 0).astype(z.dtype)
        a = self.np.tanh(z)
        return a, 1 - a * a

    @staticmethod
    def squared(x):
        return float(x @ x)


class TorchPeer:
    """PyTorch, on `threads` threads of its own (its generator of random numbers has one)."""

    def __init__(self, threads, precision="float64"):
        import torch

        self.torch = torch
        self.name = f"PyTorch {torch.__version__} {precision}"
        torch.set_num_threads(threads)
        torch.set_grad_enabled(False)
        torch.set_default_dtype(getattr(torch, precision))
        torch.manual_seed(1)

    def matrices(self, depth, n):
        return self.torch.empty((depth, n, n))

    @staticmethod
    def fill(out):
        out.normal_()

    def vector(self, n):
        return self.torch.randn(n)

    def apply(self, activation, z):
        if activation == "relu":
            return self.torch.relu(z), (z > 0).to(z.dtype)
        a = self.torch.tanh(z)
        return a, 1 - a * a

    @staticmethod
    def squared(x):
        return float(x @ x)


class SingleTorchPeer(TorchPeer):
    """Single precision, which PyTorch draws five times faster than double."""

    def __init__(self, threads):
        super().__init__(threads, "float32")


LIBRARIES = {"numpy": NumpyPeer, "torch": TorchPeer, "torch32": SingleTorchPeer}


class DenseSimulation:
    """Networks of one kind through one library, in memory that all replicas share."""

    def __init__(self, peer, network):
        self.peer = peer
        self.network = network
        self.matrices = peer.matrices(network.depth, network.n)
        self.scale = math.sqrt(network.weight_variance / network.n)

    def __call__(self):
        """ln q_l and ln g_l of one random network, l = 1 … depth, and ln Σ_l g_l |a^(l-1)|²."""
        ln_q, slopes, signals = self.forward()
        g = self.backward(slopes)
        kernel = sum(squared * signal for squared, signal in zip(g, signals))
        return ln_q, [math.log(squared) for squared in g], math.log(kernel)

    def forward(self):
        n = self.network.n
        x = self.peer.vector(n)
        a = x * math.sqrt(n / self.peer.squared(x))
        ln_q, slopes, signals = [], [], [n]
        for matrix in self.matrices:
            self.peer.fill(matrix)
            z = matrix @ a * self.scale
            ln_q.append(math.log(self.peer.squared(z) / n))
            a, slope = self.peer.apply(self.network.activation, z)
            slopes.append(slope)
            signals.append(self.peer.squared(a))
        return ln_q, slopes, signals

    def backward(self, slopes):
        v = self.peer.vector(self.network.n)
        delta = v / math.sqrt(self.peer.squared(v))
        g = [1.0]
        for l in range(self.network.depth - 1, 0, -1):
            delta = slopes[l - 1] * (self.matrices[l].T @ delta * self.scale)
            g.append(self.peer.squared(delta))
        return g[::-1]


class Server:
    def __init__(self, library, threads):
        self.threads = threads
        self.peer = LIBRARIES[library](threads)
        self.simulation = None

    def answer(self, request):
        if "about" in request:
            return {"library": self.peer.name, "blas": blas_kernel(), "threads": self.threads}
        if "draws" in request:
            return self.time_draws(request["draws"])
        return self.simulate(Network(request["activation"], request["n"], request["depth"]), request["replicas"])

    def time_draws(self, count):
        out = self.peer.matrices(1, 1024)[0].reshape(-1)
        repetitions = max(1, count // 2**20)
        self.peer.fill(out)
        start = time.process_time()
        for _ in range(repetitions):
            self.peer.fill(out)
        return {"seconds": (time.process_time() - start) / (repetitions * 2**20)}

    def simulate(self, network, replicas):
        if not self.simulation or self.simulation.network != network:
            self.simulation = None  # its memory goes before the next is taken
            self.simulation = DenseSimulation(self.peer, network)
            self.simulation()  # touches the memory: a first run is slower
        start = time.perf_counter()
        results = [self.simulation() for _ in range(replicas)]
        seconds = time.perf_counter() - start
        return {"seconds": seconds / replicas, "ln_q_last": [ln_q[-1] for ln_q, *_ in results],
                "ln_g_first": [ln_g[0] for _, ln_g, _ in results], "ln_ntk": [ntk for *_, ntk in results]}


def main():
    server = Server(sys.argv[1], int(sys.argv[2]))
    for line in sys.stdin:
        print(json.dumps(server.answer(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
