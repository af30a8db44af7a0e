#include "driver/run/destination.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <optional>

#include "core/errors.hpp"
#include "core/storage/companion_paths.hpp"
#include "core/storage/file_size.hpp"
#include "core/storage/results_file.hpp"
#include "core/sweep/two_sweeps.hpp"
#include "core/text/words.hpp"
#include "driver/run/group_commit.hpp"
#include "driver/run/process.hpp"

namespace varprop::driver {

namespace {

namespace fs = std::filesystem;

bool same_file(const fs::path& a, const fs::path& b) {
  std::error_code neither_exists;
  return fs::equivalent(a, b, neither_exists);
}

void require_free_companion(const fs::path& companion, const std::string& named,
                            const std::vector<fs::path>& inputs) {
  if (!fs::exists(companion)) return;
  validate(
      fs::is_regular_file(companion),
      fmt::format("{}: {}, a name that varprop needs beside it, is no file.", named, companion.string()));
  for (const fs::path& input : inputs) {
    validate(!same_file(companion, input),
             fmt::format("{}: {} has a name that varprop needs for itself beside the results.", named,
                         input.string()));
  }
}

/// The file goes on only with the sweep that it was made for.
void require_same_sweep(const ResultsFile& file, const Sweep& sweep) {
  const std::string path = file.path().string();
  const auto other = other_numbers(file);
  validate(!other, fmt::format("{} {}: their numbers must not be mixed. Go on with the varprop that made it, "
                               "use another file, or --overwrite.",
                               path, other.value_or("")));
  validate(file.identity() == identity(sweep),
           fmt::format("{} holds the results of another sweep, which differs in: {}. Use another file, or "
                       "--overwrite to replace it.",
                       path, join(differences(file.sweep(), sweep))));
}

/// And only with the units that it was made for.
void require_same_units(const ResultsFile& file, const std::optional<Shard>& wanted) {
  const auto& held = file.units().shard();
  if (held == wanted) return;
  const std::string way_out =
      wanted ? "Use another file, or --overwrite to replace it."
             : fmt::format("Go on with --shard {}/{}, or join the shards with varprop merge.", held->number,
                           held->count);
  throw InputError(fmt::format("{} holds {} of this sweep, not {}. {}", file.path().string(),
                               held ? text_of(held) : "the whole", text_of(wanted), way_out));
}

struct StoppedWhileCreating : std::exception {};

class Obstacles {
 public:
  /// Adds "its <what> is <there>, not <here>" where the two are not the same.
  template <class T>
  void compare(std::string_view what, const T& there, const T& here) {
    if (there != here) found.push_back(fmt::format("its {} is {}, not {}", what, there, here));
  }

  std::vector<std::string> found;
};

std::string correlation_text(const NetworkSettings& settings) {
  return settings.input_correlation ? shortest(*settings.input_correlation) : "none (one input)";
}

/// Every condition that fails for the whole file `earlier`, each as the rest of a sentence about it: {"its
/// seed is 2, not 1"}. `map` and `project` lead from its sweep to the new one.
std::vector<std::string> reuse_obstacles(const ResultsFile& earlier, const Sweep& sweep, const PointMap& map,
                                         const RecordProjection& project) {
  const Sweep& old = earlier.sweep();
  Obstacles obstacles;
  if (const auto other = other_numbers(earlier)) obstacles.found.push_back("it " + *other);
  obstacles.compare("seed", old.seed, sweep.seed);
  obstacles.compare("number of replicas per batch", old.replicas_per_batch(), sweep.replicas_per_batch());
  obstacles.compare("variance_scaling", word_of(old.network.variance_scaling),
                    word_of(sweep.network.variance_scaling));
  obstacles.compare("input", word_of(old.network.input), word_of(sweep.network.input));
  obstacles.compare("input_correlation", correlation_text(old.network), correlation_text(sweep.network));
  obstacles.compare("input_mean_square", shortest(old.network.input_mean_square),
                    shortest(sweep.network.input_mean_square));
  obstacles.compare("bias_scaling", word_of(old.network.bias_scaling), word_of(sweep.network.bias_scaling));
  for (const std::string& axis : map.disjoint_axes()) {
    obstacles.found.push_back(fmt::format("its grid has no {} in common with this one", axis));
  }
  if (!project.missing_datasets().empty()) {
    obstacles.found.push_back(
        fmt::format("it has not measured all of this: {} is missing{}", join(project.missing_datasets()),
                    old.format < sweep.format
                        ? fmt::format(" (its format {}.{} may not have it; it can take over units of newer "
                                      "files, not the other way round)",
                                      old.format.major, old.format.minor)
                        : ""));
  }
  return std::move(obstacles.found);
}

/// "it did not record layer 7".
std::string missing_layer_text(const RecordProjection& project) {
  return fmt::format("it did not record layer {}", project.missing_layer().value_or(0));
}

constexpr std::int64_t block_bytes = std::int64_t{32} << 20;

/// Neighbouring points of the new grid that are neighbours in the old one too.
struct PointRun {
  std::int64_t first;
  std::int64_t old_first;
  std::int64_t count;
};

class Reuse {
 public:
  Reuse(ResultsFile& file, const ResultsFile& earlier)
      : file_(file),
        earlier_(earlier),
        states_(file.states()),
        old_states_(earlier.states()),
        map_(earlier.sweep(), file.sweep()),
        project_(earlier.sweep(), file.sweep()),
        commits_(file) {}

  ReuseOutcome run() {
    auto obstacles = reuse_obstacles(earlier_, file_.sweep(), map_, project_);
    if (!obstacles.empty()) return {0, join(obstacles, "; ")};
    const std::int64_t points = file_.sweep().point_count();
    for (std::int64_t index = 0; index < points && stop_request() == StopRequest::none;) {
      const auto run = next_run(index);
      if (!run) break;
      take(*run);
      index = run->first + run->count;
    }
    commits_.commit();
    return {units_, units_ > 0 ? "" : why_nothing()};
  }

 private:
  std::int64_t batches_in_common() const { return std::min(file_.sweep().batches, earlier_.sweep().batches); }

  /// The point has a unit to do that is done in the earlier file.
  bool wanted(std::int64_t index, PointIndex old) const {
    const auto state = states_.begin() + index * file_.sweep().batches;
    const auto old_state = old_states_.begin() + old.value() * earlier_.sweep().batches;
    for (std::int64_t b = 0; b < batches_in_common(); ++b) {
      if (to_do(state[b]) && old_state[b] == UnitState::done) return true;
    }
    return false;
  }

  /// Where the point stands in the earlier file, if something can be taken from there.
  std::optional<PointIndex> source(std::int64_t index) {
    const auto old = map_(PointIndex(index));
    if (!old) return std::nullopt;
    ++points_in_common_;
    if (!project_.suffices(file_.sweep().point(PointIndex(index)).depth)) return std::nullopt;
    ++points_recorded_;
    return wanted(index, *old) ? old : std::nullopt;
  }

  std::int64_t points_in_a_block() const {
    const std::int64_t row = std::max<std::int64_t>(1, RecordLayout(earlier_.sweep()).size());
    return std::max<std::int64_t>(1, block_bytes / (8 * row * earlier_.sweep().batches));
  }

  /// The next run of points to take from, at or after `index`.
  std::optional<PointRun> next_run(std::int64_t index) {
    std::optional<PointRun> run;
    for (; index < file_.sweep().point_count(); ++index) {
      const auto old = source(index);
      if (!run && old) run = PointRun{index, old->value(), 0};
      if (!run) continue;
      const bool goes_on = old && old->value() == run->old_first + run->count;
      if (!goes_on || run->count == points_in_a_block_) break;
      ++run->count;
    }
    return run;
  }

  void take(const PointRun& run) {
    const std::int64_t old_batches = earlier_.sweep().batches;
    const HeldUnits& units = earlier_.units();
    const std::int64_t from = units.position(run.old_first * old_batches);
    const std::int64_t to = units.position((run.old_first + run.count) * old_batches);
    std::vector<Record> taken;
    for (Record& record : earlier_.read_records(from, to - from)) {
      record.unit.point = PointIndex(run.first + record.unit.point.value() - run.old_first);
      if (record.state != UnitState::done || record.unit.batch.value() >= file_.sweep().batches) continue;
      if (!to_do(states_[static_cast<std::size_t>(file_.sweep().slot(record.unit))])) continue;
      record.values = project_(record.values);
      taken.push_back(std::move(record));
    }
    units_ += static_cast<std::int64_t>(taken.size());
    commits_.add(std::move(taken));
    commits_.commit_if_due();
  }

  std::string why_nothing() const {
    if (points_in_common_ == 0) return "no point of its grid is computed alike (engine, canonical text)";
    if (points_recorded_ == 0) return missing_layer_text(project_);
    return "none of the units that are still to do here is done there";
  }

  ResultsFile& file_;
  const ResultsFile& earlier_;
  std::vector<UnitState> states_, old_states_;
  PointMap map_;
  RecordProjection project_;
  GroupCommit commits_;
  std::int64_t points_in_a_block_ = points_in_a_block();
  std::int64_t units_ = 0;
  std::int64_t points_in_common_ = 0;
  std::int64_t points_recorded_ = 0;  ///< of those: with all layers that are asked for
};

}  // namespace

std::optional<std::string> other_numbers(const ResultsFile& file) {
  const auto made_with = [](std::string_view what, int there, int here) {
    return fmt::format("was made with {} version {}, and this program computes version {}", what, there,
                       here);
  };
  if (file.numerics_version() != numerics_version)
    return made_with("numerics", file.numerics_version(), numerics_version);
  Sweep computed_here = file.sweep();
  computed_here.other_networks_version.reset();
  const int there = networks_version(file.sweep()), here = networks_version(computed_here);
  return there == here ? std::nullopt : std::optional(made_with("networks", there, here));
}

void require_destination(const fs::path& path, const std::string& named,
                         const std::vector<fs::path>& inputs) {
  validate(path.has_filename(), fmt::format("{}: here the name of a file is needed.", named));
  const auto folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  validate(fs::is_directory(folder), fmt::format("{}: there is no folder {}.", named, folder.string()));
  validate(!fs::exists(path) || fs::is_regular_file(path),
           fmt::format("{}: this is not a file that results could be written to.", named));
  for (const fs::path& input : inputs) {
    validate(!same_file(path, input), fmt::format("{}: {} is read, so it cannot be written: the results need "
                                                  "a file of their own.",
                                                  named, input.string()));
  }
  for (const auto& companion : {lock_path(path), log_path(path), creating_path(path)}) {
    require_free_companion(companion, named, inputs);
  }
}

void require_replaceable(const fs::path& path) {
  try {
    const ResultsFile file(path, ResultsFile::Access::read);
  } catch (const InputError& error) {
    throw InputError(std::string(error.what()) +
                     " --overwrite replaces results of varprop only: remove it yourself if it may go.");
  }
}

std::optional<ResultsFile> open_complete_results(const SweepOptions& options, const Sweep& sweep) {
  if (options.overwrite || !std::filesystem::exists(options.results)) return std::nullopt;
  ResultsFile file(options.results, ResultsFile::Access::read);
  require_same_sweep(file, sweep);
  require_same_units(file, options.shard);
  const auto states = file.states();
  if (std::any_of(states.begin(), states.end(), to_do)) return std::nullopt;
  return file;
}

std::optional<ResultsFile> open_results(const SweepOptions& options, const Sweep& sweep) {
  if (options.overwrite || !std::filesystem::exists(options.results)) return std::nullopt;
  if (auto complete = open_complete_results(options, sweep)) return complete;
  return ResultsFile(options.results, ResultsFile::Access::write);
}

std::optional<ResultsFile> create_results(const SweepOptions& options, const Sweep& sweep,
                                          const HeldUnits& units, const SweepText& text,
                                          const std::string& mpi_version, Progress& progress) {
  const bool exists = std::filesystem::exists(options.results);
  validate(!exists || options.overwrite,
           fmt::format("{} was put there by somebody else meanwhile. Run the same command again.",
                       options.results.string()));
  if (exists) require_replaceable(options.results);
  validate(exists || !options.resume,
           fmt::format("{} does not exist, so there is nothing to resume. Leave --resume out to begin.",
                       options.results.string()));
  require_room(sweep, units, options.results, static_cast<double>(options.max_file_size));
  try {
    const auto provenance = provenance_here(options.command_line, text.file_text, mpi_version);
    ResultsFile::create(options.results, sweep, units, provenance, [&](double share) {
      progress.creating(share);
      if (stop_request() != StopRequest::none) throw StoppedWhileCreating();
    });
  } catch (const StoppedWhileCreating&) {
    progress.say(exists ? fmt::format("stopped while a new results file was being created: {} is as it was",
                                      options.results.string())
                        : "stopped while the results file was being created: there is none");
    return std::nullopt;
  }
  return ResultsFile(options.results, ResultsFile::Access::write);
}

std::vector<ResultsFile> open_earlier_results(const std::vector<std::filesystem::path>& paths) {
  std::vector<ResultsFile> files;
  for (const auto& path : paths) {
    files.emplace_back(path, ResultsFile::Access::read);
    files.back().states();  // refused now, while nothing is written
  }
  return files;
}

ReuseOutcome reuse_units(ResultsFile& file, const ResultsFile& earlier) {
  return Reuse(file, earlier).run();
}

}  // namespace varprop::driver
