#include "analysis/power_law.hpp"

#include <algorithm>
#include <cmath>

#include "analysis/curve_fit.hpp"
#include "analysis/goodness.hpp"

namespace varprop {

namespace {

constexpr Eigen::Index least_layers = 8;  // five for the law and its contrasts, and half a window each

/// λ = ln(l_1 + l₀), l_1 the window's first layer: from half a layer to eight windows.
CurveFamily power_family(const Eigen::VectorXd& layers) {
  const double first = layers[0];
  const auto shifted = [layers, first](double lambda) -> Eigen::ArrayXd {
    return layers.array() - first + std::exp(lambda);
  };
  const auto basis = [shifted](double lambda) {
    const Eigen::ArrayXd l = shifted(lambda);
    Eigen::MatrixXd columns(l.size(), 2);
    columns << Eigen::VectorXd::Ones(l.size()), l.log();
    return columns;
  };
  const auto basis_slope = [shifted](double lambda) {
    const Eigen::ArrayXd l = shifted(lambda);
    Eigen::MatrixXd columns(l.size(), 2);
    columns << Eigen::VectorXd::Zero(l.size()), std::exp(lambda) / l;
    return columns;
  };
  return {basis, basis_slope, std::log(0.5), std::log(8 * layers[layers.size() - 1])};
}

Eigen::VectorXd octave_weights(const Eigen::VectorXd& layers) {
  return layers.cwiseInverse();
}

CurveFit fit_power(const ProfileMatrix& profiles) {
  return fit_curve(power_family(profiles.layers), profiles.mean(), octave_weights(profiles.layers));
}

double exponent_of(const ProfileMatrix& profiles) {
  return fit_power(profiles).beta[1];
}

/// The first layer at or beyond the window's geometric middle, so that each half has layers for its three
/// parameters.
Eigen::Index middle_octave(const Eigen::VectorXd& layers) {
  const double middle = std::sqrt(layers[0] * layers[layers.size() - 1]);
  const Eigen::Index at = std::lower_bound(layers.begin(), layers.end(), middle) - layers.begin();
  return std::clamp<Eigen::Index>(at, 3, layers.size() - 4);
}

void measure_exponent(LawParameter& exponent, const ProfileMatrix& profiles) {
  const CurveFit fit = fit_power(profiles);
  const Eigen::VectorXd w = octave_weights(profiles.layers);
  const Eigen::VectorXd by_batch = parameters_by_batch(fit, profiles.values, w).col(1);
  exponent.estimate = parameter_of(*mean_of({by_batch.data(), static_cast<std::size_t>(by_batch.size())}));
  const Eigen::VectorXd u = (profiles.layers.array() - profiles.layers[0] + std::exp(fit.lambda)).log();
  exponent.goodness = hotelling_p_value(leftovers_by_batch(fit, profiles.values, w, u),
                                        relative_rounding * profiles.values.cwiseAbs().maxCoeff());
  const Eigen::VectorXd mean = profiles.mean();
  if (std::abs(mean[mean.size() - 1] - mean[0]) < least_log_change) {
    return refuse(exponent, "changes by less than a factor e over the window");
  }
  if (fit.at_edge) return refuse(exponent, "no power law: no shift of the layers straightens the profile");
  const Eigen::Index middle = middle_octave(profiles.layers);
  judge(exponent, exponent_of(profiles.columns(0, middle)),
        exponent_of(profiles.columns(middle, profiles.size() - 1)));
}

}  // namespace

Reasoned<Window> power_window(std::span<const std::int32_t> layers, std::int32_t depth) {
  const std::int32_t first = std::max(first_power_layer, (depth + 15) / 16);
  const auto begin = std::lower_bound(layers.begin(), layers.end(), first);
  if (layers.end() - begin < least_layers || layers.back() < least_layer_ratio * *begin) {
    return Reasoned<Window>::none("fewer than 8 recorded layers, or less than a factor 4, from layer 16 on");
  }
  return Window{static_cast<std::size_t>(begin - layers.begin()), layers.size() - 1};
}

LawParameter power_exponent(const ProfileMatrix& profiles) {
  LawParameter exponent{.name = "exponent"};
  exponent.points = profiles.size();
  exponent.window_low = profiles.layers[0];
  exponent.window_high = profiles.layers[profiles.size() - 1];
  if (profiles.batches() == 0) {
    refuse(exponent, "every network of every batch is extinct in the window");
  } else {
    measure_exponent(exponent, profiles);
  }
  return exponent;
}

}  // namespace varprop
