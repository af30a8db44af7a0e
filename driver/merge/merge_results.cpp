#include "driver/merge/merge_results.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <optional>

#include "core/contracts.hpp"
#include "core/storage/event_log.hpp"
#include "core/storage/file_size.hpp"
#include "core/storage/writer_lock.hpp"
#include "core/text.hpp"
#include "driver/merge/merged_units.hpp"
#include "driver/merge/parts.hpp"
#include "driver/run/destination.hpp"
#include "driver/run/origin.hpp"
#include "driver/run/stop_signals.hpp"

namespace varprop {

namespace {

struct StoppedWhileMerging : std::exception {};

void stop_if_asked() {
  if (stop_request() != StopRequest::none) throw StoppedWhileMerging();
}

void say(const std::string& line) {
  std::fputs(fmt::format("varprop: {}\n", line).c_str(), stderr);
}

/// An existing file is replaced only where that was asked for.
void require_free(const MergeOptions& options) {
  if (!std::filesystem::exists(options.results)) return;
  validate(options.overwrite,
           fmt::format("{} exists already. Use another name, or --overwrite to replace it.",
                       options.results.string()));
  require_replaceable(options.results);
}

/// What the merged file holds, by state.
struct Counts {
  std::int64_t done, failed, pending;
  std::optional<Unit> first_pending;
};

Counts count(const Sweep& sweep, const std::vector<UnitState>& states) {
  const auto number = [&](UnitState state) { return std::count(states.begin(), states.end(), state); };
  Counts counts{number(UnitState::done), number(UnitState::failed), number(UnitState::pending), {}};
  const auto pending = std::find(states.begin(), states.end(), UnitState::pending);
  if (pending != states.end()) counts.first_pending = sweep.unit(pending - states.begin());
  return counts;
}

std::vector<UnitState> write_merged(const MergeOptions& options, const Parts& parts) {
  std::vector<UnitState> states;
  const auto origin = provenance_here(options.command_line, parts.first.sweep_file, parts.first.mpi_version);
  ResultsFile::create(
      options.results, parts.sweep, HeldUnits(parts.sweep), origin, [](double) { stop_if_asked(); },
      [&](ResultsFile& file) {
        MergedUnits merged(file);
        for (const auto& path : parts.paths) {
          stop_if_asked();
          merged.take(ResultsFile(path, ResultsFile::Access::read));
        }
        states = merged.states();
      });
  return states;
}

/// Where the merged file comes from: the merge, and every part with all that its own log tells. No result
/// depends on it.
void write_log(const MergeOptions& options, const Counts& counts) {
  EventLog log(options.results);
  log.record("merge", {{"parts", static_cast<std::int64_t>(options.parts.size())},
                       {"done", counts.done},
                       {"failed", counts.failed},
                       {"pending", counts.pending}});
  for (const auto& path : options.parts) {
    const ResultsFile part(path, ResultsFile::Access::read);
    const Provenance origin = part.provenance();
    log.record("part", {{"part", path.string()},
                        {"holds", text_of(part.units().shard())},
                        {"host", origin.host},
                        {"date", origin.date},
                        {"command_line", origin.command_line}});
    log.append(path, {{"part", path.string()}});
  }
}

void report(const MergeOptions& options, const Parts& parts, const Counts& counts) {
  const std::string path = options.results.string();
  say(fmt::format("{}: {} of {} done, from {}", path, counts.done, counted(parts.sweep.unit_count(), "unit"),
                  counted(std::ssize(options.parts), "part")));
  if (counts.failed > 0)
    say(fmt::format("{} failed; varprop sweep -o {} tries again", counted(counts.failed, "unit"), path));
  if (!counts.first_pending) return;
  const Unit first = *counts.first_pending;
  const std::string shards = missing_text(parts.missing);
  say(fmt::format("{} still pending{}, first batch {} of the point {}",
                  counted(counts.pending, "unit is", "units are"), shards.empty() ? "" : " (" + shards + ")",
                  first.batch.value() + 1,
                  canonical_text(parts.sweep.point(first.point), parts.sweep.ensemble)));
  say(fmt::format("varprop sweep SWEEP.toml -o {} computes what is missing", path));
}

ExitCode outcome(const Counts& counts) {
  if (counts.pending > 0) return ExitCode::stopped_early;
  return counts.failed > 0 ? ExitCode::some_points_failed : ExitCode::complete;
}

}  // namespace

ExitCode merge_results(const MergeOptions& options) {
  require_destination(options.results, options.results.string(), options.parts);
  require_free(options);
  const Parts parts = look_at_parts(options.parts);
  require_room_for_parts(parts.sweep, options.results, static_cast<double>(options.max_file_size));
  const WriterLock lock(options.results);
  require_free(options);  // nobody else created it meanwhile
  listen_to_soft_stops();
  listen_to_hard_stops();
  try {
    const Counts counts = count(parts.sweep, write_merged(options, parts));
    write_log(options, counts);
    report(options, parts, counts);
    return outcome(counts);
  } catch (const StoppedWhileMerging&) {
    say(fmt::format("stopped while {} was being merged: there is none", options.results.string()));
    return ExitCode::stopped_early;
  }
}

}  // namespace varprop
