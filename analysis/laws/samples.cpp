#include "analysis/laws/samples.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "analysis/statistics/refusals.hpp"
#include "theory/networks/network_theory.hpp"

namespace varprop::analysis {

Sample sample_of(const PointAnalysis& analysis, const Estimate& measured, std::optional<double> theory) {
  return {&analysis, static_cast<double>(analysis.point.width.value()),
          static_cast<double>(analysis.point.depth.value()), measured, theory};
}

std::vector<Sample> fitted_from(const std::vector<Sample>& all, std::int64_t least_width) {
  std::vector<Sample> some;
  std::copy_if(all.begin(), all.end(), std::back_inserter(some), [&](const Sample& sample) {
    return theory::hidden_widths(sample.of->point).least >= least_width && sample.measured.has_spread() &&
           1 - sample.of->share_astray >= least_share_on_course;
  });
  return some;
}

LawMark mark_of(const Sample& sample, double x) {
  LawMark mark{.point = sample.of->point, .x = x, .y = sample.measured.value};
  mark.known.fill(true);
  mark.interval = confidence_interval(sample.measured);
  return mark;
}

void pool_errors(std::vector<Sample>& samples, const Variable& scale) {
  double sum = 0;
  for (const Sample& sample : samples) sum += std::pow(sample.error / scale(sample), 2);
  const double relative = std::sqrt(sum / static_cast<double>(samples.size()));
  for (Sample& sample : samples) sample.error = relative * scale(sample);
}

Spread spread_of(const std::vector<Sample>& samples, const Variable& variable) {
  std::vector<double> all;
  for (const Sample& sample : samples) all.push_back(variable(sample));
  std::sort(all.begin(), all.end());
  const auto values = static_cast<std::size_t>(std::unique(all.begin(), all.end()) - all.begin());
  return {{all.front(), all[values - 1]}, values};
}

ComparedFit fit_samples(const std::vector<Sample>& samples, const Regressors& regressors) {
  const auto count = static_cast<Eigen::Index>(samples.size());
  Eigen::MatrixXd X(count, regressors(samples.front()).size());
  Eigen::VectorXd y(count), e(count), theory(count), neglected(count);
  bool known = true;
  for (Eigen::Index i = 0; i < count; ++i) {
    const Sample& sample = samples[static_cast<std::size_t>(i)];
    X.row(i) = regressors(sample);
    y[i] = sample.value;
    e[i] = std::max(sample.error, least_error);
    known = known && sample.theory;
    theory[i] = sample.theory.value_or(0);
    neglected[i] = sample.neglected;
  }
  return {fit_linear(X, y, e), known ? std::optional(fit_linear(X, theory, e).beta) : std::nullopt,
          fit_linear(X, neglected, e).beta};
}

std::optional<double> ComparedFit::theory_of(Eigen::Index k) const {
  return theory ? std::optional((*theory)[k]) : std::nullopt;
}

double ComparedFit::neglected_of(Eigen::Index k) const {
  return std::abs(neglected[k]);
}

namespace {

double degrees_of(const std::vector<Sample>& samples) {
  double degrees = 0;
  for (const Sample& sample : samples) degrees += sample.measured.degrees_of_freedom;
  return degrees;
}

/// The k-th parameter from the samples on one side of the middle value, which both sides have.
double half_parameter(const Fitting& fitting, Eigen::Index k, bool upper) {
  std::vector<double> values;
  for (const Sample& sample : fitting.samples) values.push_back(fitting.variable(sample));
  std::sort(values.begin(), values.end());
  const double middle = values[values.size() / 2];
  std::vector<Sample> half;
  std::copy_if(fitting.samples.begin(), fitting.samples.end(), std::back_inserter(half),
               [&](const Sample& sample) {
                 return upper ? fitting.variable(sample) >= middle : fitting.variable(sample) <= middle;
               });
  return fit_samples(half, fitting.regressors).data.beta[k];
}

}  // namespace

void conclude(Law& law, const Fitting& fitting, Eigen::Index k, bool may_be_zero, double unknown) {
  const ComparedFit fit = fit_samples(fitting.samples, fitting.regressors);
  const double degrees = degrees_of(fitting.samples);
  Estimate parameter = fit.data.parameter(k, degrees);
  if (parameter.error) parameter.error = std::hypot(*parameter.error, unknown);
  law.goodness = goodness_of(fit.data, degrees);
  const auto halves = [&] {
    return Halves{half_parameter(fitting, k, false), half_parameter(fitting, k, true)};
  };
  const auto reason = objection(parameter, {law.goodness, halves, theory::Reason::points_bend, may_be_zero});
  set_estimate(law, parameter, fit.theory_of(k), fit.neglected_of(k));
  if (reason) refuse(law, *reason);
}

double width_of(const Sample& sample) {
  return sample.n;
}

}  // namespace varprop::analysis
