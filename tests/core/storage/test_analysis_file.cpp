// analysis.h5: numbers stand where their points are. What other readers see of it is tested in
// tests/readers/test_analysis_format.py.
//
// Seen red: with boxes that begin at the first point, with a sentence that names the staged file.
#include "core/storage/analysis_file.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "core/errors.hpp"
#include "core/storage/hdf5.hpp"
#include "tests/fixtures/known_sweep.hpp"
#include "tests/fixtures/temporary_folder.hpp"

namespace varprop {
namespace {

std::vector<Variable> example_variables() {
  return {
      {"number", StoredType::float64, point_dimensions(), "1", "a number", NAN, true, {}},
      {"count", StoredType::int32, profile_dimensions(), "1", "a count", -1, true, {}},
      {"word", StoredType::uint8, point_dimensions(), "", "a word", 0, false, {{0, "none"}, {1, "some"}}}};
}

template <class T>
std::vector<T> stored(const std::filesystem::path& path, const std::string& name) {
  const auto file = hdf5::open_file(path, hdf5::Access::read);
  return hdf5::read_all<T>(hdf5::open_dataset(file, name));
}

TEST(AnalysisFile, HoldsNumbersWhereTheirPointsAre) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "analysis.h5";
  const Sweep sweep = known_sweep();
  const auto points = static_cast<std::size_t>(sweep.point_count());
  const std::size_t layers = sweep.layers.size();
  {
    AnalysisFile file({path, path}, sweep, example_variables(),
                      {{"factor", 100.0}, {"results_file", std::string("r.h5")}});
    file.write("number", PointIndex(3), std::vector<double>{1.5, NAN, 2.5});
    file.write("word", PointIndex(5), std::vector<double>{1.0, NAN});
    std::vector<double> rows(2 * layers, 7);
    rows.back() = NAN;
    file.write("count", PointIndex(7), rows);
    file.close();
  }
  const auto numbers = stored<double>(path, "number");
  ASSERT_EQ(numbers.size(), points);
  EXPECT_TRUE(std::isnan(numbers[2]) && std::isnan(numbers[4]) && std::isnan(numbers[6]));
  EXPECT_EQ(numbers[3], 1.5);
  EXPECT_EQ(numbers[5], 2.5);
  const auto words = stored<std::uint8_t>(path, "word");
  EXPECT_EQ(words[5], 1);
  EXPECT_EQ(words[6], 0);
  const auto counts = stored<std::int32_t>(path, "count");
  EXPECT_EQ(counts[7 * layers - 1], -1);
  EXPECT_EQ(counts[7 * layers], 7);
  EXPECT_EQ(counts[9 * layers - 2], 7);
  EXPECT_EQ(counts[9 * layers - 1], -1);
}

TEST(AnalysisFile, SaysWhereItCannotBe) {
  const TemporaryFolder folder;
  try {
    AnalysisFile({folder.path() / "missing" / "x.h5", "out/analysis.h5"}, known_sweep(), example_variables(),
                 {});
    FAIL() << "not refused";
  } catch (const SystemError& error) {
    EXPECT_TRUE(std::string(error.what()).starts_with("cannot write out/analysis.h5: ")) << error.what();
  }
}

}  // namespace
}  // namespace varprop
