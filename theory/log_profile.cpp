#include "theory/log_profile.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/contracts.hpp"

namespace varprop {

namespace {

const double largest_log_q = 290 * std::log(10.0);

/// ln V, by V(λq) = λV(q) beyond ±largest_log_q where φ(0) = 0 or φ is not bounded.
double log_V(const MeanField& mean_field, double log_q) {
  const double within = std::clamp(log_q, -largest_log_q, largest_log_q);
  const ActivationFacts& facts = mean_field.facts();
  const bool straight = log_q < 0 ? facts.value_at_zero == 0.0 : mean_square(facts.at_infinity) > 0;
  return std::log(mean_field.V(std::exp(within)).value) + (straight ? log_q - within : 0.0);
}

/// ln(e^a + e^b).
double log_of_sum(double a, double b) {
  const double larger = std::max(a, b);
  return std::isinf(larger) ? larger : larger + std::log1p(std::exp(std::min(a, b) - larger));
}

}  // namespace

std::vector<double> log_variance_profile(const MeanField& mean_field, Variances variances, double log_first_q,
                                         int depth) {
  VARPROP_EXPECT(std::isfinite(log_first_q) && depth >= 1);
  constexpr double settled = 4 * std::numeric_limits<double>::epsilon();
  std::vector<double> log_q{log_first_q};
  while (static_cast<int>(log_q.size()) < depth) {
    const double here = log_q.back(), next = log_of_sum(std::log(variances.weight) + log_V(mean_field, here),
                                                        std::log(variances.bias));
    const bool stays = std::abs(next - here) < settled;
    log_q.resize(stays ? static_cast<std::size_t>(depth) : log_q.size() + 1, next);
  }
  return log_q;
}

double log_gradient_gain(const MeanField& mean_field, Variances variances, const std::vector<double>& log_q) {
  double sum = 0, gain = 0;
  for (std::size_t l = 0; l + 1 < log_q.size(); ++l) {
    if (l == 0 || log_q[l] != log_q[l - 1]) {
      const double within = std::clamp(log_q[l], -largest_log_q, largest_log_q);
      gain = std::log(variances.weight) + std::log(mean_field.D(std::exp(within)).value);
    }
    sum += gain;
  }
  return sum;
}

}  // namespace varprop
