// Fields, numbers, and tables that appear whole or not at all.
#include "analysis/csv.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <sstream>

#include "core/errors.hpp"
#include "scratch.hpp"

namespace varprop {
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

TEST(CsvWriter, NamesTheTableOnlyWhenItIsComplete) {
  const Scratch scratch;
  const fs::path path = scratch.path() / "t.csv";
  {
    CsvWriter writer(path);
    writer.write_row({"a", "b,c"});
    EXPECT_FALSE(fs::exists(path));
    writer.commit();
  }
  EXPECT_EQ(scratch.read("t.csv"), "a,\"b,c\"\n");
  EXPECT_EQ(scratch.entries(), 1u);
}

TEST(CsvWriter, LeavesTheOldTableAndNothingElseWhereItIsAbandoned) {
  const Scratch scratch;
  scratch.write("t.csv", "old\n");
  { CsvWriter(scratch.path() / "t.csv").write_row({"new"}); }
  EXPECT_EQ(scratch.read("t.csv"), "old\n");
  EXPECT_EQ(scratch.entries(), 1u);
}

TEST(CsvWriter, SaysWhereItCannotWrite) {
  const Scratch scratch;
  try {
    CsvWriter writer(scratch.path() / "missing" / "t.csv");
    FAIL();
  } catch (const SystemError& error) {
    EXPECT_NE(std::string(error.what()).find("t.csv"), std::string::npos);
    EXPECT_NE(std::string(error.what()).find("No such file"), std::string::npos);
  }
}

TEST(CsvWriter, NoticesAFullDisk) {
  if (!fs::exists("/dev/full")) GTEST_SKIP();
  const Scratch scratch;
  // The temporary name is a link to a device that is always full.
  const fs::path path = scratch.path() / "t.csv";
  fs::create_symlink("/dev/full", CsvWriter::temporary_name(path));
  CsvWriter writer(path);
  EXPECT_THROW(
      {
        writer.write_row({"a"});
        writer.commit();
      },
      SystemError);
  EXPECT_FALSE(fs::exists(path));
}

}  // namespace
}  // namespace varprop
