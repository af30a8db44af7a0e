"""A promise is met on the right side of its bound."""

import unittest

import benchmark_test
from promises import Promise, kernel_promises


class Promises(unittest.TestCase):
    def test_both_relations(self):
        for measured, relation, verdict in ((2, "≤", "missed"), (1, "≤", "met"), (2, "≥", "met"), (0.5, "≥", "missed"),
                                            (None, "≥", "not in this build")):
            with self.subTest(measured=measured, relation=relation):
                self.assertEqual(Promise("x", measured, relation, 1).verdict, verdict)

    def test_ratios_are_the_right_way_up(self):
        tanh, relu, numpy_normals, std_normals = kernel_promises(numpy_draw=12, our_draw=2, std_draw=16, tanh=6, relu=3)
        self.assertEqual((tanh.measured, relu.measured), (0.5, 0.25))
        self.assertEqual((numpy_normals.measured, std_normals.measured), (6, 8))


if __name__ == "__main__":
    benchmark_test.main()
