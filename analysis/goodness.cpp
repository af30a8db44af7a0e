#include "analysis/goodness.hpp"

#include <cmath>

#include "analysis/decompositions.hpp"
#include "analysis/distributions.hpp"
#include "core/contracts.hpp"

namespace varprop {

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

}  // namespace varprop
