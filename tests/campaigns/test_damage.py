"""A small part of the campaign on damaged files (docs/campaigns.md): every command that reads one ends by itself, says why,
and leaves it and its folder as they were.

Seen red: with results files over which HDF5 1.10 went round for ever or crashed; with sentences of many lines, or cut at a zero.
"""

import collections
import sys

from damage_runners import Program
from damage_trials import Corpus, Trials
from script_test import ScriptTest

COUNTS = {"results": 40, "logs": 10, "sweeps": 80}


class Damage(ScriptTest):
    def survive(self, kind):
        run = Program(self.arguments.varprop)
        trials = Trials(Corpus(self.path("corpus"), run), self.path("trial"), run)
        ends, findings = collections.Counter(), []
        for number in range(COUNTS[kind] * (25 if self.arguments.full else 1)):
            trial = trials(kind, number)
            ends.update((command, end) for command, end, _ in trial.ends)
            findings += [f"{kind} {number} ({trial.damage}): {finding}" for finding in trial.findings]
        told = ", ".join(f"{command} {end}: {count}" for (command, end), count in sorted(ends.items()))
        print(f"{kind}: {number + 1} damaged files; {told}", file=sys.stderr)
        self.assertEqual(findings, [])
        return {end for _, end in ends}

    def test_results_files(self):
        self.assertLessEqual({"0", "2", "3"}, self.survive("results"), "damage of every degree")

    def test_event_logs(self):
        self.survive("logs")

    def test_sweep_files(self):
        self.assertLessEqual({"0", "2"}, self.survive("sweeps"))
