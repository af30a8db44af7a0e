// The O(n²) part of the dense engine: products with a weight matrix that is drawn row by row and never
// stored.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "core/activations/activation.hpp"
#include "core/random/stream.hpp"
#include "workers/stop_flag.hpp"

namespace varprop {

/// The standard-normal matrix N of one layer, N_ij = draw i·n + j: W = √k N.
struct DrawnMatrix {
  Stream weights;
  std::int64_t n;
  const StopFlag* stop = nullptr;  ///< looked at every row; once it is raised the products are void
};

/// Doubles that a vector of n needs so that whole groups of 16 can be read and written.
constexpr std::size_t padded(std::int64_t n) {
  return (static_cast<std::size_t>(n) + 31) / 16 * 16;
}

/// out_i = Σ_j N_ij x_j. Shapes: x and out [padded(n)], x zero beyond n.
void multiply(const DrawnMatrix& matrix, std::span<const double> x, std::span<double> out);

/// out_j = Σ_i N_ij y_i. Shapes as above.
void multiply_transposed(const DrawnMatrix& matrix, std::span<const double> y, std::span<double> out);

/// The first n standard normals of a stream. Shape: out [padded(n)], zero beyond n.
void draw_normals(const Stream& stream, std::int64_t n, std::span<double> out);

/// α and σ = φ'(z) for z = scale·ζ. Shapes: all [padded(n)]; α and σ are zero beyond n.
struct ActivationPass {
  Activation activation;
  std::optional<Slopes> linear;
  double scale;
  std::int64_t n;
  std::optional<TailUnits> tail = std::nullopt;  ///< in these units, where the whole layer is in its tail
};
void activate(const ActivationPass& pass, std::span<const double> zeta, std::span<double> alpha,
              std::span<double> sigma);

/// The units for a layer in its tail: the smallest decays of φ and φ' in it.
TailUnits find_tail_units(const ActivationPass& pass, std::span<const double> zeta);

/// Σ x_i y_i over [padded(n)] elements, zero beyond n.
double inner_product(std::span<const double> x, std::span<const double> y);

}  // namespace varprop
