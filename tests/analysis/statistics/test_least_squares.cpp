// Goodness of laws, least squares, and curves with one nonlinear parameter, against other ways to the same
// numbers.
//
// Seen red: with B in place of B − 1 in Hotelling's covariance, with the contrasts not orthogonal to the law,
// with unweighted rows, with λ's column left out of the tangent.
#include "analysis/statistics/least_squares.hpp"

#include <gtest/gtest.h>

#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <random>

namespace varprop::analysis {
namespace {

TEST(Hotelling, IsStudentsTestForOneContrast) {
  const Eigen::VectorXd sample{{0.3, -0.1, 0.5, 0.9, 0.2}};
  const double mean = sample.mean();
  const double error = std::sqrt((sample.array() - mean).square().sum() / 4 / 5);
  const boost::math::students_t law(4);
  EXPECT_NEAR(*hotelling_p_value(sample, 0), 2 * boost::math::cdf(boost::math::complement(law, mean / error)),
              1e-12);
}

TEST(Hotelling, DoesNotDependOnTheContrastsScales) {
  const Eigen::MatrixXd sample{{0.3, 1}, {-0.1, 2}, {0.5, 0}, {0.9, 3}, {0.2, 1}};
  Eigen::MatrixXd mixed(5, 2);
  mixed << 1e6 * sample.col(0), sample.col(1) - 3 * sample.col(0);
  EXPECT_NEAR(*hotelling_p_value(sample, 0), *hotelling_p_value(mixed, 0), 1e-9);
}

// p-values of normal rows are uniform: of 2000 below 0.1 are 200 ± 13.4, tolerance 4 of them, false alarm
// 6e-5.
TEST(Hotelling, IsExactForCorrelatedNormalRows) {
  std::mt19937_64 random(5);
  std::normal_distribution<double> normal;
  int rare = 0;
  for (int i = 0; i < 2000; ++i) {
    Eigen::MatrixXd rows(6, 2);
    for (Eigen::Index b = 0; b < 6; ++b) {
      const double common = normal(random);
      rows.row(b) << common, 0.9 * common + 0.1 * normal(random);
    }
    rare += *hotelling_p_value(rows, 0) < 0.1;
  }
  EXPECT_NEAR(rare, 200, 54);
}

TEST(Hotelling, NeedsMoreBatchesThanContrasts) {
  EXPECT_FALSE(hotelling_p_value(Eigen::MatrixXd::Ones(2, 2), 0));
  EXPECT_EQ(*hotelling_p_value(1e-14 * Eigen::MatrixXd::Ones(5, 2), 1e-12), 1);
  EXPECT_EQ(*hotelling_p_value(Eigen::MatrixXd::Ones(5, 2), 1e-12), 0);
}

TEST(LeftoverContrasts, SeeNothingOfTheLaw) {
  const Eigen::VectorXd l = Eigen::VectorXd::LinSpaced(30, 1, 30), w = l.cwiseInverse();
  Eigen::MatrixXd law(30, 2);
  law << w, w.cwiseProduct(l);
  const Eigen::MatrixXd contrasts = leftover_contrasts(law, w, l);
  EXPECT_LT((contrasts.transpose() * law).cwiseAbs().maxCoeff(), 1e-10);
  EXPECT_LT((contrasts.transpose() * contrasts - Eigen::Matrix2d::Identity()).cwiseAbs().maxCoeff(), 1e-12);
  EXPECT_GT((contrasts.transpose() * w.cwiseProduct(l.cwiseAbs2())).norm(), 1);
}

// A line through 10 points with unequal errors, 4000 times: β_1 scatters by its stated error within 4.5 % (4
// of 1/√8000), false alarm 6e-5.
TEST(FitLinear, KnowsItsErrors) {
  std::mt19937_64 random(7);
  std::normal_distribution<double> normal;
  Eigen::MatrixXd X(10, 2);
  X << Eigen::VectorXd::Ones(10), Eigen::VectorXd::LinSpaced(10, 0, 9);
  const Eigen::VectorXd e = Eigen::VectorXd::LinSpaced(10, 0.1, 2);
  double squares = 0, chi_squared = 0;
  for (int i = 0; i < 4000; ++i) {
    Eigen::VectorXd y(10);
    for (Eigen::Index k = 0; k < 10; ++k) y[k] = 1 + 2 * X(k, 1) + e[k] * normal(random);
    const LinearFit fit = fit_linear(X, y, e);
    squares += std::pow((fit.beta[1] - 2) / fit.error(1), 2) / 4000;
    chi_squared += fit.chi_squared / 4000;
  }
  EXPECT_NEAR(std::sqrt(squares), 1, 0.045);
  EXPECT_NEAR(chi_squared, 8, 4 * std::sqrt(16.0 / 4000));
}

TEST(FitCurve, FindsAnExactCurveAndItsTangent) {
  const Eigen::VectorXd l = Eigen::VectorXd::LinSpaced(20, 1, 20);
  const auto basis = [l](double lambda) {
    Eigen::MatrixXd columns(20, 2);
    columns << Eigen::VectorXd::Ones(20), (-lambda * l).array().exp();
    return columns;
  };
  const auto slope = [l](double lambda) {
    Eigen::MatrixXd columns(20, 2);
    columns << Eigen::VectorXd::Zero(20), -l.array() * (-lambda * l).array().exp();
    return columns;
  };
  const CurveFamily family{basis, slope, 0.01, 2};
  const Eigen::VectorXd y = 3 - 5 * (-0.31 * l).array().exp(), w = Eigen::VectorXd::Ones(20);
  const CurveFit fit = fit_curve(family, y, w);
  EXPECT_FALSE(fit.at_edge);
  EXPECT_NEAR(fit.lambda, 0.31, 1e-6);
  EXPECT_NEAR(fit.beta[1], -5, 1e-5);
  const double step = 1e-6;
  const Eigen::VectorXd along =
      (basis(fit.lambda + step) * fit.beta - basis(fit.lambda - step) * fit.beta) / (2 * step);
  EXPECT_LT((along - fit.tangent.col(2)).cwiseAbs().maxCoeff(), 1e-6);
  // A batch that differs by one step along λ is told so.
  Eigen::MatrixXd profiles(2, 20);
  profiles.row(0) = (fit.fitted + 1e-4 * fit.tangent.col(2)).transpose();
  profiles.row(1) = (fit.fitted - 1e-4 * fit.tangent.col(2)).transpose();
  EXPECT_NEAR(parameters_by_batch(fit, profiles, w)(0, 2) - fit.lambda, 1e-4, 1e-9);
  EXPECT_TRUE(fit_curve({basis, slope, 0.5, 2}, y, w).at_edge);
}

}  // namespace
}  // namespace varprop::analysis
