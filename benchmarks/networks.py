"""The networks that varprop and its peers are compared on: no biases, |x|² = n, weights N(0, weight_variance/n)."""

from dataclasses import dataclass

WEIGHT_VARIANCE = {"tanh": 1.5, "relu": 2.0}  # both near their edge, so that no peer leaves the range of doubles


@dataclass(frozen=True)
class Network:
    """n: neurons in every layer; depth: layers of weights."""

    activation: str
    n: int
    depth: int

    @property
    def weight_variance(self):
        return WEIGHT_VARIANCE[self.activation]
