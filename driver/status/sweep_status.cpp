#include "driver/status/sweep_status.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/contracts.hpp"
#include "core/storage/companion_paths.hpp"
#include "core/storage/results_file.hpp"
#include "core/storage/writer_lock.hpp"
#include "driver/run/cost_model.hpp"
#include "driver/run/pace.hpp"
#include "driver/status/history.hpp"

namespace varprop {

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
  double seconds = 0;
  for (std::int64_t point = 0; point < sweep.point_count(); ++point) {
    const auto first = states.begin() + point * sweep.batches;
    const auto left = std::count_if(first, first + sweep.batches, to_do);
    if (left == 0) continue;
    const double predicted = predicted_seconds(sweep, sweep.point(PointIndex(point)));
    seconds += static_cast<double>(left) * predicted * measured.factor(part_of(sweep, PointIndex(point)));
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
  const Calibration measured = measured_earlier(file);
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

}  // namespace varprop
