#include "theory/map_moments.hpp"

#include <cmath>

#include "core/activations/scalar.hpp"
#include "core/contracts.hpp"
#include "theory/quadrature.hpp"

namespace varprop {

namespace {

/// φ where a pre-activation x = √q z stands.
struct At {
  double x, z2;          // z2 = z²
  double phi, slope;     // φ(x), φ'(x)
  double tangent_slope;  // φ'(0) on the side of x
};

template <class F>
Estimate mean_at(const MeanField& mean_field, double q, const F& f) {
  const ActivationFacts& facts = mean_field.facts();
  const double phase = std::sqrt(felt_variance(facts, q) / q);
  return scalar::visit(mean_field.activation(), [&](const auto& phi) {
    return gaussian_mean(facts.kinks, q, [&](double x, double z) {
      const auto [value, slope] = phi(scalar::Arithmetic<double>{}, phase * x);
      return f(At{x, z * z, value, slope, x < 0 ? facts.at_zero.negative : facts.at_zero.positive});
    });
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

/// From f its tangent law at 0 is subtracted before it is differentiated, whose contribution is zero: it
/// would only cancel.
EstimatedMapMoments map_moments(const MeanField& mean_field, double q) {
  VARPROP_EXPECT(q > 0);
  EstimatedMapMoments moments{};
  const auto put = [&](double MapMoments::*moment, const Estimate& mean, double divisor = 1) {
    moments.value.*moment = mean.value / divisor;
    moments.error.*moment = mean.error / divisor;
  };
  const auto mean = [&](const auto& f) { return mean_at(mean_field, q, f); };
  const auto bent_square = [](const At& at) { return squared(at.phi) - squared(at.tangent_slope * at.x); };
  const auto bent_slope = [](const At& at) { return squared(at.slope) - squared(at.tangent_slope); };
  put(&MapMoments::V, mean_field.V(q));
  put(&MapMoments::D, mean_field.D(q));
  put(&MapMoments::V_second, mean([&](const At& at) { return bent_square(at) * hermite_4(at.z2); }),
      4 * q * q);
  put(&MapMoments::D_first, mean([&](const At& at) { return bent_slope(at) * hermite_2(at.z2); }), 2 * q);
  put(&MapMoments::D_second, mean([&](const At& at) { return bent_slope(at) * hermite_4(at.z2); }),
      4 * q * q);
  put(&MapMoments::phi_4, mean([](const At& at) { return squared(squared(at.phi)); }));
  put(&MapMoments::slope_4, mean([](const At& at) { return squared(squared(at.slope)); }));
  put(&MapMoments::phi_2_slope_2, mean([](const At& at) { return squared(at.phi * at.slope); }));
  put(&MapMoments::z_2_slope_2, mean([](const At& at) { return squared(at.x * at.slope); }));
  put(&MapMoments::z_phi_slope, mean([](const At& at) { return at.x * at.phi * at.slope; }));
  return moments;
}

}  // namespace varprop
