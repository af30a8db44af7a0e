// From a results file on disk to points.csv and its summary.
#include "report/analyze.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <sstream>

#include "core/text/words.hpp"
#include "report/data/report_assets.hpp"
#include "tests/analysis/synthetic_file.hpp"
#include "tests/fixtures/temporary_folder.hpp"

namespace varprop::report {
using namespace analysis;
namespace {

using namespace synthetic;

using Table = std::vector<std::vector<std::string>>;

/// Rows of a table without quoted fields, the header first.
Table read_table(const std::string& text) {
  Table rows;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream fields(line + ",");
    rows.emplace_back();
    for (std::string field; std::getline(fields, field, ',');) rows.back().push_back(field);
  }
  return rows;
}

std::string field(const Table& table, std::size_t row, const std::string& column) {
  const auto found = std::find(table[0].begin(), table[0].end(), column);
  EXPECT_NE(found, table[0].end()) << column;
  return table[row + 1][static_cast<std::size_t>(found - table[0].begin())];
}

TEST(Analyze, WritesARowForEveryPoint) {
  const TemporaryFolder scratch;
  const Sweep sweep = small_sweep();
  const fs::path results = results_file(scratch, sweep, every_unit);
  const auto summary = analyze({results, scratch.path() / "a" / "b", 100});
  EXPECT_EQ(summary.batches_done, sweep.unit_count());
  const Table table = read_table(scratch.read("a/b/points.csv"));
  ASSERT_EQ(table.size(), 9u);
  for (std::size_t p = 0; p < 8; ++p) {
    const double depth = *parse_number(field(table, p, "depth"));
    EXPECT_EQ(field(table, p, "activation"), p < 4 ? "leaky_relu(0.2)" : "relu");
    EXPECT_NEAR(*parse_number(field(table, p, "forward_rate")), forward_step + 0.001, 1e-12);
    EXPECT_NEAR(*parse_number(field(table, p, "forward_rate_error")), 0.001 / std::sqrt(3.0), 1e-12);
    EXPECT_NEAR(*parse_number(field(table, p, "backward_rate")), backward_step + 0.001, 1e-12);
    EXPECT_NEAR(*parse_number(field(table, p, "forward_total")), (forward_step + 0.001) * depth, 1e-12);
    EXPECT_NEAR(*parse_number(field(table, p, "backward_total")), (backward_step + 0.001) * (depth - 1),
                1e-12);
    EXPECT_EQ(field(table, p, "regime"), depth == 64 ? "vanishing" : "stable");
  }
  EXPECT_NEAR(*parse_number(field(table, 4, "theory_backward_rate")), std::log(0.9), 1e-12);
}

TEST(Analyze, UsesWhatIsDoneAndSaysSo) {
  const TemporaryFolder scratch;
  const Sweep sweep = small_sweep();
  // Point 0: batches 0 and 2; point 1: batch 1 only; the others nothing.
  const fs::path results = results_file(scratch, sweep, [](Unit unit) {
    return unit.point.value() == 0 ? unit.batch.value() != 1
                                   : unit.point.value() == 1 && unit.batch.value() == 1;
  });
  const auto summary = analyze({results, scratch.path(), 100});
  const Table table = read_table(scratch.read("points.csv"));
  EXPECT_NEAR(*parse_number(field(table, 0, "forward_rate")), forward_step + 0.001, 1e-12);
  EXPECT_NEAR(*parse_number(field(table, 0, "forward_rate_error")), 0.001, 1e-12);
  EXPECT_NEAR(*parse_number(field(table, 1, "forward_rate")), forward_step + 0.001, 1e-12);
  EXPECT_EQ(field(table, 1, "forward_rate_error"), "");
  EXPECT_EQ(field(table, 1, "regime"), "vanishing");
  EXPECT_EQ(field(table, 2, "forward_rate"), "");
  EXPECT_EQ(field(table, 2, "regime"), "");
  std::ostringstream out;
  print_summary(summary, out);
  EXPECT_NE(out.str().find("3 of 24 batches done (12.5 %), 0 failed."), std::string::npos) << out.str();
  EXPECT_NE(out.str().find("6 points have no result yet."), std::string::npos) << out.str();
}

TEST(Analyze, LeavesOutWhatWasNotMeasured) {
  const TemporaryFolder scratch;
  Sweep sweep = small_sweep();
  sweep.measures = {Quantity::backward};
  analyze({results_file(scratch, sweep, every_unit), scratch.path(), 100});
  const Table table = read_table(scratch.read("points.csv"));
  EXPECT_EQ(field(table, 1, "forward_rate"), "");
  EXPECT_EQ(field(table, 1, "forward_total"), "");
  EXPECT_EQ(field(table, 1, "forward_regime"), "");
  EXPECT_EQ(field(table, 1, "regime"), field(table, 1, "backward_regime"));
  EXPECT_NE(field(table, 1, "backward_rate"), "");
}

TEST(Analyze, NeverChangesItsInputAndLeavesNothingElse) {
  const TemporaryFolder scratch;
  const fs::path results = results_file(scratch, small_sweep(), every_unit);
  const std::string before = scratch.read("r.h5");
  const std::size_t entries = scratch.count();
  analyze({results, scratch.path(), 100});
  analyze({results, scratch.path(), 10});
  EXPECT_EQ(scratch.read("r.h5"), before);
  const std::size_t page = page_template().empty() ? 0 : 1, charts = chart_templates().empty() ? 0 : 1;
  EXPECT_EQ(scratch.count(), entries + 3 + page + charts);
}

TEST(Analyze, RefusesWhatCannotBe) {
  const TemporaryFolder scratch;
  const fs::path results = results_file(scratch, small_sweep(), every_unit);
  scratch.write("file", "mine");
  EXPECT_THROW(analyze({results, scratch.path() / "file", 100}), InputError);
  EXPECT_EQ(scratch.read("file"), "mine");
  EXPECT_THROW(analyze({scratch.path() / "missing.h5", scratch.path(), 100}), std::runtime_error);
  EXPECT_THROW(analyze({scratch.path() / "file", scratch.path(), 100}), InputError);
  for (const double factor : std::initializer_list<double>{1.0, -2.0, NAN, INFINITY}) {
    EXPECT_THROW(analyze({results, scratch.path(), factor}), InputError) << factor;
  }
  EXPECT_FALSE(fs::exists(scratch.path() / "points.csv"));
}

TEST(Analyze, RefusesToOverwriteItsInput) {
  const TemporaryFolder scratch;
  const fs::path results = results_file(scratch, small_sweep(), every_unit);
  fs::rename(results, scratch.path() / "points.csv");
  const std::string before = scratch.read("points.csv");
  EXPECT_THROW(analyze({scratch.path() / "points.csv", scratch.path(), 100}), InputError);
  EXPECT_EQ(scratch.read("points.csv"), before);
}

TEST(Analyze, ReportsADirectoryThatCannotBeCreated) {
  const TemporaryFolder scratch;
  const fs::path results = results_file(scratch, small_sweep(), every_unit);
  scratch.write("file", "mine");
  EXPECT_THROW(analyze({results, scratch.path() / "file" / "below", 100}), SystemError);
  EXPECT_THROW(analyze({results, "/proc/varprop", 100}), SystemError);
}

}  // namespace
}  // namespace varprop::report
