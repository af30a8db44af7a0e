// An orthogonal matrix drawn uniformly, for the dense engine: small, stored, and drawn anew where it is
// needed.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/random/stream.hpp"

namespace varprop {

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

}  // namespace varprop
