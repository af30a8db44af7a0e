// Statistics of many networks by one engine, and that two engines draw them from one distribution.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include "core/math/magnitude.hpp"
#include "tests/statistical/two_samples.hpp"
#include "workers/network/network_sample.hpp"
#include "workers/network/stop_flag.hpp"

namespace varprop::test {

/// Extinct networks tie at one value far below all others. Values that are equal but for rounding tie too:
/// with orthogonal weights q_1 = σ_w² in every network, and a single neuron leaves nothing to chance.
inline double ln_or_low(const Magnitude& x) {
  return x.zero() ? -1e30 : std::round(x.ln() * 0x1p30) * 0x1p-30;
}

struct Statistic {
  const char* name;
  double (*of)(const workers::NetworkSample&);
};
template <std::size_t count>
using Statistics = std::array<Statistic, count>;
/// By statistic, then by network.
template <std::size_t count>
using SamplesOf = std::array<std::vector<double>, count>;

/// Of T networks that simulate(replica, sample, stop) fills one after the other.
template <std::size_t count, class Simulate>
SamplesOf<count> sampled(const Statistics<count>& statistics, std::size_t T, workers::NetworkSample sample,
                         Simulate&& simulate) {
  const workers::StopFlag stop{false};
  SamplesOf<count> samples;
  for (std::uint32_t replica = 0; replica < T; ++replica) {
    simulate(replica, sample, stop);
    for (std::size_t i = 0; i < count; ++i) samples[i].push_back(statistics[i].of(sample));
  }
  return samples;
}

/// A two-sample Kolmogorov–Smirnov test of each statistic, at significance alpha.
template <std::size_t count>
void expect_one_law(const Statistics<count>& statistics, const SamplesOf<count>& a, const SamplesOf<count>& b,
                    double alpha, const std::string& what) {
  for (std::size_t i = 0; i < count; ++i) {
    EXPECT_LT(kolmogorov_smirnov_distance(a[i], b[i]), kolmogorov_smirnov_limit(alpha, a[i].size()))
        << statistics[i].name << ", " << what;
  }
}

}  // namespace varprop::test
