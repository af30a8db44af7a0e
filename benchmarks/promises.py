"""What the project promises of its speed, and whether this run keeps it."""

import operator
from dataclasses import dataclass

from networks import Network
from varprop_runs import Method

TANH_OF_A_DRAW, RELU_OF_A_DRAW = 0.65, 0.5  # a neuron and layer, in draws of NumPy
FASTER_NORMALS, FASTER_NORMALS_WITH_AVX2 = 5, 3
FASTER_THAN_TORCH = [  # (method, activation, n, times)
    (Method("conditional"), "tanh", 1024, 1500),
    (Method("conditional"), "tanh", 4096, 6000),
    (Method("radial"), "relu", 4096, 1e5),
    (Method("dense"), "tanh", 1024, 5),
    (Method("dense", "rademacher"), "tanh", 1024, 20),
]


@dataclass(frozen=True)
class Promise:
    """A measured ratio (None: not in this build) and its bound."""

    what: str
    measured: float | None
    relation: str
    bound: float

    @property
    def verdict(self):
        if self.measured is None:
            return "not in this build"
        kept = {"≤": operator.le, "≥": operator.ge}[self.relation](self.measured, self.bound)
        return "met" if kept else "missed"


def kernel_promises(numpy_draw, std_draw, our_draw, our_draw_with_avx2, tanh, relu):
    """From ns per draw and per neuron and layer, of one core; our_draw_with_avx2 None where there is no AVX2."""
    promises = [
        Promise("conditional tanh, neuron and layer / NumPy draw", tanh / numpy_draw, "≤", TANH_OF_A_DRAW),
        Promise("conditional ReLU, neuron and layer / NumPy draw", relu / numpy_draw, "≤", RELU_OF_A_DRAW),
    ]
    for ours, name, bound in ((our_draw, "our normal", FASTER_NORMALS),
                              (our_draw_with_avx2, "our normal with AVX2", FASTER_NORMALS_WITH_AVX2)):
        for theirs, draw in ((numpy_draw, "NumPy draw"), (std_draw, "std::normal_distribution")):
            promises.append(Promise(f"{draw} / {name}", None if ours is None else theirs / ours, "≥", bound))
    return promises


def network_promises(seconds, torches, cores, depth_of):
    """From seconds per replica by (name of a peer or Method, network, cores), on all cores, for every way of PyTorch."""
    promises = []
    for method, activation, n, bound in FASTER_THAN_TORCH:
        network = Network(activation, n, depth_of[n])
        ours = seconds.get((method, network, cores))
        for torch in torches:
            ratio = None if ours is None else seconds[torch, network, cores] / ours
            promises.append(Promise(f"{torch} / {method}, {activation}, n = {n}", ratio, "≥", bound))
    return promises
