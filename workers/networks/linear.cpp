#include "workers/networks/linear.hpp"

#include <algorithm>

#include "workers/kernels/panel_products.hpp"

namespace varprop::workers {

Linear::Linear(const MatrixSource& source, std::uint32_t p, const Space& out, const Space& in,
               const Magnitude& k, Space of_bias, const Magnitude& sigma_b2)
    : matrix_(source.make(p, out, in)),
      key_(source.key(p)),
      root_k_(k.square_root()),
      sigma_b_(sigma_b2.square_root()),
      of_bias_(std::move(of_bias)),
      bias_draws_(key_, 0, 0, Purpose::bias),
      bias_(out.rows(), sigma_b2.zero() ? 0 : 1),
      sum_room_(out.rows(), sigma_b2.zero() ? 0 : 1) {}

void Linear::begin(const LayerOfNetwork& at) {
  matrix_->begin(at.replica, at.l, at.stop);
  bias_draws_ = at.stream(key_, Purpose::bias);
}

/// The bias is in the first token, and differences know nothing of it.
void Linear::times(const Panel& X, Panel& Z) {
  matrix_->times(X, Z);
  Z.multiply(root_k_);
  if (sigma_b_.zero()) return;
  double* const bias = bias_.data(0);
  of_bias_.draw(bias_draws_, 0, {&bias, 1});
  bias_.size(0) = sigma_b_;
  sum_.clear().add(Z, 0).add(bias_, 0).write(sum_room_, 0);
  std::ranges::copy(sum_room_.column(0), Z.column(0).begin());
  Z.size(0) = sum_room_.size(0);
}

void Linear::transposed_times(Panel& D, Panel& G) {
  D.normalize();
  matrix_->transposed_times(D, G);
  G.multiply(root_k_);
}

StackedLinear::StackedLinear(const MatrixSource& source, std::uint32_t p, const Space& out, const Space& in,
                             std::size_t T, std::span<const Magnitude> k)
    : matrix_(source.make(p, out, in)), stack_(matrix_->n_out(), T) {
  for (const Magnitude& variance : k) root_k_.push_back(variance.square_root());
}

void StackedLinear::begin(const LayerOfNetwork& at) {
  matrix_->begin(at.replica, at.l, at.stop);
}

void StackedLinear::times(const Panel& X, std::span<Panel> Z) {
  matrix_->times(X, stack_);
  for (std::size_t i = 0; i < Z.size(); ++i) {
    const auto n = static_cast<std::size_t>(Z[i].rows());
    for (std::size_t t = 0; t < X.columns(); ++t) {
      std::copy_n(stack_.data(t) + i * n, n, Z[i].data(t));
      Z[i].size(t) = stack_.size(t) * root_k_[i];
    }
  }
}

void StackedLinear::transposed_times(std::span<const Panel> D, Panel& G) {
  for (std::size_t t = 0; t < G.columns(); ++t) {
    Magnitude unit;
    for (std::size_t i = 0; i < D.size(); ++i) unit = larger(unit, root_k_[i] * D[i].size(t));
    for (std::size_t i = 0; i < D.size(); ++i) {
      const auto n = static_cast<std::size_t>(D[i].rows());
      const double factor = unit.zero() ? 0 : (root_k_[i] * D[i].size(t) / unit).to_double();
      scale(factor, D[i].data(t), n, stack_.data(t) + i * n);
    }
    stack_.size(t) = unit;
  }
  stack_.normalize();
  matrix_->transposed_times(stack_, G);
}

}  // namespace varprop::workers
