#include "analysis/exponential_law.hpp"

#include <cmath>

#include "analysis/goodness.hpp"

namespace varprop {

namespace {

Eigen::VectorXd end_point_slopes(const ProfileMatrix& profiles) {
  const Eigen::Index last = profiles.size() - 1;
  return (profiles.values.col(last) - profiles.values.col(0)) / (profiles.layers[last] - profiles.layers[0]);
}

double mean_slope_of(const ProfileMatrix& profiles) {
  return end_point_slopes(profiles).mean();
}

std::optional<double> leftover_p_value(const ProfileMatrix& profiles) {
  Eigen::MatrixXd line(profiles.size(), 2);
  const Eigen::VectorXd ones = Eigen::VectorXd::Ones(profiles.size());
  line << ones, profiles.layers;
  const Eigen::MatrixXd contrasts = profiles.values * leftover_contrasts(line, ones, profiles.layers);
  return hotelling_p_value(contrasts, relative_rounding * profiles.values.cwiseAbs().maxCoeff());
}

}  // namespace

LawParameter exponential_rate(const ProfileMatrix& profiles) {
  LawParameter rate{.name = "rate"};
  const Eigen::Index last = profiles.size() - 1;
  rate.points = profiles.size();
  rate.window_low = profiles.layers[0];
  rate.window_high = profiles.layers[last];
  if (profiles.batches() == 0)
    return refuse(rate, "every network of every batch is extinct in the window"), rate;
  if (profiles.size() < 4) return refuse(rate, "fewer than 4 recorded layers in the window"), rate;
  const Eigen::VectorXd slopes = end_point_slopes(profiles);
  rate.estimate = parameter_of(*mean_of({slopes.data(), static_cast<std::size_t>(slopes.size())}));
  rate.goodness = leftover_p_value(profiles);
  if (std::abs(rate.estimate->value) * (rate.window_high - rate.window_low) < least_log_change) {
    refuse(rate, "changes by less than a factor e over the window");
  }
  const Eigen::Index middle = last / 2;
  judge(rate, mean_slope_of(profiles.columns(0, middle)), mean_slope_of(profiles.columns(middle, last)));
  return rate;
}

}  // namespace varprop
