#include "driver/status/history.hpp"

#include <string>
#include <unordered_map>
#include <utility>

#include "core/storage/event_log_reader.hpp"

namespace varprop {

namespace {

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
      const std::string point = canonical_text(sweep.point(unit.point), sweep.ensemble);
      const std::int32_t batch = unit.batch.value() + 1;
      places_[name_of(point, batch)] = history_.failures.size();
      history_.failures.push_back({point, batch, ""});
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

}  // namespace

History read_history(const std::filesystem::path& results, const std::string& identity, const Sweep& sweep,
                     const std::vector<Unit>& failed) {
  HistoryReader reader(identity, sweep, failed);
  std::string obstacle = for_each_event(results, [&reader](const Event& event) { reader(event); });
  History history = reader.take();
  history.log_obstacle = std::move(obstacle);
  return history;
}

}  // namespace varprop
