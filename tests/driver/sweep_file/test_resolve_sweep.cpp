// A whole sweep file: defaults, every key, and one canonical text for every spelling.
#include "driver/sweep_file/resolve_sweep.hpp"

#include <gtest/gtest.h>

#include "driver/sweep_file/sweep_text.hpp"
#include "tests/driver/sweep_file/sweep_examples.hpp"

namespace varprop {
namespace {

TEST(ResolveSweep, FillsInTheDefaults) {
  const Sweep sweep = resolved(small_file());
  EXPECT_EQ(sweep.title, "");
  EXPECT_EQ(sweep.grid.weights, std::vector{Weights::gaussian});
  EXPECT_EQ(sweep.grid.bias_variance, std::vector{BiasVariance(0)});
  EXPECT_EQ(sweep.ensemble, Ensemble{});
  EXPECT_EQ(sweep.batches, 16);
  EXPECT_EQ(sweep.seed, 1u);
  EXPECT_EQ(sweep.measures, Sweep{}.measures);
  EXPECT_EQ(sweep.layers, (std::vector<std::int32_t>{1, 2, 3, 4}));
}

TEST(ResolveSweep, ReadsEveryKey) {
  const Sweep sweep = resolved(R"(
title = "All keys"
[grid]
activation = ["relu", "tanh"]
weights = ["gaussian"]
weight_variance = { from = 0.5, to = 4.0, count = 36 }
bias_variance = [0.0, 0.05]
width = [64, 256]
depth = [16, 1000]
[simulation]
replicas = 100
batches = 10
seed = "18446744073709551615"
engine = "dense"
variance_scaling = "none"
input = "sphere"
measure = ["backward", "forward"]
[output]
layers = 20
)");
  EXPECT_EQ(sweep.title, "All keys");
  EXPECT_EQ(sweep.point_count(), 2 * 36 * 2 * 2 * 2);
  EXPECT_EQ(sweep.grid.weight_variance[1].value(), 0.6);
  EXPECT_EQ(sweep.replicas_per_batch(), 10);
  EXPECT_EQ(sweep.seed, 18446744073709551615u);
  EXPECT_EQ(sweep.ensemble.engine, Engine::dense);
  EXPECT_EQ(sweep.ensemble.variance_scaling, VarianceScaling::none);
  EXPECT_EQ(sweep.measures, (std::vector{Quantity::forward, Quantity::backward}));
  EXPECT_LE(sweep.layers.size(), 20u);
  EXPECT_EQ(sweep.layers.back(), 1000);
}

TEST(ResolveSweep, GivesOneCanonicalTextForEverySpelling) {
  const std::string plain = R"(
[grid]
activation = "tanh"
weight_variance = [1, 1.5, 2]
width = [8, 16]
depth = 4
[simulation]
replicas = 32
)";
  const std::string fancy = R"(
title = "the same"   # as above
grid.depth = [4.0]
grid.width = [16, 8]
grid.activation = ["tanh"]
grid.weight_variance = { count = 3, to = 2.0, from = 1.0, scale = "linear" }
grid.bias_variance = [-0.0]
simulation = { seed = "1", batches = 16, replicas = 32, measure = ["weight_gradient", "forward", "backward"] }
output.layers = "all"
)";
  EXPECT_EQ(canonical_text(resolved(plain)), canonical_text(resolved(fancy)));
  EXPECT_EQ(canonical_text(resolved(plain)),
            canonical_text(resolved(fancy, {"grid.weight_variance=[2, \"lecun\", 1.5]"})));
  EXPECT_NE(canonical_text(resolved(plain)), canonical_text(resolved(plain, {"simulation.seed=2"})));
}

TEST(ResolveSweep, ReadsTheExample) {
  const Sweep sweep = resolve_sweep(read_sweep_text(VARPROP_SOURCE_DIR "/examples/edge-of-chaos.toml"));
  EXPECT_EQ(sweep.point_count(), 2 * 36 * 2 * 3 * 3);
  for (const double useful : {1.0, 1.5, 2.0}) {
    const auto& values = sweep.grid.weight_variance;
    EXPECT_NE(std::find(values.begin(), values.end(), WeightVariance(useful)), values.end()) << useful;
  }
}

TEST(ResolveSweep, NamesTheMissingKeyAndItsSection) {
  EXPECT_EQ(refusal(with_line(4, "")),
            "s.toml:1:1: grid.width: this key is missing (n: neurons in every layer); allowed: a whole "
            "number from 1 to "
            "1099511627776; a list; a range.");
  EXPECT_EQ(refusal(with_line(7, "")).substr(0, 39), "s.toml:6:1: simulation.replicas: this k");
}

TEST(ResolveSweep, RefusesBadSettings) {
  const auto expect_words = [](const std::string& line, const std::string& words) {
    const std::string sentence = refusal(small_file() + line + "\n");
    EXPECT_EQ(sentence.substr(0, 9), "s.toml:8:");
    EXPECT_NE(sentence.find(words), std::string::npos) << sentence;
  };
  expect_words("seed = -1",
               "simulation.seed: -1 is no seed; allowed: a whole number from 0 to 18446744073709551615");
  expect_words("seed = 1.5", "1.5 is no seed");
  expect_words("seed = \"18446744073709551616\"", "is no seed");
  expect_words("seed = \"-1\"", "is no seed");
  expect_words("seed = [1]", "is no seed");
  expect_words("batches = 0", "0 is not allowed; allowed: a whole number from 1 to 2147483647.");
  expect_words("measure = []", "this list has no values");
  expect_words("engine = \"radical\"", "unknown engine \"radical\". Did you mean \"radial\"?");
  expect_words("input = \"unit\"", "Known: sphere, gaussian, uniform, rademacher, positive.");
  expect_words("input_correlation = 1.5", "1.5 is not allowed; allowed: a finite number from -1 to 1.");
  expect_words("measure = [\"forward\", \"forward\"]", "\"forward\" stands there twice");
  EXPECT_NE(refusal(with_line(7, "replicas = 0"))
                .find("s.toml:7:12: simulation.replicas: 0 is not allowed; allowed: a "
                      "whole number from 1 to 4294967296."),
            std::string::npos);
  EXPECT_NE(
      refusal("title = \"two\\nlines\"\n" + small_file()).find("s.toml:1:9: title: a title is one line"),
      std::string::npos);
}

TEST(ResolveSweep, HasTwoInputsWhereTheirCorrelationIsMeasured) {
  const std::string one = small_file() + "input_correlation = 0.25\n";
  EXPECT_EQ(resolved(one).ensemble.input_correlation, std::nullopt);
  const std::string measured = small_file() + "measure = [\"correlation\"]\n";
  EXPECT_EQ(resolved(measured).ensemble.input_correlation, 0.5);
  EXPECT_EQ(resolved(measured + "input_correlation = -0.25\n").ensemble.input_correlation, -0.25);
}

TEST(ResolveSweep, SeedsMayBeZero) {
  EXPECT_EQ(resolved(small_file() + "seed = 0\n").seed, 0u);
}

}  // namespace
}  // namespace varprop
