// The log is read as it was written, whatever else stands in it. Seen red: with the first bad line ending the
// reading, and with numbers read as text.
#include "core/storage/event_log_reader.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

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

/// Lines are cut where blocks of the file end, too.
TEST_F(EventLogReaderTest, ReadsLinesOfAnyLengthUpToAMebibyte) {
  EventLog log(results);
  for (const std::size_t length : {std::size_t{1}, std::size_t{65'000}, std::size_t{1'000'000},
                                   std::size_t{1'100'000}, std::size_t{7}}) {
    log.record("event", {{"text", std::string(length, 'x')}});
  }
  std::ofstream(folder / "a.h5.log.jsonl", std::ios::app) << R"({"time": "now", "event": "without an end"})";
  std::vector<std::size_t> lengths;
  for (const Event& event : events()) lengths.push_back(event.text("text").value_or("").size());
  EXPECT_EQ(lengths, (std::vector<std::size_t>{1, 65'000, 1'000'000, 7, 0}));
}

TEST_F(EventLogReaderTest, SaysWhatItCannotRead) {
  const auto obstacle = [this] { return for_each_event(results, [](const Event&) {}); };
  EXPECT_EQ(obstacle(), "");
  const std::string log = folder / "a.h5.log.jsonl";
  ASSERT_EQ(::mkfifo(log.c_str(), 0600), 0);
  EXPECT_EQ(obstacle(), log + " is a pipe, not a file");
  std::filesystem::remove(log);
  std::filesystem::create_directory(log);
  EXPECT_EQ(obstacle(), log + " is a directory, not a file");
}

}  // namespace
}  // namespace varprop
