#include "analysis/width_laws.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <iterator>
#include <map>

#include "analysis/depth_law.hpp"
#include "analysis/least_squares.hpp"
#include "theory/first_layer.hpp"
#include "theory/log_ratio.hpp"

namespace varprop {

namespace {

constexpr std::int64_t least_drift_width = 64, least_fluctuation_width = 128;
constexpr std::size_t least_values = 3;
constexpr double least_drift_ratio = 4, least_width_ratio = 8, least_steps_ratio = 4;

/// What one point adds to a law across points.
struct Sample {
  double n;
  double L;
  double value;
  double error;
  double degrees;
  std::optional<double> theory;
};

/// Errors that all have one size relative to `scale`: their root mean square in units of it.
void pool_errors(std::vector<Sample>& samples, const std::function<double(const Sample&)>& scale) {
  double sum = 0;
  for (const Sample& sample : samples) sum += std::pow(sample.error / scale(sample), 2);
  const double relative = std::sqrt(sum / static_cast<double>(samples.size()));
  for (Sample& sample : samples) sample.error = relative * scale(sample);
}

double degrees_of(const std::vector<Sample>& samples) {
  double degrees = 0;
  for (const Sample& sample : samples) degrees += sample.degrees;
  return degrees;
}

/// Smallest and largest of a variable, and how many different values it has.
struct Spread {
  Interval range;
  std::size_t values;
};
Spread spread_of(const std::vector<Sample>& samples, const std::function<double(const Sample&)>& variable) {
  std::vector<double> all;
  for (const Sample& sample : samples) all.push_back(variable(sample));
  std::sort(all.begin(), all.end());
  const auto values = static_cast<std::size_t>(std::unique(all.begin(), all.end()) - all.begin());
  return {{all.front(), all[values - 1]}, values};
}

using Regressors = std::function<Eigen::RowVectorXd(const Sample&)>;

/// A fit of the samples, and the same fit of theory's values where all of them have one.
struct ComparedFit {
  LinearFit data;
  std::optional<Eigen::VectorXd> theory;
};

ComparedFit fit_samples(const std::vector<Sample>& samples, const Regressors& regressors) {
  const auto count = static_cast<Eigen::Index>(samples.size());
  Eigen::MatrixXd X(count, regressors(samples.front()).size());
  Eigen::VectorXd y(count), e(count), theory(count);
  bool known = true;
  for (Eigen::Index i = 0; i < count; ++i) {
    const Sample& sample = samples[static_cast<std::size_t>(i)];
    X.row(i) = regressors(sample);
    y[i] = sample.value;
    e[i] = std::max(sample.error, least_error);
    known = known && sample.theory;
    theory[i] = sample.theory.value_or(0);
  }
  return {fit_linear(X, y, e), known ? std::optional(fit_linear(X, theory, e).beta) : std::nullopt};
}

/// A law's samples, what they are fitted by, and the variable along which they may bend.
struct Fitting {
  std::vector<Sample> samples;
  Regressors regressors;
  std::function<double(const Sample&)> variable;
};

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

/// Gives a law the k-th parameter of a fit. Refused where the points do not lie on the curve and halves
/// disagree, and where the parameter is not told from 0 though it is what the law is about.
void conclude(Law& law, const Fitting& fitting, Eigen::Index k, bool may_be_zero) {
  const ComparedFit fit = fit_samples(fitting.samples, fitting.regressors);
  const double degrees = degrees_of(fitting.samples);
  const Parameter parameter = fit.data.parameter(k, degrees);
  set_estimate(law, parameter, fit.theory ? std::optional((*fit.theory)[k]) : std::nullopt);
  law.goodness = goodness_of(fit.data, degrees);
  if (law.goodness.value_or(1) < least_goodness &&
      halves_differ(half_parameter(fitting, k, false), half_parameter(fitting, k, true))) {
    return refuse(law, "the points bend: the halves of the window disagree");
  }
  const auto sure = confidence_interval(parameter, sure_of_a_law);
  if (!may_be_zero && sure && sure->low <= 0 && sure->high >= 0) refuse(law, "not told from 0");
}

double width_of(const Sample& sample) {
  return sample.n;
}

std::vector<Sample> drift_samples(const PointGrid& grid, const PointGrid::Indices& origin) {
  std::vector<Sample> samples;
  grid.for_each_member(widths_and_depths, origin, [&](const PointAnalysis& analysis) {
    if (analysis.point.width.value() < least_drift_width || !analysis.backward || !analysis.backward->rate)
      return;
    const MeanEstimate& rate = *analysis.backward->rate;
    if (rate.count < 3) return;
    const auto& theory = analysis.theory.backward_rate_n;
    samples.push_back({static_cast<double>(analysis.point.width.value()),
                       static_cast<double>(analysis.point.depth.value()), rate.mean, *rate.error,
                       static_cast<double>(rate.count - 1), theory ? std::optional(*theory) : std::nullopt});
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

void find_drift(std::vector<Law>& laws, const PointGrid& grid, const PointGrid::Indices& origin) {
  std::vector<Sample> samples = drift_samples(grid, origin);
  std::array both{grid.law_of(LawName::drift, "A + B/n", "log_chi", widths_and_depths, origin),
                  grid.law_of(LawName::drift, "A + B/n", "kappa_1", widths_and_depths, origin)};
  const auto refuse_both = [&](const char* reason) {
    for (Law& law : both) refuse(law, reason);
  };
  if (samples.empty()) {
    refuse_both("no width from 64 on has a backward rate with an error");
  } else {
    const Spread widths = spread_of(samples, width_of);
    for (Law& law : both) {
      law.points = static_cast<std::int64_t>(samples.size());
      law.window = widths.range;
    }
    if (widths.values < least_values || widths.range.high < least_drift_ratio * widths.range.low) {
      refuse_both("fewer than 3 widths from 64 on, or less than a factor 4 between them");
    } else {
      pool_drift_errors(samples);
      const Fitting fitting{samples, [](const Sample& s) { return Eigen::RowVector2d(1, 1 / s.n); },
                            width_of};
      conclude(both[0], fitting, 0, true);
      conclude(both[1], fitting, 1, false);
    }
  }
  laws.insert(laws.end(), both.begin(), both.end());
}

/// Var ln g_1 by theory.
std::optional<double> theoretical_variance(const PointAnalysis& analysis) {
  const auto& per_layer = analysis.theory.backward_variance_n;
  return per_layer ? std::optional((analysis.point.depth.value() - 1) * *per_layer) : std::nullopt;
}

double steps_per_width(const Sample& sample) {
  return (sample.L - 1) / sample.n;
}

std::vector<Sample> fluctuation_samples(const PointGrid& grid, const PointGrid::Indices& origin) {
  std::vector<Sample> samples;
  grid.for_each_member(widths_and_depths, origin, [&](const PointAnalysis& analysis) {
    const Point& point = analysis.point;
    if (point.width.value() < least_fluctuation_width || point.depth.value() < 2) return;
    if (!analysis.backward || !analysis.backward->variance || analysis.backward->variance->count < 3) return;
    const MeanEstimate& variance = *analysis.backward->variance;
    samples.push_back({static_cast<double>(point.width.value()), static_cast<double>(point.depth.value()),
                       variance.mean, *variance.error, static_cast<double>(variance.count - 1),
                       theoretical_variance(analysis)});
  });
  return samples;
}

Law find_fluctuation(const PointGrid& grid, const PointGrid::Indices& origin) {
  std::vector<Sample> samples = fluctuation_samples(grid, origin);
  Law law = grid.law_of(LawName::fluctuation, "linear", "slope", widths_and_depths, origin);
  law.points = static_cast<std::int64_t>(samples.size());
  if (samples.empty()) return refuse(law, "no width from 128 on has a variance with an error"), law;
  const Spread steps = spread_of(samples, steps_per_width);
  law.window = steps.range;
  if (steps.values < least_values || steps.range.high < least_steps_ratio * steps.range.low) {
    return refuse(law,
                  "fewer than 3 values of (L-1)/n from width 128 on, or less than a factor 4 between them"),
           law;
  }
  pool_errors(samples, steps_per_width);
  const bool depths = spread_of(samples, [](const Sample& sample) { return sample.L; }).values > 1;
  const Point& point = grid.at(origin).point;
  const bool alike = point.activation.facts().homogeneous() && point.bias_variance.value() == 0;
  const bool ends = depths && !alike;
  const auto regressors = [ends](const Sample& sample) {
    Eigen::RowVectorXd row(ends ? 2 : 1);
    row[0] = steps_per_width(sample);
    if (ends) row[1] = 1 / sample.n;
    return row;
  };
  conclude(law, {samples, regressors, steps_per_width}, 0, false);
  return law;
}

/// What ln q_1 has besides ln(n σ_w²), known exactly; and how ⟨ln q_1⟩ scatters with n.
struct FirstLayerLaw {
  double bias;
  double spread;
};

FirstLayerLaw first_layer_law(const Point& point, const Ensemble& ensemble) {
  const LogRatioLaw sum = linear_log_ratio(point.width.value());
  const double input = mean_log_input_square(ensemble.input, point.width);
  const bool fluctuates = point.weights != Weights::orthogonal;
  return {input + (fluctuates ? sum.mean : 0), std::sqrt(sum.variance)};
}

std::vector<Sample> first_layer_samples(const PointGrid& grid, const PointGrid::Indices& origin) {
  std::vector<Sample> samples;
  grid.for_each_member(widths_and_depths, origin, [&](const PointAnalysis& analysis) {
    const bool by_logarithm =
        analysis.point.weights == Weights::gaussian || analysis.point.weights == Weights::orthogonal;
    const auto& measured = by_logarithm ? analysis.first_layer : analysis.first_layer_of_mean;
    if (!measured || measured->count < 3) return;
    const double bias = by_logarithm ? first_layer_law(analysis.point, grid.sweep().ensemble).bias : 0;
    samples.push_back({static_cast<double>(analysis.point.width.value()),
                       static_cast<double>(analysis.point.depth.value()), measured->mean - bias,
                       *measured->error, static_cast<double>(measured->count - 1),
                       std::log(analysis.point.width.value())});
  });
  return samples;
}

Law find_width_law(const PointGrid& grid, const PointGrid::Indices& origin) {
  Law law = grid.law_of(LawName::width, "power", "exponent", widths_and_depths, origin);
  std::vector<Sample> samples = first_layer_samples(grid, origin);
  law.points = static_cast<std::int64_t>(samples.size());
  if (grid.at(origin).point.bias_variance.value() > 0)
    return refuse(law, "biases hide it at small widths"), law;
  if (samples.empty()) return refuse(law, "the first layer has no variance with an error"), law;
  const Spread widths = spread_of(samples, width_of);
  law.window = widths.range;
  if (widths.values < least_values || widths.range.high < least_width_ratio * widths.range.low) {
    return refuse(law, "fewer than 3 widths, or less than a factor 8 between them"), law;
  }
  pool_errors(samples, [](const Sample& sample) {
    return std::sqrt(linear_log_ratio(static_cast<std::int64_t>(sample.n)).variance);
  });
  conclude(law, {samples, [](const Sample& s) { return Eigen::RowVector2d(1, std::log(s.n)); }, width_of}, 1,
           false);
  return law;
}

}  // namespace

std::vector<Law> drift_laws(const PointGrid& grid) {
  std::vector<Law> laws;
  grid.for_each_group(widths_and_depths, [&](const auto& origin) { find_drift(laws, grid, origin); });
  return laws;
}

std::vector<Law> fluctuation_laws(const PointGrid& grid) {
  std::vector<Law> laws;
  grid.for_each_group(widths_and_depths,
                      [&](const auto& origin) { laws.push_back(find_fluctuation(grid, origin)); });
  return laws;
}

std::vector<Law> width_laws(const PointGrid& grid) {
  std::vector<Law> laws;
  if (grid.sweep().ensemble.variance_scaling != VarianceScaling::none) return laws;
  grid.for_each_group(widths_and_depths,
                      [&](const auto& origin) { laws.push_back(find_width_law(grid, origin)); });
  return laws;
}

}  // namespace varprop
