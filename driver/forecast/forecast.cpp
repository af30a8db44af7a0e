#include "driver/forecast/forecast.hpp"

#include <algorithm>
#include <vector>

#include "core/network/engine_choice.hpp"
#include "core/network/point.hpp"
#include "core/storage/file_size.hpp"
#include "core/sweep/record.hpp"
#include "driver/schedule/cost.hpp"
#include "driver/schedule/division.hpp"
#include "workers/engines.hpp"

namespace varprop::driver {

namespace {

/// What tells parts of one activation and weight distribution apart.
constexpr AxisSet other_axes =
    all_but(axes_of<Activation, WeightDistribution, WeightVariance, BiasVariance, Width, Depth>());

/// Along which points cost the same.
constexpr AxisSet variance_axes = axes_of<WeightVariance, BiasVariance>();

/// By number; those without points are empty.
std::vector<PartOfWork> empty_parts(const Sweep& sweep) {
  const std::vector<SweepPart> all = parts_of(sweep);
  const Point& any = all.front().example;
  std::vector<PartOfWork> parts(SweepParts(sweep).count(), {any.activation, any.weights, {}, {}});
  for (const SweepPart& part : all) {
    const Point& point = part.example;
    parts[part.number] = {point.activation,
                          point.weights,
                          coordinates_text(point, other_axes),
                          resolve_engine(point, sweep.network),
                          part.points,
                          part.points * sweep.batches};
  }
  return parts;
}

constexpr double program = 25e6;            ///< the program, HDF5 and MPI
constexpr double bytes_a_point = 16;        ///< everywhere: hashes of the streams while the sweep is resolved
constexpr double bytes_a_point_rank0 = 24;  ///< the plan
constexpr double bytes_a_unit_rank0 = 2.2;  ///< states as read, as bytes and as bits
constexpr double commit = 64e6;             ///< records that wait for their commit, at most

/// Of the largest point. Neither variance decides.
double largest_network_bytes(const Sweep& sweep) {
  double largest = 0;
  for (const SweepPart& part : parts_of(sweep))
    largest = std::max(largest, workers::network_bytes(part.example, sweep.network));
  return largest;
}

constexpr double good_efficiency = 0.9;
constexpr double short_unit = 0.1;    ///< of the makespan
constexpr double worth_while = 0.95;  ///< of the makespan

/// Finer batches, as far as such a sweep can be simulated; ascending.
std::vector<std::int32_t> simulable_batches(const Sweep& sweep) {
  auto all = finer_batches(sweep);
  std::erase_if(all,
                [&](std::int32_t batches) { return batches > most_simulated_units / sweep.point_count(); });
  return all;
}

}  // namespace

Workload workload_of(const Sweep& sweep, const Calibration& calibration) {
  Workload work{sweep.point_count(), sweep.unit_count(), 0, 0, 0, PointIndex(0), empty_parts(sweep)};
  const GridIndex index = sweep.grid_index();
  const bool product = sweep.grid.is_product();
  const auto units_alike = static_cast<double>((product ? index.count(variance_axes) : 1) * sweep.batches);
  const SweepParts part_of(sweep);
  const auto add = [&](PointIndex point) {
    const std::size_t part = part_of(point);
    const double model_seconds = predicted_seconds(sweep, sweep.point(point));
    const double unit_seconds = model_seconds * calibration.factor(part);
    work.parts[part].model_seconds += model_seconds * units_alike;
    work.parts[part].seconds += unit_seconds * units_alike;
    if (unit_seconds > work.longest_unit_seconds) {
      work.longest_unit_seconds = unit_seconds;
      work.longest_point = point;
    }
  };
  if (product)
    index.for_each_group(variance_axes, [&](const GridIndices& at) { add(PointIndex(index.position(at))); });
  else
    for (std::int64_t i = 0; i < work.points; ++i) add(PointIndex(i));
  std::erase_if(work.parts, [](const PartOfWork& part) { return part.points == 0; });
  for (const PartOfWork& part : work.parts) {
    work.model_seconds += part.model_seconds;
    work.seconds += part.seconds;
  }
  return work;
}

Memory memory_of(const Sweep& sweep, const Machine& machine) {
  const auto points = static_cast<double>(sweep.point_count());
  const auto units = static_cast<double>(sweep.unit_count());
  const double record = 8 * static_cast<double>(RecordLayout(sweep).size());
  const double unit = largest_network_bytes(sweep) + 2 * record;
  const double each = program + bytes_a_point * points + machine.threads * unit;
  // Twice: records wait in memory, and their rows are gathered by dataset when they are written.
  const double waiting = std::min(2 * commit, units * record);
  return {each + bytes_a_point_rank0 * points + bytes_a_unit_rank0 * units + waiting,
          machine.ranks > 1 ? each : 0};
}

bool held_up_by_longest_unit(const Workload& work, const SimulatedRun& run) {
  return run.efficiency < good_efficiency && work.longest_unit_seconds > short_unit * run.makespan;
}

std::optional<Remedy> find_remedy(const Sweep& sweep, const Workload& work, const Calibration& calibration,
                                  const Machine& machine, const SimulatedRun& run) {
  const auto candidates = simulable_batches(sweep);
  const double wanted = short_unit * work.seconds / machine.cores();
  const double point_seconds = work.longest_unit_seconds * sweep.batches;
  const auto enough = std::find_if(candidates.begin(), candidates.end(),
                                   [&](std::int32_t batches) { return point_seconds / batches <= wanted; });
  auto tries = std::min<std::ptrdiff_t>(enough - candidates.begin() + 1, std::ssize(candidates));
  Sweep finer = sweep;
  for (; tries > 0; tries /= 2) {  // so many units that rank 0 is the bound help less than fewer
    finer.batches = candidates[static_cast<std::size_t>(tries - 1)];
    const Remedy remedy{finer.batches, simulate_run(finer, calibration, machine)};
    if (remedy.run.makespan <= worth_while * run.makespan) return remedy;
  }
  return std::nullopt;
}

double Forecast::makespan() const {
  return run ? run->makespan : std::max(work.seconds / machine.cores(), work.longest_unit_seconds);
}

Forecast forecast(const Sweep& sweep, const Machine& machine, const Speed& speed) {
  const Calibration& calibration = speed.calibration;
  Forecast result{sweep.title, machine, {}, {}, {}, {}, false, {}, {}, 0, 0, speed};
  result.work = workload_of(sweep, calibration);
  const Point longest = sweep.point(result.work.longest_point);
  result.longest_point = canonical_text(longest, sweep.network);
  result.longest_point_words = point_in_words(longest);
  result.memory = memory_of(sweep, machine);
  result.file_bytes = predicted_file_size(sweep);
  result.padding_bytes = padding_bytes(sweep);
  if (sweep.unit_count() > most_simulated_units) return result;
  result.run = simulate_run(sweep, calibration, machine);
  result.held_up = held_up_by_longest_unit(result.work, *result.run);
  if (result.held_up) result.remedy = find_remedy(sweep, result.work, calibration, machine, *result.run);
  return result;
}

}  // namespace varprop::driver
