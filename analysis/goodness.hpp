// Does a law leave anything behind? A test that layers may be correlated in.
#pragma once

#include <Eigen/Core>
#include <optional>

namespace varprop {

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

}  // namespace varprop
