#include "analysis/goodness.hpp"

#include <Eigen/Cholesky>
#include <Eigen/QR>
#include <boost/math/distributions/fisher_f.hpp>
#include <cmath>

#include "core/contracts.hpp"

namespace varprop {

namespace {

/// Doubles are exact enough, and several times faster than Boost's habit of long doubles.
using Doubles = boost::math::policies::policy<boost::math::policies::promote_double<false>>;
using FisherF = boost::math::fisher_f_distribution<double, Doubles>;

}  // namespace

std::optional<double> hotelling_p_value(const Eigen::MatrixXd& contrasts, double rounding) {
  const Eigen::Index B = contrasts.rows(), d = contrasts.cols();
  if (B <= d) return std::nullopt;
  const Eigen::RowVectorXd mean = contrasts.colwise().mean();
  if (mean.cwiseAbs().maxCoeff() <= rounding) return 1.0;
  const Eigen::MatrixXd centered = contrasts.rowwise() - mean;
  const Eigen::MatrixXd S = centered.transpose() * centered / static_cast<double>(B - 1);
  if (S.cwiseAbs().maxCoeff() <= rounding * rounding) return 0.0;  // no spread: the mean stands beyond doubt
  const Eigen::VectorXd solved = S.ldlt().solve(mean.transpose());
  const double T2 = static_cast<double>(B) * mean.dot(solved);
  if (!std::isfinite(T2) || T2 < 0) return 0.0;  // no spread along some direction
  const auto degrees = static_cast<double>(d), rest = static_cast<double>(B - d);
  const FisherF law(degrees, rest);
  return boost::math::cdf(boost::math::complement(law, rest / (degrees * static_cast<double>(B - 1)) * T2));
}

Eigen::MatrixXd leftover_contrasts(const Eigen::MatrixXd& law, const Eigen::VectorXd& root_w,
                                   const Eigen::VectorXd& u) {
  VARPROP_EXPECT(law.rows() == u.size() && u.size() >= law.cols() + 2);
  const double low = u.minCoeff(), high = u.maxCoeff();
  const Eigen::ArrayXd t = (2 * u.array() - low - high) / (high - low);
  Eigen::MatrixXd all(law.rows(), law.cols() + 2);
  all << law.colwise().normalized(), t.square() * root_w.array(), t.cube() * root_w.array();
  const Eigen::MatrixXd Q = Eigen::HouseholderQR<Eigen::MatrixXd>(all).householderQ() *
                            Eigen::MatrixXd::Identity(all.rows(), all.cols());
  return Q.rightCols(2);
}

}  // namespace varprop
