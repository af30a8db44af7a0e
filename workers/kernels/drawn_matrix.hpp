// The O(n²) part of the dense engine: products with a weight matrix that is drawn row by row and never
// stored.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "core/network/axes.hpp"
#include "core/random/stream.hpp"
#include "workers/network/random_network.hpp"
#include "workers/network/stop_flag.hpp"

namespace varprop::workers {

/// The matrix N of one layer, rows × columns, of independent entries of mean 0 and variance 1: W = √k N.
/// Which draws an entry is made of depends on the law (core/random/stream.hpp: Purpose::weight).
struct DrawnMatrix {
  WeightDistribution law;  ///< any but orthogonal
  Stream draws;
  std::int64_t rows;               ///< neurons that it leads to
  std::int64_t columns;            ///< neurons that it reads
  const StopFlag* stop = nullptr;  ///< looked at every few rows; once it is raised the products are void
};

/// Doubles that a vector of n needs so that whole groups of 16 can be read and written.
constexpr std::size_t padded(std::int64_t n) {
  return (static_cast<std::size_t>(n) + 31) / 16 * 16;
}

/// out_i = Σ_j N_ij x_j. Shapes: x [padded(columns)], zero beyond columns; out [padded(rows)].
void multiply(const DrawnMatrix& matrix, std::span<const double> x, std::span<double> out);

/// out_j = Σ_i N_ij y_i. Shapes: y [padded(rows)], out [padded(columns)].
void multiply_transposed(const DrawnMatrix& matrix, std::span<const double> y, std::span<double> out);

/// The first n standard normals of a stream. Shape: out [padded(n)], zero beyond n.
void draw_normals(const Stream& stream, std::int64_t n, std::span<double> out);

/// m/p of the first n neurons of a layer. Shape: out [padded(n)], zero beyond n.
void draw_mask(const DropoutMask& mask, std::int64_t n, std::span<double> out);

/// Σ x_i y_i over [padded(n)] elements, zero beyond n.
double inner_product(std::span<const double> x, std::span<const double> y);

/// y ← y + c x over [padded(n)] elements.
void add_multiple(double c, std::span<const double> x, std::span<double> y);

}  // namespace varprop::workers
