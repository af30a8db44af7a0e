// Columns of points that come with measures newer than the first format.
#include <cmath>
#include <limits>

#include "analysis/tables/tables.hpp"

namespace varprop::analysis {

namespace {

constexpr double not_there = std::numeric_limits<double>::quiet_NaN();

PointColumn told_with(Quantity quantity, std::string name, std::string meaning,
                      std::function<double(const PointAnalysis&)> value) {
  PointColumn column{std::move(name), std::move(meaning), PointColumn::Kind::number, std::move(value)};
  column.needs = quantity;
  return column;
}

std::vector<PointColumn> share_columns() {
  return {told_with(Quantity::activations, "largest_saturated_share",
                    "share of neurons with |phi'| < 0.01 where phi is bounded, from <ln q_l>: the largest "
                    "over layers",
                    [](const PointAnalysis& a) { return a.largest_saturated_share.value_or(not_there); }),
          told_with(Quantity::activations, "largest_dead_share",
                    "share of neurons with phi' = 0 for good, likewise",
                    [](const PointAnalysis& a) { return a.largest_dead_share.value_or(not_there); })};
}

/// Of the matrix whose gradient dies first.
std::vector<PointColumn> matrix_columns() {
  PointColumn which{"weakest_matrix",
                    "the matrix with the smallest gradient a weight, in all layers",
                    PointColumn::Kind::word,
                    [](const PointAnalysis& a) {
                      return a.weakest_matrix ? static_cast<double>(a.weakest_matrix->role) : not_there;
                    },
                    {matrix_role_names.begin(), matrix_role_names.end()}};
  which.needs = Quantity::groups;
  return {which,
          told_with(Quantity::groups, "weakest_matrix_layer", "its layer",
                    [](const PointAnalysis& a) {
                      return a.weakest_matrix ? static_cast<double>(a.weakest_matrix->layer) : not_there;
                    }),
          told_with(Quantity::groups, "weakest_matrix_ratio",
                    "its rms gradient a weight, by <ln>, over that of the strongest matrix and layer",
                    [](const PointAnalysis& a) {
                      return a.weakest_matrix ? std::exp(a.weakest_matrix->log_ratio) : not_there;
                    })};
}

double value_or_none(const std::optional<Estimate>& estimate) {
  return estimate ? estimate->value : not_there;
}

/// What is measured of numbers of whole networks.
std::vector<PointColumn> columns_of_total(std::size_t i) {
  const std::string name(all_totals[i].profile->name), X(all_totals[i].profile->symbol),
      definition(all_totals[i].profile->definition);
  const auto column = [&](const char* suffix, std::string meaning, double (*value)(const TotalMoments&)) {
    return told_with(
        all_totals[i].quantity, name + suffix, std::move(meaning),
        [i, value](const PointAnalysis& a) { return a.totals[i] ? value(*a.totals[i]) : not_there; });
  };
  return {
      column("_log_mean", "mean of ln " + X + " over living networks; " + definition,
             [](const TotalMoments& m) { return value_or_none(m.log_mean); }),
      column("_log_of_mean", "ln of the mean of " + X + " over all networks",
             [](const TotalMoments& m) { return value_or_none(m.log_of_mean); }),
      column("_ratio", "E " + X + "^2/(E " + X + ")^2; empty where too few networks tell it",
             [](const TotalMoments& m) { return m.log_ratio ? std::exp(m.log_ratio->value) : not_there; })};
}

std::vector<PointColumn> tangent_kernel_columns() {
  const auto column = [](const char* name, const char* meaning,
                         double (*value)(const theory::TangentKernelTheory&)) {
    return told_with(Quantity::ntk, name, meaning, [value](const PointAnalysis& a) {
      return a.tangent_kernel ? value(*a.tangent_kernel) : not_there;
    });
  };
  return {column("theory_ntk_weight_log_of_mean",
                 "ln Theta_W, the weights' part of the neural tangent kernel, to leading order in the width",
                 [](const theory::TangentKernelTheory& t) { return t.limit.log_weight; }),
          column("theory_ntk_bias_log_of_mean", "ln Theta_b, the biases' part of it, of infinite width",
                 [](const theory::TangentKernelTheory& t) { return t.limit.log_bias; }),
          column("theory_ntk_weight_ratio", "E Theta_W^2/(E Theta_W)^2 at width n, where it is known exactly",
                 [](const theory::TangentKernelTheory& t) {
                   return t.log_ratio ? std::exp(*t.log_ratio) : not_there;
                 })};
}

PointColumn pair_number(std::string name, std::string meaning, double (*value)(const PairAnalysis&)) {
  return told_with(Quantity::correlation, std::move(name), std::move(meaning),
                   [value](const PointAnalysis& a) { return a.pair ? value(*a.pair) : not_there; });
}

double end_of(const std::optional<Estimate>& estimate, double Interval::*end) {
  const auto interval = estimate ? confidence_interval(*estimate) : std::nullopt;
  return interval ? (*interval).*end : not_there;
}

/// What becomes of two inputs.
std::vector<PointColumn> pair_columns() {
  PointColumn regime{"correlation_regime", "what becomes of the distance 1 - c of two inputs",
                     PointColumn::Kind::word,
                     [](const PointAnalysis& a) {
                       return a.pair && a.pair->regime ? static_cast<double>(*a.pair->regime) : not_there;
                     },
                     words_of<DistanceRegime>()};
  regime.needs = Quantity::correlation;
  regime.essential = true;
  return {
      std::move(regime),
      pair_number("correlation_total", "<ln(1 - c_L)> - ln(1 - c_0): what the depth does to the distance",
                  [](const PairAnalysis& p) { return value_or_none(p.total); }),
      pair_number("correlation_total_low", "lower end of its 95 % interval",
                  [](const PairAnalysis& p) { return end_of(p.total, &Interval::low); }),
      pair_number("correlation_total_high", "upper end of its 95 % interval",
                  [](const PairAnalysis& p) { return end_of(p.total, &Interval::high); }),
      pair_number("correlation_last", "mean of c_L, the cosine of the two inputs' last signals",
                  [](const PairAnalysis& p) { return value_or_none(p.last); }),
      pair_number("gradient_correlation_first", "mean of gamma_1, the cosine of their first gradients",
                  [](const PairAnalysis& p) { return value_or_none(p.first_gradient); }),
      pair_number("correlation_extinct_share", "share of networks that lose one of the two signals",
                  [](const PairAnalysis& p) { return p.extinct_share; }),
      pair_number("theory_correlation_rate_n", "change of <ln(1 - c)> per layer at width n where inputs meet",
                  [](const PairAnalysis& p) { return p.theory.rate_n ? *p.theory.rate_n : not_there; })};
}

}  // namespace

std::vector<PointColumn> columns_of_newer_measures() {
  std::vector<PointColumn> columns = share_columns();
  const auto add = [&columns](std::vector<PointColumn> some) {
    columns.insert(columns.end(), some.begin(), some.end());
  };
  for (std::size_t i = 0; i < all_totals.size(); ++i) add(columns_of_total(i));
  add(tangent_kernel_columns());
  add(pair_columns());
  add(matrix_columns());
  return columns;
}

}  // namespace varprop::analysis
