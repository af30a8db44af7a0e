#include "driver/merge/merge_results.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <cstring>
#include <optional>
#include <set>

#include "core/errors.hpp"
#include "core/storage/event_log.hpp"
#include "core/storage/file_size.hpp"
#include "core/storage/writer_lock.hpp"
#include "core/sweep/two_sweeps.hpp"
#include "core/text/terminal_text.hpp"
#include "core/text/words.hpp"
#include "driver/run/destination.hpp"
#include "driver/run/process.hpp"

namespace varprop::driver {

namespace {

constexpr std::size_t most_shards_named = 20;

void require_numerics(const ResultsFile& part) {
  const auto other = other_numbers(part);
  validate(!other, fmt::format("{} {}: numbers of different versions must not be mixed. Merge such parts "
                               "with the varprop that made them.",
                               part.path().string(), other.value_or("")));
}

void require_same_sweep(const ResultsFile& part, const Parts& parts) {
  validate(identity(part.sweep()) == identity(parts.sweep),
           fmt::format("{} and {} are not parts of one sweep; they differ in: {}. To let a sweep grow, use "
                       "varprop sweep --reuse.",
                       parts.paths.front().string(), part.path().string(),
                       join(differences(parts.sweep, part.sweep()))));
}

/// What an older file, which counts less, can do with a newer one of the same sweep.
std::string way_out_of_formats(const ResultsFile& older, const ResultsFile& newer) {
  if (!older.units().whole())
    return fmt::format("What {} holds must be computed anew.", older.path().string());
  return fmt::format(
      "The former can take over what the latter has, not the other way round: varprop sweep "
      "SWEEP.toml -o {} --reuse {}",
      older.path().string(), newer.path().string());
}

/// Files of another format may hold other numbers of the same sweep.
void require_same_datasets(const ResultsFile& part, const Parts& parts) {
  const auto names = [](const Sweep& sweep) {
    std::vector<std::string> all;
    for (const Dataset& dataset : datasets(sweep)) all.push_back(dataset.name);
    return all;
  };
  if (names(part.sweep()) == names(parts.sweep)) return;
  const ResultsFile first(parts.paths.front(), ResultsFile::Access::read);
  const bool in_order = names(parts.sweep).size() < names(part.sweep()).size();
  const ResultsFile &older = in_order ? first : part, &newer = in_order ? part : first;
  throw InputError(fmt::format(
      "{} (format {}.{}) and {} (format {}.{}) were begun by different versions of varprop, and the former "
      "counts less. {}",
      older.path().string(), older.sweep().format.major, older.sweep().format.minor, newer.path().string(),
      newer.sweep().format.major, newer.sweep().format.minor, way_out_of_formats(older, newer)));
}

/// The shards of a deal that are not among these; none where not all are of one deal, or where a part holds
/// the whole sweep.
std::vector<Shard> missing_shards(const std::vector<std::optional<Shard>>& brought) {
  std::set<std::int32_t> numbers;
  for (const auto& shard : brought) {
    if (!shard || shard->count != brought.front()->count) return {};
    numbers.insert(shard->number);
  }
  std::vector<Shard> missing;
  const std::int32_t count = brought.front()->count;
  for (std::int32_t number = 1; number <= count; ++number) {
    if (!numbers.contains(number)) missing.push_back({number, count});
  }
  return missing;
}

constexpr std::int64_t block_bytes = std::int64_t{32} << 20;

std::int64_t units_in_a_block(const Sweep& sweep) {
  return std::max<std::int64_t>(1, block_bytes / (8 * RecordLayout(sweep).size() + 64));
}

bool same_bits(double a, double b) {
  return std::memcmp(&a, &b, sizeof a) == 0;
}

/// "forward_log_mean is 0.25 in layer 3" of the number at `position` of Record::values.
std::string place_text(const Sweep& sweep, std::size_t position) {
  const RecordLayout layout(sweep);
  std::size_t d = 0;
  while (layout.offset(d) + layout.length(d) <= static_cast<std::int64_t>(position)) ++d;
  const auto i = static_cast<std::int64_t>(position) - layout.offset(d);
  const Dataset& dataset = layout.datasets()[d];
  return dataset.row_axis == RowAxis::layer
             ? fmt::format("{} at layer {}", dataset.name, sweep.layers[static_cast<std::size_t>(i)])
             : fmt::format("{} of replica {}", dataset.name, i + 1);
}

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
  if (!options.quiet)
    say(fmt::format("{}: {} of {} done, from {}", path, counts.done,
                    counted(parts.sweep.unit_count(), "unit"), counted(std::ssize(options.parts), "part")));
  if (counts.failed > 0)
    say(fmt::format("{} failed; varprop sweep -o {} tries again", counted(counts.failed, "unit"), path));
  if (!counts.first_pending) return;
  const Unit first = *counts.first_pending;
  const std::string shards = missing_text(parts.missing);
  say(fmt::format("{} still pending{}, first batch {} of the point {}",
                  counted(counts.pending, "unit is", "units are"), shards.empty() ? "" : " (" + shards + ")",
                  first.batch.value() + 1, point_in_words(parts.sweep.point(first.point))));
  say(fmt::format("varprop sweep SWEEP.toml -o {} computes what is missing", path));
}

ExitCode outcome(const Counts& counts) {
  if (counts.pending > 0) return ExitCode::stopped_early;
  return counts.failed > 0 ? ExitCode::some_points_failed : ExitCode::complete;
}

}  // namespace

Parts look_at_parts(const std::vector<std::filesystem::path>& paths) {
  VARPROP_EXPECT(!paths.empty());
  Parts parts{paths, {}, {}, {}};
  std::vector<std::optional<Shard>> brought;
  for (const auto& path : paths) {
    const ResultsFile part(path, ResultsFile::Access::read);
    require_numerics(part);
    Provenance origin = part.provenance();  // of all, before anything is written: the log tells of it
    if (brought.empty()) {
      parts.sweep = part.sweep();
      parts.first = std::move(origin);
    }
    require_same_sweep(part, parts);
    require_same_datasets(part, parts);
    brought.push_back(part.units().shard());
  }
  parts.missing = missing_shards(brought);
  return parts;
}

std::string missing_text(const std::vector<Shard>& missing) {
  if (missing.empty()) return "";
  std::vector<std::string> numbers;
  for (const Shard& shard : missing) {
    if (numbers.size() < most_shards_named) numbers.push_back(std::to_string(shard.number));
  }
  const std::size_t more = missing.size() - numbers.size();
  return fmt::format("{} {}{} of {} {} missing", missing.size() == 1 ? "shard" : "shards", join(numbers),
                     more > 0 ? fmt::format(" and {} more", more) : "", missing.front().count,
                     missing.size() == 1 ? "is" : "are");
}

MergedUnits::MergedUnits(ResultsFile& file) : file_(file), states_(file.states()) {
  VARPROP_EXPECT(file.units().whole());
}

void MergedUnits::take(const ResultsFile& part, const std::function<void()>& before_block) {
  const std::int64_t units = part.units().count(), block = units_in_a_block(part.sweep());
  for (std::int64_t first = 0; first < units; first += block) {
    if (before_block) before_block();
    take_block(part, part.read_records(first, std::min(block, units - first)));
  }
  taken_.push_back(part.path());
}

void MergedUnits::take_block(const ResultsFile& part, std::vector<Record> records) {
  const Sweep& sweep = file_.sweep();
  std::vector<Record> better, both_done;
  for (Record& record : records) {
    UnitState& state = states_[static_cast<std::size_t>(sweep.slot(record.unit))];
    const bool done = record.state == UnitState::done;
    if (done && state == UnitState::done) {
      both_done.push_back(std::move(record));
    } else if (done || (record.state == UnitState::failed && state == UnitState::pending)) {
      state = record.state;
      better.push_back(std::move(record));
    }
  }
  compare(part, both_done);
  file_.commit(better);
}

void MergedUnits::compare(const ResultsFile& part, const std::vector<Record>& both_done) const {
  const auto slot = [&](std::size_t i) { return file_.sweep().slot(both_done[i].unit); };
  for (std::size_t begin = 0, end = 0; begin < both_done.size(); begin = end) {
    for (end = begin + 1; end < both_done.size() && slot(end) == slot(end - 1) + 1;) ++end;
    const auto merged = file_.read_records(slot(begin), static_cast<std::int64_t>(end - begin));
    for (std::size_t i = begin; i < end; ++i) {
      const auto &mine = merged[i - begin].values, &theirs = both_done[i].values;
      if (!std::equal(mine.begin(), mine.end(), theirs.begin(), theirs.end(), same_bits)) {
        refuse(part, merged[i - begin], both_done[i]);
      }
    }
  }
}

void MergedUnits::refuse(const ResultsFile& part, const Record& merged, const Record& other) const {
  const auto differing =
      std::mismatch(merged.values.begin(), merged.values.end(), other.values.begin(), same_bits);
  const Sweep& sweep = file_.sweep();
  const auto position = static_cast<std::size_t>(differing.first - merged.values.begin());
  throw InputError(fmt::format(
      "{} and {} contradict each other: in batch {} of the point {}, {} is {} in the first and {} in the "
      "second. Parts of one sweep are equal to the last bit; one of these was changed or damaged.",
      first_part_with(merged.unit), part.path().string(), merged.unit.batch.value() + 1,
      point_in_words(sweep.point(merged.unit.point)), place_text(sweep, position),
      with_bits(*differing.first), with_bits(*differing.second)));
}

std::string MergedUnits::first_part_with(Unit unit) const {
  for (const auto& path : taken_) {
    const ResultsFile part(path, ResultsFile::Access::read);
    const std::int64_t slot = part.sweep().slot(unit);
    if (!part.units().holds(slot)) continue;
    const auto record = part.read_records(part.units().position(slot), 1).front();
    if (record.state == UnitState::done) return path.string();
  }
  return "a part before";
}

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
