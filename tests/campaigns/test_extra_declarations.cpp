// What an axis and a measure of tomorrow may not disturb: built where VARPROP_EXTRA_AXES and
// VARPROP_EXTRA_MEASURES name dummy_axis.hpp and dummy_measure.hpp (docs/campaigns.md).
#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "analysis/points/predictions.hpp"
#include "analysis/tables/tables.hpp"
#include "core/network/engine_choice.hpp"
#include "core/storage/hdf5.hpp"
#include "core/storage/results_file.hpp"
#include "core/storage/results_schema.hpp"
#include "core/sweep/two_sweeps.hpp"
#include "tests/fixtures/known_sweep.hpp"
#include "tests/fixtures/temporary_folder.hpp"
#include "workers/simulate_unit.hpp"

namespace varprop {
namespace {

constexpr auto dummy_measure = static_cast<Quantity>(100);

Sweep dummy_sweep() {
  Sweep sweep = known_sweep();
  sweep.grid.dummy = {Dummy(0), Dummy(2)};
  return sweep;
}

bool has_dummy(const std::filesystem::path& path) {
  return hdf5::has_dataset(hdf5::open_file(path, hdf5::Access::read), "dummy");
}

std::string format_in(const std::filesystem::path& path) {
  return hdf5::read_text_attribute(hdf5::open_file(path, hdf5::Access::read).id(), "format_version");
}

TEST(ExtraAxis, ChangesNoTextOfOldPoints) {
  const Sweep sweep = known_sweep();
  const std::string text = canonical_text(sweep.point(PointIndex(0)), sweep.network);
  EXPECT_EQ(
      text,
      "numerics_version=3;activation=tanh;weights=gaussian;weight_variance=0.1;bias_variance=0;width=64;"
      "depth=3;variance_scaling=fan_in;input=sphere;engine=conditional;inputs=1");
  EXPECT_EQ(canonical_text(sweep).find("dummy"), std::string::npos);
  EXPECT_EQ(point_in_words(sweep.point(PointIndex(0))).find("dummy"), std::string::npos);
}

TEST(ExtraAxis, StandsAtTheEndOfTheTextsOfNewPoints) {
  const Sweep sweep = dummy_sweep();
  EXPECT_TRUE(
      canonical_text(sweep.point(PointIndex(1)), sweep.network).ends_with(";inputs=1;networks=1;dummy=2"));
  EXPECT_EQ(canonical_text(sweep.point(PointIndex(0)), sweep.network),
            canonical_text(known_sweep().point(PointIndex(0)), sweep.network));
  EXPECT_TRUE(canonical_text(sweep).ends_with("\nnetworks = 1\ndummy = 0, 2\n"));
  EXPECT_NE(identity(sweep), identity(known_sweep()));
}

TEST(ExtraAxis, IsInEveryKeyUntilItIsLeftOut) {
  const Sweep sweep = dummy_sweep();
  const Point old = sweep.point(PointIndex(0)), other = sweep.point(PointIndex(1));
  EXPECT_NE(old, other);
  EXPECT_NE((old.without<Width, Depth>()), (other.without<Width, Depth>()));
  EXPECT_EQ(old.without<Dummy>(), other.without<Dummy>());
}

/// What no program shows while theory knows nothing of the axis: that it is computed once for each value.
TEST(ExtraAxis, PointsThatDifferInItShareNoTheory) {
  const Sweep sweep = dummy_sweep();
  const std::array points{sweep.point(PointIndex(0)), sweep.point(PointIndex(1))};
  analysis::Predictions predictions(sweep.network);
  EXPECT_NE(predictions.map_key(points[0]), predictions.map_key(points[1]));
  predictions.prepare(points);
  EXPECT_NE(&predictions(points[0]), &predictions(points[1]));
  Point deeper = points[0];
  deeper.depth = Depth(deeper.depth.value() + 1);
  EXPECT_EQ(&predictions(points[0]), &predictions(deeper));
}

TEST(ExtraAxis, IsADimensionOnlyWhereItIsOffItsDefault) {
  TemporaryFolder folder;
  ResultsFile::create(folder / "old.h5", known_sweep(), known_provenance());
  ResultsFile::create(folder / "new.h5", dummy_sweep(), known_provenance());
  EXPECT_FALSE(has_dummy(folder / "old.h5"));
  EXPECT_TRUE(has_dummy(folder / "new.h5"));
  EXPECT_EQ(format_in(folder / "old.h5"), "1.1");
  EXPECT_EQ(format_in(folder / "new.h5"), "2.0");
}

TEST(ExtraAxis, OldAndNewFilesOpenAsTheyWereWritten) {
  TemporaryFolder folder;
  for (const Sweep& sweep : {known_sweep(), dummy_sweep()}) {
    ResultsFile::create(folder / "a.h5", sweep, known_provenance());
    ResultsFile file(folder / "a.h5", ResultsFile::Access::write);
    EXPECT_EQ(file.sweep().grid, sweep.grid);
    EXPECT_EQ(file.identity(), identity(sweep));
    EXPECT_TRUE(file.damaged_descriptions().empty());
    const Record record = known_record(sweep, {PointIndex(sweep.point_count() - 1), BatchIndex(2)});
    file.commit(std::vector{record});
    EXPECT_EQ(file.read_records(sweep.slot(record.unit), 1)[0].values.back(), record.values.back());
  }
}

TEST(ExtraAxis, ItsEnginesStandAlongAllDimensions) {
  EXPECT_EQ(engine_axes(known_sweep().grid), (axes_of<Activation, WeightDistribution>()));
  EXPECT_EQ(engine_axes(dummy_sweep().grid), all_but({}));
}

TEST(ExtraAxis, OldPointsAreFoundInANewGrid) {
  const Sweep old = known_sweep(), grown = dummy_sweep();
  const PointMap map(old, grown);
  EXPECT_EQ(map(PointIndex(0)), PointIndex(0));
  EXPECT_EQ(map(PointIndex(1)), std::nullopt);
  EXPECT_EQ(map(PointIndex(2)), PointIndex(1));
}

TEST(ExtraMeasure, ArrivesInTheRecordAndRaisesTheFormat) {
  Sweep sweep = known_sweep();
  sweep.grid.width = {Width(8)};
  sweep.measures.push_back(dummy_measure);
  const RecordLayout layout(sweep);
  const Record record =
      workers::UnitSimulator(sweep)({PointIndex(0), BatchIndex(0)}, workers::StopFlag(false));
  ASSERT_EQ(record.state, UnitState::done) << record.failure;
  const auto at = static_cast<std::size_t>(layout.offset(layout.find("dummy_measure_log_mean")));
  EXPECT_EQ(record.values[at], std::log(2.0));
  EXPECT_EQ(format_of(sweep), (FormatVersion{1, 2}));
  EXPECT_EQ(choice_of<Quantity>("dummy_measure"), dummy_measure);
  EXPECT_NE(std::ranges::find(positive_quantities, dummy_measure), positive_quantities.end());
}

TEST(ExtraMeasure, HasColumnsOnlyWhereItWasMeasured) {
  Sweep sweep = known_sweep();
  const auto told = [&] {
    return std::ranges::any_of(analysis::point_columns(sweep), [](const analysis::PointColumn& column) {
      return column.name.starts_with("dummy_measure_");
    });
  };
  EXPECT_FALSE(told());
  sweep.measures.push_back(dummy_measure);
  EXPECT_TRUE(told());
}

}  // namespace
}  // namespace varprop
