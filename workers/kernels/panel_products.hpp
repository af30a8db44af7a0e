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

/// Uniform numbers in (0, 1): draws 16·first_group on. Shape: out [16·groups_of(n)].
void draw_uniforms(const Stream& stream, std::uint64_t first_group, std::int64_t n, std::span<double> out);

/// Column number `column` of dropout's masks m/p. Shape: out [padded(n)], zero beyond n.
void draw_mask_column(const DropoutMask& mask, std::uint64_t column, std::int64_t n, std::span<double> out);

/// Columns that are read or written, each from its first element on.
using ReadColumns = std::span<const double* const>;
using WrittenColumns = std::span<double* const>;

/// products[a][b] = Σ_i A[a][i] B[b][i], i < n. Shape: products [A.size()][B.size()].
void cross_products(ReadColumns A, ReadColumns B, std::size_t n, double* products);

/// Those of A with itself: half the work.
void gram_products(ReadColumns A, std::size_t n, double* products);

/// out[b][i] = Σ_a factors[a][b] A[a][i], i < n, a in order; with `onto` added to what is there. Shape:
/// factors [A.size()][out.size()]; nothing of `out` is among A.
void multiply_columns_by(ReadColumns A, const double* factors, std::size_t n, WrittenColumns out,
                         bool onto = false);

/// The same of one column on one side, or on both.
inline void inner_products(ReadColumns columns, const double* y, std::size_t n, double* products) {
  cross_products(columns, {&y, 1}, n, products);
}
inline double inner_product(const double* x, const double* y, std::size_t n) {
  double product = 0;
  cross_products({&x, 1}, {&y, 1}, n, &product);
  return product;
}
inline void combine(ReadColumns columns, const double* factors, std::size_t n, double* out) {
  multiply_columns_by(columns, factors, n, {&out, 1});
}
inline void add_combination(ReadColumns columns, const double* factors, std::size_t n, double* out) {
  multiply_columns_by(columns, factors, n, {&out, 1}, true);
}

/// out[i] = c x[i], i < n; in place, too.
void scale(double c, const double* x, std::size_t n, double* out);

/// out[i] = x[i] y[i], i < n; in place, too.
void multiply_elements(const double* x, const double* y, std::size_t n, double* out);

/// Σ_i x[i], i < n.
double sum_of_elements(const double* x, std::size_t n);

/// x[i] += c, i < n.
void add_constant(double c, std::size_t n, double* x);

/// x_i ← e^x_i for x_i ≤ 0 (0 below −708), and x_i ← e^x_i − 1 for |x_i| ≤ 1/2.
void exponentials(std::size_t n, double* x);
void exponentials_minus_1(std::size_t n, double* x);

}  // namespace varprop::workers
