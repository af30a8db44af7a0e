// Weighted linear least squares with known errors.
#pragma once

#include <Eigen/Core>
#include <optional>

#include "analysis/parameter.hpp"

namespace varprop {

/// The least standard error of a rate: where nothing fluctuates, rounding does.
inline constexpr double least_error = 1e-12;

/// y ≈ X β, minimal Σ ((y_i − (Xβ)_i)/e_i)².
struct LinearFit {
  Eigen::VectorXd beta;
  Eigen::MatrixXd covariance;       ///< of β, from the errors alone
  double chi_squared;               ///< the minimum
  Eigen::Index degrees_of_freedom;  ///< points − parameters

  double error(Eigen::Index k) const;
  /// β_k, its error known to so many degrees of freedom.
  Parameter parameter(Eigen::Index k, double degrees) const;
};

/// `X` a row for each point, a column for each parameter; `y` and its standard errors `e` an element for each
/// point. At least as many points as parameters. Errors of 0 weigh all points alike.
LinearFit fit_linear(const Eigen::MatrixXd& X, const Eigen::VectorXd& y, const Eigen::VectorXd& e);

/// How likely residuals as large are where the points lie on the curve: the F distribution of χ²/dof, the
/// errors being known to `degrees` degrees of freedom. None where the curve has as many parameters as there
/// are points.
std::optional<double> goodness_of(const LinearFit& fit, double degrees);

}  // namespace varprop
