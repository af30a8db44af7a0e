#include "analysis/statistics/least_squares.hpp"

#include <Eigen/Cholesky>
#include <Eigen/QR>
#include <algorithm>
#include <boost/math/tools/minima.hpp>
#include <cmath>
#include <vector>

#include "analysis/statistics/estimate.hpp"
#include "core/errors.hpp"

namespace varprop::analysis {

Eigen::VectorXd least_squares_solution(const Eigen::MatrixXd& A, const Eigen::VectorXd& b) {
  return A.colPivHouseholderQr().solve(b);
}

Eigen::MatrixXd least_squares_solutions(const Eigen::MatrixXd& A, const Eigen::MatrixXd& B) {
  return A.colPivHouseholderQr().solve(B);
}

SolutionAndInverse solve_and_invert(const Eigen::MatrixXd& A, const Eigen::VectorXd& b) {
  const Eigen::ColPivHouseholderQR<Eigen::MatrixXd> qr(A);
  return {qr.solve(b), qr.solve(Eigen::MatrixXd::Identity(A.rows(), A.rows()))};
}

Eigen::VectorXd symmetric_solution(const Eigen::MatrixXd& S, const Eigen::VectorXd& b) {
  return S.ldlt().solve(b);
}

Eigen::MatrixXd orthonormal_columns(const Eigen::MatrixXd& A) {
  return Eigen::HouseholderQR<Eigen::MatrixXd>(A).householderQ() *
         Eigen::MatrixXd::Identity(A.rows(), A.cols());
}

double LinearFit::error(Eigen::Index k) const {
  return std::sqrt(covariance(k, k));
}

Estimate LinearFit::parameter(Eigen::Index k, double degrees) const {
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

std::optional<double> hotelling_p_value(const Eigen::MatrixXd& contrasts, double rounding) {
  const Eigen::Index B = contrasts.rows(), d = contrasts.cols();
  if (B <= d) return std::nullopt;
  const Eigen::RowVectorXd mean = contrasts.colwise().mean();
  if (mean.cwiseAbs().maxCoeff() <= rounding) return 1.0;
  const Eigen::MatrixXd centered = contrasts.rowwise() - mean;
  const Eigen::MatrixXd S = centered.transpose() * centered / static_cast<double>(B - 1);
  if (S.cwiseAbs().maxCoeff() <= rounding * rounding) return 0.0;  // no spread: the mean stands beyond doubt
  const Eigen::VectorXd solved = symmetric_solution(S, mean.transpose());
  const double T2 = static_cast<double>(B) * mean.dot(solved);
  if (!std::isfinite(T2) || T2 < 0) return 0.0;  // no spread along some direction
  const auto degrees = static_cast<double>(d), rest = static_cast<double>(B - d);
  return f_exceeds_by_double(degrees, rest, rest / (degrees * static_cast<double>(B - 1)) * T2);
}

Eigen::MatrixXd leftover_contrasts(const Eigen::MatrixXd& law, const Eigen::VectorXd& root_w,
                                   const Eigen::VectorXd& u) {
  VARPROP_EXPECT(law.rows() == u.size() && u.size() >= law.cols() + 2);
  const double low = u.minCoeff(), high = u.maxCoeff();
  const Eigen::ArrayXd t = (2 * u.array() - low - high) / (high - low);
  Eigen::MatrixXd all(law.rows(), law.cols() + 2);
  all << law.colwise().normalized(), t.square() * root_w.array(), t.cube() * root_w.array();
  return orthonormal_columns(all).rightCols(2);
}

namespace {

constexpr int scan_steps = 64;
constexpr int minimum_bits = 24;  // a minimum is found to half the digits of a double

struct LinearSolution {
  Eigen::VectorXd beta;
  double residual;  ///< weighted sum of squares
};

LinearSolution solve_linear(const Eigen::MatrixXd& basis, const Eigen::VectorXd& y,
                            const Eigen::VectorXd& root_w) {
  const Eigen::MatrixXd weighted = root_w.asDiagonal() * basis;
  const Eigen::VectorXd target = root_w.cwiseProduct(y);
  const Eigen::VectorXd beta = least_squares_solution(weighted, target);
  return {beta, (target - weighted * beta).squaredNorm()};
}

}  // namespace

CurveFit fit_curve(const CurveFamily& family, const Eigen::VectorXd& y, const Eigen::VectorXd& w) {
  const Eigen::VectorXd root_w = w.cwiseSqrt();
  const auto residual = [&](double lambda) { return solve_linear(family.basis(lambda), y, root_w).residual; };
  const double step = (family.lambda_high - family.lambda_low) / scan_steps;
  const auto node = [&](int i) { return family.lambda_low + step * i; };
  std::vector<double> residuals;
  for (int i = 0; i <= scan_steps; ++i) residuals.push_back(residual(node(i)));
  const auto best =
      static_cast<int>(std::min_element(residuals.begin(), residuals.end()) - residuals.begin());
  const bool at_edge = best == 0 || best == scan_steps;
  double lambda = node(best);
  if (!at_edge) {
    lambda =
        boost::math::tools::brent_find_minima(residual, node(best - 1), node(best + 1), minimum_bits).first;
  }
  const Eigen::MatrixXd basis = family.basis(lambda);
  CurveFit fit{solve_linear(basis, y, root_w).beta, lambda, at_edge, {}, {}};
  fit.fitted = basis * fit.beta;
  fit.tangent.resize(basis.rows(), basis.cols() + 1);
  fit.tangent << basis, family.basis_slope(lambda) * fit.beta;
  return fit;
}

Eigen::MatrixXd parameters_by_batch(const CurveFit& fit, const Eigen::MatrixXd& profiles,
                                    const Eigen::VectorXd& w) {
  const Eigen::VectorXd root_w = w.cwiseSqrt();
  const Eigen::RowVectorXd mean = profiles.colwise().mean();
  const Eigen::MatrixXd deviations = root_w.asDiagonal() * (profiles.rowwise() - mean).transpose();
  const Eigen::MatrixXd tangent = root_w.asDiagonal() * fit.tangent;
  Eigen::VectorXd theta(fit.beta.size() + 1);
  theta << fit.beta, fit.lambda;
  return least_squares_solutions(tangent, deviations).transpose().rowwise() + theta.transpose();
}

Eigen::MatrixXd leftovers_by_batch(const CurveFit& fit, const Eigen::MatrixXd& profiles,
                                   const Eigen::VectorXd& w, const Eigen::VectorXd& u) {
  const Eigen::VectorXd root_w = w.cwiseSqrt();
  const Eigen::MatrixXd law = root_w.asDiagonal() * fit.tangent;
  const Eigen::MatrixXd residuals = (profiles.rowwise() - fit.fitted.transpose()) * root_w.asDiagonal();
  return residuals * leftover_contrasts(law, root_w, u);
}

}  // namespace varprop::analysis
