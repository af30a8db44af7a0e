#include "driver/status/status_page.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/json.hpp"
#include "core/text/terminal_text.hpp"
#include "core/text/words.hpp"
#include "driver/schedule/duration.hpp"

namespace varprop::driver {

namespace {

constexpr std::size_t most_lines = 20;  ///< of jobs, and of failures
constexpr std::size_t longest_title =
    1000;  ///< bytes, as in a sweep file; results of before may have longer ones
constexpr std::size_t longest_word = 1000;  ///< bytes of what the log tells

std::string counts_text(const SweepStatus& status) {
  const double share = 100 * static_cast<double>(status.done) / static_cast<double>(status.units);
  return fmt::format("{}, {}: {} done ({:.1f} %), {} pending, {} failed", counted(status.points, "point"),
                     counted(status.units, "unit"), status.done, share, status.pending, status.failed);
}

/// Two digits at least, and no power of ten.
std::string factor_text(double factor) {
  return factor < 10 ? fmt::format("{:.2g}", factor) : fmt::format("{:.0f}", factor);
}

std::string cost_text(const SweepStatus& status) {
  if (status.done == status.units) return "nothing remains to be computed";
  const std::string pace =
      fmt::format("{} times what was predicted, {}", factor_text(status.pace),
                  status.measured ? "as measured" : "as the last job's probe of its machine said");
  const bool known = status.measured || (!status.jobs.empty() && status.jobs.back().factor);
  const auto left = status.seconds_left();
  return fmt::format("remaining cost {} of one core ({}){}", duration_text(status.remaining_seconds),
                     known ? pace : "predicted; nothing was measured yet",
                     left ? ", about " + duration_text(*left) + " at the present writer's threads" : "");
}

std::string writer_text(const SweepStatus& status) {
  return status.writer ? "being written by " + *status.writer : "nobody is writing";
}

std::string end_text(const Job& job, bool running) {
  if (!job.code) return running ? "running" : "killed, or its end was not logged";
  return fmt::format("ended {} with exit code {}, {} done", without_middle(job.end, longest_word), *job.code,
                     job.done_at_end);
}

std::string job_text(const Job& job, bool running) {
  return fmt::format("  {}  {}{}, {}, from {} done; {}", without_middle(job.begin, longest_word),
                     job.process.empty() ? "" : without_middle(job.process, longest_word) + ", ",
                     counted(job.ranks, "rank"), counted(job.threads, "thread"), job.done_at_begin,
                     end_text(job, running));
}

std::string jobs_text(const SweepStatus& status) {
  if (!status.log_obstacle.empty()) {
    return fmt::format("\nThe event log {}: jobs and reasons are unknown; no result depends on it.",
                       status.log_obstacle);
  }
  if (status.jobs.empty()) return "\nThe event log tells of no job.";
  std::string text = "\nJobs:";
  const std::size_t first = status.jobs.size() - std::min(status.jobs.size(), most_lines);
  if (first > 0) text += fmt::format("\n  ({} earlier ones: --json lists all)", first);
  for (std::size_t i = first; i < status.jobs.size(); ++i) {
    text += "\n" + job_text(status.jobs[i], status.writer && i + 1 == status.jobs.size());
  }
  return text;
}

std::string failures_text(const SweepStatus& status) {
  if (status.failures.empty()) return "";
  std::string text = "\nFailures (the sweep command tries them again):";
  const std::size_t shown = std::min(status.failures.size(), most_lines);
  for (std::size_t i = 0; i < shown; ++i) {
    const FailedUnit& unit = status.failures[i];
    text += fmt::format(
        "\n  batch {} of the point {}: {}", unit.batch, unit.point,
        unit.reason.empty() ? "the event log does not tell why" : without_middle(unit.reason, longest_word));
  }
  if (shown < status.failures.size()) {
    text += fmt::format("\n  ({} more: --json lists all)", status.failures.size() - shown);
  }
  return text;
}

Json json_of(const FailedUnit& unit) {
  return {{"point", unit.point}, {"batch", unit.batch}, {"reason", unit.reason}};
}

Json json_of(const Job& job) {
  Json json{{"process", job.process},
            {"begin", job.begin},
            {"ranks", job.ranks},
            {"threads", job.threads},
            {"done_at_begin", job.done_at_begin}};
  if (job.code) json.update({{"end", job.end}, {"done_at_end", job.done_at_end}, {"code", *job.code}});
  return json;
}

template <class T>
Json json_list(const std::vector<T>& all) {
  Json list = Json::array();
  for (const T& one : all) list.push_back(json_of(one));
  return list;
}

}  // namespace

std::string status_page(const SweepStatus& status) {
  const std::string title =
      status.title.empty() ? "" : fmt::format(" \"{}\"", without_middle(status.title, longest_title));
  return fmt::format("{}:{}\n{}\n{}\n{}{}{}", status.results.string(), title, counts_text(status),
                     cost_text(status), writer_text(status), jobs_text(status), failures_text(status));
}

std::string status_json(const SweepStatus& status) {
  Json json{{"results", status.results.string()},
            {"title", status.title},
            {"identity", status.identity},
            {"numerics_version", status.numerics_version},
            {"points", status.points},
            {"units", status.units},
            {"done", status.done},
            {"pending", status.pending},
            {"failed", status.failed},
            {"remaining_core_seconds", status.remaining_seconds},
            {"pace", status.pace},
            {"writer", nullptr},
            {"failures", json_list(status.failures)},
            {"jobs", json_list(status.jobs)}};
  if (status.writer) json["writer"] = *status.writer;
  if (!status.log_obstacle.empty()) json["log_obstacle"] = status.log_obstacle;
  if (const auto left = status.seconds_left()) json["seconds_left"] = *left;
  return json.dump(2);
}

}  // namespace varprop::driver
