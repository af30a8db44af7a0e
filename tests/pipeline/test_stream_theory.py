"""varprop theory of networks with a residual stream, attention, norms, dropout and unequal widths, as a user types it.

The numbers are those of tests/theory/streams/test_stream_theory.cpp, by other programs."""

import json
import math

from sweep_runs import SweepTest


class StreamTheory(SweepTest):
    def theory(self, *words):
        done = self.run_varprop("theory", *words, "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout, parse_constant=self.fail)  # neither NaN nor Infinity

    def refuse(self, sentence, *words):
        done = self.run_varprop("theory", "--activation", "relu", *words)
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn(sentence, done.stderr)

    def test_tanh_without_norms(self):
        point = self.theory("--activation", "tanh", "--weight-variance", 1, "--block", "mlp", "--depth", 16)
        self.assertEqual(len(point["forward_profile"]), 17)
        self.assertAlmostEqual(point["forward_profile"][16], 11.204137, delta=1e-6)
        self.assertAlmostEqual(point["backward_log_profile"][0], 3.63355, delta=1e-5)
        self.assertAlmostEqual(point["kappa"], 1.177807, delta=1e-6)
        self.assertEqual((point["regime"], point["nearest_stable_branch_scale"]), ("stable", 1))
        self.assertNotIn("correlation_profile", point)
        self.assertIn("forward_log_of_mean_n_reason", point)

    def test_two_inputs_and_exact_moments(self):
        point = self.theory("--activation", "relu", "--weight-variance", "he", "--output-ratio", 0.5, "--block", "mlp",
                            "--depth", 8, "--width", 64, "--input-correlation", 0)
        self.assertAlmostEqual(point["correlation_profile"][3], 0.37586591, delta=1e-8)
        self.assertAlmostEqual(math.exp(point["forward_log_of_mean_n"]), 256, delta=1e-9)
        self.assertAlmostEqual(point["second_moment_ratio_n"], 1.4067, delta=5e-5)
        self.assertEqual(point["gradient_correlation_profile"][8], 1)

    def test_gpt2_with_tokens(self):
        words = ("--activation", "gelu", "--weight-variance", 4e-4, "--variance-scaling", "none", "--input-mean-square", 8e-4,
                 "--block", "transformer", "--norm", "pre_layer", "--width", 768, "--heads", 12, "--depth", 12,
                 "--hidden-ratio", 4, "--branch-scale", math.sqrt(0.5), "--branch-power", 0.5)
        one = self.theory(*words)
        self.assertAlmostEqual(one["forward_profile"][12], 0.11341, delta=5e-6)
        self.assertAlmostEqual(one["backward_profile"][0], 159.5, delta=0.05)
        self.assertEqual(one["regime"], "exploding")
        self.assertIn("drowns the input", one["verdict"])
        held = self.theory(*words[:-3], one["nearest_stable_branch_scale"], *words[-2:])
        self.assertEqual(held["regime"], "stable")
        several = self.theory(*words, "--tokens", 8, "--input-correlation", 0.2)
        self.assertAlmostEqual(several["correlation_profile"][0], 0.2, delta=1e-12)
        self.assertGreater(several["correlation_profile"][12], 0.8)
        queries, values = (several[f"weight_gradient_{name}_log_profile"] for name in ("query", "value"))
        self.assertLess(queries[12] - queries[1], values[12] - values[1])

    def test_plain_layers_with_norm_and_dropout(self):
        point = self.theory("--activation", "relu", "--weight-variance", 1.8, "--keep", 0.9, "--width", 32, "--depth", 8)
        self.assertAlmostEqual(point["theory_backward_rate_n"], -0.09448922, delta=1e-8)
        self.assertAlmostEqual(point["critical_weight_variance"], 1.8, delta=1e-12)
        self.assertEqual(len(point["forward_profile"]), 8)
        point = self.theory("--activation", "tanh", "--weight-variance", 3, "--norm", "pre_rms", "--depth", 8)
        self.assertAlmostEqual(point["theory_backward_rate"], math.log(1.177807), delta=1e-6)

    def test_presets_are_those_of_a_sweep_file(self):
        """Seen red: with its weight variance laid over what is given; with its mask left out."""
        point = self.theory("--preset", "gpt2", "--width", 768, "--heads", 12, "--depth", 12)
        self.assertAlmostEqual(point["forward_profile"][12], 0.1134, delta=5e-4)  # gelu_tanh for gelu
        self.assertAlmostEqual(point["backward_profile"][0], 159.5, delta=0.5)
        self.assertEqual((point["activation"], point["norm"], point["variance_scaling"], point["attention_mask"]),
                         ("gelu_tanh", "pre_layer", "none", "causal"))
        other = self.theory("--preset", "gpt2", "--width", 768, "--depth", 12, "--activation", "relu", "--weight-variance", 1e-4,
                            "--input-mean-square", 1)
        self.assertEqual((other["activation"], other["weight_variance"], other["hidden_ratio"]), ("relu", 1e-4, 4))
        self.assertNotIn("input_mean_square", other)
        deep = self.theory("--preset", "deepnorm", "--depth", 18)
        self.assertAlmostEqual(deep["skip"], 36 ** 0.25, delta=1e-9)
        self.assertAlmostEqual(deep["weight_variance"], 144 ** -0.5, delta=1e-9)
        self.assertEqual(self.theory("--preset", "rezero", "--depth", 6)["backward_total"], 0)
        for preset in ("llama", "bert", "t5", "torch_encoder"):
            words = ("--width", 64) if preset in ("llama", "bert") else ()
            self.assertIn(self.theory("--preset", preset, "--depth", 6, *words)["regime"], ("stable", "exploding", "vanishing"))

    def test_tokens_behind_a_causal_mask(self):
        words = ("--preset", "gpt2", "--width", 768, "--heads", 12, "--depth", 12, "--input-correlation", 0.2)
        causal = self.theory(*words, "--tokens", 8)
        self.assertAlmostEqual(causal["correlation_profile"][0], 0.2, delta=1e-12)
        self.assertEqual(len(causal["gradient_correlation_profile"]), 13)
        seen = self.theory(*words, "--tokens", 8, "--attention-mask", "none")
        self.assertGreater(causal["forward_profile"][12], seen["forward_profile"][12])  # the first tokens average over fewer
        self.assertLess(causal["correlation_profile"][12], seen["correlation_profile"][12])
        self.refuse("more than 16 tokens", "--weight-variance", 1, "--block", "attention", "--norm", "pre_rms", "--depth", 2, "--tokens", 17,
                    "--attention-mask", "causal")
        self.refuse("where no norm makes them of one length", "--weight-variance", 1, "--block", "attention", "--depth", 2, "--tokens", 3,
                    "--attention-mask", "causal")

    def test_biases_over_fan_in(self):
        torch = self.theory("--activation", "relu", "--weight-variance", "torch", "--bias-variance", "torch", "--width", 128, "--depth", 4)
        scaled = self.theory("--activation", "relu", "--weight-variance", "torch", "--bias-variance", "torch", "--bias-scaling", "fan_in",
                             "--width", 128, "--depth", 4)
        self.assertEqual((scaled["bias_variance"], scaled["bias_scaling"]), (1 / 3, "fan_in"))
        self.assertEqual(scaled["forward_profile"], torch["forward_profile"])
        self.assertEqual(scaled["backward_total"], torch["backward_total"])
        unequal = self.theory("--activation", "relu", "--weight-variance", "torch", "--bias-variance", "torch", "--bias-scaling", "fan_in",
                              "--width", 128, "--input-width", 512, "--depth", 3)
        self.assertAlmostEqual(unequal["forward_profile"][0], 1 / 3 + 1 / 3 / 512, delta=1e-12)
        self.refuse("--width is needed", "--weight-variance", 1, "--bias-variance", 1, "--bias-scaling", "fan_in")

    def test_shares_of_dead_networks(self):
        """Seen red: with one layer more; with the signal dead where there are biases."""
        words = ("--activation", "relu", "--weight-variance", 2, "--width", 8, "--depth", 50)
        point = self.theory(*words)
        dead = 1 - (1 - 2.0 ** -8) ** 49
        self.assertAlmostEqual(point["forward_extinct_share"], dead, delta=1e-12)
        self.assertAlmostEqual(point["backward_extinct_share"], dead, delta=1e-12)
        self.assertIn("forward_extinct_share", self.run_varprop("theory", *words).stdout)
        biased = self.theory(*words, "--bias-variance", 0.1)
        self.assertEqual(biased["forward_extinct_share"], 0)
        self.assertAlmostEqual(biased["backward_extinct_share"], dead, delta=1e-12)
        dropped = self.theory(*words, "--keep", 0.5)
        self.assertAlmostEqual(dropped["forward_extinct_share"], 1 - (1 - 0.75 ** 8) ** 49, delta=1e-12)
        self.assertEqual(self.theory("--activation", "tanh", "--weight-variance", 2, "--width", 8, "--depth", 5)["forward_extinct_share"], 0)
        self.assertNotIn("extinct_share", self.run_varprop("theory", "--activation", "tanh", "--weight-variance", 2, "--width", 8, "--depth", 5).stdout)

    def test_overflow_is_no_number(self):
        point = self.theory("--activation", "relu", "--weight-variance", 8, "--block", "glu", "--depth", 100)
        self.assertIsNone(point["forward_log_limit"])
        self.assertEqual(point["regime"], "exploding")

    def test_refusals(self):
        self.assertIn('Did you mean "gpt2"?', self.run_varprop("theory", "--preset", "gpt", "--depth", 3).stderr)
        self.assertIn("--preset needs --depth", self.run_varprop("theory", "--preset", "t5").stderr)
        self.assertIn("--activation is required", self.run_varprop("theory", "--weight-variance", 1).stderr)
        self.refuse("--depth is needed", "--weight-variance", 1, "--block", "mlp")
        self.refuse("finds no tokens (2) in mlp layers", "--weight-variance", 1, "--block", "mlp", "--depth", 3, "--tokens", 2)
        self.refuse("heads that divides the width", "--weight-variance", 1, "--block", "attention", "--depth", 3, "--width", 10,
                    "--heads", 3)
        self.refuse("bias_variance must be 0", "--weight-variance", 1, "--bias-variance", 1, "--block", "glu", "--depth", 3)
        self.refuse("--width is needed", "--weight-variance", 1, "--shape", "1:0.5", "--depth", 3)
        self.refuse("Did you mean \"mlp\"?", "--weight-variance", 1, "--block", "mpl")
        self.refuse("--branch-scale -1: allowed is", "--weight-variance", 1, "--block", "mlp", "--branch-scale", -1)
        self.refuse("it takes no newer axis", "--curve", "--block", "mlp")
