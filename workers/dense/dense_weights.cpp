#include "workers/dense/dense_weights.hpp"

namespace varprop {

DenseWeights::DenseWeights(const RandomNetwork& network) : network_(network) {
  if (network.weights == Weights::orthogonal) orthogonal_.emplace(network.n);
}

DrawnMatrix DenseWeights::matrix(std::uint32_t replica, std::int32_t l, const StopFlag& stop) const {
  return {network_.weights, network_.stream(replica, l, Purpose::weight), network_.n, &stop};
}

void DenseWeights::apply(std::uint32_t replica, std::int32_t l, std::span<const double> x,
                         std::span<double> out, const StopFlag& stop) {
  const DrawnMatrix drawn = matrix(replica, l, stop);
  if (orthogonal_) {
    orthogonal_->draw(drawn.draws);
    orthogonal_->multiply(x, out);
  } else {
    multiply(drawn, x, out);
  }
  throw_if_stopped(stop);
}

void DenseWeights::apply_transposed(std::uint32_t replica, std::int32_t l, std::span<const double> y,
                                    std::span<double> out, const StopFlag& stop) {
  const DrawnMatrix drawn = matrix(replica, l, stop);
  if (orthogonal_) {
    orthogonal_->draw(drawn.draws);
    orthogonal_->multiply_transposed(y, out);
  } else {
    multiply_transposed(drawn, y, out);
  }
  throw_if_stopped(stop);
}

}  // namespace varprop
