#include "workers/streams/pair_stream.hpp"

#include <algorithm>
#include <cmath>

#include "core/random/binomial_chi_squared.hpp"
#include "core/random/normal_quantile.hpp"

namespace varprop::workers {

namespace {

/// Numbers of a step's draws: the first of several normals, and of two χ².
namespace pair_normals {
enum : std::uint64_t {
  epsilon = 0,
  epsilon_beside = 4,
  corner = 5,
  corner_rest = 9,
  within = 10,
  beside = 14,
  beside_rest = 18
};
}
namespace pair_chi_squares {
enum : std::uint64_t { epsilon = 0, corner = 2, beside = 4 };
}

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

/// An orthonormal basis whose first two columns span what these do; where they span less, any.
std::array<std::array<double, 4>, 4> completed(const TwoColumns<4>& columns) {
  std::array<std::array<double, 4>, 4> basis{};
  const auto beside = [&](std::array<double, 4> a, std::size_t before) {
    for (int time = 0; time < 2; ++time) {
      for (std::size_t k = 0; k < before; ++k) add_to(a, -dot_of(a, basis[k]), basis[k]);
    }
    return a;
  };
  for (std::size_t k = 0; k < 4; ++k) {
    std::array<double, 4> best{};
    double least = 1e-7;  // of a given column; below it the directions are parallel
    if (k < 2) {
      const double whole = norm_of_column(columns[k]);
      best = beside(columns[k], k);
      least *= whole;
    }
    if (k >= 2 || !(norm_of_column(best) > least)) {
      best = {};
      for (std::size_t axis = 0; axis < 4; ++axis) {
        std::array<double, 4> unit{};
        unit[axis] = 1;
        const auto candidate = beside(unit, k);
        if (norm_of_column(candidate) > norm_of_column(best) + 1e-9) best = candidate;
      }
    }
    const double norm = norm_of_column(best);
    for (double& x : best) x /= norm;
    basis[k] = best;
  }
  return basis;
}

/// a·x + b·y of columns with sizes, in units of the larger; returns the unit.
template <std::size_t rows>
Magnitude combine(const Magnitude& a, std::array<double, rows>& x, const Magnitude& b,
                  const std::array<double, rows>& y) {
  const Magnitude unit = larger(a, b);
  const double of_x = unit.zero() ? 0 : (a / unit).to_double(),
               of_y = unit.zero() ? 0 : (b / unit).to_double();
  for (std::size_t i = 0; i < rows; ++i) x[i] = std::fma(of_y, y[i], of_x * x[i]);
  return unit;
}

/// The gradient with these columns in these units, D₁ and D₂ − D₁: the second is brought to the first's
/// length, e = f/ρ + (1/ρ − 1)D₁, ρ = |D₂|/|D₁|.
PairStreamGradient at_equal_norms(TwoColumns<4> columns, const Magnitude& first_unit,
                                  const Magnitude& difference_unit, bool second_alive) {
  PairStreamGradient D;
  const double first = norm_of_column(columns[0]);
  D.first = first_unit * Magnitude::from(first);
  D.second_alive = false;
  if (D.first.zero()) return D;
  for (double& x : columns[0]) x /= first;
  D.columns[0] = columns[0];
  const double difference = norm_of_column(columns[1]);
  const Magnitude size = difference_unit * Magnitude::from(difference);
  if (!second_alive) return D;
  D.second_alive = true;
  if (size.zero()) return D;
  for (double& x : columns[1]) x /= difference;
  const Magnitude share = size / D.first;
  const double t = std::min(share.to_double(), 1e150), c = dot_of(columns[0], columns[1]);
  std::array<double, 4> second = columns[0];
  add_to(second, t, columns[1]);
  const double rho = norm_of_column(second);
  if (!(rho > 1e-13 * std::max(1.0, t))) {
    D.second_alive = false;
    return D;
  }
  std::array<double, 4> e = columns[1];
  const bool near = t < 1;
  for (double& x : e) x *= (near ? 1 : t) / rho;
  add_to(e, near ? -(2 * c + t) / (rho * (1 + rho)) : 1 / rho - 1, columns[0]);
  const double norm = norm_of_column(e);
  if (norm == 0) return D;
  for (double& x : e) x /= norm;
  D.columns[1] = e;
  D.difference = (near ? size : D.first) * Magnitude::from(norm);
  return D;
}

}  // namespace

DifferenceGeometry PairStreamGradient::geometry() const {
  return geometry_of(columns, first, difference);
}

PairStream::PairStream(const StreamNetwork& network, const PointKey& branch_key, const PointKey& key)
    : n_(network.n),
      alpha_(Magnitude::from(network.skip)),
      beta_(Magnitude::from(network.branch_scale)),
      branch_(network, branch_key),
      key_(key),
      steps_(static_cast<std::size_t>(network.L)) {}

double PairStream::normal(const LayerOfNetwork& at, std::uint64_t number) const {
  return normal_from_bits(at.stream(key_, Purpose::radial_component).draw(number));
}

TwoColumns<2> PairStream::wishart_root(const LayerOfNetwork& at, std::uint64_t slot, std::uint64_t number,
                                       std::int64_t degrees) const {
  const Stream draws = at.stream(key_, Purpose::radial_norm);
  if (degrees <= 0) return {};
  return {{{std::sqrt(ChiSquared(degrees)(draws, slot)), 0},
           {normal(at, number), std::sqrt(ChiSquared(degrees - 1)(draws, slot + 1))}}};
}

/// Along F, and Bartlett's root beside it.
TwoColumns<4> PairStream::draw_epsilon(const LayerOfNetwork& at) const {
  using namespace pair_normals;
  const TwoColumns<2> root = wishart_root(at, pair_chi_squares::epsilon, epsilon_beside, n_ - 2);
  TwoColumns<4> columns;
  for (std::size_t j = 0; j < 2; ++j)
    columns[j] = {normal(at, epsilon + 2 * j), normal(at, epsilon + 2 * j + 1), root[j][0], root[j][1]};
  return columns;
}

void PairStream::forward(const LayerOfNetwork& at, DifferenceGeometry& x, bool both,
                         LayerMeasures& measures) {
  Step& step = steps_[static_cast<std::size_t>(at.l) - 1];
  const PairImage y = branch_.forward(at, x, both, measures);
  step.s = y.s;
  step.epsilon = draw_epsilon(at);
  TwoColumns<4> columns{{{1, 0, 0, 0}, {x.cosine, std::sqrt(x.squared_sine), 0, 0}}};
  std::array<double, 4> difference{};
  add_to(difference, y.along, step.epsilon[0]);
  add_to(difference, y.across, step.epsilon[1]);
  const Magnitude u_unit =
      combine(alpha_ * x.u_squared.square_root(), columns[0], beta_ * y.s, step.epsilon[0]);
  const Magnitude e_unit = combine(alpha_ * x.e_squared.square_root(), columns[1], beta_ * y.s_w, difference);
  x = geometry_of(columns, u_unit, e_unit);
  step.turn = completed(columns);
}

SignedMagnitude PairStream::backward(const LayerOfNetwork& at, PairStreamGradient& D,
                                     LayerMeasures& measures) {
  if (D.first.zero()) return {};
  const Step& step = steps_[static_cast<std::size_t>(at.l) - 1];
  const TwoColumns<6> old = turned(at, step, D);
  const auto projection = [&](std::size_t i, std::size_t j) {
    double sum = 0;
    for (std::size_t k = 0; k < 4; ++k) sum = std::fma(step.epsilon[i][k], old[j][k], sum);
    return sum;
  };
  const DifferenceGeometry geometry = D.geometry();
  const PairProjections to{projection(0, 0), projection(1, 0), projection(0, 1),
                           projection(1, 1), geometry.cosine,  std::sqrt(geometry.squared_sine)};
  const Magnitude of_branch = beta_ * D.first;
  PairReturn back;
  if (!of_branch.zero())
    back = branch_.backward(at, {of_branch * of_branch, D.difference / D.first, to}, measures);
  const SignedMagnitude of_beta{to.epsilon_1_first, step.s * D.first};
  D = add_branch(at, D, old, back);
  return of_beta;
}

/// D in [F Q V'], V' a frame beside [F Q]. With normals G₁, G₂ along U' and beside, V = [U' V'] [G₁; G₂] R⁻¹.
TwoColumns<6> PairStream::turned(const LayerOfNetwork& at, const Step& step,
                                 const PairStreamGradient& D) const {
  const TwoColumns<2> rest = wishart_root(at, pair_chi_squares::corner, pair_normals::corner_rest, n_ - 4);
  TwoColumns<4> G;
  for (std::size_t j = 0; j < 2; ++j)
    G[j] = {normal(at, pair_normals::corner + 2 * j), normal(at, pair_normals::corner + 2 * j + 1),
            rest[j][0], rest[j][1]};
  const TwoColumns<2> R = upper_root(G);
  TwoColumns<6> old{};
  for (std::size_t j = 0; j < 2; ++j) {
    const double second = D.columns[j][3] / R[1][1], first = (D.columns[j][2] - R[1][0] * second) / R[0][0];
    std::array<double, 4> beside{};
    add_to(beside, first, G[0]);
    add_to(beside, second, G[1]);
    const std::array<double, 4> in_turned{D.columns[j][0], D.columns[j][1], beside[0], beside[1]};
    for (std::size_t k = 0; k < 4; ++k) {
      for (std::size_t i = 0; i < 4; ++i) old[j][i] = std::fma(in_turned[k], step.turn[k][i], old[j][i]);
    }
    old[j][4] = beside[2];
    old[j][5] = beside[3];
  }
  return old;
}

/// αD and what came through the branch, whose fresh normals are drawn within F, along what D has beside it,
/// and beside that.
PairStreamGradient PairStream::add_branch(const LayerOfNetwork& at, const PairStreamGradient& D,
                                          const TwoColumns<6>& old, const PairReturn& back) const {
  TwoColumns<4> beside_F;
  for (std::size_t j = 0; j < 2; ++j) beside_F[j] = {old[j][2], old[j][3], old[j][4], old[j][5]};
  const TwoColumns<2> kept = upper_root(beside_F);
  const TwoColumns<2> rest = wishart_root(at, pair_chi_squares::beside, pair_normals::beside_rest, n_ - 4);
  TwoColumns<2> within, along;  // Ξ, columns ξ₁ and ξ₂
  for (std::size_t j = 0; j < 2; ++j) {
    within[j] = {normal(at, pair_normals::within + 2 * j), normal(at, pair_normals::within + 2 * j + 1)};
    along[j] = {normal(at, pair_normals::beside + 2 * j), normal(at, pair_normals::beside + 2 * j + 1)};
  }
  const std::array<std::array<double, 2>, 2> X{{{1, 0}, {back.cosine, back.sine}}};
  const auto mixed = [&](const TwoColumns<2>& xi, std::size_t j, std::size_t i) {
    return std::fma(X[j][0], xi[0][i], X[j][1] * xi[1][i]);
  };
  TwoColumns<6> columns{};
  std::array<Magnitude, 2> units;
  for (std::size_t j = 0; j < 2; ++j) {
    columns[j] = {old[j][0], old[j][1], kept[j][0], kept[j][1], 0, 0};
    std::array<double, 6> fresh{
        0, 0, mixed(along, j, 0), mixed(along, j, 1), mixed(rest, j, 0), mixed(rest, j, 1)};
    for (std::size_t i = 0; i < 2; ++i)
      fresh[i] =
          back.known[i][j] + back.noise[i][0] * mixed(within, j, 0) + back.noise[i][1] * mixed(within, j, 1);
    units[j] = combine(alpha_ * (j == 0 ? D.first : D.difference), columns[j],
                       j == 0 ? back.first : back.difference, fresh);
  }
  TwoColumns<4> beside;
  for (std::size_t j = 0; j < 2; ++j)
    beside[j] = {columns[j][2], columns[j][3], columns[j][4], columns[j][5]};
  const TwoColumns<2> root = upper_root(beside);
  TwoColumns<4> all;
  for (std::size_t j = 0; j < 2; ++j) all[j] = {columns[j][0], columns[j][1], root[j][0], root[j][1]};
  return at_equal_norms(all, units[0], units[1], D.second_alive);
}

}  // namespace varprop::workers
