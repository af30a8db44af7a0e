#include "theory/networks/tangent_kernel.hpp"

#include <algorithm>
#include <cmath>

#include "core/errors.hpp"
#include "theory/means/log_ratio.hpp"

namespace varprop::theory {

namespace {

double log_of_total(const std::vector<double>& logarithms) {
  const double largest = *std::max_element(logarithms.begin(), logarithms.end());
  if (std::isinf(largest)) return largest;
  double sum = 0;
  for (const double x : logarithms) sum += std::exp(x - largest);
  return largest + std::log(sum);
}

/// ln(g_l/g_{l+1}) of layers 1 … L − 1; where every layer is alike without a search.
std::vector<double> gradient_factors(const MeanField& mean_field, Variances variances,
                                     const std::vector<double>& log_profile) {
  const std::size_t steps = log_profile.size() - 1;
  if (mean_field.facts().homogeneous())
    return std::vector<double>(steps, std::log(variances.weight * mean_square(mean_field.facts().at_zero)));
  std::vector<LayerState> below_last;
  for (std::size_t l = 0; l < steps; ++l) below_last.push_back({log_profile[l]});
  return log_gradient_factors(PlainLayer(mean_field, variances), below_last);
}

/// E|x|⁴/(E|x|²)².
double input_kurtosis(InputDistribution input, double n) {
  switch (input) {
    case InputDistribution::sphere:
    case InputDistribution::rademacher:
      return 1;
    case InputDistribution::gaussian:
    case InputDistribution::positive:
      return 1 + 2 / n;
    case InputDistribution::uniform:
      return 1 + 0.8 / n;
  }
  VARPROP_ASSERT(!"an input distribution without its fourth moment");
  return 1;
}

/// The three moments of M, and what factors D and W make of them.
class ProductMoments {
 public:
  ProductMoments(double n, double kappa, bool orthogonal) : n_(n), kappa_(kappa), orthogonal_(orthogonal) {}

  void through_slopes() {
    const double more = (kappa_ - 1) * diagonal_;
    squared_trace_ += more, trace_of_square_ += more, diagonal_ *= kappa_;
  }
  void through_weights() {
    const double both = squared_trace_ + 2 * trace_of_square_;
    if (orthogonal_) {
      diagonal_ = both / (n_ + 2);
      return;
    }
    const double before = squared_trace_;
    squared_trace_ += 2 * trace_of_square_ / n_;
    trace_of_square_ += (before + trace_of_square_) / n_;
    diagonal_ = both / n_;
  }
  void divide_by(double factor) {
    for (double* moment : {&squared_trace_, &trace_of_square_, &diagonal_}) *moment /= factor;
  }
  double squared_trace() const { return squared_trace_; }

 private:
  double n_, kappa_;
  bool orthogonal_;
  double squared_trace_ = 1, trace_of_square_ = 1 / n_, diagonal_ = 1 / n_;  // T₁, T₂, T₃
};

}  // namespace

TangentKernel tangent_kernel(const MeanField& mean_field, Variances variances,
                             const std::vector<double>& log_profile, std::int64_t width) {
  VARPROP_EXPECT(!log_profile.empty());
  const auto factors = gradient_factors(mean_field, variances, log_profile);
  std::vector<double> of_weights, of_biases;
  double log_g = 0;
  for (std::size_t l = log_profile.size(); l >= 1; --l) {
    if (l < log_profile.size()) log_g += factors[l - 1];
    of_biases.push_back(log_g);
    of_weights.push_back(log_g + log_given_square(variances, log_profile[l - 1]));
  }
  return {std::log(static_cast<double>(width)) + log_of_total(of_weights), log_of_total(of_biases)};
}

ValueOrReason<double> log_tangent_kernel_ratio(const ActivationFacts& facts, double bias_variance,
                                               WeightDistribution weights, InputDistribution input,
                                               std::int64_t width, int depth) {
  if (!facts.homogeneous() || bias_variance > 0) return Reason::only_homogeneous_without_biases;
  const bool orthogonal = weights == WeightDistribution::orthogonal;
  if (!orthogonal && weights != WeightDistribution::gaussian) return Reason::only_gaussian_and_orthogonal;
  const double n = static_cast<double>(width), L = depth, kappa = slope_kurtosis(facts.at_zero);
  const double f = orthogonal ? (n - 1 + 3 * kappa) / (n + 2) : 1 + (3 * kappa - 1) / n;
  ProductMoments product(n, kappa, orthogonal);
  double sum = L;  // Σ_{l,m} f^{−|l−m|} r_{|l−m|}
  for (int s = 1; s < depth; ++s) {
    if (s > 1) product.through_weights();
    product.through_slopes();
    product.divide_by(f);
    sum += 2 * (L - s) * product.squared_trace();
  }
  return (L - 1) * std::log(f) + std::log(input_kurtosis(input, n) * sum / (L * L));
}

}  // namespace varprop::theory
