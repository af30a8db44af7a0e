// Statistics of the logarithm of a positive quantity over replicas, mergeable.
#pragma once

#include <cstdint>
#include <limits>

#include "core/math/magnitude.hpp"
#include "core/statistics/moments.hpp"

namespace varprop {

/// The moments of x = ln X over the samples with X > 0, the sum of X over all, and the number of extinct
/// samples, X = 0.
class LogMoments {
 public:
  void add(const Magnitude& X) {
    if (X.zero()) {
      ++extinct_;
      return;
    }
    sum_ = sum_ + X;
    logarithms_.add(X.ln());
  }

  /// Adds the samples of another accumulator.
  void merge(const LogMoments& other) {
    extinct_ += other.extinct_;
    sum_ = sum_ + other.sum_;
    logarithms_.merge(other.logarithms_);
  }

  std::int64_t count() const { return logarithms_.count(); }  ///< samples with X > 0
  std::int64_t extinct() const { return extinct_; }           ///< samples with X = 0

  /// ⟨ln X⟩ over X > 0; NaN without one.
  double log_mean() const { return logarithms_.mean(); }
  /// Unbiased variance of ln X over X > 0; NaN below two.
  double log_variance() const { return logarithms_.variance(); }
  /// ln of the arithmetic mean of X over all samples, extinct ones counting 0; NaN if none is positive.
  double log_of_mean() const {
    if (count() == 0) return std::numeric_limits<double>::quiet_NaN();
    return (sum_ / Magnitude::from(static_cast<double>(count() + extinct_))).ln();
  }

 private:
  Moments logarithms_;
  std::int64_t extinct_ = 0;
  Magnitude sum_;
};

}  // namespace varprop
