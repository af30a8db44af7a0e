// A small sweep and records whose every number follows from its place, so that a test knows what a file must
// hold. tests/readers/results.py states the same rule.
#pragma once

#include "core/record/record.hpp"
#include "core/storage/provenance.hpp"
#include "core/sweep/held_units.hpp"

namespace varprop {

inline Sweep known_sweep() {
  Sweep sweep;
  sweep.title = "Known numbers";
  sweep.grid = {{Activation::parse("tanh"), Activation::parse("leaky_relu(0.2)")},
                {Weights::gaussian},
                {WeightVariance(0.1), WeightVariance(1.5), WeightVariance(2)},
                {BiasVariance(0), BiasVariance(0.05)},
                {Width(64), Width(std::int64_t{3'000'000'000})},
                {Depth(3), Depth(5)}};
  sweep.replicas = 28;
  sweep.batches = 4;
  sweep.seed = 18446744073709551615u;
  sweep.layers = {1, 2, 3, 5};
  return sweep;
}

/// A shard that begins and ends within points: three neighbouring slots of every 3·count.
inline HeldUnits known_shard(const Sweep& sweep, Shard shard) {
  std::vector<std::int64_t> slots;
  for (std::int64_t slot = 0; slot < sweep.unit_count(); ++slot) {
    if (slot / 3 % shard.count == shard.number - 1) slots.push_back(slot);
  }
  return {shard, std::move(slots)};
}

inline Provenance known_provenance() {
  return {"varprop sweep known.toml -o known.h5", "title = \"Known numbers\" # φ\n", "none", "host",
          "2024-05-01T12:00:00Z"};
}

/// The number at `position` of dataset number `dataset` in a slot: exact in binary, and in int32 where need
/// be.
inline double known_value(std::int64_t slot, std::size_t dataset, std::int64_t position, Element element) {
  const auto d = static_cast<std::int64_t>(dataset);
  if (element == Element::int32) return static_cast<double>((7 * slot + 3 * d + position) % 100);
  return static_cast<double>(slot) + static_cast<double>(d) / 32 + static_cast<double>(position) / 1024;
}

/// A done unit; layers beyond the point's depth hold the fill.
inline Record known_record(const Sweep& sweep, Unit unit) {
  const RecordLayout layout(sweep);
  const std::int64_t slot = sweep.slot(unit);
  const std::int32_t depth = sweep.point(unit.point).depth.value();
  Record record{unit, UnitState::done, 0.5 + static_cast<double>(slot), "", layout.empty_values()};
  for (std::size_t d = 0; d < layout.datasets().size(); ++d) {
    const Dataset& dataset = layout.datasets()[d];
    for (std::int64_t i = 0; i < layout.length(d); ++i) {
      const bool beyond =
          dataset.row_axis == RowAxis::layer && sweep.layers[static_cast<std::size_t>(i)] > depth;
      if (!beyond)
        record.values[static_cast<std::size_t>(layout.offset(d) + i)] =
            known_value(slot, d, i, dataset.element);
    }
  }
  return record;
}

inline Record failed_record(Unit unit) {
  return {unit, UnitState::failed, 1.0, "for the test", {}};
}

}  // namespace varprop
