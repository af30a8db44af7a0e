"""Exponents of made-up costs come back. Seen to fail with the fixed part left in."""

import unittest

import benchmark_test
import numpy as np
from power_law import fit, slope

SIZES = 2.0 ** np.arange(4, 14)


class Exponents(unittest.TestCase):
    def test_a_pure_power_is_exact(self):
        law = fit(SIZES, 3.0 * SIZES**2, 2)
        self.assertAlmostEqual(law.exponent, 2)
        self.assertAlmostEqual(law.fixed, 0, delta=1e-6)
        self.assertEqual(law.window, (SIZES[0], SIZES[-1]))

    def test_the_fixed_part_is_found_and_kept_out_of_the_window(self):
        costs = 500 + 8 * SIZES
        law = fit(SIZES, costs, 1)
        self.assertAlmostEqual(law.fixed, 500, delta=1e-6)
        self.assertEqual(law.window, (2048, SIZES[-1]))  # 500 < 5 % of 500 + 8·2048, not of 500 + 8·1024
        self.assertAlmostEqual(law.exponent, 1, delta=0.03)
        self.assertLess(slope(SIZES, costs)[0], 0.9)

    def test_another_power_than_expected_shows(self):
        law = fit(SIZES, SIZES**1.2, 1)
        self.assertTrue(law is None or abs(law.exponent - 1) > 0.15)

    def test_no_growth_has_exponent_zero(self):
        law = fit(SIZES, np.full(len(SIZES), 900.0), 0)
        self.assertAlmostEqual(law.exponent, 0)
        self.assertEqual(law.window, (SIZES[0], SIZES[-1]))

    def test_no_window_is_no_law(self):
        self.assertIsNone(fit(SIZES, 1e9 + SIZES, 1))

    def test_the_error_is_the_spread_of_exponents(self):
        random = np.random.default_rng(1)
        laws = [slope(SIZES, SIZES * np.exp(0.02 * random.standard_normal(len(SIZES)))) for _ in range(2000)]
        exponents, errors = zip(*laws)
        self.assertAlmostEqual(np.sqrt(np.mean(np.square(errors))) / np.std(exponents), 1, delta=0.1)
