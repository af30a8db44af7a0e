"""Google Benchmark's report is read as it is meant."""

import unittest

import benchmark_test
from engine_costs import per_unit
from kernel_times import Cost, Kernel, best

NAME = "engine/dense/gaussian/tanh/inputs:1/n:10/L:3"


def run(ns, cycles, run_type="iteration", **more):
    return {"name": NAME, "run_name": NAME, "run_type": run_type, "time": 1e-9 * ns, "cycles": cycles} | more


class KernelTimes(unittest.TestCase):
    def test_the_fastest_repetition_counts_and_aggregates_do_not(self):
        costs = best([run(7, 70), run(5, 50), run(6, 60), run(1, 10, "aggregate")])
        self.assertEqual(list(costs), [NAME])
        self.assertAlmostEqual(costs[NAME].ns, 5)
        self.assertEqual(costs[NAME].cycles, 50)

    def test_an_error_is_an_error(self):
        with self.assertRaisesRegex(RuntimeError, "too deep"):
            best([run(1, 1, error_occurred=True, error_message="too deep")])

    def test_a_name_says_what_was_measured(self):
        self.assertEqual(Kernel.parse(NAME), Kernel("engine", "dense", "gaussian", "tanh", 1, 10, 3))

    def test_a_dense_network_is_five_passes_over_three_matrices(self):
        self.assertEqual(per_unit(Kernel.parse(NAME), Cost(1000, 5000)), (2, 10))
