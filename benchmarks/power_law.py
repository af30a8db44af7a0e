"""Costs that grow as a power of a size: the fixed part, the window where it is small, the exponent."""

from dataclasses import dataclass

import numpy as np

LARGEST_FIXED_SHARE = 0.05
FEWEST_POINTS = 3


@dataclass(frozen=True)
class PowerLaw:
    """ln cost = exponent · ln size + constant, over sizes from `window[0]` to `window[1]`."""

    exponent: float
    error: float  # standard error of the exponent, from the scatter about the line
    fixed: float  # cost at size 0, extrapolated
    window: tuple


def fixed_cost(sizes, costs, exponent):
    """a of cost = a + c·size^exponent by least squares of the relative deviations; 0 where there is no growth."""
    if exponent == 0:
        return 0.0
    sizes, costs = np.asarray(sizes, float), np.asarray(costs, float)
    columns = np.stack([1 / costs, sizes**exponent / costs], axis=1)
    return float(np.linalg.lstsq(columns, np.ones(len(costs)), rcond=None)[0][0])


def slope(sizes, costs):
    """Exponent and its standard error by least squares in logarithms."""
    x, y = np.log(sizes), np.log(costs)
    x = x - x.mean()
    exponent = x @ y / (x @ x)
    residuals = y - y.mean() - exponent * x
    return float(exponent), float(np.sqrt(residuals @ residuals / (len(x) - 2) / (x @ x)))


def fit(sizes, costs, expected_exponent):
    """The PowerLaw of measured costs, over the sizes at which the fixed part is small.

    The fixed part is extrapolated with the expected exponent; None where fewer than three sizes are large enough.
    """
    sizes, costs = np.asarray(sizes, float), np.asarray(costs, float)
    fixed = fixed_cost(sizes, costs, expected_exponent)
    large = np.abs(fixed) < LARGEST_FIXED_SHARE * costs
    if large.sum() < FEWEST_POINTS:
        return None
    exponent, error = slope(sizes[large], costs[large])
    return PowerLaw(exponent, error, fixed, (float(sizes[large].min()), float(sizes[large].max())))
