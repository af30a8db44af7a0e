"""Do two samples of random networks come from the same law, as far as mean and variance can tell?"""

from dataclasses import dataclass

import numpy as np

LARGEST_Z = 4.0  # standard errors: one false alarm in 16000 comparisons


@dataclass(frozen=True)
class Comparison:
    """What is compared, both values, and their difference in standard errors."""

    what: str
    ours: float
    theirs: float
    z: float

    @property
    def agrees(self):
        return bool(abs(self.z) <= LARGEST_Z)


def mean_with_error(x):
    return np.mean(x), np.std(x, ddof=1) / np.sqrt(len(x))


def variance_with_error(x):
    """The unbiased variance; its standard error is v √((κ − 1)/T), κ the kurtosis."""
    deviation = np.asarray(x) - np.mean(x)
    variance = np.var(x, ddof=1)
    kurtosis = np.mean(deviation**4) / np.mean(deviation**2) ** 2
    return variance, variance * np.sqrt((kurtosis - 1) / len(x))


def compare(what, ours, theirs):
    """Comparisons of mean and variance of two samples of independent numbers."""
    comparisons = []
    for moment, estimate in (("mean", mean_with_error), ("variance", variance_with_error)):
        (a, a_error), (b, b_error) = estimate(ours), estimate(theirs)
        comparisons.append(Comparison(f"{moment} of {what}", float(a), float(b),
                                      float((a - b) / np.hypot(a_error, b_error))))
    return comparisons
