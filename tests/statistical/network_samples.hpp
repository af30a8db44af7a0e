// Many independent networks of one point.
#pragma once

#include <cmath>
#include <cstdint>
#include <vector>

#include "core/network/point.hpp"
#include "core/random/stream.hpp"
#include "workers/network/network_sample.hpp"
#include "workers/network/stop_flag.hpp"

namespace varprop::test {

inline Point make_point(const char* activation, double weight_variance, double bias_variance, std::int64_t n,
                        std::int32_t L, WeightDistribution weights = WeightDistribution::gaussian) {
  return {Activation::parse(activation), weights,  WeightVariance(weight_variance),
          BiasVariance(bias_variance),   Width(n), Depth(L)};
}

/// Calls use(sample) for T networks.
template <class EngineType, class Use>
void for_each_network(const Point& point, std::uint64_t seed, std::uint32_t T, Use&& use) {
  const workers::StopFlag stop{false};
  EngineType simulate(point, NetworkSettings{},
                      PointKey::derive(seed, hash_text(canonical_text(point, NetworkSettings{}))));
  workers::NetworkSample sample(static_cast<std::size_t>(point.depth.value()));
  for (std::uint32_t replica = 0; replica < T; ++replica) {
    simulate(replica, sample, stop);
    use(sample);
  }
}

/// Mean, variance and excess kurtosis of plain numbers.
struct Moments {
  explicit Moments(const std::vector<double>& x) : T(static_cast<double>(x.size())) {
    for (const double value : x) mean += value / T;
    double m4 = 0;
    for (const double value : x) {
      const double d = value - mean;
      variance += d * d / (T - 1);
      m4 += d * d * d * d / T;
    }
    excess_kurtosis = m4 / (variance * variance) - 3;
  }
  double standard_error() const { return std::sqrt(variance / T); }
  double variance_standard_error() const { return variance * std::sqrt((2 + excess_kurtosis) / T); }

  double T;
  double mean = 0;
  double variance = 0;
  double excess_kurtosis = 0;
};

}  // namespace varprop::test
