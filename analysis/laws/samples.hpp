// What the points of a group add to a law across them, and a weighted fit of it beside the same fit of
// theory.
#pragma once

#include <Eigen/Core>
#include <functional>
#include <optional>
#include <vector>

#include "analysis/laws/laws.hpp"
#include "analysis/statistics/least_squares.hpp"

namespace varprop::analysis {

/// What one point adds to a law across points.
struct Sample {
  const PointAnalysis* of;
  double n;
  double L;
  Estimate measured;
  std::optional<double> theory;  ///< what it would be
  double neglected = 0;          ///< how far theory may be off
  double value = measured.value;
  double error = measured.error.value_or(0);
};

Sample sample_of(const PointAnalysis& analysis, const Estimate& measured, std::optional<double> theory);

/// A variable of samples: n, (L−1)/n.
using Variable = std::function<double(const Sample&)>;
double width_of(const Sample& sample);

/// The samples that a law is fitted to: those of networks whose hidden layers are all so wide, all but a few
/// on one course, whose error is known.
std::vector<Sample> fitted_from(const std::vector<Sample>& all, std::int64_t least_width);

/// The mark of a sample on the law's chart, to be placed.
LawMark mark_of(const Sample& sample, double x);

/// Gives all errors one size relative to `scale`: their root mean square in units of it.
void pool_errors(std::vector<Sample>& samples, const Variable& scale);

/// Smallest and largest of a variable, and how many different values it has.
struct Spread {
  Interval range;
  std::size_t values;

  double ratio() const { return range.high / range.low; }
  theory::Reason too_little(theory::Reason::Name name) const {
    return {name, static_cast<double>(values), ratio()};
  }
};
Spread spread_of(const std::vector<Sample>& samples, const Variable& variable);

/// A row of regressors for each sample.
using Regressors = std::function<Eigen::RowVectorXd(const Sample&)>;

/// A fit of the samples, the same fit of theory's values where all of them have one, and of what theory
/// neglects.
struct ComparedFit {
  LinearFit data;
  std::optional<Eigen::VectorXd> theory;
  Eigen::VectorXd neglected;

  std::optional<double> theory_of(Eigen::Index k) const;
  double neglected_of(Eigen::Index k) const;
};
ComparedFit fit_samples(const std::vector<Sample>& samples, const Regressors& regressors);

/// A law's samples, what they are fitted by, and the variable along which they may bend.
struct Fitting {
  std::vector<Sample> samples;
  Regressors regressors;
  Variable variable;
};

/// Gives a law the k-th parameter of a fit, and asks the data of it (statistics/refusals.hpp). `unknown`:
/// what else is not known of it than noise, added to its error in squares.
void conclude(Law& law, const Fitting& fitting, Eigen::Index k, bool may_be_zero, double unknown = 0);

}  // namespace varprop::analysis
