// Least squares for curves with one parameter that they do not depend on linearly.
//
//     y(l) ≈ Σ_k β_k φ_k(l; λ),   minimal Σ_l w(l) (y(l) − Σ_k β_k φ_k(l; λ))²
//
// For every λ the best β is a linear problem, so that a search along one line finds the minimum (variable
// projection; Golub & Pereyra 1973, SIAM J. Numer. Anal. 10).
#pragma once

#include <Eigen/Core>
#include <functional>

namespace varprop {

struct CurveFamily {
  /// φ_k(l; λ): a row for each layer, a column for each k.
  std::function<Eigen::MatrixXd(double lambda)> basis;
  /// ∂φ_k(l; λ)/∂λ, of the same shape.
  std::function<Eigen::MatrixXd(double lambda)> basis_slope;
  double lambda_low;  ///< where λ is looked for
  double lambda_high;
};

struct CurveFit {
  Eigen::VectorXd beta;
  double lambda;
  bool at_edge;             ///< the best λ is an end of its range: the family does not have this curve
  Eigen::VectorXd fitted;   ///< y(l)
  Eigen::MatrixXd tangent;  ///< ∂y(l)/∂(β, λ): a row for each layer, λ in the last column
};

/// Fits the curve y, an element for each layer, with weights w > 0.
CurveFit fit_curve(const CurveFamily& family, const Eigen::VectorXd& y, const Eigen::VectorXd& w);

/// (β, λ) of every batch: one Gauss–Newton step from the fit of the mean profile towards the batch's own
/// profile,
///
///     θ_b = θ + (JᵀWJ)⁻¹ JᵀW (y_b − ȳ),      J the tangent.
///
/// Their mean is θ, and their scatter gives θ's error with λ free, to first order in the noise of the mean.
/// `profiles`: a row for each batch; the result has a row for each batch and a column for each parameter.
Eigen::MatrixXd parameters_by_batch(const CurveFit& fit, const Eigen::MatrixXd& profiles,
                                    const Eigen::VectorXd& w);

/// What every batch leaves behind along the two contrasts of u² and u³ that the curve's tangent does not
/// hold.
Eigen::MatrixXd leftovers_by_batch(const CurveFit& fit, const Eigen::MatrixXd& profiles,
                                   const Eigen::VectorXd& w, const Eigen::VectorXd& u);

}  // namespace varprop
