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

/// Finds a profile of pooled ones.
using ProfileOf = std::function<const std::optional<PooledProfile>&(const PooledProfiles&)>;

/// A column of a positive quantity; NaN where nothing was measured, and beyond the depth.
ProfileColumn of_profile(Variable variable, const ProfileOf& profile_of,
                         double (*value)(const PooledProfile&, std::size_t, double)) {
  return {std::move(variable),
          [profile_of, value](const PooledProfiles& pooled, std::size_t i, double networks) {
            const auto& profile = profile_of(pooled);
            return profile && i < profile->log_mean.size() ? value(*profile, i, networks) : no_value;
          }};
}

ProfileOf profile_of_quantity(std::size_t quantity) {
  return [quantity](const PooledProfiles& pooled) -> const auto& {
    return pooled[quantity];
  };
}

Variable count(std::string name, std::string meaning) {
  return {std::move(name), StoredType::int32, profile_dimensions(), "1", std::move(meaning), -1, true, {}};
}

void add_columns(std::vector<ProfileColumn>& columns, const Profile& told, const ProfileOf& profile_of) {
  const std::string name(told.name), X(told.symbol);
  const auto add = [&](Variable variable, double (*value)(const PooledProfile&, std::size_t, double)) {
    columns.push_back(of_profile(std::move(variable), profile_of, value));
  };
  add(number(name + "_log_mean", "mean of ln " + X + " over living networks"),
      [](const PooledProfile& p, std::size_t l, double) { return p.log_mean[l]; });
  add(number(name + "_log_variance", "unbiased variance of ln " + X + " over them"),
      [](const PooledProfile& p, std::size_t l, double) { return p.log_variance[l]; });
  add(number(name + "_log_of_mean", "ln of the mean of " + X + " over all networks"),
      [](const PooledProfile& p, std::size_t l, double) { return p.log_of_mean[l]; });
  add(count(name + "_extinct", "networks with " + X + " = 0"),
      [](const PooledProfile& p, std::size_t l, double) { return static_cast<double>(p.extinct[l]); });
  add({name + "_log_of_mean_reliable",
       StoredType::uint8,
       profile_dimensions(),
       "",
       "whether the mean of " + X + " may be believed: its relative error is below 0.1",
       0,
       false,
       {{0, "none"}, {1, "unreliable"}, {2, "reliable"}}},
      reliability);
}

/// Not of streams, whose signal no activation sees.
double share(const std::vector<double>& shares, std::size_t layer) {
  return shares.empty() ? no_value : shares[layer];
}

/// Of the signal, beside measured activations.
void add_share_columns(std::vector<ProfileColumn>& columns) {
  constexpr std::size_t forward = 0;
  static_assert(positive_quantities[forward] == Quantity::forward);
  columns.push_back(of_profile(
      number("saturated_share", "share of neurons with |phi'| < 0.01 where phi is bounded, from <ln q_l>"),
      profile_of_quantity(forward),
      [](const PooledProfile& p, std::size_t l, double) { return share(p.saturated_share, l); }));
  columns.push_back(
      of_profile(number("dead_share", "share of neurons with phi' = 0 for good, from <ln q_l>"),
                 profile_of_quantity(forward),
                 [](const PooledProfile& p, std::size_t l, double) { return share(p.dead_share, l); }));
}

/// A series of an overlap; NaN where nothing was measured or counted, and beyond the depth.
template <class T>
ProfileColumn of_overlap(Variable variable, std::size_t overlap, std::vector<T> PooledOverlap::*series) {
  return {std::move(variable), [overlap, series](const PooledProfiles& pooled, std::size_t i, double) {
            const auto& profile = pooled.overlaps[overlap];
            const bool there = profile && i < ((*profile).*series).size();
            return there ? static_cast<double>(((*profile).*series)[i]) : no_value;
          }};
}

void add_overlap_columns(std::vector<ProfileColumn>& columns, std::size_t overlap) {
  const std::string name(all_overlaps[overlap]->name), X(all_overlaps[overlap]->symbol);
  const auto add = [&](Variable variable, auto series) {
    columns.push_back(of_overlap(std::move(variable), overlap, series));
  };
  add(number(name + "_mean", "mean of " + X + " over networks where both signals live"),
      &PooledOverlap::mean);
  add(number(name + "_variance", "unbiased variance of " + X + " over them"), &PooledOverlap::variance);
  add(number(name + "_log_distance_mean", "mean of ln(1 - " + X + ") over networks where it is below 1"),
      &PooledOverlap::log_distance_mean);
  add(number(name + "_log_distance_variance", "unbiased variance of ln(1 - " + X + ") over them"),
      &PooledOverlap::log_distance_variance);
  add(count(name + "_extinct", "networks without " + X), &PooledOverlap::extinct);
  add(count(name + "_log_distance_extinct", "networks without a ln(1 - " + X + ")"),
      &PooledOverlap::log_distance_extinct);
  add(number("theory_" + name, X + " of infinite width"), &PooledOverlap::theory);
  add(number("theory_" + name + "_log_distance", "ln(1 - " + X + ") of infinite width"),
      &PooledOverlap::theory_log_distance);
  if (overlap == position_of_overlap("correlation"))
    add(number("theory_" + name + "_log_distance_n", "ln(1 - " + X + ") at width n, where it is known"),
        &PooledOverlap::theory_log_distance_n);
}

}  // namespace

std::vector<ProfileColumn> profile_columns(const Sweep& sweep) {
  std::vector<ProfileColumn> columns;
  for (std::size_t quantity = 0; quantity < positive_quantities.size(); ++quantity) {
    if (sweep.measures_quantity(positive_quantities[quantity]))
      add_columns(columns, measure_of(positive_quantities[quantity]).first(), profile_of_quantity(quantity));
  }
  if (sweep.measures_quantity(Quantity::groups)) {
    for (const MatrixRole role : matrices_of(sweep.grid.block))
      add_columns(
          columns, GroupsMeasure::profiles.at(static_cast<std::size_t>(role)),
          [role](const PooledProfiles& pooled) -> const auto& { return pooled.groups[role]; });
  }
  if (sweep.measures_quantity(Quantity::forward) && sweep.measures_quantity(Quantity::activations))
    add_share_columns(columns);
  if (sweep.measures_quantity(Quantity::correlation)) {
    for (std::size_t i = 0; i < all_overlaps.size(); ++i) add_overlap_columns(columns, i);
  }
  return columns;
}

void ProfileRows::add(const PooledProfiles& pooled, std::int32_t first_layer, std::int32_t batches_done) {
  const auto before = static_cast<std::size_t>(
      std::lower_bound(sweep_.layers.begin(), sweep_.layers.end(), first_layer) - sweep_.layers.begin());
  const auto networks = static_cast<double>(batches_done) * sweep_.replicas_per_batch();
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    rows_[c].insert(rows_[c].end(), before, no_value);
    for (std::size_t i = before; i < sweep_.layers.size(); ++i)
      rows_[c].push_back(columns_[c].value(pooled, i - before, networks));
  }
}

void ProfileRows::write(PointIndex first) {
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    file_.write(columns_[c].variable.name, first, rows_[c]);
    rows_[c].clear();
  }
}

}  // namespace varprop::analysis
