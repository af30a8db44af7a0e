#include <algorithm>
#include <cmath>

#include "analysis/laws/fits.hpp"
#include "analysis/laws/samples.hpp"
#include "theory/infinite_width/layer_map.hpp"
#include "theory/means/log_ratio.hpp"

namespace varprop::analysis {

namespace {

constexpr std::size_t least_widths_of_first_layer = 3;
constexpr double least_ratio_of_first_layer = 8;

/// ⟨ln q_1⟩ is known exactly of these weights; of others the ln of the mean of q_1 is.
bool has_exact_logarithm(WeightDistribution weights) {
  return weights == WeightDistribution::gaussian || weights == WeightDistribution::orthogonal;
}

/// What ln q_1 has besides ln(n σ_w²), known exactly.
double log_bias(const Point& point, const NetworkSettings& settings) {
  if (!has_exact_logarithm(point.weights)) return 0;
  const double input = theory::mean_log_input_square(settings, point.width);
  return point.weights == WeightDistribution::gaussian
             ? input + theory::linear_log_ratio(point.width.value()).mean
             : input;
}

std::vector<Sample> first_layer_samples(const PointGrid& grid, const GridIndices& origin) {
  std::vector<Sample> samples;
  grid.for_each_member(widths_and_depths, origin, [&](const PointAnalysis& analysis) {
    const auto& measured =
        has_exact_logarithm(analysis.point.weights) ? analysis.first_layer : analysis.first_layer_of_mean;
    if (!measured) return;
    Sample sample = sample_of(analysis, *measured, std::log(analysis.point.width.value()));
    sample.value -= log_bias(analysis.point, grid.sweep().network);
    samples.push_back(std::move(sample));
  });
  return samples;
}

void fit_width(Law& law, std::vector<Sample> samples) {
  law.points = static_cast<std::int64_t>(samples.size());
  if (law.point.bias_variance.value() > 0) return refuse(law, theory::Reason::biases_hide_it);
  if (samples.empty()) return refuse(law, theory::Reason::no_first_layer);
  const Spread widths = spread_of(samples, width_of);
  law.window = widths.range;
  if (widths.values < least_widths_of_first_layer || widths.ratio() < least_ratio_of_first_layer)
    return refuse(law, widths.too_little(theory::Reason::few_widths_of_first_layer));
  pool_errors(samples, [](const Sample& sample) {
    return std::sqrt(theory::linear_log_ratio(static_cast<std::int64_t>(sample.n)).variance);
  });
  conclude(law, {samples, [](const Sample& s) { return Eigen::RowVector2d(1, std::log(s.n)); }, width_of}, 1,
           false);
}

/// q_1 itself; the curve through the mean of what the exponent leaves.
void draw_width(Law& law, const std::vector<Sample>& samples, const NetworkSettings& settings) {
  double shift = 0;
  for (const Sample& sample : samples) {
    const Point& point = sample.of->point;
    LawMark mark = mark_of(sample, sample.n);
    mark.y = std::exp(mark.y);
    if (mark.interval) mark.interval = Interval{std::exp(mark.interval->low), std::exp(mark.interval->high)};
    mark.exact = sample.n * point.weight_variance.value() * std::exp(log_bias(point, settings));
    shift += sample.measured.value - *law.estimate * std::log(sample.n);
    law.marks.push_back(std::move(mark));
  }
  if (!samples.empty()) shift /= static_cast<double>(samples.size());
  law.curve = [shift, exponent = *law.estimate](double n) {
    return std::exp(shift + exponent * std::log(n));
  };
}

}  // namespace

std::vector<Law> width_law(const PointGrid& grid, const GridIndices& origin, Predictions&) {
  if (grid.sweep().network.variance_scaling != VarianceScaling::none) return {};
  if (has_newer_dimension(grid.sweep().grid)) return {};  // a layer's width is not the point's
  const auto samples = first_layer_samples(grid, origin);
  Law law = law_of(grid, LawName::width, "power", "exponent", widths_and_depths, origin);
  fit_width(law, fitted_from(samples, 1));
  if (law.holds()) draw_width(law, samples, grid.sweep().network);
  return {law};
}

}  // namespace varprop::analysis
