// Every event is one whole line of JSON, also after a line that was cut off; the log is read as it was
// written, whatever else stands in it. Seen red: with the first bad line ending the reading, with numbers
// read as text, with lines of any length, and with a pipe that is opened.
#include "core/storage/event_log.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>
#include <fstream>

#include "core/errors.hpp"
#include "core/json.hpp"
#include "tests/fixtures/temporary_folder.hpp"

namespace varprop {
namespace {

std::vector<std::string> lines(const std::filesystem::path& path) {
  std::vector<std::string> all;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) all.push_back(line);
  return all;
}

struct EventLogTest : testing::Test {
  TemporaryFolder folder;
  std::filesystem::path results = folder / "a.h5";
  std::filesystem::path path = folder / "a.h5.log.jsonl";
};

TEST_F(EventLogTest, AppendsOneObjectALine) {
  EXPECT_TRUE(EventLog(results).record("start", {{"host", "node1"}, {"ranks", 4}, {"seconds", 1.5}}));
  EXPECT_TRUE(EventLog(results).record("stop"));
  const auto all = lines(path);
  ASSERT_EQ(all.size(), 2u);
  const auto first = Json::parse(all[0]);
  EXPECT_EQ(first["event"], "start");
  EXPECT_EQ(first["host"], "node1");
  EXPECT_EQ(first["ranks"], 4);
  EXPECT_EQ(first["seconds"], 1.5);
  EXPECT_EQ(first.items()[0].first, "time");
  EXPECT_EQ(first["time"].get<std::string>().size(), std::string("2024-05-01T12:00:00.123Z").size());
  EXPECT_EQ(Json::parse(all[1])["event"], "stop");
}

TEST_F(EventLogTest, KeepsQuotesNewlinesAndBytesThatAreNoTextWithinTheLine) {
  EventLog(results).record("failed", {{"reason", "a \"quote\",\na new line, and \xff"}});
  const auto all = lines(path);
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(Json::parse(all[0])["reason"], "a \"quote\",\na new line, and \xEF\xBF\xBD");
}

TEST_F(EventLogTest, BeginsANewLineAfterOneThatWasCutOff) {
  std::ofstream(path) << "{\"time\": \"2024";
  EventLog log(results);
  log.record("start");
  log.record("stop");
  const auto all = lines(path);
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(Json::parse(all[1])["event"], "start");
  EXPECT_EQ(Json::parse(all[2])["event"], "stop");
}

// Seen red: the added fields left out; lines that are no JSON copied.
TEST_F(EventLogTest, TakesOverTheEventsOfAnotherLog) {
  EventLog(folder / "part.h5").record("begin", {{"units", std::int64_t{3}}});
  std::ofstream(folder / "part.h5.log.jsonl", std::ios::app) << "cut o\n[1]\n{\"event\": \"end\"}";
  EventLog log(results);
  EXPECT_TRUE(log.append(folder / "part.h5", {{"part", "part.h5"}}));
  EXPECT_TRUE(log.append(folder / "no-log.h5", {}));
  const auto all = lines(path);
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(Json::parse(all[0])["units"], 3);
  EXPECT_EQ(Json::parse(all[0])["part"], "part.h5");
  EXPECT_EQ(Json::parse(all[1])["event"], "end");
}

TEST_F(EventLogTest, SaysWhereItCannotWrite) {
  EXPECT_THROW(EventLog(folder / "missing" / "a.h5"), SystemError);
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  EventLog log(results);
  const rlimit none{0, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &none), 0);
  const bool written = log.record("start");
  ::setrlimit(RLIMIT_FSIZE, &before);
  EXPECT_FALSE(written);
  EXPECT_EQ(log.failure(), "File too large");
}

/// Seen red: a pipe opened as a log, for good where nobody reads it; a log read from a pipe.
TEST_F(EventLogTest, IsARegularFile) {
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  EXPECT_THROW(EventLog{results}, SystemError);
  EventLog other(folder / "other.h5");
  EXPECT_FALSE(other.append(results, {}));
  EXPECT_EQ(other.failure(), path.string() + " is a pipe, not a file");
}

/// Seen red: an empty log left beside results that were then refused; a log removed though it was there.
TEST_F(EventLogTest, LeavesNothingWhereThereWasNothingToTell) {
  { const EventLog log(results); }
  EXPECT_EQ(folder.count(), 0u);
  EventLog(results).record("start");
  { const EventLog log(results); }
  EXPECT_EQ(lines(path).size(), 1u);
}

/// A part's log may be a link to the log of the whole. Seen red: without an end.
TEST_F(EventLogTest, TakesOverItsOwnEventsOnce) {
  EventLog log(results);
  log.record("begin");
  log.record("end");
  std::filesystem::create_hard_link(path, folder / "part.h5.log.jsonl");
  int calls = 0;
  const auto count = [&] {
    if (++calls > 100) throw std::runtime_error("without an end");
  };
  EXPECT_TRUE(log.append(folder / "part.h5", {}, count));
  EXPECT_EQ(lines(path).size(), 4u);
}

TEST_F(EventLogTest, TakesNothingAfterAStop) {
  EventLog(folder / "part.h5").record("begin");
  EventLog(folder / "part.h5").record("end");
  EventLog log(results);
  int before_lines = 0;
  const auto stop_at_the_second = [&] {
    if (++before_lines == 2) throw std::runtime_error("stop");
  };
  EXPECT_THROW(log.append(folder / "part.h5", {}, stop_at_the_second), std::runtime_error);
  EXPECT_EQ(lines(path).size(), 1u);
}

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
