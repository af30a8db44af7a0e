"""varprop init, as a user types it, and what docs/initialization.md shows of it. Seen red: with √2 in the
place of √3, with S counted from the input."""

import json
import math
import re
import shlex

import shown_output
from sweep_runs import SweepTest

PAGE = "docs/initialization.md"


class InitTest(SweepTest):
    def answer(self, *words):
        done = self.run_varprop("init", *words, "--json")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return json.loads(done.stdout, parse_constant=self.fail)  # neither NaN nor Infinity


class Init(InitTest):
    def test_one_weight_variance_in_every_unit(self):
        told = self.answer("--activation", "gelu", "--width", 1024, "--depth", 24)
        weight_variance = told["weight_variance"]
        self.assertAlmostEqual(told["gain"], math.sqrt(weight_variance))
        self.assertAlmostEqual(told["std"], math.sqrt(weight_variance / 1024))
        self.assertAlmostEqual(told["bound"], math.sqrt(3 * weight_variance / 1024))
        self.assertEqual(told["keras_variance_scaling"],
                         {"scale": weight_variance, "mode": "fan_in", "distribution": "untruncated_normal"})
        self.assertLess(told["stable_low"], weight_variance)
        self.assertLess(weight_variance, told["stable_high"])
        self.assertEqual((told["source"], told["regime"]), ("theory", "stable"))
        self.assertAlmostEqual(told["forward_change"], -told["backward_total"], delta=0.01)
        for program in told["lines"]["torch"] + told["lines"]["keras"] + told["lines"]["jax"]:
            compile(program, "line", "exec")

    def test_a_choice_brings_its_law_and_its_biases(self):
        told = self.answer("--activation", "relu", "--width", 256, "--depth", 20, "--torch", "nn.Linear")
        self.assertEqual((told["weights"], told["bias_variance"]), ("uniform", 1 / 768))
        self.assertAlmostEqual(told["choice"]["weight_variance"], 1 / 3)
        self.assertAlmostEqual(told["choice"]["chi"], 1 / 6)
        self.assertEqual(told["choice"]["regime"], "vanishing")
        self.assertIn("xavier_uniform_", told["lines"]["torch"][1])

    def test_numbers_are_choices_too(self):
        common = ("--activation", "tanh", "--width", 400, "--depth", 8)
        for option, text, weight_variance in (("--std", "0.05", 1), ("--gain", "5/3", 25 / 9), ("--bound", "sqrt(6/400)", 2),
                                              ("--weight-variance", "he", 2), ("--keras", "he_normal", 2),
                                              ("--jax", "lecun_normal", 1)):
            with self.subTest(option):
                choice = self.answer(*common, option, text)["choice"]
                self.assertAlmostEqual(choice["weight_variance"], weight_variance)
                self.assertEqual(choice["text"], f"{option} {text}")

    def test_what_nothing_holds_says_why_and_what_would(self):
        told = self.answer("--activation", "tanh", "--width", 3, "--depth", 12)
        for key, value in told.items():
            if value is None:
                self.assertGreater(len(told[f"{key}_reason"]), 10, key)
        self.assertIsNone(told["weight_variance"])
        self.assertEqual(told["lines"], {"torch": [], "keras": [], "jax": []})
        self.assertGreater(told["remedies"]["width"], 3)

    def test_a_first_layer_out_of_range_is_not_counted_and_that_is_said(self):
        told = self.answer("--activation", "sin(30)", "--width", 256, "--depth", 10, "--torch",
                           "uniform_(-sqrt(6/n)/30, sqrt(6/n)/30)")
        for part in (told, told["choice"]):
            self.assertEqual((part["regime"], part["counted_from"]), ("stable", "first_layer"))
            self.assertLess(part["forward_total"], -math.log(100))
        self.assertEqual(self.answer("--activation", "sin", "--width", 256, "--depth", 10)["counted_from"], "input")

    def test_bad_input_is_refused_with_a_sentence(self):
        common = ("--activation", "relu", "--width", 64, "--depth", 8)
        for words, sentence in (
                ((*common, "--torch", "kaiming_unifrm_()"), 'Did you mean "kaiming_uniform_"?'),
                ((*common, "--torch", "he_normal"), "Keras has it: --keras."),
                ((*common, "--torch", "f("), 'is not closed'),
                ((*common, "--std", "0"), '--std "0": allowed are numbers above 0.'),
                ((*common, "--gain", "sqrt(-1)"), "no finite number"),
                ((*common, "--torch", ""), "an expression is missing"),
                ((*common, "--std", " "), "an expression is missing"),
                ((*common, "--std", "0.02", "--gain", "1"), "--gain and --std: one choice is judged at a time."),
                ((*common, "--torch", "nn.Linear", "--weights", "uniform"), "--weights: --torch says which law"),
                ((*common, "--bound", "1", "--weights", "gaussian"), "weights with a --bound are uniform"),
                ((*common, "--std", "1e200"), "from 1e-250 to 1e250"),
                (("--activation", "relu", "--width", 64, "--depth", 1), "a whole number from 2 to"),
                (("--activation", "rleu", "--width", 64, "--depth", 8), 'Did you mean "relu"?')):
            with self.subTest(words):
                self.assertEqual(self.expect(2, "init", *words, says=[sentence]).stdout, "")


class Page(InitTest):
    """docs/initialization.md tells the truth."""

    page = SweepTest.source(PAGE).read_text(encoding="utf-8")

    def test_what_is_shown_is_printed(self):
        shown = re.findall(r"^```console\n\$ varprop (.*)\n((?:.*\n)*?)```", self.page, flags=re.MULTILINE)
        self.assertGreaterEqual(len(shown), 3)
        for command, output in shown:
            with self.subTest(command):
                done = self.run_varprop(*shlex.split(command))
                self.assertRegex(done.stdout, shown_output.pattern(output.splitlines()))

    def test_gains_of_torch_are_judged_as_the_table_has_it(self):
        rows = re.findall(r"^\| `(\w+)` \| ([^|]+) \| ([\d.]+) \| `([^`]+)` \| ([\d.]+) \| (\w+) \| ([\d.]+) \|", self.page,
                          flags=re.MULTILINE)
        self.assertEqual(len(rows), 6)
        for nonlinearity, _, weight_variance, activation, chi, regime, best in rows:
            with self.subTest(nonlinearity):
                told = self.answer("--activation", activation, "--width", 512, "--depth", 50, "--torch",
                                   f"xavier_normal_(gain=calculate_gain('{nonlinearity}'))")
                self.assertEqual(f"{told['choice']['weight_variance']:.4g}", weight_variance)
                self.assertEqual(f"{told['choice']['chi']:.3g}", chi)
                self.assertEqual(told["choice"]["regime"], regime)
                self.assertEqual(f"{told['weight_variance']:.4g}", best)
