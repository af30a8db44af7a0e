#include "core/sweep/sweep.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <functional>

#include "core/errors.hpp"

namespace varprop {

namespace {

/// Calls f(layer) for k evenly spaced layers of 1..L, both ends included; for all of them where k ≥ L.
/// Ascending, until f returns false. The j-th is 1 + j(L − 1)/(k − 1), rounded half up; quotient and
/// remainder are carried along.
template <class F>
bool for_evenly_spaced(std::int64_t k, std::int64_t L, F f) {
  k = std::min(k, L);
  if (k < 2) return f(L);
  const std::int64_t divisor = 2 * (k - 1), step = 2 * (L - 1) / divisor, carry = 2 * (L - 1) % divisor;
  std::int64_t layer = 1, remainder = k - 1;
  for (std::int64_t j = 0; j < k; ++j) {
    if (!f(layer)) return false;
    layer += step;
    remainder += carry;
    if (remainder >= divisor) {
      remainder -= divisor;
      ++layer;
    }
  }
  return true;
}

/// The union over depths of k evenly spaced layers each, for one k after another.
class LayerUnion {
 public:
  explicit LayerUnion(const std::vector<Depth>& depths)
      : depths_(depths),
        last_k_(static_cast<std::size_t>(std::max_element(depths.begin(), depths.end())->value()) + 1, 0) {}

  std::int64_t deepest() const { return static_cast<std::int64_t>(last_k_.size()) - 1; }

  /// The number of layers in the union, counted no further than limit + 1. Once for a k.
  std::int64_t count(std::int64_t k, std::int64_t limit) {
    std::int64_t count = 0;
    const auto add = [&](std::int64_t layer) {
      auto& last = last_k_[static_cast<std::size_t>(layer)];
      count += last != k;
      last = static_cast<std::int32_t>(k);
      return count <= limit;
    };
    for (const Depth depth : depths_) {
      if (!for_evenly_spaced(k, depth.value(), add)) break;
    }
    return count;
  }

  /// The union for the k that was counted last, ascending.
  std::vector<std::int32_t> layers(std::int64_t k) const {
    std::vector<std::int32_t> all;
    for (std::int64_t layer = 1; layer <= deepest(); ++layer) {
      if (last_k_[static_cast<std::size_t>(layer)] == k) all.push_back(static_cast<std::int32_t>(layer));
    }
    return all;
  }

 private:
  const std::vector<Depth>& depths_;
  std::vector<std::int32_t> last_k_;  ///< by layer: the last k whose union had it
};

}  // namespace

Point Sweep::point(const GridIndices& at) const {
  std::size_t i = 0;
  return Point(by_axis, [&](const auto& axis) { return (grid.*axis.values)[at[i++]]; });
}

bool Sweep::measures_quantity(Quantity quantity) const {
  return std::find(measures.begin(), measures.end(), quantity) != measures.end();
}

int networks_version(const Sweep& sweep) {
  if (sweep.other_networks_version) return *sweep.other_networks_version;
  if (!has_newer_dimension(sweep.grid)) return 0;
  int version = 1;
  const bool two_inputs = sweep.network.input_correlation && sweep.grid.tokens == std::vector{Tokens(1)};
  for (const Block block : sweep.grid.block) {
    const bool chosen_anew =
        sweep.network.engine == Engine::automatic && has_stream(block) && block != Block::residual;
    version = std::max({version, networks_version(block, two_inputs), chosen_anew ? 2 : 1});
  }
  return version;
}

namespace {

/// How many points are listed, and a hash of their coordinates.
std::string points_text(const Sweep& sweep) {
  std::string coordinates;
  for (std::int64_t i = 0; i < sweep.point_count(); ++i)
    coordinates += coordinates_text(sweep.point(PointIndex(i)), all_but({})) + '\n';
  return fmt::format("{}, {:016x}", sweep.point_count(), hash_text(coordinates));
}

}  // namespace

std::string canonical_text(const Sweep& sweep, int version) {
  std::string text = fmt::format("numerics_version = {}\n", version);
  const auto add = [&text](std::string_view key, const std::string& value) {
    text += fmt::format("{} = {}\n", key, value);
  };
  const auto add_axes = [&](bool first) {
    for_each_axis([&](const auto& axis) {
      if (is_first(axis) != first || !is_dimension(axis, sweep.grid)) return;
      std::vector<std::string> values;
      for (const auto& value : sweep.grid.*axis.values) values.push_back(coordinate_text(value));
      add(axis.name, join(values));
    });
  };
  add_axes(true);
  if (!sweep.grid.is_product()) add("points", points_text(sweep));
  add("variance_scaling", std::string(word_of(sweep.network.variance_scaling)));
  add("input", std::string(word_of(sweep.network.input)));
  add("engine", std::string(word_of(sweep.network.engine)));
  if (sweep.network.input_correlation) {
    add("input_correlation", shortest(*sweep.network.input_correlation));
  } else if (has_tokens(sweep.grid)) {
    add("input_correlation", shortest(sweep.network.token_correlation));
  }
  add("seed", std::to_string(sweep.seed));
  add("replicas_per_batch", std::to_string(sweep.replicas_per_batch()));
  add("batches", std::to_string(sweep.batches));
  std::vector<std::string> measures, layers;
  for (const Quantity quantity : sweep.measures) measures.emplace_back(word_of(quantity));
  for (const std::int32_t layer : sweep.layers) layers.push_back(std::to_string(layer));
  add("measure", join(measures));
  add("layers", join(layers));
  if (sweep.network.input_mean_square != 1)
    add("input_mean_square", shortest(sweep.network.input_mean_square));
  if (sweep.network.bias_scaling != BiasScaling::none)
    add("bias_scaling", std::string(word_of(sweep.network.bias_scaling)));
  if (sweep.network.attention_mask != AttentionMask::none)
    add("attention_mask", std::string(word_of(sweep.network.attention_mask)));
  if (sweep.network.attention_scale != AttentionScale::sqrt)
    add("attention_scale", std::string(word_of(sweep.network.attention_scale)));
  if (const int networks = networks_version(sweep)) add("networks", std::to_string(networks));
  add_axes(false);
  return text;
}

std::string identity(const Sweep& sweep, int version) {
  return fmt::format("{:016x}", hash_text(canonical_text(sweep, version)));
}

std::vector<std::int32_t> recorded_layers(const std::vector<Depth>& depths, std::int64_t limit) {
  VARPROP_EXPECT(!depths.empty());
  LayerUnion layer_union(depths);
  // The union need not grow with k, so the largest fitting k is searched from above, starting where the
  // deepest network alone fills the limit.
  for (std::int64_t k = std::max<std::int64_t>(2, std::min(limit, layer_union.deepest())); k > 2; --k) {
    if (layer_union.count(k, limit) <= limit) return layer_union.layers(k);
  }
  const std::int64_t ends = layer_union.count(2, layer_union.deepest());
  validate(ends <= limit,
           fmt::format("{} is too few: the first layer and the last of every depth need {}.", limit, ends));
  return layer_union.layers(2);
}

bool has_streams(const Grid& grid) {
  return std::any_of(grid.block.begin(), grid.block.end(), has_stream);
}

bool has_tokens(const Grid& grid) {
  return std::any_of(grid.tokens.begin(), grid.tokens.end(), [](Tokens T) { return T != Tokens(1); });
}

std::vector<std::int32_t> recorded_layers(const Grid& grid, std::int64_t limit) {
  if (!has_streams(grid)) return recorded_layers(grid.depth, limit);
  validate(limit >= 2, fmt::format("{} is too few: the input and the last layer need 2.", limit));
  auto layers = recorded_layers(grid.depth, limit - 1);
  layers.insert(layers.begin(), 0);
  return layers;
}

std::string text_of(const std::optional<Shard>& shard) {
  return shard ? fmt::format("shard {} of {}", shard->number, shard->count) : "the whole sweep";
}

HeldUnits::HeldUnits(Shard shard, std::vector<std::int64_t> slots)
    : shard_(shard), slots_(std::move(slots)), count_(static_cast<std::int64_t>(slots_.size())) {
  VARPROP_EXPECT(1 <= shard.number && shard.number <= shard.count);
  VARPROP_EXPECT(count_ > 0);
  VARPROP_EXPECT(std::adjacent_find(slots_.begin(), slots_.end(), std::greater_equal<>()) == slots_.end());
}

std::int64_t HeldUnits::position(std::int64_t slot) const {
  if (whole()) return std::clamp<std::int64_t>(slot, 0, count_);
  return std::lower_bound(slots_.begin(), slots_.end(), slot) - slots_.begin();
}

bool HeldUnits::holds(std::int64_t slot) const {
  if (whole()) return 0 <= slot && slot < count_;
  return std::binary_search(slots_.begin(), slots_.end(), slot);
}

}  // namespace varprop
