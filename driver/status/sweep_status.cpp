#include "driver/status/sweep_status.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/contracts.hpp"
#include "core/storage/companion_paths.hpp"
#include "core/storage/results_file.hpp"
#include "core/storage/writer_lock.hpp"
#include "driver/run/calibration.hpp"
#include "driver/run/cost_model.hpp"
#include "driver/status/history.hpp"

namespace varprop {

namespace {

constexpr std::int64_t units_at_a_time = 1 << 20;  ///< wall times in memory

void refuse_unborn(const std::filesystem::path& results) {
  const auto writer = present_writer(results);
  validate(std::filesystem::exists(results) || !std::filesystem::exists(creating_path(results)) || !writer,
           fmt::format("{} is only being created, by {}: ask again later.", results.string(),
                       writer.value_or("")));
}

/// The cost of what is not done, by the cost model and what the done units say of it.
class CostReader {
 public:
  CostReader(const ResultsFile& file, const std::vector<UnitState>& states)
      : file_(file),
        sweep_(file.sweep()),
        states_(states),
        calibration_(sweep_),
        unfinished_(part_count(sweep_)) {
    const std::int64_t step = std::max<std::int64_t>(1, units_at_a_time / sweep_.batches);
    for (std::int64_t first = 0; first < sweep_.point_count(); first += step) {
      read_points(first, std::min(step, sweep_.point_count() - first));
    }
  }

  double pace() const { return calibration_.factor(); }

  double remaining_seconds() const {
    double seconds = 0;
    for (std::size_t part = 0; part < unfinished_.size(); ++part) {
      seconds += unfinished_[part] * calibration_.factor(part);
    }
    return seconds;
  }

 private:
  void read_points(std::int64_t first, std::int64_t count) {
    const auto wall = file_.read_wall_seconds(PointIndex(first), count);
    for (std::int64_t i = 0; i < count; ++i) {
      const PointIndex point(first + i);
      const std::size_t part = part_of(sweep_, point);
      const double predicted = predicted_seconds(sweep_, sweep_.point(point));
      for (std::int64_t batch = 0; batch < sweep_.batches; ++batch) {
        const UnitState state = states_[static_cast<std::size_t>(point.value() * sweep_.batches + batch)];
        add_unit(part, state, predicted, wall[static_cast<std::size_t>(i * sweep_.batches + batch)]);
      }
    }
  }

  void add_unit(std::size_t part, UnitState state, double predicted, double measured) {
    if (state == UnitState::pending || state == UnitState::failed) unfinished_[part] += predicted;
    if (state == UnitState::done && std::isfinite(measured)) calibration_.add(part, predicted, measured);
  }

  const ResultsFile& file_;
  const Sweep& sweep_;
  const std::vector<UnitState>& states_;
  Calibration calibration_;
  std::vector<double> unfinished_;  ///< predicted seconds by part
};

std::vector<Unit> failed_units(const Sweep& sweep, const std::vector<UnitState>& states) {
  std::vector<Unit> failed;
  for (std::size_t slot = 0; slot < states.size(); ++slot) {
    if (states[slot] == UnitState::failed) failed.push_back(sweep.unit(static_cast<std::int64_t>(slot)));
  }
  return failed;
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
  const CostReader cost(file, states);
  const auto failed = failed_units(sweep, states);
  History history = read_history(results, file.identity(), sweep, failed);
  SweepStatus status;
  status.results = results;
  status.title = sweep.title;
  status.identity = file.identity();
  status.numerics_version = file.numerics_version();
  status.points = sweep.point_count();
  status.done = std::count(states.begin(), states.end(), UnitState::done);
  status.pending = std::count(states.begin(), states.end(), UnitState::pending);
  status.failed = static_cast<std::int64_t>(failed.size());
  status.units = status.done + status.pending + status.failed;
  status.remaining_seconds = cost.remaining_seconds();
  status.pace = cost.pace();
  status.writer = present_writer(results);
  status.failures = std::move(history.failures);
  status.jobs = std::move(history.jobs);
  status.log_obstacle = std::move(history.log_obstacle);
  return status;
}

}  // namespace varprop
