#include "analysis/least_squares.hpp"

#include <Eigen/QR>
#include <boost/math/distributions/fisher_f.hpp>
#include <cmath>

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
  const Eigen::ColPivHouseholderQR<Eigen::MatrixXd> qr(A);
  const Eigen::VectorXd beta = qr.solve(b);
  const Eigen::MatrixXd inverse = qr.solve(Eigen::MatrixXd::Identity(A.rows(), A.rows()));  // A⁺
  Eigen::MatrixXd covariance = inverse * inverse.transpose();
  if (exact) covariance.setZero();
  return {beta, covariance, (b - A * beta).squaredNorm(), A.rows() - A.cols()};
}

std::optional<double> goodness_of(const LinearFit& fit, double degrees) {
  if (fit.degrees_of_freedom == 0) return std::nullopt;
  const auto free = static_cast<double>(fit.degrees_of_freedom);
  const boost::math::fisher_f law(free, degrees);
  return boost::math::cdf(boost::math::complement(law, fit.chi_squared / free));
}

}  // namespace varprop
