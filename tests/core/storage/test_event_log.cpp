// Every event is one whole line of JSON, also after a line that was cut off.
#include "core/storage/event_log.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "core/errors.hpp"
#include "tests/core/storage/temporary_folder.hpp"

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
  const auto first = nlohmann::ordered_json::parse(all[0]);
  EXPECT_EQ(first["event"], "start");
  EXPECT_EQ(first["host"], "node1");
  EXPECT_EQ(first["ranks"], 4);
  EXPECT_EQ(first["seconds"], 1.5);
  EXPECT_EQ(first.begin().key(), "time");
  EXPECT_EQ(first["time"].get<std::string>().size(), std::string("2024-05-01T12:00:00.123Z").size());
  EXPECT_EQ(nlohmann::json::parse(all[1])["event"], "stop");
}

TEST_F(EventLogTest, KeepsQuotesNewlinesAndBytesThatAreNoTextWithinTheLine) {
  EventLog(results).record("failed", {{"reason", "a \"quote\",\na new line, and \xff"}});
  const auto all = lines(path);
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(nlohmann::json::parse(all[0])["reason"], "a \"quote\",\na new line, and \xEF\xBF\xBD");
}

TEST_F(EventLogTest, BeginsANewLineAfterOneThatWasCutOff) {
  std::ofstream(path) << "{\"time\": \"2024";
  EventLog log(results);
  log.record("start");
  log.record("stop");
  const auto all = lines(path);
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(nlohmann::json::parse(all[1])["event"], "start");
  EXPECT_EQ(nlohmann::json::parse(all[2])["event"], "stop");
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
  EXPECT_EQ(nlohmann::json::parse(all[0])["units"], 3);
  EXPECT_EQ(nlohmann::json::parse(all[0])["part"], "part.h5");
  EXPECT_EQ(nlohmann::json::parse(all[1])["event"], "end");
}

TEST_F(EventLogTest, SaysWhereItCannotWrite) {
  EXPECT_THROW(EventLog(folder / "missing" / "a.h5"), SystemError);
  std::filesystem::create_symlink("/dev/full", path);
  EventLog log(results);
  EXPECT_FALSE(log.record("start"));
  EXPECT_EQ(log.failure(), "No space left on device");
}

}  // namespace
}  // namespace varprop
