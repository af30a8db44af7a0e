// The weights of a dense network: drawn where they are needed, forward and transposed.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "workers/dense/matrix_pass.hpp"
#include "workers/dense/orthogonal_matrix.hpp"
#include "workers/random_network.hpp"
#include "workers/stop_flag.hpp"

namespace varprop {

/// W^l/√k of every layer of one replica. Shapes: all [padded(n)], zero beyond n.
class DenseWeights {
 public:
  /// The network must outlive this.
  explicit DenseWeights(const RandomNetwork& network);

  /// out = W^l x/√k. Throws Stopped.
  void apply(std::uint32_t replica, std::int32_t l, std::span<const double> x, std::span<double> out,
             const StopFlag& stop);

  /// out = (W^l)ᵀ y/√k. Throws Stopped.
  void apply_transposed(std::uint32_t replica, std::int32_t l, std::span<const double> y,
                        std::span<double> out, const StopFlag& stop);

 private:
  DrawnMatrix matrix(std::uint32_t replica, std::int32_t l, const StopFlag& stop) const;

  const RandomNetwork& network_;
  std::optional<OrthogonalMatrix> orthogonal_;  ///< room for one layer's, where the law is that
};

}  // namespace varprop
