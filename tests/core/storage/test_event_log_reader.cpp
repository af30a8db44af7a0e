// The log is read as it was written, whatever else stands in it. Seen red: with the first bad line ending the
// reading, and with numbers read as text.
#include "core/storage/event_log_reader.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "tests/core/storage/temporary_folder.hpp"

namespace varprop {
namespace {

struct EventLogReaderTest : testing::Test {
  TemporaryFolder folder;
  std::filesystem::path results = folder / "a.h5";

  std::vector<Event> events() const {
    std::vector<Event> all;
    for_each_event(results, [&all](const Event& event) { all.push_back(event); });
    return all;
  }
};

TEST_F(EventLogReaderTest, ReadsWhatWasRecorded) {
  EventLog log(results);
  log.record("begin", {{"process", "process 1 on a"}, {"ranks", 4}, {"seconds", 1.5}});
  log.record("end");
  const auto all = events();
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].name, "begin");
  EXPECT_EQ(all[0].text("process"), "process 1 on a");
  EXPECT_EQ(all[0].number("ranks"), 4);
  EXPECT_EQ(all[0].number("process"), std::nullopt);
  EXPECT_EQ(all[0].text("ranks"), std::nullopt);
  EXPECT_EQ(all[0].text("absent"), std::nullopt);
  EXPECT_EQ(all[0].time.size(), std::string("2024-05-01T12:00:00.123Z").size());
  EXPECT_EQ(all[1].name, "end");
}

TEST_F(EventLogReaderTest, PassesOverLinesThatAreNoEvents) {
  std::ofstream(folder / "a.h5.log.jsonl")
      << "{\"time\": \"2024\nnonsense\n\n[1, 2]\n{\"event\": \"untimely\"}\n"
      << "{\"time\": 3, \"event\": \"x\"}\n\xff\xfe\n";
  EventLog(results).record("begin");
  const auto all = events();
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].name, "begin");
}

TEST_F(EventLogReaderTest, FindsNothingWhereThereIsNoLog) {
  EXPECT_TRUE(events().empty());
}

}  // namespace
}  // namespace varprop
