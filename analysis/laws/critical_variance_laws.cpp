#include "analysis/laws/fits.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <optional>

#include "analysis/depth_laws/depth_law.hpp"
#include "analysis/laws/rate_zero.hpp"
#include "analysis/statistics/least_squares.hpp"
#include "analysis/statistics/refusals.hpp"

namespace varprop::analysis {

namespace {

constexpr std::int64_t least_width = 64;
constexpr std::size_t least_widths = 3;
constexpr double least_width_ratio = 8;
constexpr double largest_delta = 0.3;  // of δ for the correlation length
constexpr double clear_rate = 10;      // standard errors: the logarithm of a rate is then unbiased to 0.5 %
constexpr std::size_t least_lengths = 8;

const AxisSet one_width = axes_of<WeightVariance, Depth>();
const AxisSet all_widths = axes_of<WeightVariance, Width, Depth>();

/// The backward rates of a group that have an error, ascending in σ_w².
std::vector<RatePoint> rates_of(const PointGrid& grid, const GridIndices& origin) {
  std::vector<RatePoint> rates;
  std::size_t value = 0;  // of the group's weight variances
  std::optional<std::size_t> last;
  grid.for_each_place(one_width, origin, [&](const GridIndices& at) {
    if (last && *last != at[weight_variance_axis]) ++value;
    last = at[weight_variance_axis];
    const PointAnalysis& analysis = grid.at(at);
    if (!analysis.backward || !analysis.backward->rate) return;
    const Estimate& rate = *analysis.backward->rate;
    if (!rate.has_spread() || 1 - analysis.share_astray < least_share_on_course) return;
    rates.push_back({value, std::log(analysis.point.weight_variance.value()), rate.value,
                     std::max(*rate.error, least_error), rate.degrees_of_freedom, at[depth_axis]});
  });
  return rates;
}

/// The zero of a group's rates; where the rates have no errors, that is why.
theory::ValueOrReason<RateZero> zero_of(const PointGrid& grid, const GridIndices& origin,
                                        const std::vector<RatePoint>& rates, Predictions& predictions) {
  bool measured = false;
  grid.for_each_member(one_width, origin, [&](const PointAnalysis& analysis) {
    measured = measured || (analysis.backward && analysis.backward->rate);
  });
  if (rates.empty() && measured) return theory::Reason::rates_without_errors;
  auto zero = find_rate_zero(rates);
  if (!zero) return zero;
  const auto theory = predictions.critical_weight_variance(grid.at(origin).point);
  // GELU and SiLU: χ jumps from below 1 to above where the signal no longer dies out; a curve would run
  // through 0.
  if (!theory) {
    return theory.reason() == theory::Reason::chi_1_not_reached ? theory::Reason::jumps_before_fixed_point
                                                                : theory::Reason::jumps_without_fixed_point;
  }
  return zero;
}

std::optional<double> log_of(const theory::ValueOrReason<double>& x) {
  return x ? std::optional(std::log(*x)) : std::nullopt;
}

/// One width's critical variance.
struct WidthZero {
  std::int64_t width;
  RateZero zero;
};

/// How far theory's ln σ_c² may be off: what its rate neglects beside the zero, over the slope there.
double neglected_at(const PointGrid& grid, const GridIndices& origin, const RateZero& zero) {
  double nearest = std::numeric_limits<double>::infinity(), neglected = 0;
  grid.for_each_member(one_width, origin, [&](const PointAnalysis& analysis) {
    const double distance = std::abs(std::log(analysis.point.weight_variance.value()) - zero.x.value);
    if (distance < nearest) nearest = distance, neglected = analysis.theory.backward_rate_neglected;
  });
  return neglected / std::abs(zero.slope);
}

Law law_at_width(const PointGrid& grid, const GridIndices& origin,
                 const theory::ValueOrReason<RateZero>& zero, Predictions& predictions) {
  Law law = law_of(grid, LawName::critical_weight_variance, "zero", "weight_variance", one_width, origin);
  if (!zero) return refuse(law, zero.reason()), law;
  set_log_estimate(law, zero->x, log_of(predictions.critical_weight_variance_at_width(law.point)),
                   neglected_at(grid, origin, *zero));
  law.points = zero->points;
  law.window = zero->window;
  law.goodness = zero->goodness;
  return law;
}

/// ln σ_c² = A + B/n.
LinearFit fit_limit(std::span<const WidthZero> zeros) {
  const auto count = static_cast<Eigen::Index>(zeros.size());
  Eigen::MatrixXd X(count, 2);
  Eigen::VectorXd y(count), e(count);
  for (Eigen::Index i = 0; i < count; ++i) {
    const auto& [width, zero] = zeros[static_cast<std::size_t>(i)];
    X.row(i) << 1, 1 / static_cast<double>(width);
    y[i] = zero.x.value;
    e[i] = *zero.x.error;
  }
  return fit_linear(X, y, e);
}

/// Whether the fit without its smallest width tells another limit.
bool limit_moves(std::span<const WidthZero> zeros, const LinearFit& all) {
  const LinearFit without = fit_limit(zeros.subspan(1));
  const double variance = without.covariance(0, 0) - all.covariance(0, 0);
  return std::abs(without.beta[0] - all.beta[0]) > largest_shift * std::sqrt(std::max(variance, 0.0));
}

/// Why so many widths have no limit; nothing where they may have one.
std::optional<theory::Reason> too_few(std::span<const WidthZero> zeros) {
  if (zeros.size() < least_widths)
    return theory::Reason(theory::Reason::few_critical_widths, static_cast<double>(zeros.size()));
  const auto low = static_cast<double>(zeros.front().width), high = static_cast<double>(zeros.back().width);
  if (high < least_width_ratio * low)
    return theory::Reason(theory::Reason::critical_widths_too_close, high / low);
  return std::nullopt;
}

/// Leaves out the smallest width as long as that moves the limit and enough are left: what the 1/n law is not
/// yet true of.
std::span<const WidthZero> settled_widths(std::span<const WidthZero> zeros) {
  while (limit_moves(zeros, fit_limit(zeros)) && !too_few(zeros.subspan(1))) zeros = zeros.subspan(1);
  return zeros;
}

void measure_limit(Law& law, std::span<const WidthZero> zeros, const theory::ValueOrReason<double>& theory) {
  const LinearFit fit = fit_limit(zeros);
  double degrees = 0;
  for (const WidthZero& zero : zeros) degrees += zero.zero.x.degrees_of_freedom;
  set_log_estimate(law, fit.parameter(0, degrees), log_of(theory));
  law.points = static_cast<std::int64_t>(zeros.size());
  law.window = Interval{static_cast<double>(zeros.front().width), static_cast<double>(zeros.back().width)};
  law.goodness = goodness_of(fit, degrees);
  if (limit_moves(zeros, fit)) refuse(law, theory::Reason::limit_moves);
}

Law law_of_limit(const PointGrid& grid, const GridIndices& origin, std::vector<WidthZero> zeros,
                 Predictions& predictions) {
  Law law = law_of(grid, LawName::critical_weight_variance, "A + B/n", "weight_variance", all_widths, origin);
  std::erase_if(zeros, [](const WidthZero& zero) { return zero.width < least_width; });
  law.points = static_cast<std::int64_t>(zeros.size());
  if (grid.sweep().network.variance_scaling == VarianceScaling::none) {
    refuse(law, theory::Reason::unscaled_has_no_limit);
  } else if (const auto reason = too_few(zeros)) {
    refuse(law, *reason);
  } else {
    measure_limit(law, settled_widths(zeros), predictions.critical_weight_variance(law.point));
  }
  return law;
}

/// What the limit's chart shows: the critical variances at the widths, less their limit. The line through
/// them is B/n, least squares.
void draw_limit(Law& limit, const std::vector<Law>& at_widths) {
  double products = 0, squares = 0;
  for (const Law& law : at_widths) {
    if (!law.holds()) continue;
    const auto n = static_cast<double>(law.point.width.value());
    LawMark mark{law.point, law.applies, n, *law.estimate - *limit.estimate};
    if (law.interval)
      mark.interval = Interval{law.interval->low - *limit.estimate, law.interval->high - *limit.estimate};
    if (law.theory && limit.theory) mark.exact = *law.theory - *limit.theory;
    products += mark.y / n, squares += 1 / (n * n);
    limit.marks.push_back(std::move(mark));
  }
  limit.curve = [B = products / squares](double n) { return B / n; };
}

struct LengthPoint {
  double delta;  ///< σ_w²/σ_c² − 1
  double log_rate;
  double error;
  double degrees;
};

/// Rates near the zero that are clear of their own error and farther from it than its own is uncertain.
/// Errors are pooled within a depth, as those of the zero.
std::vector<LengthPoint> lengths_near(std::vector<RatePoint> rates, const RateZero& zero) {
  const auto delta_of = [&](const RatePoint& point) { return std::expm1(point.x - zero.x.value); };
  std::erase_if(rates, [&](const RatePoint& point) { return std::abs(delta_of(point)) > largest_delta; });
  std::vector<LengthPoint> lengths;
  for (const RatePoint& point : with_pooled_errors(std::move(rates))) {
    const double delta = delta_of(point), size = std::abs(point.rate);
    // Judged by the rate to expect: a choice by the measured one would take those that noise made large.
    const bool clear =
        zero.slope * std::abs(delta) > clear_rate * std::hypot(point.error, zero.slope * *zero.x.error);
    if (!clear || (point.rate > 0) != (delta > 0)) continue;
    const double error = std::hypot(point.error / size, *zero.x.error / std::abs(delta));
    lengths.push_back({delta, std::log(size), error, point.degrees});
  }
  return lengths;
}

void fit_length(Law& law, const std::vector<LengthPoint>& lengths) {
  const auto count = static_cast<Eigen::Index>(lengths.size());
  Eigen::MatrixXd X(count, 4);
  Eigen::VectorXd y(count), e(count);
  double degrees = 0;
  for (Eigen::Index i = 0; i < count; ++i) {
    const LengthPoint& point = lengths[static_cast<std::size_t>(i)];
    X.row(i) << 1, std::log(std::abs(point.delta)), point.delta, point.delta * point.delta;
    y[i] = -point.log_rate;
    e[i] = point.error;
    degrees += point.degrees;
  }
  const LinearFit fit = fit_linear(X, y, e);
  const Estimate exponent = fit.parameter(1, degrees);
  set_estimate(law, exponent, -1.0);
  law.goodness = goodness_of(fit, degrees);
  if (law.goodness.value_or(1) < least_goodness) refuse(law, theory::Reason::length_is_no_power);
  const auto sure = confidence_interval(exponent, sure_of_a_law);
  if (law.holds() && sure && sure->high >= 0)
    refuse(law, {theory::Reason::not_told_from_0, sure->low, sure->high});
}

Law law_of_length(const PointGrid& grid, const GridIndices& origin, const std::vector<RatePoint>& rates,
                  const theory::ValueOrReason<RateZero>& zero) {
  Law law = law_of(grid, LawName::correlation_length, "power", "exponent", one_width, origin);
  if (!zero) return refuse(law, zero.reason()), law;
  const auto lengths = lengths_near(rates, *zero);
  law.points = static_cast<std::int64_t>(lengths.size());
  if (lengths.size() < least_lengths) {
    return refuse(law, {theory::Reason::few_clear_rates, static_cast<double>(lengths.size())}), law;
  }
  const double critical = std::exp(zero->x.value);
  law.window = Interval{critical * (1 + lengths.front().delta), critical * (1 + lengths.back().delta)};
  fit_length(law, lengths);
  return law;
}

/// Calls f(place, rates, zero) for every width of a group.
template <class F>
void for_each_width(const PointGrid& grid, const GridIndices& origin, Predictions& predictions, const F& f) {
  std::map<std::size_t, GridIndices> first_of_width;
  grid.for_each_place(all_widths, origin,
                      [&](const GridIndices& at) { first_of_width.try_emplace(at[width_axis], at); });
  for (const auto& [width, at] : first_of_width) {
    const auto rates = rates_of(grid, at);
    f(at, rates, zero_of(grid, at, rates, predictions));
  }
}

}  // namespace

std::vector<Law> critical_variance_laws(const PointGrid& grid, const GridIndices& origin,
                                        Predictions& predictions) {
  std::vector<Law> laws;
  std::vector<WidthZero> zeros;
  for_each_width(grid, origin, predictions,
                 [&](const auto& at, const auto&, const theory::ValueOrReason<RateZero>& zero) {
                   laws.push_back(law_at_width(grid, at, zero, predictions));
                   if (zero) zeros.push_back({grid.at(at).point.width.value(), *zero});
                 });
  Law limit = law_of_limit(grid, origin, std::move(zeros), predictions);
  if (limit.holds()) draw_limit(limit, laws);
  laws.push_back(std::move(limit));
  return laws;
}

std::vector<Law> correlation_length_laws(const PointGrid& grid, const GridIndices& origin,
                                         Predictions& predictions) {
  std::vector<Law> laws;
  for_each_width(grid, origin, predictions,
                 [&](const auto& at, const auto& rates, const theory::ValueOrReason<RateZero>& zero) {
                   laws.push_back(law_of_length(grid, at, rates, zero));
                 });
  return laws;
}

}  // namespace varprop::analysis
