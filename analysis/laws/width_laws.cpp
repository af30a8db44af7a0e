#include "analysis/laws/fits.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "analysis/laws/samples.hpp"
#include "analysis/statistics/refusals.hpp"
#include "core/network/point.hpp"
#include "theory/networks/network_theory.hpp"

namespace varprop::analysis {

namespace {

constexpr std::int64_t least_drift_width = 64, least_fluctuation_width = 128;
constexpr std::size_t least_values = 3;
constexpr double least_drift_ratio = 4, least_steps_ratio = 4;

std::optional<double> known(const theory::ValueOrReason<double>& theory) {
  return theory.optional();
}

std::vector<Sample> rate_samples(const PointGrid& grid, const GridIndices& origin) {
  std::vector<Sample> samples;
  grid.for_each_member(widths_and_depths, origin, [&](const PointAnalysis& analysis) {
    if (!analysis.backward || !analysis.backward->rate) return;
    samples.push_back(sample_of(analysis, *analysis.backward->rate, known(analysis.theory.backward_rate_n)));
    samples.back().neglected = analysis.theory.backward_rate_neglected;
  });
  return samples;
}

/// Samples of one depth have errors like 1/√n.
void pool_drift_errors(std::vector<Sample>& samples) {
  std::map<double, std::vector<Sample>> by_depth;
  for (const Sample& sample : samples) by_depth[sample.L].push_back(sample);
  samples.clear();
  for (auto& [depth, some] : by_depth) {
    pool_errors(some, [](const Sample& sample) { return 1 / std::sqrt(sample.n); });
    samples.insert(samples.end(), some.begin(), some.end());
  }
}

Eigen::RowVector2d drift_regressors(const Sample& sample) {
  return {1, 1 / sample.n};
}

/// Whether so many widths may tell a drift.
bool tell_drift(const Spread& widths) {
  return widths.values >= least_values && widths.ratio() >= least_drift_ratio;
}

std::vector<Sample> without_smallest_width(std::vector<Sample> samples) {
  const double smallest = spread_of(samples, width_of).range.low;
  std::erase_if(samples, [&](const Sample& sample) { return sample.n <= smallest; });
  return samples;
}

/// How far A and B move without the smallest width, where B does by more than 2 standard errors of the
/// difference, √(Var B_without − Var B).
std::optional<Eigen::Vector2d> drift_moves(const std::vector<Sample>& samples) {
  const LinearFit all = fit_samples(samples, drift_regressors).data;
  const LinearFit without = fit_samples(without_smallest_width(samples), drift_regressors).data;
  const double variance = std::max(without.covariance(1, 1) - all.covariance(1, 1), 0.0);
  const Eigen::Vector2d moves = without.beta - all.beta;
  if (std::abs(moves[1]) <= largest_shift * std::sqrt(variance)) return std::nullopt;
  return moves;
}

/// Leaves out the smallest width as long as that moves the drift and enough are left: what 1/n alone is not
/// yet true of.
void leave_out_moving(std::vector<Sample>& samples) {
  while (drift_moves(samples)) {
    std::vector<Sample> wider = without_smallest_width(samples);
    if (!tell_drift(spread_of(wider, width_of))) return;
    samples = std::move(wider);
  }
}

/// Both parameters of the drift's curve, A and B of A + B/n, from the samples.
void fit_drift(std::array<Law, 2>& both, std::vector<Sample> samples) {
  const auto refuse_both = [&](theory::Reason reason) {
    for (Law& law : both) refuse(law, reason);
  };
  if (samples.empty()) return refuse_both(theory::Reason::no_rates_of_wide_networks);
  const auto fitted = [&] {
    for (Law& law : both) {
      law.points = static_cast<std::int64_t>(samples.size());
      law.window = spread_of(samples, width_of).range;
    }
  };
  fitted();
  if (const Spread widths = spread_of(samples, width_of); !tell_drift(widths))
    return refuse_both(widths.too_little(theory::Reason::few_widths_of_rates));
  pool_drift_errors(samples);
  leave_out_moving(samples);
  fitted();
  const Fitting fitting{samples, drift_regressors, width_of};
  const Eigen::Vector2d moves = drift_moves(samples).value_or(Eigen::Vector2d::Zero());
  conclude(both[0], fitting, 0, true, moves[0]);
  conclude(both[1], fitting, 1, false, moves[1]);
}

/// The interval of a distance sign·(x − limit).
Interval distance(const Interval& x, double limit, double sign) {
  const double a = sign * (x.low - limit), b = sign * (x.high - limit);
  return {std::min(a, b), std::max(a, b)};
}

/// Rates less the limit that was fitted with the drift; theory's less ln χ.
void draw_drift(Law& drift, double limit, const std::vector<Sample>& samples) {
  const double slope = *drift.estimate, sign = std::copysign(1.0, slope);
  for (const Sample& sample : samples) {
    LawMark mark = mark_of(sample, 1 / sample.n);
    mark.y = sign * (mark.y - limit);
    if (mark.interval) mark.interval = distance(*mark.interval, limit, sign);
    const theory::PointTheory& theory = sample.of->theory;
    if (theory.backward_rate && theory.backward_rate_n)
      mark.exact = sign * (*theory.backward_rate_n - *theory.backward_rate);
    drift.marks.push_back(std::move(mark));
  }
  drift.curve = [sign, slope](double x) { return sign * slope * x; };
}

double steps_per_width(const Sample& sample) {
  return (sample.L - 1) / sample.n;
}

/// Of unequal layers n is (L − 1)/Σ 1/n_l over the hidden ones, and theory a sum over them.
std::vector<Sample> variance_samples(const PointGrid& grid, const GridIndices& origin,
                                     Predictions& predictions) {
  std::vector<Sample> samples;
  grid.for_each_member(widths_and_depths, origin, [&](const PointAnalysis& analysis) {
    const std::int32_t steps = analysis.point.depth.value() - 1;
    if (!analysis.backward || !analysis.backward->variance || steps < 1) return;
    const bool equal = equal_widths(analysis.point);
    const auto theory = equal ? analysis.theory.backward_variance_n.transform(
                                    [&](double per_layer) { return steps * per_layer; })
                              : predictions.network(analysis.point).backward_variance;
    samples.push_back(sample_of(analysis, *analysis.backward->variance, known(theory)));
    if (!equal) samples.back().n = steps / theory::hidden_widths(analysis.point).sum_of_inverses;
  });
  return samples;
}

void fit_fluctuation(Law& law, std::vector<Sample> samples) {
  law.points = static_cast<std::int64_t>(samples.size());
  if (samples.empty()) return refuse(law, theory::Reason::no_variances_of_wide_networks);
  const Spread steps = spread_of(samples, steps_per_width);
  law.window = steps.range;
  if (steps.values < least_values || steps.ratio() < least_steps_ratio)
    return refuse(law, steps.too_little(theory::Reason::few_steps_per_width));
  pool_errors(samples, steps_per_width);
  const bool depths = spread_of(samples, [](const Sample& sample) { return sample.L; }).values > 1;
  const bool alike = law.point.activation.facts().homogeneous() && law.point.bias_variance.value() == 0;
  const bool ends = depths && !alike;
  const auto regressors = [ends](const Sample& sample) {
    Eigen::RowVectorXd row(ends ? 2 : 1);
    row[0] = steps_per_width(sample);
    if (ends) row[1] = 1 / sample.n;
    return row;
  };
  conclude(law, {samples, regressors, steps_per_width}, 0, false);
}

void draw_fluctuation(Law& law, const std::vector<Sample>& samples) {
  for (const Sample& sample : samples) {
    LawMark mark = mark_of(sample, steps_per_width(sample));
    mark.exact = sample.theory;
    law.marks.push_back(std::move(mark));
  }
  law.curve = [slope = *law.estimate](double x) { return slope * x; };
}

}  // namespace

std::vector<Law> drift_laws(const PointGrid& grid, const GridIndices& origin, Predictions&) {
  const auto samples = rate_samples(grid, origin);
  std::array both{law_of(grid, LawName::drift, "A + B/n", "log_chi", widths_and_depths, origin),
                  law_of(grid, LawName::drift, "A + B/n", "kappa_1", widths_and_depths, origin)};
  fit_drift(both, fitted_from(samples, least_drift_width));
  if (both[1].holds() && both[0].estimate) draw_drift(both[1], *both[0].estimate, samples);
  return {both.begin(), both.end()};
}

std::vector<Law> fluctuation_law(const PointGrid& grid, const GridIndices& origin, Predictions& predictions) {
  const auto samples = variance_samples(grid, origin, predictions);
  Law law = law_of(grid, LawName::fluctuation, "linear", "slope", widths_and_depths, origin);
  fit_fluctuation(law, fitted_from(samples, least_fluctuation_width));
  if (law.holds()) draw_fluctuation(law, samples);
  return {law};
}

}  // namespace varprop::analysis
