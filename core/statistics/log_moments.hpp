// Statistics of the logarithm of a positive quantity over replicas, mergeable.
#pragma once

#include <cstdint>
#include <limits>

#include "core/math/magnitude.hpp"

namespace varprop {

/// Count, mean and M2 = Σ(x − mean)² of x = ln X over the samples with X > 0 (Welford), the sum of X over
/// all, and the number of extinct samples, X = 0. Merging follows Chan, Golub, LeVeque, "Algorithms for
/// computing the sample variance", Am. Stat. 37 (1983).
class LogMoments {
 public:
  void add(const Magnitude& X) {
    if (X.zero()) {
      ++extinct_;
      return;
    }
    sum_ = sum_ + X;
    const double x = X.ln();
    ++count_;
    const double step = x - mean_;
    mean_ += step / static_cast<double>(count_);
    m2_ += step * (x - mean_);
  }

  /// Adds the samples of another accumulator.
  void merge(const LogMoments& other) {
    extinct_ += other.extinct_;
    sum_ = sum_ + other.sum_;
    if (other.count_ == 0) return;
    const auto a = static_cast<double>(count_);
    const auto b = static_cast<double>(other.count_);
    const double step = other.mean_ - mean_;
    mean_ += step * (b / (a + b));
    m2_ += other.m2_ + step * step * (a * b / (a + b));
    count_ += other.count_;
  }

  std::int64_t count() const { return count_; }      ///< samples with X > 0
  std::int64_t extinct() const { return extinct_; }  ///< samples with X = 0

  /// ⟨ln X⟩ over X > 0; NaN without one.
  double log_mean() const { return count_ > 0 ? mean_ : nothing; }
  /// Unbiased variance of ln X over X > 0; NaN below two.
  double log_variance() const { return count_ > 1 ? m2_ / static_cast<double>(count_ - 1) : nothing; }
  /// ln of the arithmetic mean of X over all samples, extinct ones counting 0; NaN if none is positive.
  double log_of_mean() const {
    if (count_ == 0) return nothing;
    return (sum_ / Magnitude::from(static_cast<double>(count_ + extinct_))).ln();
  }

 private:
  static constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

  std::int64_t count_ = 0;
  std::int64_t extinct_ = 0;
  double mean_ = 0;
  double m2_ = 0;
  Magnitude sum_;
};

}  // namespace varprop
