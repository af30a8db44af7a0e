// A whole sweep file: defaults, every key, and one canonical text for every spelling.
// What must hold between settings.
// Reading a sweep file from the disk.
#include "driver/sweep_file/resolve_sweep.hpp"

#include <gtest/gtest.h>

#include "core/errors.hpp"
#include "tests/driver/sweep_file/sweep_examples.hpp"
#include "tests/fixtures/temporary_folder.hpp"
#include "tests/fixtures/thrown.hpp"

namespace varprop::driver {
namespace {

TEST(ResolveSweep, FillsInTheDefaults) {
  const Sweep sweep = resolved(small_file());
  EXPECT_EQ(sweep.title, "");
  EXPECT_EQ(sweep.grid.weights, std::vector{WeightDistribution::gaussian});
  EXPECT_EQ(sweep.grid.bias_variance, std::vector{BiasVariance(0)});
  EXPECT_EQ(sweep.network, NetworkSettings{});
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
  EXPECT_EQ(sweep.network.engine, Engine::dense);
  EXPECT_EQ(sweep.network.variance_scaling, VarianceScaling::none);
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
            "1099511627776; a list; a range; a rule.");
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
  expect_words("input_mean_square = 0", "0 is not allowed; allowed: a finite number from 1e-100 to 1e+100.");
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
  EXPECT_EQ(resolved(one).network.input_correlation, std::nullopt);
  const std::string measured = small_file() + "measure = [\"correlation\"]\n";
  EXPECT_EQ(resolved(measured).network.input_correlation, 0.5);
  EXPECT_EQ(resolved(measured + "input_correlation = -0.25\n").network.input_correlation, -0.25);
}

TEST(ResolveSweep, InputsAreOfMeanSquareOneUnlessAskedOtherwise) {
  EXPECT_EQ(resolved(small_file()).network.input_mean_square, 1);
  EXPECT_EQ(resolved(small_file() + "input_mean_square = 0.25\n").network.input_mean_square, 0.25);
}

TEST(ResolveSweep, SeedsMayBeZero) {
  EXPECT_EQ(resolved(small_file() + "seed = 0\n").seed, 0u);
}

TEST(Batches, MustDivideTheReplicas) {
  EXPECT_EQ(refusal(with_line(7, "replicas = 100")),
            "s.toml:7:12: simulation.replicas: 100 replicas cannot be dealt evenly to 16 batches (the "
            "default); near are "
            "batches = 10 or 20, or replicas = 96 or 112.");
  EXPECT_EQ(refusal(with_line(7, "replicas = 7\nbatches = 4")),
            "s.toml:8:11: simulation.batches: 7 replicas cannot be dealt evenly to 4 batches; near are "
            "batches = 1 or 7, "
            "or replicas = 4 or 8.");
  EXPECT_NE(refusal(with_line(7, "replicas = 3")).find("batches = 3, or replicas = 16."), std::string::npos);
}

TEST(Batches, FindDivisorsOfLargePrimesAtOnce) {
  EXPECT_NE(refusal(with_line(7, "replicas = 4294967291")).find("batches = 1 or 4294967291"),
            std::string::npos);
}

TEST(Batches, HoldAtMostAHundredMillionReplicas) {
  EXPECT_NE(refusal(with_line(7, "replicas = 4294967296\nbatches = 1")).find("too many for one batch"),
            std::string::npos);
  EXPECT_EQ(resolved(with_line(7, "replicas = 1600000000")).replicas_per_batch(), 100000000);
  EXPECT_NE(refusal(with_line(7, "replicas = 1600000016")).find("allowed: 100000000 a batch"),
            std::string::npos);
}

TEST(Units, AreCountedWithoutOverflow) {
  const std::string range = " = { from = 1, to = 1000000, count = 1000000 }";
  const std::string file = "[grid]\nactivation = \"tanh\"\nweight_variance" + range + "\nbias_variance" +
                           range + "\nwidth" + range + "\ndepth" + range + "\n[simulation]\nreplicas = 16\n";
  EXPECT_EQ(refusal(file),
            "s.toml:1:1: grid: the axes' values times 16 batches make more than 2^40 units of work; allowed "
            "are fewer "
            "values or batches.");
}

TEST(Engines, MustBeAbleToSimulateEveryPoint) {
  const std::string wide = with_line(4, "width = [8, 1048577]");
  EXPECT_EQ(refusal(wide), "");
  EXPECT_EQ(refusal(wide, {"simulation.engine=\"dense\""}),
            "--set simulation.engine=\"dense\": the dense engine can hold at most 1048576 neurons a layer: "
            "it cannot "
            "simulate tanh with gaussian weights and width 1048577.");
  const std::string orthogonal = with_line(4, "width = 257\nweights = \"orthogonal\"");
  EXPECT_EQ(refusal(orthogonal), "");
  EXPECT_EQ(refusal(orthogonal, {"simulation.engine=\"dense\""}),
            "--set simulation.engine=\"dense\": the dense engine can hold at most 256 neurons a layer with "
            "orthogonal weights: it cannot simulate tanh with orthogonal weights and width 257.");
  const std::string rademacher = with_line(4, "width = 8\nweights = \"rademacher\"");
  EXPECT_EQ(refusal(rademacher), "");
  EXPECT_EQ(refusal(rademacher, {"simulation.engine=\"conditional\""}),
            "--set simulation.engine=\"conditional\": the conditional engine needs gaussian or orthogonal "
            "weights, not rademacher: it cannot simulate tanh with rademacher weights and width 8.");
}

TEST(Engines, RadialNeedsTwoStraightLinesAndOneInput) {
  EXPECT_NE(refusal(small_file(), {"simulation.engine=\"radial\""})
                .find("the radial engine needs an activation of two straight lines, such as relu, not tanh"),
            std::string::npos);
  const std::string relu = "grid.activation=\"relu\"";
  EXPECT_EQ(refusal(small_file(), {relu, "simulation.engine=\"radial\""}), "");
  EXPECT_NE(
      refusal(small_file(), {relu, "simulation.engine=\"radial\"", "simulation.measure=[\"correlation\"]"})
          .find("the radial engine simulates one input"),
      std::string::npos);
}

TEST(Layers, BelowBothEndsOfEveryDepthAreRefusedWithTheNumberNeeded) {
  const std::string file = with_line(5, "depth = [4, 9]") + "[output]\nlayers = 2\n";
  EXPECT_EQ(refusal(file),
            "s.toml:9:10: output.layers: 2 is too few: the first layer and the last of "
            "every depth need 3.");
}

TEST(Layers, AllMeansAll) {
  EXPECT_EQ(resolved(with_line(5, "depth = [300, 400]") + "[output]\nlayers = \"all\"\n").layers.size(),
            400u);
  EXPECT_EQ(resolved(with_line(5, "depth = 300")).layers.size(), 256u);
  EXPECT_NE(refusal(small_file() + "[output]\nlayers = \"some\"\n").find("or \"all\""), std::string::npos);
}

TEST(Streams, AreToldApart) {
  EXPECT_EQ(equal_pair({5, 3, 9, 1}), std::nullopt);
  EXPECT_EQ(equal_pair({5, 3, 9, 3}), (std::pair<std::int64_t, std::int64_t>{1, 3}));
}

std::string refusal_to_read(const std::string& path) {
  return thrown_by([&] { read_sweep_text(path); });
}

TEST(SweepText, KeepsTheFileVerbatim) {
  const TemporaryFolder folder;
  folder.write("s.toml", "a = 1\r\n# end");
  const auto path = folder / "s.toml";
  const SweepText text = read_sweep_text(path, {"x=1"}, "dense");
  EXPECT_EQ(text.file_text, "a = 1\r\n# end");
  EXPECT_EQ(text.file_name, path.string());
  EXPECT_EQ(text.overrides, std::vector<std::string>{"x=1"});
  EXPECT_EQ(text.engine, "dense");
}

TEST(SweepText, SaysWhyThereIsNothingToRead) {
  EXPECT_EQ(refusal_to_read("/nonexistent/a.toml"),
            "/nonexistent/a.toml: the sweep file cannot be opened: No such file or directory.");
  EXPECT_EQ(refusal_to_read("/tmp"), "/tmp: this is a directory; a sweep file is needed.");
}

TEST(SweepText, StopsReadingWhatHasNoEnd) {
  EXPECT_EQ(refusal_to_read("/dev/zero"), "/dev/zero: this is no sweep file: it is larger than 16 MiB.");
}

}  // namespace
}  // namespace varprop::driver
