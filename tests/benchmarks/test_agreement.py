"""Samples of one law agree, samples of two laws do not. Seen to fail with the error of a variance left at v·√(2/T)."""

import unittest

import benchmark_test
import numpy as np
from agreement import LARGEST_Z, compare, variance_with_error


class Agreement(unittest.TestCase):
    def setUp(self):
        self.random = np.random.default_rng(1)

    def heavy(self, count):
        """Of kurtosis 6, like logarithms of narrow networks."""
        return self.random.laplace(size=count)

    def test_samples_of_one_law_agree(self):
        zs = [c.z for _ in range(200) for c in compare("x", self.heavy(4000), self.heavy(1000))]
        self.assertLess(np.max(np.abs(zs)), 4.5)
        self.assertAlmostEqual(np.std(zs), 1, delta=0.15)

    def test_a_mean_that_is_off_is_seen(self):
        mean, variance = compare("x", self.heavy(4000), self.heavy(4000) + 0.2)
        self.assertFalse(mean.agrees)
        self.assertTrue(variance.agrees)

    def test_a_variance_that_is_off_is_seen(self):
        mean, variance = compare("x", self.heavy(4000), 1.3 * self.heavy(4000))
        self.assertTrue(mean.agrees)
        self.assertFalse(variance.agrees)

    def test_the_error_of_a_variance_follows_the_kurtosis(self):
        estimates = [variance_with_error(self.heavy(2000)) for _ in range(500)]
        variances, errors = zip(*estimates)
        self.assertAlmostEqual(np.mean(errors) / np.std(variances), 1, delta=0.1)

    def test_the_sign_is_ours_minus_theirs(self):
        mean = compare("x", self.heavy(1000) + 1, self.heavy(1000))[0]
        self.assertGreater(mean.z, LARGEST_Z)
