#include "workers/networks/token_norm.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "workers/kernels/panel_products.hpp"

namespace varprop::workers {

namespace {

constexpr double rounding = 1e-28;  ///< squared, relative: what is smaller was 0

}  // namespace

TokenNorm::TokenNorm(Norm norm, const StreamAxes& axes, std::size_t T)
    : centres_(centres(norm)),
      folded_(axes.folded),
      rows_(static_cast<std::size_t>(axes.rows)),
      root_n_(Magnitude::from(static_cast<double>(axes.n)).square_root()),
      unit_(axes.rows, T),
      slope_(T),
      token_(axes.rows, 1),
      difference_(axes.rows, T > 1 ? 1 : 0),
      coordinates_(axes.rows, T) {}

/// Where a stream is written down in axes, its mean is along the first.
void TokenNorm::take_mean_away(double* x) const {
  if (folded_) {
    x[0] = 0;
    return;
  }
  add_constant(-sum_of_elements(x, rows_) / static_cast<double>(rows_), rows_, x);
}

/// Takes the mean of column t away; what is left of one that was nothing else is 0.
void TokenNorm::centre(Panel& X, std::size_t t) const {
  double* const x = X.data(t);
  const double whole = inner_product(x, x, rows_);
  for (int time = 0; time < 2; ++time) take_mean_away(x);
  if (inner_product(x, x, rows_) <= rounding * whole) X.clear(t);
}

void TokenNorm::apply(Panel& X) {
  if (centres_) {
    for (std::size_t t = 0; t < X.columns(); ++t) centre(X, t);
    X.normalize();
  }
  slope_[0] = X.size(0).zero() ? Magnitude() : root_n_ / X.size(0);
  for (std::size_t t = 1; t < X.columns(); ++t) normalize_difference(X, t);
  if (!X.size(0).zero()) X.size(0) = root_n_;
  unit_ = X;
}

/// With d = x_t − x_0 = (d·x̂_0)x̂_0 + d⊥, cos θ = x̂_t·x̂_0 and sin θ = |d⊥|/|x_t|,
///     N(x_t) − N(x_0) = √n (d⊥/|x_t| − x̂_0 sin²θ/(1 + cos θ)):
/// nothing is subtracted that is nearly equal, but where d is nearly along x_0; and |d|, which may be too
/// small for a double, stays a magnitude.
void TokenNorm::normalize_difference(Panel& X, std::size_t t) {
  const Magnitude unit = larger(X.size(0), X.size(t));
  slope_[t] = Magnitude();
  if (unit.zero()) return X.clear(t);
  const double along = take_away_along_first(X, t);
  const double across2 = inner_product(token_.data(0), token_.data(0), rows_);
  const Magnitude step = X.size(t) / unit;
  const double first = (X.size(0) / unit).to_double(), apart = step.to_double();
  const double onward = first + apart * along;
  const double length2 = onward * onward + apart * apart * across2;
  sum_.clear();
  if (length2 <= rounding * (first * first + apart * apart)) {  // x_t = 0: N(x_t) − N(x_0) = −N(x_0)
    sum_.add(X.data(0), X.size(0).zero() ? 0 : -1, root_n_);
  } else {
    const double length = std::sqrt(length2), cosine = onward / length;
    slope_[t] = root_n_ / (unit * Magnitude::from(length));
    sum_.add(token_.data(0), 1 / length, root_n_ * step);
    if (!X.size(0).zero() && cosine > 0)
      sum_.add(X.data(0), -across2 / (length2 * (1 + cosine)), root_n_ * step * step);
    if (!X.size(0).zero() && cosine <= 0) sum_.add(X.data(0), cosine - 1, root_n_);
  }
  sum_.write(difference_, 0);
  std::ranges::copy(difference_.column(0), X.column(t).begin());
  X.size(t) = difference_.size(0);
  X.scale_column(t);
}

/// d̂ − (d̂·x̂_0)x̂_0 into token_, twice; d̂·x̂_0 is returned.
double TokenNorm::take_away_along_first(const Panel& X, std::size_t t) {
  const double* const direction = X.data(0);
  std::ranges::copy(X.column(t), token_.column(0).begin());
  double along = 0;
  for (int time = 0; time < 2; ++time) {
    const double back = -inner_product(direction, token_.data(0), rows_);
    add_combination({&direction, 1}, &back, rows_, token_.data(0));
    along -= back;
  }
  return along;
}

/// x̂_t.
const double* TokenNorm::direction_of(std::size_t t) {
  if (t == 0) return unit_.data(0);
  sum_.clear().add(unit_, 0).add(unit_, t).write(token_, 0);
  token_.scale_column(0);
  return token_.data(0);
}

void TokenNorm::apply_transposed_jacobian(Panel& D) {
  coordinates_.gradient_to_tokens(D);
  for (std::size_t t = 0; t < D.columns(); ++t) project(D, t);
  coordinates_.gradient_from_tokens(D);
}

/// D_t ← J_tᵀ D_t, projected once more where rounding has left something. What is left of a gradient that is
/// taken whole is 0.
void TokenNorm::project(Panel& D, std::size_t t) {
  constexpr double nothing = 1e-26, left_by_rounding = 1e-30;
  if (slope_[t].zero() || D.size(t).zero()) return D.clear(t);
  const std::array columns{direction_of(t), static_cast<const double*>(D.data(t))};
  const double whole = inner_product(D.data(t), D.data(t), rows_);
  double products[2];  // D_t·x̂_t and |D_t|²
  for (int time = 0; time < 3; ++time) {
    if (centres_) take_mean_away(D.data(t));
    inner_products(columns, D.data(t), rows_, products);
    if (time > 0 && products[0] * products[0] <= left_by_rounding * products[1]) break;
    const double along = -products[0];
    add_combination({columns.data(), 1}, &along, rows_, D.data(t));
  }
  if (products[1] <= nothing * whole) return D.clear(t);
  D.size(t) = D.size(t) * slope_[t];
}

}  // namespace varprop::workers
