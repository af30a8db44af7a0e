// Many independent networks of one point, simulated by the engine that a sweep would use.
#pragma once

#include <cstdint>
#include <span>

#include "core/record/record.hpp"

namespace varprop {

/// A sweep of one point and one batch, done. Numbers are those of `varprop sweep` with this seed.
class SimulatedNetworks {
 public:
  SimulatedNetworks(const Point& point, const Ensemble& ensemble, std::int64_t networks, std::uint64_t seed);

  /// Of layer l, one of 1, L − 1 and L: ⟨ln X⟩ over the networks with X > 0, ln⟨X⟩ over all, and the number
  /// with X > 0.
  double log_mean(Quantity quantity, std::int32_t l) const { return at(quantity, "_log_mean", l); }
  double log_of_mean(Quantity quantity, std::int32_t l) const { return at(quantity, "_log_of_mean", l); }
  std::int64_t alive(Quantity quantity, std::int32_t l) const;

  /// ln g_1 of every network; NaN where extinct.
  std::span<const double> backward_first() const { return row("backward_first"); }

 private:
  double at(Quantity quantity, const char* statistic, std::int32_t l) const;
  std::span<const double> row(const std::string& dataset) const;

  Sweep sweep_;
  RecordLayout layout_;
  Record record_;
};

/// The usual point of the explanation: no bias, Gaussian weights.
Point bare_point(const char* activation, double weight_variance, std::int64_t n, std::int32_t L);

}  // namespace varprop
