#include "core/sweep/sweep.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/contracts.hpp"

namespace varprop {

std::array<std::size_t, axis_count> Sweep::shape() const {
  std::array<std::size_t, axis_count> extents{};
  std::size_t i = 0;
  for_each_axis([&](const auto& axis) { extents[i++] = (grid.*axis.values).size(); });
  return extents;
}

std::int64_t Sweep::point_count() const {
  std::int64_t count = 1;
  for (const std::size_t extent : shape()) count *= static_cast<std::int64_t>(extent);
  return count;
}

std::array<std::size_t, axis_count> Sweep::indices(PointIndex index) const {
  VARPROP_EXPECT(index.value() >= 0 && index.value() < point_count());
  auto rest = static_cast<std::size_t>(index.value());
  auto result = shape();
  for (std::size_t i = axis_count; i-- > 0;) {
    const std::size_t extent = result[i];
    result[i] = rest % extent;
    rest /= extent;
  }
  return result;
}

Point Sweep::point(PointIndex index) const {
  const auto at = indices(index);
  return {grid.activation[at[0]],    grid.weights[at[1]], grid.weight_variance[at[2]],
          grid.bias_variance[at[3]], grid.width[at[4]],   grid.depth[at[5]]};
}

bool Sweep::measures_quantity(Quantity quantity) const {
  return std::find(measures.begin(), measures.end(), quantity) != measures.end();
}

std::string canonical_text(const Sweep& sweep, int version) {
  std::string text = fmt::format("numerics_version = {}\n", version);
  const auto add = [&text](std::string_view key, const std::string& value) {
    text += fmt::format("{} = {}\n", key, value);
  };
  for_each_axis([&](const auto& axis) {
    std::vector<std::string> values;
    for (const auto& value : sweep.grid.*axis.values) values.push_back(coordinate_text(value));
    add(axis.name, join(values));
  });
  add("variance_scaling", std::string(word_of(sweep.ensemble.variance_scaling)));
  add("input", std::string(word_of(sweep.ensemble.input)));
  add("engine", std::string(word_of(sweep.ensemble.engine)));
  if (sweep.ensemble.input_correlation) {
    add("input_correlation", shortest(*sweep.ensemble.input_correlation));
  }
  add("seed", std::to_string(sweep.seed));
  add("replicas_per_batch", std::to_string(sweep.replicas_per_batch()));
  add("batches", std::to_string(sweep.batches));
  std::vector<std::string> measures, layers;
  for (const Quantity quantity : sweep.measures) measures.emplace_back(word_of(quantity));
  for (const std::int32_t layer : sweep.layers) layers.push_back(std::to_string(layer));
  add("measure", join(measures));
  add("layers", join(layers));
  return text;
}

std::string identity(const Sweep& sweep, int version) {
  return fmt::format("{:016x}", hash_text(canonical_text(sweep, version)));
}

}  // namespace varprop
