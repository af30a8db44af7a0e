#include "driver/status/sweep_status.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <string>
#include <unordered_map>
#include <utility>

#include "core/errors.hpp"
#include "core/json.hpp"
#include "core/storage/companion_paths.hpp"
#include "core/storage/event_log.hpp"
#include "core/storage/results_file.hpp"
#include "core/storage/writer_lock.hpp"
#include "core/text/terminal_text.hpp"
#include "core/text/words.hpp"
#include "driver/schedule/cost.hpp"
#include "driver/schedule/duration.hpp"

namespace varprop::driver {

namespace {

void refuse_unborn(const std::filesystem::path& results) {
  const auto writer = present_writer(results);
  validate(std::filesystem::exists(results) || !std::filesystem::exists(creating_path(results)) || !writer,
           fmt::format("{} is only being created, by {}: ask again later.", results.string(),
                       writer.value_or("")));
}

/// What is not done costs on one core, by the cost model and what the done units say of it.
double remaining_seconds(const Sweep& sweep, const std::vector<UnitState>& states,
                         const Calibration& measured) {
  const SweepParts part_of(sweep);
  double seconds = 0;
  for (std::int64_t point = 0; point < sweep.point_count(); ++point) {
    const auto first = states.begin() + point * sweep.batches;
    const auto left = std::count_if(first, first + sweep.batches, to_do);
    if (left == 0) continue;
    const double predicted = predicted_seconds(sweep, sweep.point(PointIndex(point)));
    seconds += static_cast<double>(left) * predicted * measured.factor(part_of(PointIndex(point)));
  }
  return seconds;
}

std::vector<Unit> failed_units(const Sweep& sweep, const std::vector<UnitState>& states) {
  std::vector<Unit> failed;
  for (std::size_t slot = 0; slot < states.size(); ++slot) {
    if (states[slot] == UnitState::failed) failed.push_back(sweep.unit(static_cast<std::int64_t>(slot)));
  }
  return failed;
}

/// What the last job's probe of its machine said; 1 where no log tells.
double probed_pace(const std::vector<Job>& jobs) {
  return jobs.empty() ? 1.0 : jobs.back().factor.value_or(1.0);
}

/// What the event log knows of a sweep.
struct History {
  std::vector<Job> jobs;
  std::vector<FailedUnit> failures;  ///< one for each unit that was asked for, in that order
  std::string log_obstacle;          ///< why the log could not be read; empty where it was or there is none
};

/// A unit's name in the log. The canonical text begins with the version of the program that wrote it, which
/// may be another one's.
std::string name_of(const std::string& point, std::int64_t batch) {
  return std::to_string(batch) + point.substr(std::min(point.find(';'), point.size()));
}

class HistoryReader {
 public:
  HistoryReader(const std::string& identity, const Sweep& sweep, const std::vector<Unit>& failed)
      : identity_(identity) {
    for (const Unit unit : failed) {
      const Point at = sweep.point(unit.point);
      const std::string point = canonical_text(at, sweep.network);
      const std::int32_t batch = unit.batch.value() + 1;
      places_[name_of(point, batch)] = history_.failures.size();
      history_.failures.push_back({point, point_in_words(at), batch, ""});
    }
  }

  void operator()(const Event& event) {
    if (event.name == "begin") begin_job(event);
    if (event.name == "end") end_job(event);
    if (event.name == "unit_failed") fail_unit(event);
  }

  History take() { return std::move(history_); }

 private:
  void begin_job(const Event& event) {
    foreign_ = event.text("identity").value_or(identity_) != identity_;
    if (foreign_) return;
    history_.jobs.push_back({event.text("process").value_or(""),
                             event.time,
                             "",
                             event.number("ranks").value_or(0),
                             event.number("threads").value_or(0),
                             event.number("done").value_or(0),
                             0,
                             {},
                             event.real("factor")});
  }

  /// One writer at a time: an end belongs to the last begin.
  void end_job(const Event& event) {
    if (foreign_ || history_.jobs.empty() || history_.jobs.back().code) return;
    Job& job = history_.jobs.back();
    job.end = event.time;
    job.done_at_end = event.number("done").value_or(0);
    job.code = event.number("code");
  }

  void fail_unit(const Event& event) {
    const auto place =
        places_.find(name_of(event.text("point").value_or(""), event.number("batch").value_or(0)));
    if (place != places_.end()) history_.failures[place->second].reason = event.text("reason").value_or("");
  }

  std::string identity_;
  bool foreign_ = false;  ///< the job at hand worked on a sweep that has been replaced (--overwrite)
  History history_;
  std::unordered_map<std::string, std::size_t> places_;  ///< of failures, by name
};

/// Of the jobs those that worked on the sweep of this `identity`, not on one that was overwritten. `failed`:
/// the units that the results file says have failed; the log may know of others, mended since. Where the log
/// is lost or cannot be read there are no jobs and no reasons.
History read_history(const std::filesystem::path& results, const std::string& identity, const Sweep& sweep,
                     const std::vector<Unit>& failed) {
  HistoryReader reader(identity, sweep, failed);
  std::string obstacle = for_each_event(results, [&reader](const Event& event) { reader(event); });
  History history = reader.take();
  history.log_obstacle = std::move(obstacle);
  return history;
}

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
        "\n  batch {} of the point {}: {}", unit.batch, unit.point_in_words,
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

std::optional<double> SweepStatus::seconds_left() const {
  if (!writer || jobs.empty() || jobs.back().code || jobs.back().threads < 1) return std::nullopt;
  return remaining_seconds / static_cast<double>(jobs.back().threads);
}

SweepStatus read_status(const std::filesystem::path& results) {
  refuse_unborn(results);
  const ResultsFile file(results, ResultsFile::Access::read);
  const Sweep& sweep = file.sweep();
  const auto states = file.states();
  const Calibration measured = measured_earlier(sweep, states, [&file](PointIndex first, std::int64_t count) {
    return file.read_wall_seconds(first, count);
  });
  const auto failed = failed_units(sweep, states);
  History history = read_history(results, file.identity(), sweep, failed);
  SweepStatus status;
  status.results = results;
  status.title = sweep.title;
  status.identity = file.identity();
  status.numerics_version = file.numerics_version();
  status.networks_version = networks_version(sweep);
  status.points = sweep.point_count();
  status.done = std::count(states.begin(), states.end(), UnitState::done);
  status.pending = std::count(states.begin(), states.end(), UnitState::pending);
  status.failed = static_cast<std::int64_t>(failed.size());
  status.units = status.done + status.pending + status.failed;
  status.writer = present_writer(results);
  status.failures = std::move(history.failures);
  status.jobs = std::move(history.jobs);
  status.log_obstacle = std::move(history.log_obstacle);
  status.measured = !measured.empty();
  status.pace = status.measured ? measured.factor() : probed_pace(status.jobs);
  status.remaining_seconds = remaining_seconds(sweep, states, measured);
  if (!status.measured) status.remaining_seconds *= status.pace;
  return status;
}

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
            {"networks_version", status.networks_version},
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
