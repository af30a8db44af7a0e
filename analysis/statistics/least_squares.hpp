// Least squares, of lines and of curves with one parameter that they do not depend on linearly, and whether a
// law leaves anything behind. The one place of Eigen's decompositions, which take seconds to compile.
#pragma once

#include <Eigen/Core>
#include <functional>
#include <optional>

#include "analysis/statistics/estimate.hpp"

namespace varprop::analysis {

/// The least-squares solutions of A X ≈ B, a column for each column of B, by QR with column pivots. A is of
/// full rank and has at least as many rows as columns.
Eigen::VectorXd least_squares_solution(const Eigen::MatrixXd& A, const Eigen::VectorXd& b);
Eigen::MatrixXd least_squares_solutions(const Eigen::MatrixXd& A, const Eigen::MatrixXd& B);

/// A solution beside the pseudo-inverse A⁺, from one decomposition.
struct SolutionAndInverse {
  Eigen::VectorXd solution;
  Eigen::MatrixXd inverse;
};
SolutionAndInverse solve_and_invert(const Eigen::MatrixXd& A, const Eigen::VectorXd& b);

/// x of S x = b, S symmetric and semidefinite; not finite, or of the wrong sign, where S has no inverse.
Eigen::VectorXd symmetric_solution(const Eigen::MatrixXd& S, const Eigen::VectorXd& b);

/// As many orthonormal columns as A has, the first k of which span its first k.
Eigen::MatrixXd orthonormal_columns(const Eigen::MatrixXd& A);

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
  Estimate parameter(Eigen::Index k, double degrees) const;
};

/// `X` a row for each point, a column for each parameter; `y` and its standard errors `e` an element for each
/// point. At least as many points as parameters. Errors of 0 weigh all points alike.
LinearFit fit_linear(const Eigen::MatrixXd& X, const Eigen::VectorXd& y, const Eigen::VectorXd& e);

/// How likely residuals as large are where the points lie on the curve: the F distribution of χ²/dof, the
/// errors being known to `degrees` degrees of freedom. None where the curve has as many parameters as there
/// are points.
std::optional<double> goodness_of(const LinearFit& fit, double degrees);

/// What rounding may leave of a mean ⟨ln X⟩, relative to the largest of a profile.
inline constexpr double relative_rounding = 1e-10;

/// The p-value of the hypothesis that the rows of a sample (one for each batch, a column for each contrast)
/// have mean zero: Hotelling's T² = B c̄ᵀ S⁻¹ c̄, of which (B − d)/(d (B − 1)) T² follows F(d, B − d). Source:
/// Hotelling 1931; T. W. Anderson, An Introduction to Multivariate Statistical Analysis, ch. 5. Exact for
/// normal rows whatever their covariance. None for B ≤ d. `rounding`: a mean within it is zero.
std::optional<double> hotelling_p_value(const Eigen::MatrixXd& contrasts, double rounding);

/// Two orthonormal directions over layers (columns) for residuals r(l) √w(l): what u² and u³, times √w, have
/// outside the span of the columns of `law`, the law's tangent times √w (a row for each layer). u is the
/// law's coordinate at each layer, √w = `root_w`.
Eigen::MatrixXd leftover_contrasts(const Eigen::MatrixXd& law, const Eigen::VectorXd& root_w,
                                   const Eigen::VectorXd& u);

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

}  // namespace varprop::analysis
