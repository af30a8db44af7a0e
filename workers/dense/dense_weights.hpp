// What the dense engines draw of a network, forward and transposed where it is a matrix: the weights of every
// layer, orthogonal ones included, and the input.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "workers/kernels/drawn_matrix.hpp"
#include "workers/network/random_network.hpp"

namespace varprop::workers {

/// √n Q, Q Haar-distributed on the orthogonal group O(n), so that its entries have variance 1 like a
/// DrawnMatrix's: the rows of a Gaussian matrix G_ij = draw i·n + j made orthonormal, G = RQ with the
/// diagonal of R positive. (Q of G U is Q U for every orthogonal U, so Q's law is Haar's.)
///
/// Gram–Schmidt, each row twice, which makes it orthogonal to rounding (Giraud, Langou, Rozložník, van den
/// Eshof, Numer. Math. 101 (2005) 87). O(n³) time, O(n²) memory.
class OrthogonalMatrix {
 public:
  explicit OrthogonalMatrix(std::int64_t n);

  /// Another matrix, in the room of the one before.
  void draw(const Stream& draws);

  /// out = √n Q x. Shapes: x and out [padded(n)], x zero beyond n.
  void multiply(std::span<const double> x, std::span<double> out) const;

  /// out = √n Qᵀ y. Shapes as above.
  void multiply_transposed(std::span<const double> y, std::span<double> out) const;

 private:
  std::span<const double> row(std::int64_t i) const;
  std::span<double> row(std::int64_t i);

  std::int64_t n_;
  std::vector<double> normals_;  ///< [padded(n²)]: G
  std::vector<double> rows_;     ///< [n][padded(n)], zero beyond n
};

/// W^l/√k of every layer of one replica. Shapes: of layer l − 1 [padded(n_{l−1})], of layer l [padded(n_l)],
/// zero beyond n.
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

/// n elements of an input of mean square 1 (on the sphere: exactly). Shape: x [padded(n)], zero beyond n.
void draw_input(InputDistribution input, const Stream& stream, std::int64_t n, std::span<double> x);

/// The input. Shape: x [padded(n_0)], zero beyond n_0.
void draw_input(const RandomNetwork& network, std::uint32_t replica, std::span<double> x);

}  // namespace varprop::workers
