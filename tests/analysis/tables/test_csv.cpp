// Fields, numbers, rows.

#include <gtest/gtest.h>

#include <cmath>
#include <sstream>

#include "analysis/tables/tables.hpp"
#include "core/errors.hpp"
#include "tests/fixtures/temporary_folder.hpp"

namespace varprop::analysis {
namespace {

namespace fs = std::filesystem;

TEST(CsvField, IsQuotedOnlyWhereItMustBe) {
  EXPECT_EQ(csv_field("leaky_relu(0.2)"), "leaky_relu(0.2)");
  EXPECT_EQ(csv_field("a,b"), "\"a,b\"");
  EXPECT_EQ(csv_field("say \"x\""), "\"say \"\"x\"\"\"");
  EXPECT_EQ(csv_field("two\nlines"), "\"two\nlines\"");
}

TEST(CsvNumber, RoundTripsAndIsEmptyForNaN) {
  EXPECT_EQ(csv_number(0.1), "0.1");
  EXPECT_EQ(std::stod(csv_number(1 / 3.0)), 1 / 3.0);
  EXPECT_EQ(csv_number(NAN), "");
}

TEST(CsvWriter, WritesRows) {
  const TemporaryFolder scratch;
  CsvWriter writer({scratch.path() / "t.csv", "t.csv"});
  writer.write_row({"a", "b,c"});
  writer.write_row({"d", ""});
  writer.close();
  EXPECT_EQ(scratch.read("t.csv"), "a,\"b,c\"\nd,\n");
}

TEST(CsvWriter, NoticesAFullDisk) {
  if (!fs::exists("/dev/full")) GTEST_SKIP() << "no /dev/full";
  CsvWriter writer({"/dev/full", "t.csv"});
  writer.write_row({"a"});
  EXPECT_THROW(writer.close(), SystemError);
}

}  // namespace
}  // namespace varprop::analysis
