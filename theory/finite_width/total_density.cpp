#include "theory/finite_width/total_density.hpp"

#include <cmath>
#include <complex>
#include <numbers>

#include "theory/infinite_width/layer_map.hpp"
#include "theory/means/log_ratio.hpp"

namespace varprop::theory {

namespace {

using Complex = std::complex<double>;

/// ln Γ(z) for Re z > 0, by Stirling's series from |z| = 12 on. Its imaginary part is of some branch.
Complex log_gamma(Complex z) {
  Complex shift = 0;
  for (; std::abs(z) < 12; z += 1.0) shift += std::log(z);
  const Complex y = 1.0 / (z * z);
  return (z - 0.5) * std::log(z) - z + 0.5 * std::log(2 * std::numbers::pi) +
         (1.0 / 12 - y * (1.0 / 360 - y * (1.0 / 1260 - y / 1680.0))) / z - shift;
}

/// ln E e^{it ln χ²_k} without the power of 2: ln Γ(k/2 + it) − ln Γ(k/2).
Complex log_transform(double k, double t) {
  return log_gamma({0.5 * k, t}) - std::lgamma(0.5 * k);
}

/// P(K = k), K ~ Bin(n, ½) given K ≥ 1, from its first k on: all but 1e-20.
struct LivingNeurons {
  std::int64_t first;
  std::vector<double> share;

  explicit LivingNeurons(std::int64_t n) : first(0) {
    const auto width = static_cast<std::int64_t>(std::ceil(9.5 * 0.5 * std::sqrt(static_cast<double>(n))));
    first = std::max<std::int64_t>(1, n / 2 - width);
    const auto count = static_cast<double>(n);
    const double none_alive = std::exp2(-count);
    for (std::int64_t k = first; k <= std::min(n, n / 2 + 1 + width); ++k) {
      const auto x = static_cast<double>(k);
      share.push_back(std::exp(std::lgamma(count + 1) - std::lgamma(x + 1) - std::lgamma(count - x + 1) -
                               count * std::numbers::ln2) /
                      (1 - none_alive));
    }
  }
};

/// The characteristic function of ln(|z'|²/|z|²) − ln χ of one layer, and of χ²_n/n.
class LayerTransform {
 public:
  LayerTransform(const Point& point, bool one_sided)
      : n_(static_cast<double>(point.width.value())),
        orthogonal_(point.weights == WeightDistribution::orthogonal),
        one_sided_(one_sided),
        living_(point.width.value()) {}

  Complex length(double t) const { return std::exp(log_transform(n_, t) + Complex(0, t * std::log(2 / n_))); }

  Complex layer(double t) const {
    if (!one_sided_) return orthogonal_ ? Complex(1) : length(t);
    Complex sum = 0;
    for (std::size_t i = 0; i < living_.share.size(); ++i)
      sum += living_.share[i] *
             std::exp(log_transform(static_cast<double>(living_.first) + static_cast<double>(i), t) +
                      Complex(0, t * std::log(4 / n_)));
    return orthogonal_ ? sum / length(t) : sum;
  }

 private:
  double n_;
  bool orthogonal_, one_sided_;
  LivingNeurons living_;
};

/// A sum of independent logarithms: layers, lengths χ²_n/n, and what is fixed.
struct SumOfLogarithms {
  double layers, lengths, shift;
};

std::optional<SumOfLogarithms> sum_of(const Point& point, const NetworkSettings& settings, NetworkEnd end) {
  const Variances variances = variances_of(point, settings.variance_scaling);
  const Slopes slopes = point.activation.facts().at_zero;
  const double D = 0.5 * (slopes.negative * slopes.negative + slopes.positive * slopes.positive);
  SumOfLogarithms sum{point.depth.value() - 1.0, 0, 0};
  sum.shift = sum.layers * std::log(variances.weight * D);
  if (end == NetworkEnd::gradient) return sum;
  if (settings.input == InputDistribution::uniform) return std::nullopt;
  sum.shift += std::log(variances.weight * settings.input_mean_square);
  const bool of_normals =
      settings.input == InputDistribution::gaussian || settings.input == InputDistribution::positive;
  sum.lengths = (point.weights == WeightDistribution::gaussian ? 1 : 0) + (of_normals ? 1 : 0);
  return sum;
}

bool known(const Point& point, const NetworkSettings& settings) {
  const ActivationFacts& facts = point.activation.facts();
  const bool of_one_size = std::abs(facts.at_zero.negative) == std::abs(facts.at_zero.positive);
  const bool one_sided = facts.at_zero.negative == 0 || facts.at_zero.positive == 0;
  return is_plain(point, settings) && facts.homogeneous() && (of_one_size || one_sided) &&
         point.bias_variance.value() == 0 && point.width.value() <= largest_width_of_densities &&
         (point.weights == WeightDistribution::gaussian || point.weights == WeightDistribution::orthogonal);
}

/// φ(t) at t = 0, h, 2h, …, as far as it is felt; none where that is too far.
std::optional<std::vector<Complex>> transform_of(const Point& point, const SumOfLogarithms& sum,
                                                 double step) {
  constexpr std::size_t most_steps = 4000;
  constexpr double least = 1e-9;
  const Slopes slopes = point.activation.facts().at_zero;
  const LayerTransform transform(point, std::abs(slopes.negative) != std::abs(slopes.positive));
  std::vector<Complex> values;
  while (values.size() < most_steps) {
    const double t = step * static_cast<double>(values.size());
    values.push_back(std::pow(transform.layer(t), sum.layers) * std::pow(transform.length(t), sum.lengths));
    if (std::abs(values.back()) < least) return values;
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::vector<double>> total_density(const Point& point, const NetworkSettings& settings,
                                                 NetworkEnd end, std::span<const double> x) {
  if (!known(point, settings)) return std::nullopt;
  const auto sum = sum_of(point, settings, end);
  if (!sum) return std::nullopt;
  const auto layer = exact_log_ratio(point.activation.facts(), point.width.value(), point.weights);
  const LogRatioLaw length = linear_log_ratio(point.width.value());
  const double variance = sum->layers * layer->variance + sum->lengths * length.variance;
  if (!(variance > 1e-20)) return std::nullopt;
  const double mean = sum->layers * layer->mean + sum->lengths * length.mean;
  // Periodic with 2π/h: some 40 standard deviations, for long tails to the left.
  const double step = 2 * std::numbers::pi / (40 * std::sqrt(variance));
  const auto transform = transform_of(point, *sum, step);
  if (!transform) return std::nullopt;
  std::vector<double> density;
  for (const double at : x) {
    const double y = at - sum->shift;
    double value = 0.5;
    for (std::size_t j = 1; j < transform->size(); ++j)
      value += ((*transform)[j] * std::polar(1.0, -step * static_cast<double>(j) * y)).real();
    const bool within = std::abs(y - mean) < 20 * std::sqrt(variance);
    density.push_back(within ? std::max(0.0, value * step / std::numbers::pi) : 0);
  }
  return density;
}

}  // namespace varprop::theory
