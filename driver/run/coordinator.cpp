#include "driver/run/coordinator.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <new>
#include <utility>

#include "core/contracts.hpp"
#include "core/parallel/backoff.hpp"
#include "core/record/record_bytes.hpp"
#include "core/text.hpp"
#include "driver/run/duration.hpp"
#include "driver/run/messages.hpp"

namespace varprop {

namespace {
constexpr double least_commit_reserve = 1;  ///< seconds before the deadline that are kept for writing
}  // namespace

Coordinator::Coordinator(const Parts& parts, const std::vector<int>& threads, double grace)
    : parts_(parts),
      grace_(grace),
      sweep_(parts.file.sweep()),
      plan_(sweep_, parts.file.states()),
      dispatcher_(plan_, threads, Pace(plan_, parts.expected, measured_earlier(parts.file))),
      commits_(parts.file, parts.fault, parts.patience.commit),
      done_before_(parts.file.units().count() - plan_.pending_units()) {}

double Coordinator::expected_seconds(int cores) const {
  double all = 0, longest = 0;
  for (std::size_t part = 0; part < plan_.parts(); ++part) {
    const double pace = dispatcher_.pace().of(part);
    all += pace * plan_.pending_seconds(part);
    if (const auto dearest = plan_.dearest(part)) longest = std::max(longest, pace * dearest->seconds);
  }
  return std::max(all / cores, longest);
}

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
    if (!sent && dispatcher_.outstanding() == 0) return StopRequest::soon;
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

/// Until the deadline, less what the last commits may take.
double Coordinator::seconds_to_compute() const {
  return parts_.deadline.seconds_left() - std::min(commit_seconds(), parts_.deadline.seconds_in_all() / 10);
}

Shortfall Coordinator::shortfall() const {
  const double reserved = std::min(commit_seconds(), parts_.deadline.seconds_in_all() / 10);
  return {parts_.deadline.text(),
          parts_.deadline.seconds_in_all() - seconds_given_ - reserved,
          seconds_given_,
          commit_seconds(),
          failed_units_,
          parts_.deadline.seconds_kept(),
          dropped_};
}

/// What of the units that are done by now the file does not know, in sentences; empty where it knows all.
/// Read once more: it may have been overwritten by a copy of its own, which no write notices.
std::string Coordinator::loss() const {
  const std::int64_t wanted = done_before_ + finished_units_ - failed_units_;
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
/// farewell, or some do not answer. What comes in meanwhile is kept by `commit`.
void Coordinator::close(StopRequest how, const std::function<void()>& commit) {
  if (dispatcher_.outstanding() > 0 && !std::exchange(closing_, true)) {
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
      const int silent = parts_.communicator.size() - 1 - farewells_;
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
  return farewells_ == parts_.communicator.size() - 1 && parts_.pool.idle();
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
  if (message.tag == tag_farewell) {
    ++farewells_;
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
  std::erase_if(records, [this](const Record& record) {
    if (record.state != UnitState::pending) return false;
    dispatcher_.dropped(record.unit, record.wall_seconds);
    if (!dropped_ || record.wall_seconds > dropped_->seconds) dropped_ = {record.unit, record.wall_seconds};
    return true;
  });
  for (const Record& record : records) {
    const bool failed = record.state == UnitState::failed;
    dispatcher_.finished(process, record.unit, failed ? std::nullopt : std::optional(record.wall_seconds));
    ++finished_units_;
    if (failed) report_failure(record);
  }
  commits_.add(std::move(records));
}

void Coordinator::report_failure(const Record& record) {
  ++failed_units_;
  const std::string point = canonical_text(sweep_.point(record.unit.point), sweep_.ensemble);
  const int batch = record.unit.batch.value() + 1;
  if (failed_units_ <= most_failures_told) {
    parts_.progress.warn(fmt::format("batch {} of the point {} failed: {}", batch, point, record.failure));
  } else if (failed_units_ == most_failures_told + 1) {
    parts_.progress.warn("further failures are told in the event log alone");
  }
  parts_.log.record("unit_failed", {{"point", point}, {"batch", batch}, {"reason", record.failure}});
}

/// One pack to every process that wants one, so that few units are spread, not heaped.
bool Coordinator::feed() {
  bool any = false;
  const double seconds_left = seconds_to_compute();
  for (int p = 0; p < parts_.communicator.size(); ++p) {
    const auto pack = dispatcher_.next_pack(static_cast<std::size_t>(p), seconds_left);
    if (pack.empty()) continue;
    any = true;
    if (p == 0) {
      parts_.pool.push(pack);
      continue;
    }
    std::vector<std::int64_t> slots;
    for (const Unit unit : pack) slots.push_back(sweep_.slot(unit));
    parts_.communicator.send(p, tag_work, to_bytes(slots));
  }
  return any;
}

void Coordinator::report_progress() {
  parts_.progress.update({done_before_ + finished_units_, parts_.file.units().count(),
                          dispatcher_.finished_share(),
                          std::chrono::duration<double>(Clock::now() - begin_).count()});
}

/// A run that its deadline kept from finishing a single unit would, by all it knows, do no better the next
/// time.
ExitCode Coordinator::outcome() {
  reason_ = loss();
  if (!reason_.empty()) return ExitCode::failure;
  if (finished_units_ == plan_.pending_units()) {
    return failed_units_ > 0 ? ExitCode::some_points_failed : ExitCode::complete;
  }
  if (finished_units_ > failed_units_ || stop_request() != StopRequest::none) return ExitCode::stopped_early;
  reason_ = shortfall_text(sweep_, plan_, dispatcher_.pace(), shortfall());
  return ExitCode::failure;
}

}  // namespace varprop
