// What two sweeps differ in, by key. Seen red: without the loop over the second sweep's keys.
#include "core/sweep/differences.hpp"

#include <gtest/gtest.h>

#include "tests/core/storage/known_sweep.hpp"

namespace varprop {
namespace {

using Keys = std::vector<std::string>;

TEST(Differences, AreTheKeysWhoseValuesAreNotAlike) {
  Sweep sweep = known_sweep();
  sweep.title = "no number depends on it";
  EXPECT_EQ(differences(known_sweep(), sweep), Keys{});
  sweep.seed = 1;
  sweep.grid.width.pop_back();
  sweep.batches = 7;
  EXPECT_EQ(differences(known_sweep(), sweep), (Keys{"batches", "replicas_per_batch", "seed", "width"}));
}

TEST(Differences, AreAlsoTheKeysThatOnlyOneHas) {
  Sweep sweep = known_sweep();
  sweep.ensemble.input_correlation = 0.5;
  EXPECT_EQ(differences(known_sweep(), sweep), Keys{"input_correlation"});
  EXPECT_EQ(differences(sweep, known_sweep()), Keys{"input_correlation"});
}

}  // namespace
}  // namespace varprop
