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
  beside_rest = 18,
  epsilon_mean = 19,
  third = 21
};
}
namespace pair_chi_squares {
enum : std::uint64_t { epsilon = 0, corner = 2, beside = 4 };
}

/// What all columns have beside F, in a frame of as many directions as there are.
template <std::size_t from>
TwoColumns<2> in_own_frame(const TwoColumns<from>& beside, std::size_t directions) {
  if (directions == 2) return upper_root(beside);
  return {{{beside[0][0], 0}, {beside[1][0], 0}}};
}

}  // namespace

PairStream::PairStream(const StreamNetwork& network, const PointKey& branch_key, const PointKey& value_key,
                       const PointKey& key)
    : dimension_(network.n - (centres(network.norm) ? 1 : 0)),
      beside_(static_cast<std::size_t>(std::min<std::int64_t>(2, dimension_ - 2))),
      root_n_(Magnitude::from(static_cast<double>(network.n)).square_root()),
      alpha_(Magnitude::from(network.skip)),
      beta_(Magnitude::from(network.branch_scale)),
      centred_(centres(network.norm)),
      before_(before_activation(network.norm)),
      behind_(behind_activation(network.norm)),
      branch_(network, branch_key, value_key),
      key_(key),
      steps_(static_cast<std::size_t>(network.L)) {}

double PairStream::normal(const LayerOfNetwork& at, std::uint64_t number) const {
  return normal_from_bits(at.stream(key_, Purpose::radial_component).draw(number));
}

/// Of either column so many, and zeros.
TwoColumns<2> PairStream::normals(const LayerOfNetwork& at, std::uint64_t number, std::size_t count) const {
  TwoColumns<2> columns{};
  for (std::size_t j = 0; j < 2; ++j)
    for (std::size_t i = 0; i < count; ++i) columns[j][i] = normal(at, number + 2 * j + i);
  return columns;
}

TwoColumns<2> PairStream::wishart_root(const LayerOfNetwork& at, std::uint64_t slot, std::uint64_t number,
                                       std::int64_t degrees) const {
  const Stream draws = at.stream(key_, Purpose::radial_norm);
  if (degrees <= 0) return {};
  return {{{std::sqrt(ChiSquared(degrees)(draws, slot)), 0},
           {normal(at, number), std::sqrt(ChiSquared(degrees - 1)(draws, slot + 1))}}};
}

/// Along F, Bartlett's root beside it, and along 1̂.
TwoColumns<PairStream::rows> PairStream::draw_epsilon(const LayerOfNetwork& at) const {
  using namespace pair_normals;
  const TwoColumns<2> along = normals(at, epsilon, 2);
  const TwoColumns<2> root = wishart_root(at, pair_chi_squares::epsilon, epsilon_beside, dimension_ - 2);
  TwoColumns<rows> columns;
  for (std::size_t j = 0; j < 2; ++j)
    columns[j] = {along[j][0], along[j][1], root[j][0], root[j][1],
                  centred_ ? normal(at, epsilon_mean + j) : 0};
  return columns;
}

void PairStream::forward(const LayerOfNetwork& at, PairSignal& x, bool both, LayerMeasures& measures) {
  Step& step = steps_[static_cast<std::size_t>(at.l) - 1];
  const PairSignal u = before_ ? step.norm.apply(x, root_n_, both) : x;
  step.read = completed(u.columns, centred_ ? 3 : 2);
  const PairImage y = branch_.forward(at, u.geometry(), both, measures);
  take_step(at, step, y, x);
  if (behind_) x = step.norm.apply(x, root_n_, both);
}

/// αx + βy, in the frame that both then have.
void PairStream::take_step(const LayerOfNetwork& at, Step& step, const PairImage& y, PairSignal& x) const {
  step.s = y.s;
  step.epsilon = draw_epsilon(at);
  const auto in_frame = [&x](std::size_t j) {
    return std::array{x.columns[j][0], x.columns[j][1], 0.0, 0.0, x.columns[j][2]};
  };
  TwoColumns<rows> columns{in_frame(0), in_frame(1)};
  std::array<double, rows> difference{};
  add_to(difference, y.along, step.epsilon[0]);
  add_to(difference, y.across, step.epsilon[1]);
  x.first = combine(alpha_ * x.first, columns[0], beta_ * y.s, step.epsilon[0]);
  x.difference = combine(alpha_ * x.difference, columns[1], beta_ * y.s_w, difference);
  const auto beside_mean = [&columns](std::size_t j) {
    return std::array{columns[j][0], columns[j][1], columns[j][2], columns[j][3]};
  };
  const TwoColumns<4> across{beside_mean(0), beside_mean(1)};
  const TwoColumns<2> root = upper_root(across);
  for (std::size_t j = 0; j < 2; ++j) {
    x.columns[j] = {root[j][0], root[j][1], columns[j][mean]};
    const double norm = take_norm(x.columns[j]);
    (j == 0 ? x.first : x.difference) = (j == 0 ? x.first : x.difference) * Magnitude::from(norm);
  }
  step.turn = completed(across, 2 + beside_);
  turn_epsilon(step, x);
}

/// ε₁ and ε₂ along F' and U'. Without a skip x' is the branch's, so that D·ε is exactly 0 where a norm leaves
/// nothing of D along x'.
void PairStream::turn_epsilon(Step& step, const PairSignal& x) const {
  for (std::size_t i = 0; i < 2; ++i) {
    std::array<double, rows> turned{};
    for (std::size_t k = 0; k < 4; ++k)
      for (std::size_t row = 0; row < 4; ++row)
        turned[k] = std::fma(step.turn[k][row], step.epsilon[i][row], turned[k]);
    turned[mean] = step.epsilon[i][mean];
    const bool within = alpha_.zero() && !x.first.zero() && (i == 0 || !x.difference.zero());
    for (std::size_t k = i + 1; k < 4 && within; ++k) turned[k] = 0;
    step.epsilon[i] = turned;
  }
}

SignedMagnitude PairStream::backward(const LayerOfNetwork& at, PairGradient& D, LayerMeasures& measures) {
  const Step& step = steps_[static_cast<std::size_t>(at.l) - 1];
  if (behind_ && !D.first.zero()) {
    step.norm.apply_transposed_jacobian(D.columns, D.first, D.difference);
    D = PairGradient::at_equal_norms(D.columns, D.first, D.difference, D.second_alive);
  }
  if (D.first.zero()) return {};
  const Turned old = turned(at, step, D);
  const auto projection = [&](std::size_t i, std::size_t j) {
    return dot_of(step.epsilon[i], old.behind[j]);
  };
  const DifferenceGeometry geometry = D.geometry();
  const PairProjections to{projection(0, 0), projection(1, 0), projection(0, 1),
                           projection(1, 1), geometry.cosine,  std::sqrt(geometry.squared_sine)};
  const Magnitude of_branch = beta_ * D.first;
  PairReturn back;
  if (!of_branch.zero())
    back = branch_.backward(at, {of_branch * of_branch, D.difference / D.first, to}, measures);
  const SignedMagnitude of_beta{to.epsilon_1_first, step.s * D.first};
  D = add_branch(at, step, D, old.before, back);
  return of_beta;
}

/// D in [F Q V' 1̂], V' a frame beside [F Q]. With normals G₁, G₂ along U' and beside, V = [U' V'] [G₁; G₂]
/// R⁻¹.
PairStream::Turned PairStream::turned(const LayerOfNetwork& at, const Step& step,
                                      const PairGradient& D) const {
  const TwoColumns<2> along = normals(at, pair_normals::corner, beside_);
  const TwoColumns<2> rest =
      wishart_root(at, pair_chi_squares::corner, pair_normals::corner_rest, dimension_ - 4);
  TwoColumns<4> G;
  for (std::size_t j = 0; j < 2; ++j) G[j] = {along[j][0], along[j][1], rest[j][0], rest[j][1]};
  const TwoColumns<2> R = upper_root(G);
  Turned turned{};
  for (std::size_t j = 0; j < 2; ++j) {
    const double second = beside_ < 2 ? 0 : D.columns[j][3] / R[1][1];
    const double first = beside_ < 1 ? 0 : (D.columns[j][2] - R[1][0] * second) / R[0][0];
    std::array<double, 4> beside{};
    add_to(beside, first, G[0]);
    add_to(beside, second, G[1]);
    turned.behind[j] = {D.columns[j][0], D.columns[j][1], beside[0], beside[1], D.columns[j][mean]};
    std::array<double, turned_rows>& old = turned.before[j];
    for (std::size_t k = 0; k < 4; ++k) {
      for (std::size_t i = 0; i < 4; ++i) old[i] = std::fma(turned.behind[j][k], step.turn[k][i], old[i]);
    }
    old[4] = beside[2];
    old[5] = beside[3];
    old[turned_rows - 1] = D.columns[j][mean];
  }
  return turned;
}

/// Columns of what came through the branch, along F, along what D has beside it, beside that, and along 1̂.
TwoColumns<PairStream::turned_rows> PairStream::from_branch(const LayerOfNetwork& at, const Step& step,
                                                            const PairReturn& back) const {
  const TwoColumns<2> within = normals(at, pair_normals::within, 2);
  const TwoColumns<2> along = normals(at, pair_normals::beside, beside_);
  const TwoColumns<2> rest =
      wishart_root(at, pair_chi_squares::beside, pair_normals::beside_rest, dimension_ - 4);
  const TwoColumns<2> X{{{1, 0}, {back.cosine, back.sine}}};
  const auto mixed = [&X](const TwoColumns<2>& xi, std::size_t j, std::size_t i) {
    return std::fma(X[j][0], xi[0][i], X[j][1] * xi[1][i]);
  };
  const TwoColumns<2> third{{{centred_ ? normal(at, pair_normals::third) : 0, 0},
                             {centred_ ? normal(at, pair_normals::third + 1) : 0, 0}}};
  TwoColumns<turned_rows> columns{};
  for (std::size_t j = 0; j < 2; ++j) {
    std::array<double, 3> read{0, 0, mixed(third, j, 0)};  // in the frame of what the branch read
    for (std::size_t i = 0; i < 2; ++i)
      read[i] =
          back.known[i][j] + back.noise[i][0] * mixed(within, j, 0) + back.noise[i][1] * mixed(within, j, 1);
    std::array<double, 3> in_frame{};
    for (std::size_t k = 0; k < 3; ++k) add_to(in_frame, read[k], step.read[k]);
    columns[j] = {in_frame[0],       in_frame[1],       mixed(along, j, 0), mixed(along, j, 1),
                  mixed(rest, j, 0), mixed(rest, j, 1), in_frame[2]};
  }
  return columns;
}

/// αD and what came through the branch.
PairGradient PairStream::add_branch(const LayerOfNetwork& at, const Step& step, const PairGradient& D,
                                    const TwoColumns<turned_rows>& old, const PairReturn& back) const {
  TwoColumns<turned_rows> fresh = from_branch(at, step, back);
  Magnitude first = back.first, difference = back.difference;
  if (before_) step.norm.apply_transposed_jacobian(fresh, first, difference);
  TwoColumns<4> beside_F;
  for (std::size_t j = 0; j < 2; ++j) beside_F[j] = {old[j][2], old[j][3], old[j][4], old[j][5]};
  const TwoColumns<2> kept = in_own_frame(beside_F, beside_);
  TwoColumns<turned_rows> columns{};
  std::array<Magnitude, 2> units;
  for (std::size_t j = 0; j < 2; ++j) {
    columns[j] = {old[j][0], old[j][1], kept[j][0], kept[j][1], 0, 0, old[j][turned_rows - 1]};
    units[j] = combine(alpha_ * (j == 0 ? D.first : D.difference), columns[j], j == 0 ? first : difference,
                       fresh[j]);
  }
  TwoColumns<4> beside;
  for (std::size_t j = 0; j < 2; ++j)
    beside[j] = {columns[j][2], columns[j][3], columns[j][4], columns[j][5]};
  const TwoColumns<2> root = in_own_frame(beside, beside_);
  TwoColumns<rows> all;
  for (std::size_t j = 0; j < 2; ++j)
    all[j] = {columns[j][0], columns[j][1], root[j][0], root[j][1], columns[j][turned_rows - 1]};
  return PairGradient::at_equal_norms(all, units[0], units[1], D.second_alive);
}

}  // namespace varprop::workers
