#include "theory/map_moments.hpp"

#include <cmath>

#include "core/activations/phi.hpp"
#include "core/contracts.hpp"
#include "theory/quadrature.hpp"

namespace varprop {

namespace {

/// What φ looks like on one side of 0 where most of the signal is: its tangent at 0 while q < 1, else its
/// asymptote; of an asymptote that rises its slope only.
struct Line {
  double slope;
  double level;
};

Line line_of(const ActivationFacts& facts, const Phi& phi, double q, bool negative) {
  const auto side = [negative](const Slopes& slopes) { return negative ? slopes.negative : slopes.positive; };
  if (q < 1) return {side(facts.at_zero), 0};
  constexpr double far = 1e300;
  const bool levels_out = side(facts.at_infinity) == 0 && !facts.oscillates;
  return {side(facts.at_infinity), levels_out ? phi.value(negative ? -far : far) : 0};
}

/// φ where a pre-activation x = √q z stands.
struct At {
  double x, z2;       // z2 = z²
  double phi, slope;  // φ(x), φ'(x)
  const Line& line;   // on the side of x
};

template <class F>
Estimate mean_at(const MeanField& mean_field, double q, const F& f) {
  const ActivationFacts& facts = mean_field.facts();
  const double phase = std::sqrt(felt_variance(facts, q) / q);
  const Phi phi(mean_field.activation());
  const Line negative = line_of(facts, phi, q, true), positive = line_of(facts, phi, q, false);
  return gaussian_mean(facts.kinks, q, [&](double x, double z) {
    const auto [value, slope] = phi(phase * x);
    return f(At{x, z * z, value, slope, x < 0 ? negative : positive});
  });
}

double squared(double x) {
  return x * x;
}
double hermite_2(double z2) {
  return z2 - 1;
}
double hermite_4(double z2) {
  return z2 * (z2 - 6) + 3;
}

}  // namespace

/// From f that of the line is subtracted before it is differentiated, whose contribution is zero: it would
/// only cancel.
EstimatedMapMoments map_moments(const MeanField& mean_field, double q) {
  VARPROP_EXPECT(q > 0);
  EstimatedMapMoments moments{};
  const auto put = [&](double MapMoments::*moment, const Estimate& mean, double divisor = 1) {
    moments.value.*moment = mean.value / divisor;
    moments.error.*moment = mean.error / divisor;
  };
  const auto mean = [&](const auto& f) { return mean_at(mean_field, q, f); };
  const auto bent_square = [](const At& at) {
    return squared(at.phi) - squared(at.line.slope * at.x) - squared(at.line.level);
  };
  const auto bent_slope = [](const At& at) { return squared(at.slope) - squared(at.line.slope); };
  const Estimate V = mean_field.V(q);
  put(&MapMoments::V, V);
  put(&MapMoments::D, mean_field.D(q));
  put(&MapMoments::V_second, mean([&](const At& at) { return bent_square(at) * hermite_4(at.z2); }),
      4 * q * q);
  put(&MapMoments::D_first, mean([&](const At& at) { return bent_slope(at) * hermite_2(at.z2); }), 2 * q);
  put(&MapMoments::D_second, mean([&](const At& at) { return bent_slope(at) * hermite_4(at.z2); }),
      4 * q * q);
  put(&MapMoments::phi_2_variance, mean([&](const At& at) { return squared(squared(at.phi) - V.value); }));
  put(&MapMoments::slope_4, mean([](const At& at) { return squared(squared(at.slope)); }));
  put(&MapMoments::phi_2_slope_2, mean([](const At& at) { return squared(at.phi * at.slope); }));
  put(&MapMoments::z_2_slope_2, mean([](const At& at) { return squared(at.x * at.slope); }));
  put(&MapMoments::z_phi_slope, mean([](const At& at) { return at.x * at.phi * at.slope; }));
  return moments;
}

}  // namespace varprop
