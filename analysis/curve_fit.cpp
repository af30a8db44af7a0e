#include "analysis/curve_fit.hpp"

#include <algorithm>
#include <boost/math/tools/minima.hpp>
#include <vector>

#include "analysis/decompositions.hpp"
#include "analysis/goodness.hpp"

namespace varprop {

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

}  // namespace varprop
