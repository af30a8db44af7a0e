// What must hold between settings.
#include "driver/sweep_file/rules.hpp"

#include <gtest/gtest.h>

#include "tests/driver/sweep_file/sweep_examples.hpp"

namespace varprop {
namespace {

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

}  // namespace
}  // namespace varprop
