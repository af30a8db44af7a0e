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
        promises = kernel_promises(numpy_draw=12, std_draw=16, our_draw=2, our_draw_with_avx2=4, tanh=6, relu=3)
        self.assertEqual([promise.measured for promise in promises], [0.5, 0.25, 6, 8, 3, 4])
