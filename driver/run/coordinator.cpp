#include "driver/run/coordinator.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <new>
#include <utility>

#include "core/errors.hpp"
#include "core/parallel/backoff.hpp"
#include "core/sweep/record.hpp"
#include "core/text/words.hpp"
#include "driver/run/ranks.hpp"
#include "driver/schedule/duration.hpp"

namespace varprop::driver {

namespace {

constexpr double least_commit_reserve = 1;  ///< seconds before the deadline that are kept for writing

Calibration measured_in(const ResultsFile& file) {
  return measured_earlier(file.sweep(), file.states(), [&file](PointIndex first, std::int64_t count) {
    return file.read_wall_seconds(first, count);
  });
}

}  // namespace

Coordinator::Coordinator(const Parts& parts, const std::vector<int>& threads, double grace)
    : parts_(parts),
      grace_(grace),
      sweep_(parts.file.sweep()),
      scheduler_(sweep_, parts.file.states(), threads, parts.expected, measured_in(parts.file)),
      commits_(parts.file, parts.fault, parts.patience.commit),
      done_before_(parts.file.units().count() - scheduler_.pending_units()) {}

ExitCode Coordinator::run() {
  try {
    close(work(), [this] { commits_.commit_if_due(); });
    commits_.commit();
    require_memory();
  } catch (const std::bad_alloc&) {
    close(StopRequest::now, [] {});
    commits_.commit();  // what was dropped has given its memory back
    throw;
  } catch (...) {
    close(StopRequest::now, [] {});
    throw;
  }
  return outcome();
}

/// Deals and collects until every unit is finished that can be, or a stop is requested: how to close then.
StopRequest Coordinator::work() {
  Backoff backoff;
  seconds_given_ = seconds_to_compute();
  while (stop_request() == StopRequest::none) {
    const bool received = take_results();
    if (starved_rank_) return StopRequest::now;
    const bool sent = feed();
    if (scheduler_.over()) return StopRequest::soon;
    if (seconds_to_compute() <= 0) return StopRequest::now;
    commits_.commit_if_due();
    report_progress();
    if (received || sent) {
      backoff.reset();
    } else {
      backoff.sleep();
    }
  }
  return stop_request();
}

/// What the last commits may take.
double Coordinator::commit_seconds() const {
  return std::max(least_commit_reserve, 2 * commits_.longest_seconds());
}

double Coordinator::seconds_to_compute() const {
  return parts_.deadline.seconds_to_compute(commit_seconds());
}

/// What of the units that are done by now the file does not know, in sentences; empty where it knows all.
/// Read once more: it may have been overwritten by a copy of its own, which no write notices.
std::string Coordinator::loss() const {
  const std::int64_t wanted = done_before_ + scheduler_.finished_units() - scheduler_.failed_units();
  const std::string path = parts_.file.path().string();
  try {
    const auto states = parts_.file.states();
    const std::int64_t found = std::count(states.begin(), states.end(), UnitState::done);
    if (found >= wanted) return "";
    return fmt::format(
        "{} was overwritten while this run wrote to it: of {} that {} done, {} not in it. The same command "
        "computes what is missing; varprop verify {} --sample 100% tells whether the rest is whole.",
        path, counted(wanted, "unit"), wanted == 1 ? "is" : "are", counted(wanted - found, "is", "are"),
        path);
  } catch (const InputError& error) {
    return fmt::format("{} was overwritten while this run wrote to it: {}", path, error.what());
  }
}

/// Units that were dropped for want of memory are pending.
void Coordinator::require_memory() const {
  if (!starved_rank_) return;
  if (*starved_rank_ > 0) parts_.progress.warn(fmt::format("rank {} ran out of memory", *starved_rank_));
  throw std::bad_alloc();
}

/// Waits for what is running (soon, at most the grace period) or drops it (now), until every rank has said
/// that it is done, or some do not answer. What comes in meanwhile is kept by `commit`.
void Coordinator::close(StopRequest how, const std::function<void()>& commit) {
  if (scheduler_.outstanding() > 0 && !std::exchange(closing_, true)) {
    parts_.progress.say(
        how == StopRequest::now
            ? "stopping now: running units are dropped, what is finished is kept"
            : fmt::format("stopping: running units have {} to finish", duration_text(grace_)));
  }
  tell_to_stop(how);
  auto told = Clock::now();
  Backoff backoff;
  while (!everybody_left()) {
    const double waited = std::chrono::duration<double>(Clock::now() - told).count();
    if (how == StopRequest::soon && (stop_request() == StopRequest::now || waited > grace_)) {
      how = StopRequest::now;
      tell_to_stop(how);
      told = Clock::now();
    } else if (how == StopRequest::now && waited > parts_.patience.answer) {
      const int silent = parts_.communicator.size() - 1 - done_ranks_;
      parts_.progress.warn(fmt::format("{} not answer: leaving without {}",
                                       counted(silent, "rank does", "ranks do"),
                                       silent == 1 ? "it" : "them"));
      return;
    }
    commit();
    if (take_results()) {
      backoff.reset();
    } else {
      backoff.sleep();
    }
  }
}

void Coordinator::tell_to_stop(StopRequest how) {
  const bool drop = how == StopRequest::now;
  parts_.communicator.send_to_all(tag_stop, {std::byte{drop}});
  if (drop) {
    parts_.pool.drop();
  } else {
    parts_.pool.clear_queue();
  }
}

bool Coordinator::everybody_left() {
  return done_ranks_ == parts_.communicator.size() - 1 && parts_.pool.idle();
}

bool Coordinator::take_results() {
  bool any = false;
  while (auto message = parts_.communicator.receive()) {
    any = true;
    take_message(*message);
  }
  auto own = take_own();
  any = any || !own.empty();
  accept(0, std::move(own));
  return any;
}

void Coordinator::take_message(const Message& message) {
  if (message.tag == tag_done) {
    ++done_ranks_;
  } else if (message.tag == tag_trouble) {
    if (!starved_rank_) starved_rank_ = message.source;
  } else {
    VARPROP_EXPECT(message.tag == tag_results);
    accept(static_cast<std::size_t>(message.source), records_from_bytes(message.body));
  }
}

std::vector<Record> Coordinator::take_own() {
  try {
    return parts_.pool.take_finished();
  } catch (const std::bad_alloc&) {
    if (!starved_rank_) starved_rank_ = 0;
    return {};
  }
}

void Coordinator::accept(std::size_t process, std::vector<Record> records) {
  std::erase_if(records, [&](const Record& record) { return !take_back(process, record); });
  commits_.add(std::move(records));
}

/// Whether the record is one to be kept: units that were dropped are pending still.
bool Coordinator::take_back(std::size_t process, const Record& record) {
  if (record.state == UnitState::pending) {
    scheduler_.dropped(record.unit, record.wall_seconds);
    return false;
  }
  if (record.state == UnitState::failed) {
    scheduler_.failed(process, record.unit);
    report_failure(record);
  } else {
    scheduler_.done(process, record.unit, record.wall_seconds);
  }
  return true;
}

void Coordinator::report_failure(const Record& record) {
  const std::int64_t failed = scheduler_.failed_units();
  const Point point = sweep_.point(record.unit.point);
  const int batch = record.unit.batch.value() + 1;
  if (failed <= most_failures_told) {
    parts_.progress.warn(
        fmt::format("batch {} of the point {} failed: {}", batch, point_in_words(point), record.failure));
  } else if (failed == most_failures_told + 1) {
    parts_.progress.warn("further failures are told in the event log alone");
  }
  parts_.log.record(
      "unit_failed",
      {{"point", canonical_text(point, sweep_.network)}, {"batch", batch}, {"reason", record.failure}});
}

bool Coordinator::feed() {
  return scheduler_.deal([this](std::size_t process, const std::vector<Unit>& pack) { send(process, pack); },
                         seconds_to_compute());
}

void Coordinator::send(std::size_t process, const std::vector<Unit>& pack) {
  if (process == 0) return parts_.pool.push(pack);
  parts_.communicator.send(static_cast<int>(process), tag_work, pack_to_bytes(sweep_, pack));
}

void Coordinator::report_progress() {
  parts_.progress.update({done_before_ + scheduler_.finished_units(), parts_.file.units().count(),
                          scheduler_.finished_share(),
                          std::chrono::duration<double>(Clock::now() - begin_).count()});
}

ExitCode Coordinator::outcome() {
  reason_ = loss();
  if (!reason_.empty()) return ExitCode::failure;
  const ExitCode code = scheduler_.outcome(stop_request() != StopRequest::none);
  if (code == ExitCode::failure) {
    reason_ = scheduler_.shortfall_sentences(parts_.deadline, seconds_given_, commit_seconds());
  }
  return code;
}

}  // namespace varprop::driver
