#include "workers/networks/matrix.hpp"

#include <algorithm>
#include <cmath>

#include "core/errors.hpp"
#include "workers/kernels/panel_products.hpp"

namespace varprop::workers {

RedrawnMatrix::RedrawnMatrix(WeightDistribution law, const PointKey& key, std::int64_t rows,
                             std::int64_t columns)
    : Matrix(rows, columns),
      law_(law),
      key_(key),
      matrix_{law, Stream(key, 0, 0, Purpose::weight), rows, columns, nullptr} {
  VARPROP_EXPECT(law != WeightDistribution::orthogonal);
}

void RedrawnMatrix::begin(std::uint32_t replica, std::int32_t l, const StopFlag& stop) {
  matrix_ = {law_, Stream(key_, replica, static_cast<std::uint32_t>(l), Purpose::weight), n_out(), n_in(),
             &stop};
}

void RedrawnMatrix::times(const Panel& X, Panel& Y) {
  for (std::size_t t = 0; t < X.columns(); ++t) {
    workers::multiply(matrix_, X.column(t), Y.column(t));
    Y.size(t) = X.size(t);
  }
  throw_if_stopped(*matrix_.stop);
}

void RedrawnMatrix::transposed_times(const Panel& Y, Panel& X) {
  for (std::size_t t = 0; t < Y.columns(); ++t) {
    workers::multiply_transposed(matrix_, Y.column(t), X.column(t));
    X.size(t) = Y.size(t);
  }
  throw_if_stopped(*matrix_.stop);
}

DeferredMatrix::DeferredMatrix(const PointKey& key, Space out, Space in)
    : Matrix(out.rows(), in.rows()), key_(key), right_(std::move(out)), left_(std::move(in)) {}

void DeferredMatrix::Side::make_room(std::size_t more, std::int64_t n, std::int64_t n_image) {
  while (room_.size() < known_ + more) {
    room_.push_back({std::vector<double>(padded(n)), std::vector<double>(padded(n_image))});
    directions_.push_back(room_.back().direction.data());
    images_.push_back(room_.back().image.data());
  }
}

void DeferredMatrix::begin(std::uint32_t replica, std::int32_t l, const StopFlag& stop) {
  replica_ = replica;
  l_ = static_cast<std::uint32_t>(l);
  stop_ = &stop;
  right_.forget();
  left_.forget();
}

void DeferredMatrix::times(const Panel& X, Panel& Y) {
  touch(right_, left_, Stream(key_, replica_, l_, Purpose::preactivation), X, Y);
}

void DeferredMatrix::transposed_times(const Panel& Y, Panel& X) {
  touch(left_, right_, Stream(key_, replica_, l_, Purpose::transpose), Y, X);
}

void DeferredMatrix::touch(Side& from, const Side& to, const Stream& draws, const Panel& X, Panel& out) {
  throw_if_stopped(*stop_);
  T_ = X.columns();
  from.make_room(T_, X.rows(), out.rows());
  coefficients_.assign((from.known() + T_) * T_, 0.0);
  const std::size_t more = apart(from, X);
  decide(from, to, draws, more, X.rows(), out.rows());
  from.keep(more);
  written_.clear();
  for (std::size_t t = 0; t < T_; ++t) written_.push_back(out.data(t));
  multiply_columns_by(from.images(), coefficients_.data(), static_cast<std::size_t>(out.rows()), written_);
  for (std::size_t t = 0; t < T_; ++t) out.size(t) = X.size(t);
}

/// New directions into the room behind those that are known, and X's coefficients: how many are new.
std::size_t DeferredMatrix::apart(Side& from, const Panel& X) {
  if (from.known() == 0 && apart_by_cholesky(from, X)) return T_;
  return apart_by_gram_schmidt(from, X);
}

/// XᵀX = KᵀK with K an upper triangle, Q = X K⁻¹: orthonormal to 2⁻⁵² times the square of X's condition.
/// False where a column lies to less than 1/20 outside those before it.
bool DeferredMatrix::apart_by_cholesky(Side& from, const Panel& X) {
  constexpr double least = 1.0 / 20;
  const auto n = static_cast<std::size_t>(X.rows());
  if (T_ > n) return false;
  read_.clear();
  written_.clear();
  for (std::size_t t = 0; t < T_; ++t) {
    read_.push_back(X.data(t));
    written_.push_back(from.direction(t));
  }
  gram_.resize(T_ * T_);
  gram_products(read_, n, gram_.data());
  inverse_.assign(T_ * T_, 0.0);
  for (std::size_t t = 0; t < T_; ++t) {
    double square = gram_[t * T_ + t];
    for (std::size_t s = 0; s < t; ++s) {
      double sum = gram_[s * T_ + t];
      for (std::size_t r = 0; r < s; ++r) sum -= coefficient(r, s) * coefficient(r, t);
      coefficient(s, t) = sum / coefficient(s, s);
      square -= coefficient(s, t) * coefficient(s, t);
    }
    if (!(square > least * least * gram_[t * T_ + t])) {
      std::ranges::fill(coefficients_, 0.0);
      return false;
    }
    coefficient(t, t) = std::sqrt(square);
    inverse_[t * T_ + t] = 1 / coefficient(t, t);
    for (std::size_t s = 0; s < t; ++s) {
      double sum = 0;
      for (std::size_t r = s; r < t; ++r) sum += inverse_[s * T_ + r] * coefficient(r, t);
      inverse_[s * T_ + t] = -sum / coefficient(t, t);
    }
  }
  multiply_columns_by(read_, inverse_.data(), n, written_);
  return true;
}

std::size_t DeferredMatrix::apart_by_gram_schmidt(Side& from, const Panel& X) {
  constexpr double no_direction = 1e-13;
  const auto n = static_cast<std::size_t>(X.rows());
  std::size_t more = 0;
  for (std::size_t t = 0; t < T_; ++t) {
    double* const rest = from.direction(more);
    std::copy_n(X.data(t), n, rest);
    read_.assign(from.directions().begin(), from.directions().end());
    for (std::size_t s = 0; s < more; ++s) read_.push_back(from.direction(s));
    corrections_.resize(read_.size());
    const double whole = workers::inner_product(rest, rest, n);
    for (int time = 0; time < 2 && !read_.empty(); ++time) {
      inner_products(read_, rest, n, corrections_.data());
      for (std::size_t j = 0; j < read_.size(); ++j) {
        coefficient(j, t) += corrections_[j];
        corrections_[j] = -corrections_[j];
      }
      add_combination(read_, corrections_.data(), n, rest);
    }
    const double rho = std::sqrt(workers::inner_product(rest, rest, n));
    if (read_.size() == n || rho <= no_direction * std::sqrt(whole)) continue;
    scale(1 / rho, rest, n, rest);
    coefficient(read_.size(), t) = rho;
    ++more;
  }
  return more;
}

/// The images of so many new directions.
void DeferredMatrix::decide(Side& from, const Side& to, const Stream& draws, std::size_t more, std::int64_t n,
                            std::int64_t n_image) {
  const auto rows = static_cast<std::size_t>(n_image);
  written_.clear();
  read_.clear();
  for (std::size_t s = 0; s < more; ++s) {
    written_.push_back(from.image(s));
    read_.push_back(from.direction(s));
  }
  from.draw_images(draws, written_);
  if (to.known() == 0 || more == 0) return;
  corrections_.resize(to.known() * more);
  fresh_.resize(to.known() * more);
  cross_products(to.images(), read_, static_cast<std::size_t>(n), corrections_.data());
  read_.assign(written_.begin(), written_.end());
  cross_products(to.directions(), read_, rows, fresh_.data());
  for (std::size_t i = 0; i < corrections_.size(); ++i) corrections_[i] -= fresh_[i];
  multiply_columns_by(to.directions(), corrections_.data(), rows, written_, true);
}

}  // namespace varprop::workers
