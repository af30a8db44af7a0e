#include "driver/run/reuse.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "core/sweep/two_sweeps.hpp"
#include "core/text/words.hpp"
#include "driver/run/group_commit.hpp"
#include "driver/run/process.hpp"

namespace varprop::driver {

namespace {

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
  obstacles.compare("numerics version", earlier.numerics_version(), numerics_version);
  obstacles.compare("seed", old.seed, sweep.seed);
  obstacles.compare("number of replicas per batch", old.replicas_per_batch(), sweep.replicas_per_batch());
  obstacles.compare("variance_scaling", word_of(old.network.variance_scaling),
                    word_of(sweep.network.variance_scaling));
  obstacles.compare("input", word_of(old.network.input), word_of(sweep.network.input));
  obstacles.compare("input_correlation", correlation_text(old.network), correlation_text(sweep.network));
  for (const std::string& axis : map.disjoint_axes()) {
    obstacles.found.push_back(fmt::format("its grid has no {} in common with this one", axis));
  }
  if (!project.missing_datasets().empty()) {
    obstacles.found.push_back(
        fmt::format("it has not measured all of this: {} is missing", join(project.missing_datasets())));
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
