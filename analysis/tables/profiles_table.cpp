#include "analysis/tables/tables.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace varprop::analysis {

namespace {

constexpr double no_value = std::numeric_limits<double>::quiet_NaN();
constexpr double unreliable = 1, reliable = 2;

Variable number(std::string name, std::string meaning) {
  return {std::move(name),
          StoredType::float64,
          profile_dimensions(),
          "1",
          std::move(meaning),
          no_value,
          true,
          {}};
}

double reliability(const PooledProfile& profile, std::size_t layer, double networks) {
  if (std::isnan(profile.log_of_mean[layer])) return no_value;
  return reliable_mean(profile.log_variance[layer], networks) ? reliable : unreliable;
}

void add_columns(std::vector<ProfileColumn>& columns, std::size_t quantity) {
  const std::string name(word_of(positive_quantities[quantity]));
  const std::string X(symbol(positive_quantities[quantity]));
  columns.push_back({number(name + "_log_mean", "mean of ln " + X + " over living networks"), quantity,
                     [](const PooledProfile& p, std::size_t l, double) { return p.log_mean[l]; }});
  columns.push_back({number(name + "_log_variance", "unbiased variance of ln " + X + " over them"), quantity,
                     [](const PooledProfile& p, std::size_t l, double) { return p.log_variance[l]; }});
  columns.push_back({number(name + "_log_of_mean", "ln of the mean of " + X + " over all networks"), quantity,
                     [](const PooledProfile& p, std::size_t l, double) { return p.log_of_mean[l]; }});
  columns.push_back(
      {{name + "_extinct",
        StoredType::int32,
        profile_dimensions(),
        "1",
        "networks with " + X + " = 0",
        -1,
        true,
        {}},
       quantity,
       [](const PooledProfile& p, std::size_t l, double) { return static_cast<double>(p.extinct[l]); }});
  columns.push_back({{name + "_log_of_mean_reliable",
                      StoredType::uint8,
                      profile_dimensions(),
                      "",
                      "whether the mean of " + X + " may be believed: its relative error is below 0.1",
                      0,
                      false,
                      {{0, "none"}, {1, "unreliable"}, {2, "reliable"}}},
                     quantity,
                     reliability});
}

/// Not of streams, whose signal no activation sees.
double share(const std::vector<double>& shares, std::size_t layer) {
  return shares.empty() ? no_value : shares[layer];
}

/// Of the signal, beside measured activations.
void add_share_columns(std::vector<ProfileColumn>& columns) {
  constexpr std::size_t forward = 0;
  static_assert(positive_quantities[forward] == Quantity::forward);
  columns.push_back(
      {number("saturated_share", "share of neurons with |phi'| < 0.01 where phi is bounded, from <ln q_l>"),
       forward, [](const PooledProfile& p, std::size_t l, double) { return share(p.saturated_share, l); }});
  columns.push_back({number("dead_share", "share of neurons with phi' = 0 for good, from <ln q_l>"), forward,
                     [](const PooledProfile& p, std::size_t l, double) { return share(p.dead_share, l); }});
}

}  // namespace

std::vector<ProfileColumn> profile_columns(const Sweep& sweep) {
  std::vector<ProfileColumn> columns;
  for (std::size_t quantity = 0; quantity < positive_quantities.size(); ++quantity) {
    if (sweep.measures_quantity(positive_quantities[quantity])) add_columns(columns, quantity);
  }
  if (sweep.measures_quantity(Quantity::forward) && sweep.measures_quantity(Quantity::activations))
    add_share_columns(columns);
  return columns;
}

void ProfileRows::add(const PooledProfiles& pooled, std::int32_t first_layer, std::int32_t batches_done) {
  const auto before = static_cast<std::size_t>(
      std::lower_bound(sweep_.layers.begin(), sweep_.layers.end(), first_layer) - sweep_.layers.begin());
  const auto networks = static_cast<double>(batches_done) * sweep_.replicas_per_batch();
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    const auto& profile = pooled[columns_[c].quantity];
    const std::size_t layers = profile ? profile->log_mean.size() : 0;
    for (std::size_t layer = 0; layer < sweep_.layers.size(); ++layer) {
      const bool known = before <= layer && layer - before < layers;
      rows_[c].push_back(known ? columns_[c].value(*profile, layer - before, networks) : no_value);
    }
  }
}

void ProfileRows::write(PointIndex first) {
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    file_.write(columns_[c].variable.name, first, rows_[c]);
    rows_[c].clear();
  }
}

}  // namespace varprop::analysis
