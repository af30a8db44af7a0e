"""What the cost of each engine is proportional to."""

from dataclasses import dataclass
from typing import Callable


@dataclass(frozen=True)
class EngineCost:
    """`unit` of work, how many of them a network has, the exponent in n and how closely it is to be met."""

    unit: str
    count: Callable  # of (n, L)
    exponent: float
    tolerance: float


ENGINE_COSTS = {
    "radial": EngineCost("layer", lambda n, L: L, 0, 0.05),
    "conditional": EngineCost("neuron and layer", lambda n, L: n * L, 1, 0.05),
    # L products forward, L − 1 backward
    "dense": EngineCost("weight and pass", lambda n, L: (2 * L - 1) * n * n, 2, 0.1),
}
DEPTH_EXPONENT, DEPTH_TOLERANCE = 1, 0.05


def per_unit(kernel, cost):
    """ns and cycles per unit of work."""
    count = ENGINE_COSTS[kernel.engine].count(kernel.n, kernel.depth)
    return cost.ns / count, cost.cycles / count
