// Profiles of batches around a curve, with noise that is correlated from layer to layer as networks' is.
#pragma once

#include <functional>
#include <random>

#include "analysis/depth_laws/depth_law.hpp"

namespace varprop::synthetic {
using namespace theory;
using namespace analysis;

struct Noise {
  double step;              ///< standard deviation of a step per layer, of a batch's mean
  double memory = 1;        ///< share of a deviation that the next layer keeps: 1 for a random walk
  double fading_power = 0;  ///< and the deviation fades like l^−power beside
};

/// `batches` profiles over layers first … last: curve(l) plus e_l, e_l = memory (1 − power/l) e_{l−1} +
/// step·N(0, 1).
inline ProfileMatrix profiles(std::int32_t first, std::int32_t last, Eigen::Index batches, Noise noise,
                              const std::function<double(double)>& curve, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::normal_distribution<double> normal;
  const Eigen::Index count = last - first + 1;
  ProfileMatrix matrix{Eigen::VectorXd::LinSpaced(count, first, last), Eigen::MatrixXd(batches, count)};
  for (Eigen::Index b = 0; b < batches; ++b) {
    double deviation = 0;
    for (Eigen::Index i = 0; i < count; ++i) {
      const double l = matrix.layers[i];
      deviation = noise.memory * (1 - noise.fading_power / l) * deviation + noise.step * normal(random);
      matrix.values(b, i) = curve(l) + deviation;
    }
  }
  return matrix;
}

constexpr int data_sets_of_laws = 200;

struct LawCount {
  int holding = 0;   ///< laws that hold
  int covering = 0;  ///< of these, with the truth in the interval
};

/// `law` of a seed against a truth.
inline LawCount count_depth_laws(double truth, const std::function<LawParameter(std::uint64_t seed)>& law) {
  LawCount count;
  for (std::uint64_t seed = 1; seed <= data_sets_of_laws; ++seed) {
    const LawParameter parameter = law(seed);
    if (!parameter.holds()) continue;
    ++count.holding;
    const auto interval = confidence_interval(*parameter.estimate);
    count.covering += interval->low <= truth && truth <= interval->high;
  }
  return count;
}

}  // namespace varprop::synthetic
