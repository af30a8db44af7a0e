// A small results file whose truth is known.
#pragma once

#include <algorithm>
#include <filesystem>

#include "core/storage/results_file.hpp"
#include "tests/fixtures/temporary_folder.hpp"

namespace varprop::synthetic {
using namespace analysis;

namespace fs = std::filesystem;

inline constexpr double forward_step = -0.1, backward_step = 0.01;

inline Sweep small_sweep() {
  Sweep sweep;
  sweep.grid = {{Activation::parse("leaky_relu(0.2)"), Activation::parse("relu")},
                {WeightDistribution::gaussian},
                {WeightVariance(1.8), WeightVariance(2)},
                {BiasVariance(0)},
                {Width(16)},
                {Depth(10), Depth(64)}};
  sweep.replicas = 12;
  sweep.batches = 3;
  sweep.layers = recorded_layers(sweep.grid.depth, 256);
  return sweep;
}

/// A done record: every network of every point takes the same step per layer; batch b is steeper by b ·
/// 0.001.
inline Record done_record(const Sweep& sweep, Unit unit) {
  const RecordLayout layout(sweep);
  Record record{unit, UnitState::done, 0.5, "", layout.empty_values()};
  const std::int32_t depth = sweep.point(unit.point).depth.value();
  const double tilt = 0.001 * unit.batch.value();
  const auto fill = [&](const std::string& name, const auto& value_at, std::int64_t count) {
    const std::int64_t offset = layout.offset(layout.find(name));
    for (std::int64_t i = 0; i < count; ++i)
      record.values[static_cast<std::size_t>(offset + i)] = value_at(i);
  };
  const auto layers =
      std::count_if(sweep.layers.begin(), sweep.layers.end(), [&](auto l) { return l <= depth; });
  const auto layer = [&](std::int64_t i) { return sweep.layers[static_cast<std::size_t>(i)]; };
  const std::int64_t replicas = sweep.replicas_per_batch();
  /// Every network of the batch alike, none extinct.
  const auto fill_layers = [&](Quantity quantity, const auto& value_at) {
    if (!sweep.measures_quantity(quantity)) return;
    const std::string name(word_of(quantity));
    const auto nothing = [](std::int64_t) { return 0.0; };
    fill(name + "_log_mean", value_at, layers);
    fill(name + "_log_variance", nothing, layers);
    fill(name + "_log_of_mean", value_at, layers);
    fill(name + "_extinct", nothing, layers);
  };
  const auto q = [&](auto i) { return (forward_step + tilt) * layer(i); };
  const auto g = [&](auto i) { return (backward_step + tilt) * (depth - layer(i)); };
  fill_layers(Quantity::forward, q);
  fill_layers(Quantity::backward, g);
  fill_layers(Quantity::weight_gradient, [&](auto i) { return q(i) + g(i); });
  if (sweep.measures_quantity(Quantity::forward)) {
    fill(
        "forward_last", [&](auto) { return (forward_step + tilt) * depth; }, replicas);
  }
  if (sweep.measures_quantity(Quantity::backward)) {
    fill(
        "backward_first", [&](auto) { return (backward_step + tilt) * (depth - 1); }, replicas);
  }
  return record;
}

/// Creates a results file in which the units that `is_done` picks are done.
template <class F>
fs::path results_file(const TemporaryFolder& scratch, const Sweep& sweep, F is_done) {
  const fs::path path = scratch.path() / "r.h5";
  ResultsFile::create(path, sweep, {"varprop sweep", "", "", "host", "2026-01-01T00:00:00Z"});
  std::vector<Record> records;
  for (std::int64_t slot = 0; slot < sweep.unit_count(); ++slot) {
    if (is_done(sweep.unit(slot))) records.push_back(done_record(sweep, sweep.unit(slot)));
  }
  ResultsFile file(path, ResultsFile::Access::write);
  file.commit(records);
  return path;
}

inline constexpr auto every_unit = [](Unit) { return true; };

}  // namespace varprop::synthetic
