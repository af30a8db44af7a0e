"""A small part of the campaign on verdicts (docs/campaigns.md): theory and simulation name the same regime, and what theory
advises is stable.

Seen red: with the width's drift left out of the walk, with its spread halved.
"""

import unittest

import verdict_trials
from script_test import ScriptTest

FIRST, COUNT, SEED, DENSE_SECONDS = 11, 12, 1, 2


class Verdicts(ScriptTest):
    @classmethod
    def setUpClass(cls):
        cls.trials = [verdict_trials.make(cls.arguments.varprop, SEED, number, dense_seconds=DENSE_SECONDS)
                      for number in range(FIRST, FIRST + COUNT)]

    def test_regimes_agree_where_the_simulation_is_clear(self):
        clear = [trial for trial in self.trials if trial.clear]
        self.assertEqual([trial for trial in clear if verdict_trials.outcome(trial) == "differs"], [])
        self.assertLess(sum(verdict_trials.outcome(trial) == "undecided" for trial in clear), 2)

    def test_the_points_are_of_every_kind_and_mostly_clear(self):
        self.assertEqual({trial.simulated for trial in self.trials}, {"stable", "vanishing", "exploding", "erratic"})
        self.assertGreaterEqual(sum(trial.clear for trial in self.trials), COUNT - 2)

    def test_what_is_advised_is_stable(self):
        advised = [trial for trial in self.trials if trial.advised is not None]
        self.assertGreater(len(advised), 2)
        self.assertEqual([trial for trial in advised if not trial.advice_holds], [])


class Clearness(unittest.TestCase):
    """What counts as clear, without a simulation."""

    def row(self, low=-1.0, high=1.0, share=1.0, extinct=0.0, regime="stable"):
        row = {"regime": regime, "networks": 400}
        for direction, (a, b) in (("forward", (low, high)), ("backward", (0.0, 0.0))):
            row |= {f"{direction}_total_low": str(a), f"{direction}_total_high": str(b), f"{direction}_extinct_share": str(extinct),
                    f"{direction}_share_in_range": str(share)}
        return row

    def test_a_border_within_one_more_half_width_is_not(self):
        border = verdict_trials.LOG_FACTOR
        for low, high, clear in ((border - 4, border - 1.01, False), (border - 2, border - 1.01, True), (border + 0.3, border + 1, False),
                                 (border + 0.6, border + 1, True), (-border - 1, -border - 0.3, False), (-border - 1, -border - 0.6, True)):
            self.assertEqual(verdict_trials.is_clear(self.row(low, high)), clear, (low, high))

    def test_a_share_within_its_error_of_its_border_is_not(self):
        for share, clear in ((0.93, True), (0.925, False), (0.88, False), (0.87, True)):
            self.assertEqual(verdict_trials.is_clear(self.row(share=share)), clear, share)
        for extinct, clear in ((0.07, True), (0.08, False), (0.12, False), (0.13, True)):
            self.assertEqual(verdict_trials.is_clear(self.row(extinct=extinct)), clear, extinct)
        self.assertFalse(verdict_trials.is_clear(self.row(regime="undecided")))
