// What panels (workers/networks/panel.hpp) are made of and combined with: normals and masks from anywhere in
// a stream, inner products of one column with many, and sums of many. Vectors have any length and start
// anywhere; equal bits on every instruction set, since element i of a sum adds to lane i mod 8.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "core/random/stream.hpp"
#include "workers/network/random_network.hpp"

namespace varprop::workers {

/// Groups of 16 draws that n of them take.
constexpr std::uint64_t groups_of(std::int64_t n) {
  return (static_cast<std::uint64_t>(n) + 15) / 16;
}

/// Column number `column` of a stream's normals, of n each: draws 16·groups_of(n)·column on. Shape: out
/// [padded(n)], zero beyond n.
void draw_normal_column(const Stream& stream, std::uint64_t column, std::int64_t n, std::span<double> out);

/// Column number `column` of dropout's masks m/p. Shape: out [padded(n)], zero beyond n.
void draw_mask_column(const DropoutMask& mask, std::uint64_t column, std::int64_t n, std::span<double> out);

/// products[j] = Σ_i columns[j][i] y[i], i < n.
void inner_products(std::span<const double* const> columns, const double* y, std::size_t n, double* products);

/// out[i] = Σ_j factors[j] columns[j][i], i < n, j in order; `out` is not among the columns.
void combine(std::span<const double* const> columns, const double* factors, std::size_t n, double* out);

/// out[i] += Σ_j factors[j] columns[j][i], i < n, j in order; `out` is not among the columns.
void add_combination(std::span<const double* const> columns, const double* factors, std::size_t n,
                     double* out);

/// out[i] = c x[i], i < n; in place, too.
void scale(double c, const double* x, std::size_t n, double* out);

/// out[i] = x[i] y[i], i < n; in place, too.
void multiply_elements(const double* x, const double* y, std::size_t n, double* out);

/// Σ_i x[i], i < n.
double sum_of_elements(const double* x, std::size_t n);

/// x[i] += c, i < n.
void add_constant(double c, std::size_t n, double* x);

}  // namespace varprop::workers
