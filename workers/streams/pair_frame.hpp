// Two vectors in coordinates along an orthonormal frame: the first and the difference of both, each of size 1
// beside its magnitude, so that what the two differ by keeps its digits however small it is.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>

#include "workers/two_inputs/cosine.hpp"

namespace varprop::workers {

/// Two columns of coordinates.
template <std::size_t rows>
using TwoColumns = std::array<std::array<double, rows>, 2>;

/// Columns are an orthonormal basis.
template <std::size_t rows>
using Basis = std::array<std::array<double, rows>, rows>;

template <std::size_t rows>
double dot_of(const std::array<double, rows>& a, const std::array<double, rows>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < rows; ++i) sum = std::fma(a[i], b[i], sum);
  return sum;
}

template <std::size_t rows>
void add_to(std::array<double, rows>& a, double factor, const std::array<double, rows>& b) {
  for (std::size_t i = 0; i < rows; ++i) a[i] = std::fma(factor, b[i], a[i]);
}

template <std::size_t rows>
double norm_of_column(const std::array<double, rows>& a) {
  return std::sqrt(dot_of(a, a));
}

/// a = norm · what stays of it, of norm 1; returns the norm.
template <std::size_t rows>
double take_norm(std::array<double, rows>& a) {
  const double norm = norm_of_column(a);
  if (norm > 0) {
    for (double& x : a) x /= norm;
  }
  return norm;
}

/// What of `a` is beside a unit vector, twice for what rounding left.
template <std::size_t rows>
void take_beside(std::array<double, rows>& a, const std::array<double, rows>& unit) {
  for (int time = 0; time < 2; ++time) add_to(a, -dot_of(a, unit), unit);
}

/// Upper triangle R with RᵀR = AᵀA, by columns: R₁₁, then R₁₂ and R₂₂.
template <std::size_t rows>
TwoColumns<2> upper_root(const TwoColumns<rows>& A) {
  const double first = norm_of_column(A[0]);
  if (first == 0) return {{{0, 0}, {0, norm_of_column(A[1])}}};
  auto unit = A[0], rest = A[1];
  for (double& x : unit) x /= first;
  const double along = dot_of(unit, rest);
  take_beside(rest, unit);
  return {{{first, 0}, {along, norm_of_column(rest)}}};
}

/// |u|², |e|² and their angle, of columns in units.
template <std::size_t rows>
DifferenceGeometry geometry_of(const TwoColumns<rows>& columns, const Magnitude& u_unit,
                               const Magnitude& e_unit) {
  const TwoColumns<2> root = upper_root(columns);
  const double u = root[0][0], e = norm_of_column(root[1]);
  DifferenceGeometry geometry{u_unit * u_unit * Magnitude::from(u * u),
                              e_unit * e_unit * Magnitude::from(e * e)};
  if (geometry.u_squared.zero() || geometry.e_squared.zero()) return geometry;
  geometry.cosine = root[1][0] / e;
  const double sine = root[1][1] / e;
  geometry.squared_sine = sine * sine < DifferenceGeometry::rounding ? 0 : sine * sine;
  if (geometry.squared_sine == 0) geometry.cosine = std::copysign(1.0, geometry.cosine);
  return geometry;
}

/// An orthonormal basis whose first two columns span what these do, or any where they span less, of the first
/// `dimension` coordinates; those behind stay themselves.
template <std::size_t rows>
Basis<rows> completed(const TwoColumns<rows>& columns, std::size_t dimension) {
  Basis<rows> basis{};
  const auto beside = [&](std::array<double, rows> a, std::size_t before) {
    for (int time = 0; time < 2; ++time) {
      for (std::size_t k = 0; k < before; ++k) add_to(a, -dot_of(a, basis[k]), basis[k]);
    }
    return a;
  };
  for (std::size_t k = 0; k < dimension; ++k) {
    std::array<double, rows> best{};
    double least = 1e-7;  // of a given column; below it the directions are parallel
    if (k < 2) {
      best = beside(columns[k], k);
      least *= norm_of_column(columns[k]);
    }
    if (k >= 2 || !(norm_of_column(best) > least)) {
      best = {};
      for (std::size_t axis = 0; axis < dimension; ++axis) {
        std::array<double, rows> unit{};
        unit[axis] = 1;
        const auto candidate = beside(unit, k);
        if (norm_of_column(candidate) > norm_of_column(best) + 1e-9) best = candidate;
      }
    }
    take_norm(best);
    basis[k] = best;
  }
  for (std::size_t k = dimension; k < rows; ++k) basis[k][k] = 1;
  return basis;
}

/// a·x + b·y of columns with sizes, in units of the larger; returns the unit.
template <std::size_t rows>
Magnitude combine(const Magnitude& a, std::array<double, rows>& x, const Magnitude& b,
                  const std::array<double, rows>& y) {
  const Magnitude unit = larger(a, b);
  const double of_x = unit.zero() ? 0 : (a / unit).to_double();
  const double of_y = unit.zero() ? 0 : (b / unit).to_double();
  for (std::size_t i = 0; i < rows; ++i) x[i] = std::fma(of_y, y[i], of_x * x[i]);
  return unit;
}

/// x₁ and x₂ − x₁ before or behind a step: columns of norm 1 (0 where the size is), along the frame f₁, f₂ of
/// what they have beside 1̂ = (1, …, 1)/√n, and along 1̂. Where no norm takes means away 1̂ is a direction like
/// others, and there is nothing along it.
struct PairSignal {
  Magnitude first, difference;
  TwoColumns<3> columns{};

  /// From |u|, |e| and their angle beside 1̂.
  static PairSignal beside_mean(const DifferenceGeometry& g) {
    PairSignal x{g.u_squared.square_root(), g.e_squared.square_root(), {}};
    if (!x.first.zero()) x.columns[0] = {1, 0, 0};
    if (!x.difference.zero()) x.columns[1] = {g.cosine, std::sqrt(g.squared_sine), 0};
    return x;
  }
  /// The first alone, twice.
  PairSignal alone() const { return {first, Magnitude(), {{columns[0], {}}}}; }

  DifferenceGeometry geometry() const { return geometry_of(columns, first, difference); }
  /// Beside 1̂.
  DifferenceGeometry across() const {
    const auto beside = [this](std::size_t j) { return std::array{columns[j][0], columns[j][1]}; };
    return geometry_of(TwoColumns<2>{beside(0), beside(1)}, first, difference);
  }
};

/// D₁ and e = D₂ |D₁|/|D₂| − D₁ (the way back is linear: the length of D₂ means nothing to the cosine),
/// columns of norm 1 beside their sizes, along the signals' frame f₁, f₂, along a frame of two beside it, and
/// along 1̂.
struct PairGradient {
  static constexpr std::size_t rows = 5, mean = 4;
  Magnitude first, difference;
  TwoColumns<rows> columns{};
  bool second_alive = true;

  /// From columns in units, D₁ and D₂ − D₁ of any length.
  static PairGradient at_equal_norms(TwoColumns<rows> columns, const Magnitude& first_unit,
                                     const Magnitude& difference_unit, bool second_alive);

  DifferenceGeometry geometry() const { return geometry_of(columns, first, difference); }
};

}  // namespace varprop::workers
