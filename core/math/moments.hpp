// Mean and variance over replicas, of plain numbers and of logarithms of positive ones, mergeable.
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>

#include "core/math/magnitude.hpp"

namespace varprop {

/// Count, mean and M2 = Σ(x − mean)² (Welford). Merging follows Chan, Golub, LeVeque, "Algorithms for
/// computing the sample variance", Am. Stat. 37 (1983).
class Moments {
 public:
  Moments() = default;
  /// The accumulator that has this count, mean and unbiased variance (which a single sample has not).
  Moments(std::int64_t count, double mean, double variance)
      : count_(count),
        mean_(count > 0 ? mean : 0),
        m2_(count > 1 ? variance * static_cast<double>(count - 1) : 0) {}

  void add(double x) {
    ++count_;
    const double step = x - mean_;
    mean_ += step / static_cast<double>(count_);
    m2_ += step * (x - mean_);
  }

  /// Adds the samples of another accumulator.
  void merge(const Moments& other) {
    if (other.count_ == 0) return;
    const auto a = static_cast<double>(count_);
    const auto b = static_cast<double>(other.count_);
    const double step = other.mean_ - mean_;
    mean_ += step * (b / (a + b));
    m2_ += other.m2_ + step * step * (a * b / (a + b));
    count_ += other.count_;
  }

  std::int64_t count() const { return count_; }
  /// ⟨x⟩; NaN without a sample.
  double mean() const { return count_ > 0 ? mean_ : nothing; }
  /// Unbiased; NaN below two samples.
  double variance() const { return count_ > 1 ? m2_ / static_cast<double>(count_ - 1) : nothing; }

 private:
  static constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

  std::int64_t count_ = 0;
  double mean_ = 0;
  double m2_ = 0;
};

/// The moments of x = ln X over the samples with X > 0, the sum of X over all, and the number of extinct
/// samples, X = 0. One infinite X makes the means infinite and the variance no number.
class LogMoments {
 public:
  void add(const Magnitude& X) {
    if (X.zero()) {
      ++extinct_;
      return;
    }
    if (X.infinite()) {
      ++infinite_;
      return;
    }
    sum_ = sum_ + X;
    logarithms_.add(X.ln());
  }

  /// Adds the samples of another accumulator.
  void merge(const LogMoments& other) {
    extinct_ += other.extinct_;
    infinite_ += other.infinite_;
    sum_ = sum_ + other.sum_;
    logarithms_.merge(other.logarithms_);
  }

  std::int64_t count() const { return logarithms_.count() + infinite_; }  ///< samples with X > 0
  std::int64_t extinct() const { return extinct_; }                       ///< samples with X = 0

  /// ⟨ln X⟩ over X > 0; NaN without one.
  double log_mean() const { return infinite_ > 0 ? HUGE_VAL : logarithms_.mean(); }
  /// Unbiased variance of ln X over X > 0; NaN below two.
  double log_variance() const {
    return infinite_ > 0 ? std::numeric_limits<double>::quiet_NaN() : logarithms_.variance();
  }
  /// ln of the arithmetic mean of X over all samples, extinct ones counting 0; NaN if none is positive.
  double log_of_mean() const {
    if (count() == 0) return std::numeric_limits<double>::quiet_NaN();
    if (infinite_ > 0) return HUGE_VAL;
    return (sum_ / Magnitude::from(static_cast<double>(count() + extinct_))).ln();
  }

 private:
  Moments logarithms_;
  std::int64_t extinct_ = 0, infinite_ = 0;
  Magnitude sum_;
};

}  // namespace varprop
