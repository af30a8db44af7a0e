// A row of random numbers for one neuron: its n weights, or its n inputs.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/point/point.hpp"
#include "core/random/stream.hpp"
#include "workers/dense/matrix_pass.hpp"

namespace varprop {

/// The random numbers of one experiment of the explanation. Keys of points come from their canonical texts;
/// these from texts that no point can have, so they share no numbers with any network.
inline PointKey experiment_key(std::uint64_t seed, std::string_view name) {
  return PointKey::derive(seed, hash_text("explain: " + std::string(name)));
}

/// Draws rows of n standard normals.
class RandomRow {
 public:
  RandomRow(const PointKey& key, Purpose purpose, std::int64_t n)
      : key_(key), purpose_(purpose), n_(n), values_(padded(n)) {}

  /// Row number `replica`. Shape: [padded(n)], zero beyond n; valid until the next call.
  std::span<const double> operator()(std::int64_t replica) {
    draw_normals(Stream(key_, static_cast<std::uint32_t>(replica), 0, purpose_), n_, values_);
    return values_;
  }

 private:
  PointKey key_;
  Purpose purpose_;
  std::int64_t n_;
  std::vector<double> values_;
};

}  // namespace varprop
