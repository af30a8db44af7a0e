"""varprop theory, as a user types it. Seen red: with torch's bias not over the width, reasons under another key, the bias
left out of c_1, the inverse of the pace, points called reached, a range without its end, a variance in place of the
standard deviation, a curve that ignores --depth, a range that is not rounded, the verdict without its width."""

import json
import math

from sweep_runs import SweepTest

KEYS = ("q_star", "chi", "chi_q", "xi_q", "c_star", "xi_c", "phase", "critical_weight_variance", "kappa_1",
        "fluctuation")
ACTIVATIONS = ("linear", "relu", "leaky_relu(0.2)", "abs", "tanh", "erf", "sigmoid", "hard_tanh", "softsign", "arctan",
               "sin", "elu", "selu", "gelu", "silu", "softplus", "mish", "gelu_tanh", "quick_gelu", "hardswish", "hardsigmoid",
               "relu6", "relu2", "celu", "softshrink", "sin(30)")


class Theory(SweepTest):
    def theory(self, activation, weight_variance, bias_variance=0, *words):
        done = self.run_varprop("theory", "--activation", activation, "--weight-variance", weight_variance,
                                "--bias-variance", bias_variance, "--json", *words)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout, parse_constant=self.fail)  # neither NaN nor Infinity

    def curve(self, activation, *words):
        done = self.run_varprop("theory", "--activation", activation, "--curve", "--json", *words)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout, parse_constant=self.fail)

    def page(self, *words):
        done = self.run_varprop("theory", *words)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stderr, "")
        return done.stdout

    def test_published_row(self):
        point = self.theory("tanh", 2, 0.05)
        for key, value, tolerance in (("q_star", 0.721762, 1e-5), ("chi", 1.047666, 1e-5), ("xi_q", 1.388, 1e-3),
                                      ("c_star", 0.744082, 1e-5), ("xi_c", 25.213, 0.025),
                                      ("critical_weight_variance", 1.760955, 2e-6)):
            self.assertAlmostEqual(point[key], value, delta=tolerance, msg=key)
        self.assertEqual(point["phase"], "chaotic")
        self.assertEqual(len(point["correlation_fixed_points"]), 2)
        for error in point["errors"].values():
            self.assertLess(error, 1e-6)

    def test_errors_of_what_there_is(self):
        ordered = self.theory("tanh", 0.5, 0.05)
        self.assertEqual(ordered["c_star"], 1)
        self.assertGreater(ordered["errors"]["xi_c"], 0)  # of chi, though c* is exact
        self.assertLess(ordered["errors"]["xi_c"], 1e-6)
        for key, error in self.theory("relu", 2)["errors"].items():
            self.assertEqual(error is None, self.theory("relu", 2)[key] is None, key)

    def test_verdict_of_one_layer_and_of_what_no_double_holds(self):
        self.assertNotIn("Through", self.theory("relu", 2, 0, "--width", 1, "--depth", 1)["verdict"])
        self.assertIn("One layer", self.theory("relu", 2, 0, "--width", 1, "--depth", 1)["verdict"])
        self.assertIn("by a factor e^2760 (one", self.theory("relu", 1e300, 0, "--width", 64, "--depth", 5)["verdict"])
        self.assertIn("= 0.446 (one", self.theory("relu", 2, 0, "--width", 2, "--depth", 2)["verdict"])

    def test_every_null_has_its_reason_and_nothing_else_has(self):
        for activation in ACTIVATIONS:
            for weight_variance, bias_variance in ((1, 0), (2, 0.1), (1e300, 0)):
                with self.subTest(activation, weight_variance=weight_variance, bias_variance=bias_variance):
                    point = self.theory(activation, weight_variance, bias_variance, "--width", 16, "--depth", 9)
                    for key in KEYS:
                        self.assertIn(key, point)
                    for key, value in point.items():
                        if value is None:
                            self.assertGreater(len(point[f"{key}_reason"]), 10, key)
                        else:
                            self.assertNotIn(f"{key}_reason", point)

    def test_reasons(self):
        critical = self.theory("tanh", 1.760955, 0.05)
        self.assertEqual((critical["phase"], critical["xi_c_reason"]), ("critical", "infinite: chi = 1"))
        relu = self.theory("relu", 2)
        self.assertEqual((relu["phase"], relu["chi"], relu["q_star"]), ("critical", 1, None))
        self.assertIn("homogeneous", relu["q_star_reason"])
        self.assertIn("orthogonal", self.theory("tanh", 1.5, 0.05, "--weights", "orthogonal")["kappa_1_reason"])
        self.assertIn("no fixed point", self.theory("softplus", 1)["critical_weight_variance_reason"])

    def test_names_stand_for_variances(self):
        self.assertEqual(self.theory("relu", "he")["weight_variance"], 2)
        self.assertAlmostEqual(self.theory("relu", "torch", "torch", "--width", 100)["bias_variance"], 1 / 300, places=15)

    def test_width_and_depth(self):
        point = self.theory("relu", 2, 0, "--width", 50, "--depth", 20)
        self.assertAlmostEqual(point["forward_log_mean"] - math.log(2), -1.0032, delta=5e-5)
        self.assertAlmostEqual(point["forward_log_deviation"] ** 2, 2.0960, delta=5e-5)
        self.assertAlmostEqual(point["backward_log_mean"], -0.9830, delta=5e-5)
        self.assertAlmostEqual(point["backward_log_deviation"] ** 2, 2.0552, delta=5e-5)
        self.assertAlmostEqual(point["theory_backward_rate_n"], -0.9830 / 19, delta=5e-6)
        self.assertAlmostEqual(self.theory("relu", 2, 0, "--width", 32)["critical_weight_variance_n"], 2.172, delta=5e-4)
        profile = self.theory("tanh", 1.5, 0.05, "--depth", 5)["forward_profile"]
        for q, published in zip(profile, (1.55, .761364, .567946, .492053, .456622), strict=True):
            self.assertAlmostEqual(q, published, delta=1e-6)

    def test_two_inputs(self):
        profile = self.theory("relu", 2, 0, "--depth", 4, "--input-correlation", 0)["correlation_profile"]
        for c, published in zip(profile, (0, 1 / math.pi, 0.49373109, 0.60482572), strict=True):
            self.assertAlmostEqual(c, published, delta=1e-8)
        first = self.theory("tanh", 2, 0.05, "--depth", 1, "--input-correlation", 0.5)["correlation_profile"]
        self.assertAlmostEqual(first[0], (2 * 0.5 + 0.05) / 2.05, places=14)

    def test_curve(self):
        edge = self.curve("gelu", "--range", "0:0.4:3")
        self.assertEqual([row["bias_variance"] for row in edge["curve"]], [0, 0.2, 0.4])
        self.assertIsNone(edge["curve"][0]["critical_weight_variance"])
        self.assertIn("does not reach", edge["curve"][0]["critical_weight_variance_reason"])
        for row in edge["curve"][1:]:
            self.assertAlmostEqual(self.theory("gelu", row["critical_weight_variance"], row["bias_variance"])["chi"], 1)
        half_stable, = edge["half_stable_points"]
        self.assertAlmostEqual(half_stable["q_star"], (3 + math.sqrt(17)) / 2, delta=1e-8)
        self.assertEqual(self.curve("softplus")["curve"][0]["points"], [])
        self.assertEqual(self.curve("relu")["curve"][-1]["critical_weight_variance"], 2)

    def test_curve_takes_what_it_uses_only(self):
        for words, name in ((("--bias-variance", 0.1), "--bias-variance"), (("--depth", 5), "--depth"),
                            (("--input-correlation", 0.5), "--input-correlation"),
                            (("--weight-variance", 1), "--weight-variance")):
            done = self.run_varprop("theory", "--activation", "tanh", "--curve", *words)
            self.assertEqual((done.returncode, done.stdout), (2, ""), name)
            self.assertIn(name, done.stderr)

    def test_range_has_the_values_of_a_sweep_files(self):
        self.assertEqual([row["bias_variance"] for row in self.curve("relu", "--range", "0:0.3:4")["curve"]],
                         [0, 0.1, 0.2, 0.3])

    def test_width_comes_first_in_the_verdict(self):
        page = self.page("--activation", "relu", "--weight-variance", 2, "--width", 64, "--depth", 50)
        verdict = " ".join(page.split("\n\n")[-1].split())
        self.assertIn("at width 64 the gradient fades, by e every 24.9 layers", verdict)
        self.assertIn("(at infinite width the gradient holds)", verdict)
        self.assertIn('"none" at width 8', " ".join(self.page("--activation", "tanh", "--curve", "--weights", "orthogonal",
                                                              "--width", 8).split()))
        transient = self.page("--activation", "tanh", "--weight-variance", 1.76, "--bias-variance", 0.05, "--depth", 50)
        self.assertIn("still settling", " ".join(transient.split()))

    def judged(self, expected, activation, weight_variance, *words, bias_variance=0):
        """The point's JSON, of this regime, and its advice holds by its own measure."""
        point = self.theory(activation, weight_variance, bias_variance, *words)
        self.assertEqual(point["regime"], expected, point)
        nearest = point["nearest_stable_weight_variance"]
        if nearest is not None and expected != "stable":
            self.assertEqual(self.theory(activation, nearest, bias_variance, *words)["regime"], "stable")
            self.assertIn(f"{nearest:.6g}", point["verdict"])
        return point

    def test_verdicts_are_of_the_depth(self):
        words = ("--weights", "orthogonal", "--width", 64, "--depth")
        short = self.judged("stable", "tanh", 2, *words, 3)
        self.assertEqual(short["nearest_stable_weight_variance"], 2)
        for word in ("explodes", "nearest", "use"):
            self.assertNotIn(word, short["verdict"])
        deep = self.judged("exploding", "tanh", 2, *words, 100)
        self.assertTrue(1 < deep["nearest_stable_weight_variance"] < 2)
        gelu = self.judged("stable", "gelu", 2.2, "--depth", 24)
        self.assertNotIn("No weight variance", gelu["verdict"])
        self.judged("vanishing", "relu", 1, "--depth", 50)
        self.judged("exploding", "relu", 3, "--depth", 50, "--width", 256)
        self.judged("erratic", "relu", 2.17, "--depth", 50, "--width", 32)
        self.judged("extinct", "relu", 2, "--depth", 50, "--width", 4)

    def test_without_a_depth_nothing_is_judged(self):
        point = self.theory("relu", 2)
        for key in ("regime", "nearest_stable_weight_variance"):
            self.assertIsNone(point[key])
            self.assertIn("depth", point[f"{key}_reason"])

    def test_a_width_takes_nothing_away(self):
        for activation, *words in (("gelu",), ("tanh", "--weights", "uniform"), ("relu", "--weights", "rademacher")):
            limit = self.theory(activation, 2, 0.1, "--depth", 24, *words)
            wide = self.theory(activation, 2, 0.1, "--depth", 24, "--width", 100, *words)
            for key in ("forward", "backward"):
                self.assertEqual(wide[f"{key}_log_limit"], limit[f"{key}_log_mean"])
                self.assertAlmostEqual(limit[f"{key}_total"], limit[f"{key}_log_mean"], delta=1e-4)
                self.assertNotEqual(wide[f"{key}_total"], limit[f"{key}_total"])
            self.assertEqual((wide["totals_of"], limit["totals_of"]), ("this width, estimated", "infinite width"))
        torch = self.theory("gelu", "torch", "torch", "--depth", 24, "--width", 100)
        self.assertAlmostEqual(torch["forward_log_limit"], math.log(torch["q_star"]), delta=0.01)

    def test_the_tangent_kernel(self):
        """Seen red: with the ratio's logarithm; with the width left out of Theta_W."""
        point = self.theory("relu", 2, 0, "--width", 16, "--depth", 8)
        self.assertAlmostEqual(point["ntk_ratio"], 4.4510923326, places=9)
        self.assertAlmostEqual(point["ntk_weight_log_limit"], math.log(16 * 8), places=9)
        self.assertAlmostEqual(point["ntk_bias_log_limit"], math.log(8), places=9)
        self.assertIn("E Theta^2/(E Theta)^2", self.page("--activation", "relu", "--weight-variance", 2, "--width", 16, "--depth", 8))
        limit = self.theory("relu", 2, 0, "--depth", 8)
        self.assertEqual(limit["ntk_bias_log_limit"], point["ntk_bias_log_limit"])
        self.assertIsNone(limit["ntk_weight_log_limit"])
        self.assertNotIn("ntk_ratio", limit)
        self.assertIn("without biases only", self.theory("tanh", 1, 0, "--width", 16, "--depth", 8)["ntk_ratio_reason"])

    def test_activations_and_their_shares(self):
        tanh = self.theory("tanh", 25 / 9, 0, "--depth", 8)
        for key in ("activations", "saturated", "dead"):
            self.assertEqual(len(tanh[f"{key}_profile"]), 8)
        for l in range(7):
            self.assertAlmostEqual(tanh["forward_profile"][l + 1], 25 / 9 * tanh["activations_profile"][l], places=12)
        border = math.atanh(math.sqrt(0.99))
        for q, share in zip(tanh["forward_profile"], tanh["saturated_profile"]):
            self.assertAlmostEqual(share, math.erfc(border / math.sqrt(2 * q)), places=9)
        self.assertEqual(set(tanh["dead_profile"]), {0})
        self.assertEqual(set(self.theory("relu", 2, 0, "--depth", 8)["dead_profile"]), {0.5})

    def test_variances_of_weights_themselves(self):
        for activation in ("relu", "tanh"):
            words = ("--width", 64, "--depth", 40)
            scaled = self.theory(activation, 3, 0.05, *words)
            plain = self.theory(activation, 3 / 64, 0.05, "--variance-scaling", "none", *words)
            self.assertEqual(plain["variance_scaling"], "none")
            for key in ("weight_variance", "critical_weight_variance", "critical_weight_variance_n",
                        "nearest_stable_weight_variance"):
                if scaled[key] is not None:
                    self.assertAlmostEqual(plain[key] * 64, scaled[key], places=9, msg=key)
            for key in ("q_star", "chi", "forward_log_limit", "backward_total", "regime"):
                self.assertEqual(plain[key], scaled[key], key)
        done = self.run_varprop("theory", "--activation", "relu", "--weight-variance", 1, "--variance-scaling", "none")
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn("--width is needed", done.stderr)
        done = self.run_varprop("theory", "--activation", "relu", "--weight-variance", "he", "--variance-scaling", "none",
                                "--width", 9)
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn("names are times fan-in", done.stderr)

    def test_the_inputs_mean_square(self):
        """GELU without biases has an unstable fixed point: what is smaller dies out, what is larger grows."""
        small = self.theory("gelu", 2.1, 0, "--depth", 300, "--input-mean-square", 0.01)
        large = self.theory("gelu", 2.1, 0, "--depth", 300, "--input-mean-square", 100)
        self.assertEqual((small["q_star"], large["q_star"]), (0, None))
        self.assertEqual((small["regime"], large["regime"]), ("vanishing", "exploding"))
        for point, square in ((small, 0.01), (large, 100)):
            self.assertEqual(point["input_mean_square"], square)
            self.assertAlmostEqual(point["forward_profile"][0], 2.1 * square)
            self.assertAlmostEqual(point["forward_total"], point["forward_log_mean"] - math.log(square), delta=0.02)
        relu = self.theory("relu", 2, 0, "--width", 50, "--depth", 20, "--input-mean-square", 9)
        self.assertAlmostEqual(relu["forward_log_mean"] - math.log(18), -1.0032, delta=5e-5)
        self.assertAlmostEqual(relu["forward_total"] - math.log(2), -1.0032, delta=5e-5)
        first = self.theory("tanh", 2, 0.05, "--depth", 1, "--input-correlation", 0.5, "--input-mean-square", 3)
        self.assertAlmostEqual(first["correlation_profile"][0], (6 * 0.5 + 0.05) / 6.05, places=14)
        for wrong in ("0", "-1", "nan", "1e101"):
            done = self.run_varprop("theory", "--activation", "relu", "--weight-variance", 1, "--input-mean-square", wrong)
            self.assertEqual((done.returncode, done.stdout), (2, ""), wrong)

    def test_pages_end_in_what_they_mean(self):
        tanh = ("--activation", "tanh", "--bias-variance", "0.05", "--weight-variance")
        self.assertIn("the gradient vanishes, by e every 15.8 layers", self.page(*tanh, "1.5").replace("\n", " "))
        self.assertIn("nearest weight variance that holds it is 1.76095", self.page(*tanh, "2").replace("\n", " "))
        self.assertIn("the gradient holds", self.page(*tanh, "1.760955"))
        page = self.page("--activation", "tanh", "--weight-variance", "1", "--depth", "40")
        self.assertIn("dies out slowly, as 1/l^1", page)
        self.assertIn("Through 40 layers", page.replace("\n", " "))
        self.assertIn("no q*", self.page("--activation", "relu", "--weight-variance", "2", "--bias-variance", "0.05"))
        self.assertIn("not reached", self.page("--activation", "gelu", "--curve"))
        self.assertIn("no edge of chaos", self.page("--activation", "softplus", "--curve"))
        for line in page.splitlines():
            self.assertLessEqual(len(line), 110)
