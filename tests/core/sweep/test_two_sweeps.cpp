// Two sweeps: their settings, their points, their records. Seen red: differences without the loop over the
// second sweep's keys; points with the extents of the new grid instead of the old one's, without the
// comparison of canonical texts; records with suffices() with <=, with rows copied from the same place in
// both layouts.
#include "core/sweep/two_sweeps.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/fixtures/known_sweep.hpp"

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
  sweep.network.input_correlation = 0.5;
  EXPECT_EQ(differences(known_sweep(), sweep), Keys{"input_correlation"});
  EXPECT_EQ(differences(sweep, known_sweep()), Keys{"input_correlation"});
}

TEST(PointMap, FindsEveryPointThatBothGridsHaveAndNoOther) {
  const Sweep old = known_sweep();
  Sweep grown = known_sweep();
  grown.grid.weight_variance = {WeightVariance(0.1), WeightVariance(1.0), WeightVariance(2)};
  grown.grid.width.insert(grown.grid.width.begin(), Width(32));
  grown.grid.activation = {Activation::parse("leaky_relu(0.2)"), Activation::parse("relu"),
                           Activation::parse("tanh")};
  const PointMap map(old, grown);
  std::int64_t found = 0;
  for (std::int64_t i = 0; i < grown.point_count(); ++i) {
    const Point point = grown.point(PointIndex(i));
    const auto there = map(PointIndex(i));
    if (there) {
      EXPECT_EQ(old.point(*there), point);
    }
    found += there ? 1 : 0;
  }
  EXPECT_EQ(found, 2 * 1 * 2 * 2 * 2 * 2) << "the product of the values in common";
  EXPECT_TRUE(map.disjoint_axes().empty());
}

TEST(PointMap, NamesTheAxesThatHaveNothingInCommon) {
  Sweep other = known_sweep();
  other.grid.depth = {Depth(4)};
  other.grid.weights = {WeightDistribution::orthogonal};
  const Sweep old = known_sweep();
  const PointMap map(old, other);
  EXPECT_EQ(map.disjoint_axes(), (std::vector<std::string>{"weights", "depth"}));
  EXPECT_FALSE(map(PointIndex(0)));
}

TEST(PointMap, EqualCoordinatesAreNotEnoughWhereTheNumbersDiffer) {
  const Sweep old = known_sweep();
  Sweep other = known_sweep();
  other.network.engine = Engine::conditional;  // leaky_relu was radial, tanh is conditional anyway
  const PointMap map(old, other);
  EXPECT_EQ(map(PointIndex(0)), PointIndex(0));
  EXPECT_FALSE(map(PointIndex(other.point_count() - 1)));
}

Unit unit_of_depth(const Sweep& sweep, std::int32_t depth) {
  for (std::int64_t i = 0; i < sweep.point_count(); ++i) {
    if (sweep.point(PointIndex(i)).depth.value() == depth) return {PointIndex(i), BatchIndex(1)};
  }
  throw std::runtime_error("no such depth");
}

void expect_same(const std::vector<double>& found, const std::vector<double>& wanted) {
  ASSERT_EQ(found.size(), wanted.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (!(std::isnan(found[i]) && std::isnan(wanted[i]))) {
      EXPECT_EQ(found[i], wanted[i]) << i;
    }
  }
}

TEST(RecordProjection, OfTheSameSweepChangesNothing) {
  const Sweep sweep = known_sweep();
  const RecordProjection project(sweep, sweep);
  EXPECT_FALSE(project.missing_layer());
  const Record record = known_record(sweep, sweep.unit(0));
  expect_same(project(record.values), record.values);
}

TEST(RecordProjection, PicksFewerDatasetsAndLayers) {
  const Sweep old = known_sweep();
  Sweep fewer = old;
  fewer.measures = {Quantity::backward};
  fewer.layers = {1, 3, 5};
  const RecordProjection project(old, fewer);
  const RecordLayout from(old), to(fewer);
  const Record record = known_record(old, unit_of_depth(old, 5));
  const auto values = project(record.values);
  for (std::size_t d = 0; d < to.datasets().size(); ++d) {
    const std::size_t source = from.find(to.datasets()[d].name);
    std::vector<double> wanted(record.values.begin() + from.offset(source),
                               record.values.begin() + from.offset(source) + from.length(source));
    if (to.datasets()[d].row_axis == RowAxis::layer) wanted.erase(wanted.begin() + 1);  // layer 2
    expect_same({values.begin() + to.offset(d), values.begin() + to.offset(d) + to.length(d)}, wanted);
  }
}

TEST(RecordProjection, ShallowNetworksNeedNoDeepLayers) {
  const Sweep old = known_sweep();
  Sweep deeper = old;
  deeper.layers = {1, 2, 3, 4, 9};
  const RecordProjection project(old, deeper);
  EXPECT_EQ(project.missing_layer(), 4);
  EXPECT_TRUE(project.suffices(Depth(3)));
  EXPECT_FALSE(project.suffices(Depth(4)));
  const auto values = project(known_record(old, unit_of_depth(old, 3)).values);
  EXPECT_EQ(values[2], known_value(old.slot(unit_of_depth(old, 3)), 0, 2, Element::float64));
  EXPECT_TRUE(std::isnan(values[3]) && std::isnan(values[4]));
}

TEST(RecordProjection, SaysWhichDatasetsAreMissing) {
  Sweep old = known_sweep();
  old.measures = {Quantity::backward};
  Sweep both = known_sweep();
  both.measures = {Quantity::forward, Quantity::backward};
  const RecordProjection project(old, both);
  EXPECT_EQ(project.missing_datasets(),
            (std::vector<std::string>{"forward_log_mean", "forward_log_variance", "forward_log_of_mean",
                                      "forward_extinct", "forward_last"}));
  EXPECT_FALSE(project.suffices(Depth(1)));
}

}  // namespace
}  // namespace varprop
