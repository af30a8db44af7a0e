#include "driver/merge/merge_results.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "core/contracts.hpp"
#include "core/storage/event_log.hpp"
#include "core/storage/file_size.hpp"
#include "core/storage/writer_lock.hpp"
#include "core/text/terminal_text.hpp"
#include "core/text/words.hpp"
#include "driver/merge/parts.hpp"
#include "driver/run/destination.hpp"
#include "driver/run/process.hpp"

namespace varprop::driver {

namespace {

struct StoppedWhileMerging : std::exception {};

void stop_if_asked() {
  if (stop_request() != StopRequest::none) throw StoppedWhileMerging();
}

void say(const std::string& line) {
  print_error_line(line);
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

/// What became of the units, by slot, and of every part what the log tells of it.
struct Merged {
  std::vector<UnitState> states;
  std::vector<EventLog::Fields> origins;
};

EventLog::Fields origin_of(const ResultsFile& part) {
  const Provenance origin = part.provenance();
  return {{"part", part.path().string()},
          {"holds", text_of(part.units().shard())},
          {"host", origin.host},
          {"date", origin.date},
          {"command_line", origin.command_line}};
}

Merged write_merged(const MergeOptions& options, const Parts& parts) {
  Merged result;
  const auto origin = provenance_here(options.command_line, parts.first.sweep_file, parts.first.mpi_version);
  ResultsFile::create(
      options.results, parts.sweep, HeldUnits(parts.sweep), origin, [](double) { stop_if_asked(); },
      [&](ResultsFile& file) {
        MergedUnits merged(file);
        for (const auto& path : parts.paths) {
          stop_if_asked();
          const ResultsFile part(path, ResultsFile::Access::read);
          merged.take(part, stop_if_asked);
          result.origins.push_back(origin_of(part));
        }
        stop_if_asked();  // the last moment at which an old file is still there
        result.states = merged.states();
      });
  return result;
}

/// Where the merged file comes from: the merge, and every part with all that its own log tells. No result
/// depends on it: what cannot be read or written is left out with a word, and so is the rest after a stop.
void write_log(EventLog& log, const MergeOptions& options, const Counts& counts,
               const std::vector<EventLog::Fields>& origins) {
  const auto complain_unless = [&](bool written) {
    if (!written) say(fmt::format("left out of the event log: {}; no result depends on it", log.failure()));
  };
  complain_unless(log.record("merge", {{"parts", static_cast<std::int64_t>(options.parts.size())},
                                       {"done", counts.done},
                                       {"failed", counts.failed},
                                       {"pending", counts.pending}}));
  try {
    for (std::size_t i = 0; i < origins.size(); ++i) {
      complain_unless(log.record("part", origins[i]));
      const auto& path = options.parts[i];
      complain_unless(log.append(path, {{"part", path.string()}}, stop_if_asked));
    }
  } catch (const StoppedWhileMerging&) {
    say(fmt::format(
        "stopped when {} was whole: its event log lacks some of what the parts' logs tell; no result "
        "depends on it",
        options.results.string()));
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
                  canonical_text(parts.sweep.point(first.point), parts.sweep.network)));
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
  listen_to_soft_stops();
  listen_to_hard_stops();
  const WriterLock lock(options.results);
  require_free(options);          // nobody else created it meanwhile
  EventLog log(options.results);  // refuses while an old file is still what it was
  const bool replaces = std::filesystem::exists(options.results);
  try {
    const Merged merged = write_merged(options, parts);
    const Counts counts = count(parts.sweep, merged.states);
    write_log(log, options, counts, merged.origins);
    report(options, parts, counts);
    return outcome(counts);
  } catch (const StoppedWhileMerging&) {
    say(fmt::format("stopped while {} was being merged: {}", options.results.string(),
                    replaces ? "the old one is as it was" : "there is none"));
    return ExitCode::stopped_early;
  }
}

}  // namespace varprop::driver
