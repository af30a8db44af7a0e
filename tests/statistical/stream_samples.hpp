// Streams to try, and numbers of many of them.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "core/network/stream.hpp"
#include "tests/statistical/network_samples.hpp"
#include "workers/network/stop_flag.hpp"
#include "workers/networks/stream_sample.hpp"

namespace varprop::test {

using Numbers = std::vector<double>;

/// All variances times fan-in 1, but those of the matrices into and out of hidden neurons.
inline StreamNetwork stream_network_of(Block block, const char* activation, std::int64_t n, std::int64_t m,
                                       std::int32_t L, double in = 1, double out = 1) {
  StreamNetwork network;
  network.block = block;
  network.activation = Activation::parse(activation);
  network.n = n;
  network.m = m;
  network.L = L;
  for (Magnitude& k : network.variance.values) k = Magnitude::from(1 / static_cast<double>(n));
  network.variance[MatrixRole::in] = Magnitude::from(in / static_cast<double>(n));
  if (has_mlp(block) || has_glu(block)) network.variance[MatrixRole::out] = Magnitude::from(out / double(m));
  return network;
}

/// A number of each of so many networks of L layers.
template <class Engine, class Of>
Numbers numbers_of_networks(Engine&& engine, std::int32_t L, std::uint32_t networks, Of&& of) {
  workers::StreamSample sample(L);
  const workers::StopFlag stop{false};
  Numbers values;
  for (std::uint32_t replica = 0; replica < networks; ++replica) {
    engine(replica, sample, stop);
    values.push_back(of(sample));
  }
  return values;
}

/// Within so many standard errors, and what the expected value may be off by itself.
inline constexpr double standard_errors = 5;

inline void expect_mean_near(const Numbers& x, double mean, double within = 0,
                             double errors = standard_errors) {
  const Moments moments(x);
  EXPECT_NEAR(moments.mean, mean, errors * moments.standard_error() + within);
}

inline void expect_variance_near(const Numbers& x, double variance, double within = 0,
                                 double errors = standard_errors) {
  const Moments moments(x);
  EXPECT_NEAR(moments.variance, variance, errors * moments.variance_standard_error() + within);
}

}  // namespace varprop::test
