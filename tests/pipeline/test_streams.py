"""Networks of blocks, streams and attention, from the sweep file to the tables: layers from the input, what blocks do not have, shards,
kills, refusals, presets.

Seen red: the ratio of the weakest matrix squared.
"""

import csv
import json
import os

import h5py
import numpy

from sweep_runs import SOON, SweepTest

STREAMS = """
[grid]
block = ["plain", "residual", "mlp", "glu", "attention", "transformer", "transformer_glu"]
activation = "tanh"
weight_variance = 1.0
width = 12
depth = [2, 5]
norm = ["none", "post_layer"]
[simulation]
replicas = 32
batches = 4
measure = ["forward", "backward", "weight_gradient", "groups", "branch_gradient", "activations", "ntk"]
"""
TOKENS = """
[grid]
block = ["attention", "transformer"]
activation = "relu"
weight_variance = 1.0
width = 16
heads = 4
tokens = [2, 5]
depth = 4
norm = "pre_rms"
hidden_ratio = 1
[simulation]
replicas = 48
batches = 6
input_correlation = 0.25
measure = ["forward", "backward", "correlation", "groups"]
"""
GROUPS = ["in", "gate", "out", "query", "key", "value", "attention_out"]
HAS = {"plain": ["out"], "residual": ["out"], "mlp": ["in", "out"], "glu": ["in", "gate", "out"], "attention": GROUPS[3:],
       "transformer": ["in", "out", *GROUPS[3:]], "transformer_glu": GROUPS}


OLDER = """
[grid]
block = "mlp"
activation = "relu"
weight_variance = 1.0
width = 12
depth = [2, 5]
[simulation]
replicas = 16
batches = 4
"""


def lower_networks_version(results):
    """As a file of an earlier varprop is, but for its numbers."""
    with h5py.File(results, "r+") as file:
        text = file.attrs["canonical_text"]
        assert "networks = 2\n" in text, text
        text = text.replace("networks = 2\n", "networks = 1\n")
        h = 0xCBF29CE484222325
        for byte in text.encode():
            h = (h ^ byte) * 0x100000001B3 % 2**64
        file.attrs["canonical_text"] = text
        file.attrs["identity"] = f"{h:016x}"


class OlderNetworks(SweepTest):
    """A file whose networks are of an earlier version is read by all who read, and goes on with nobody. Seen red: without the
    version that stands in the file (nothing reads it), and with no version told from another (sweep goes on with it)."""

    def setUp(self):
        super().setUp()
        self.sweep_file = self.write("older.toml", OLDER)
        self.old = self.copy_of_undisturbed(OLDER, "old.h5")
        lower_networks_version(self.old)

    def test_it_is_read(self):
        status = self.expect(0, "status", self.old, "--json").stdout
        self.assertEqual((json.loads(status)["networks_version"], json.loads(status)["done"]), (1, 8))
        self.analyze(self.old, self.path("old"))
        self.assertTrue(os.path.exists(self.path("old/report.html")) or os.path.exists(self.path("old/charts")))
        with open(self.path("old/points.csv"), encoding="utf-8") as file:
            self.assertEqual([row["batches_done"] for row in csv.DictReader(file)], ["4", "4"])

    def test_it_is_mixed_with_nothing(self):
        new, both = "networks version 1, and this program computes version 2", self.path("both.h5")
        for words in (("sweep", self.sweep_file, "-o", self.old), ("merge", both, self.old, self.old), ("verify", self.old)):
            said = self.expect(2, *words).stderr
            self.assertIn(new, said)
            self.assertIn("the varprop that made", said)
        grown = self.sweep(self.sweep_file, self.path("new.h5"), "--reuse", self.old)
        self.assertIn(new, grown.stderr)
        self.assertNotIn("reused 8", grown.stderr)


class Streams(SweepTest):
    def test_layers_begin_with_the_input_and_blocks_have_their_matrices(self):
        results = self.path("streams.h5")
        self.sweep(self.write("streams.toml", STREAMS), results)
        with h5py.File(results, "r") as file:
            self.assertEqual(file.attrs["format_version"], "2.0")
            self.assertEqual([axis[0].name.strip("/") for axis in file["state"].dims][6:], ["block", "norm", "batch"])
            numpy.testing.assert_array_equal(file["layer"][...], range(6))
            blocks = list(file["block"].asstr()[...])
            signal = file["forward_log_mean"][0, 0, 0, 0, 0, 1]  # depth 5: block, norm, batch, layer
            for b, block in enumerate(blocks):
                self.assertEqual(bool(numpy.isnan(signal[b, 0, :, 0]).all()), block == "plain")
                self.assertFalse(numpy.isnan(signal[b, :, :, 1:]).any())
                for group in GROUPS:
                    extinct = file[f"weight_gradient_{group}_extinct"][0, 0, 0, 0, 0, 1, b]
                    self.assertTrue((extinct[..., 0] == -1).all())
                    self.assertEqual(bool((extinct[..., 1:] >= 0).all()), group in HAS[block], (block, group))
            # On the sphere q_0 is 1, and behind a norm q_l.
            streams = [b for b, block in enumerate(blocks) if block != "plain"]
            numpy.testing.assert_allclose(signal[streams][:, 0, :, 0], 0, atol=1e-12)
            numpy.testing.assert_allclose(signal[streams][:, 1, :, 1:], 0, atol=1e-12)
            # One token has nothing to choose from.
            attention = blocks.index("attention")
            self.assertTrue((file["weight_gradient_query_extinct"][0, 0, 0, 0, 0, 1, attention, :, :, 1:] == 8).all())
        self.expect(0, "verify", results, "--sample", "20%")

    def test_tokens_in_shards_and_after_a_stop_have_the_same_bits(self):
        sweep_file, alone = self.write("tokens.toml", TOKENS), self.path("alone.h5")
        self.sweep(sweep_file, alone, "--threads", 1)
        with h5py.File(alone, "r") as file:
            first = file["correlation_mean"][..., 0]
            numpy.testing.assert_allclose(first, 0.25, atol=1e-12)
            self.assertEqual(set(file["engine"][...].flat), {5})
        parts = [self.path(f"part-{number}.h5") for number in (1, 2)]
        for number, part in enumerate(parts, 1):
            self.sweep(sweep_file, part, "--shard", f"{number}/2", "--threads", 2)
        self.expect(0, "merge", self.path("merged.h5"), *parts)
        self.assert_equal_results(alone, self.path("merged.h5"))
        stopped = self.path("stopped.h5")
        process = self.start_varprop("sweep", sweep_file, "-o", stopped, "--threads", 1, "--fault", "hang@15", *SOON)
        self.wait_for_units(process, stopped, 3)
        self.kill(process)
        self.sweep(sweep_file, stopped)
        self.assert_equal_results(alone, stopped)

    def test_tables_tell_of_them(self):
        results, folder = self.path("streams.h5"), self.path("streams")
        self.sweep(self.write("streams.toml", STREAMS), results)
        self.analyze(results, folder)
        with open(os.path.join(folder, "points.csv"), encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        self.assertEqual(len(rows), 28)
        self.assertTrue(all(row["regime"] for row in rows))
        with h5py.File(os.path.join(folder, "analysis.h5"), "r") as file:
            numpy.testing.assert_array_equal(file["layer"][...], range(6))
        self.check_matrices(results, folder, rows)

    def check_matrices(self, results, folder, rows):
        """analysis.h5 pools every matrix's gradients, and points.csv names the one with the smallest a weight; of one token queries and
        keys have none."""
        with h5py.File(results, "r") as file, h5py.File(os.path.join(folder, "analysis.h5"), "r") as analysis:
            blocks, width = list(file["block"].asstr()[...]), int(file["width"][0])
            means = {group: file[f"weight_gradient_{group}_log_mean"][0, 0, 0, 0, 0].mean(axis=-2) for group in GROUPS}  # depth, block, norm, layer
            for group in GROUPS:
                pooled = analysis[f"weight_gradient_{group}_log_mean"][0, 0, 0, 0, 0]
                numpy.testing.assert_allclose(pooled, means[group], rtol=1e-12)
        for row in rows:
            at = (int(row["depth"]) == 5) * 1, blocks.index(row["block"]), ("none", "post_layer").index(row["norm"])
            if row["block"] in ("attention", "transformer", "transformer_glu"):
                self.assertEqual((row["weakest_matrix"], row["weakest_matrix_layer"], row["weakest_matrix_ratio"]), ("query", "1", "0"))
                continue
            known = {(group, l): means[group][at][l] - numpy.log(width * width) for group in HAS[row["block"]] for l in range(1, int(row["depth"]) + 1)}
            weakest = min(known, key=known.get)
            self.assertEqual((row["weakest_matrix"], int(row["weakest_matrix_layer"])), weakest)
            self.assertAlmostEqual(float(row["weakest_matrix_ratio"]), numpy.exp((known[weakest] - max(known.values())) / 2))

    def test_biases_over_fan_in_of_two_widths_are_refused_by_their_key(self):
        """Seen red: with the key not asked before the engine."""
        text = "[grid]\nactivation = \"relu\"\nweight_variance = 1\ndepth = 3\nwidth = 12\nblock = \"mlp\"\nbias_variance = [0, 0.1]\n"
        text += "hidden_ratio = 2\n[simulation]\nreplicas = 16\nbias_scaling = \"fan_in\"\n"
        refused = self.expect(2, "sweep", self.write("bad.toml", text), "-o", self.path("bad.h5")).stderr
        self.assertIn("bad.toml:11:16: simulation.bias_scaling: relu with gaussian weights and width 12", refused)
        self.assertIn("allowed are \"none\", hidden_ratio 1, or no biases", refused)

    def test_what_a_block_does_not_have_is_refused(self):
        for line, words in (('block = "residual"\nkeep = 0.9', "finds no keep (0.9) in residual layers; several [[grid]] tables"),
                            ('block = "mlp"\nheads = 2', "finds no heads (2) in mlp layers"),
                            ('block = "plain"\nskip = 0.5', "finds no skip (0.5) in plain layers"),
                            ('block = "glu"\nbias_variance = 0.1', "finds no biases in glu layers"),
                            ('block = "glu"\nbias_variance = [0, 0.1]', "finds no biases in glu layers"),
                            ('block = "attention"\nheads = 5', "a number of heads that divides the width"),
                            ('block = "attention"\ntokens = 13', "at least as many neurons as tokens"),
                            ('block = "attention"\ntokens = 65', "65 is not allowed"),
                            ('block = "mlp"\nweights = "orthogonal"', "orthogonal weights in plain layers only"),
                            ('block = "mlp"\nwidth = 2\nnorm = "pre_layer"', "at least 3"),
                            ('block = "mpl"', 'Did you mean "mlp"?'),
                            ('block = "mlp"\nhidden_ratio = 0', "0 is not allowed")):
            text = "[grid]\nactivation = \"relu\"\nweight_variance = 1\ndepth = 3\n" + line + "\n"
            text += "" if "width" in line else "width = 12\n"
            refused = self.expect(2, "sweep", self.write("bad.toml", text + "[simulation]\nreplicas = 16\n"), "-o", self.path("bad.h5"))
            self.assertIn(words, refused.stderr)
            self.assertFalse(os.path.exists(self.path("bad.h5")))
        tokens = TOKENS.replace("input_correlation = 0.25", "input_correlation = -0.5")
        refused = self.expect(2, "sweep", self.write("bad.toml", tokens), "-o", self.path("bad.h5"))
        self.assertIn("has no 5 tokens of cosine -0.5 to one another: at least -1/4", refused.stderr)

    def test_presets_give_what_is_not_given(self):
        text = "[grid]\nwidth = 24\ndepth = 3\nheads = 4\n[simulation]\npreset = \"gpt2\"\nreplicas = 16\n"
        said = self.expect(0, "plan", self.write("gpt2.toml", text)).stdout
        self.assertIn("grid.block = \"transformer\"", said)
        self.assertIn("simulation.variance_scaling = \"none\"", said)
        results = self.path("gpt2.h5")
        self.sweep(self.write("gpt2.toml", text + "variance_scaling = \"fan_in\"\n"), results)
        with h5py.File(results, "r") as file:
            self.assertEqual(file.attrs["variance_scaling"], "fan_in")
            self.assertEqual(list(file["norm"].asstr()[...]), ["pre_layer"])
            self.assertNotIn("preset", file.attrs["canonical_text"])
        for name in ("llama", "bert", "t5", "deepnorm", "rezero", "torch_encoder"):
            self.sweep(self.write("preset.toml", text.replace("gpt2", name)), self.path(name + ".h5"))
        refused = self.expect(2, "plan", self.write("bad.toml", text.replace("gpt2", "gtp2")))
        self.assertIn('Did you mean "gpt2"?', refused.stderr)
