#include "analysis/least_squares.hpp"

#include <cmath>

#include "analysis/decompositions.hpp"
#include "analysis/distributions.hpp"
#include "core/contracts.hpp"

namespace varprop {

double LinearFit::error(Eigen::Index k) const {
  return std::sqrt(covariance(k, k));
}

Parameter LinearFit::parameter(Eigen::Index k, double degrees) const {
  return {beta[k], error(k), degrees};
}

LinearFit fit_linear(const Eigen::MatrixXd& X, const Eigen::VectorXd& y, const Eigen::VectorXd& e) {
  VARPROP_EXPECT(X.rows() == y.size() && y.size() == e.size() && X.rows() >= X.cols());
  const bool exact = e.maxCoeff() == 0;
  const Eigen::VectorXd w = exact ? Eigen::VectorXd::Ones(e.size()) : Eigen::VectorXd(e.cwiseInverse());
  const Eigen::MatrixXd A = w.asDiagonal() * X;
  const Eigen::VectorXd b = w.cwiseProduct(y);
  const auto [beta, inverse] = solve_and_invert(A, b);
  Eigen::MatrixXd covariance = inverse * inverse.transpose();
  if (exact) covariance.setZero();
  return {beta, covariance, (b - A * beta).squaredNorm(), A.rows() - A.cols()};
}

std::optional<double> goodness_of(const LinearFit& fit, double degrees) {
  if (fit.degrees_of_freedom == 0) return std::nullopt;
  const auto free = static_cast<double>(fit.degrees_of_freedom);
  return f_exceeds(free, degrees, fit.chi_squared / free);
}

}  // namespace varprop
