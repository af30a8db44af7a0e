// The weights of one attention head for tokens that are kept as the first and differences, and what a
// gradient at the head's output is at its queries, keys and values.
#pragma once

#include <cstddef>
#include <vector>

#include "core/math/magnitude.hpp"
#include "core/network/stream.hpp"
#include "workers/networks/panel.hpp"

namespace varprop::workers {

/// Queries, keys and values of one head: rows offset … offset + d − 1 of panels.
struct HeadRows {
  std::size_t offset, d;
};

/// a/b as a double, 0 where b is 0.
double ratio(const Magnitude& a, const Magnitude& b);
/// The largest size of columns first, first + 1, ….
Magnitude largest_size(const Panel& panel, std::size_t first);

/// Sizes of keys and queries, which all heads share.
struct LogitSizes {
  std::vector<double> keys;        ///< of k_i − k_0 over the largest
  std::vector<double> first;       ///< τ |k_i − k_0||q_0|, at most 2⁹⁰⁰
  std::vector<Magnitude> queries;  ///< τ max |k_i − k_0||q_j − q_0|
  std::vector<double> bounded;     ///< likewise, at most 2⁹⁰⁰

  void of(const Panel& K, const Panel& Q, const Magnitude& tau);
};

/// A_ij, the weight of key i for query j: softmax over i of S_ij = τ k_i·q_j, τ = 1/√d or 1/d.
///
/// What all keys have in common drops out, so logits are S_ij − S_0j = τ (k_i − k_0)·q_j; and what a query
/// differs by from the first, e_ij = τ (k_i − k_0)·(q_j − q_0), gives the difference of weights by itself,
///     A_ij − A_i0 = A_i0 (x_ij − x̄_j)/(1 + x̄_j),   x_ij = exp(e_ij) − 1,   x̄_j = Σ_i A_i0 x_ij,
/// in units of the largest e_ij: outputs of tokens that are nearly equal keep their digits.
class AttentionWeights {
 public:
  AttentionWeights(std::size_t T, AttentionMask mask);

  /// From keys and queries, signals n × T.
  void operator()(const Panel& K, const Panel& Q, const HeadRows& rows, const LogitSizes& sizes);

  std::size_t T() const { return T_; }
  /// A_i0, and A_ij.
  double first(std::size_t i) const { return weights_[i]; }
  double weight(std::size_t i, std::size_t j) const { return weights_[j * T_ + i]; }
  /// A_ij − A_i0 in units of unit(j), i, j ≥ 1.
  double difference(std::size_t i, std::size_t j) const { return differences_[j * T_ + i]; }
  const Magnitude& unit(std::size_t j) const { return units_[j]; }

 private:
  bool sees(std::size_t query, std::size_t key) const { return mask_ == AttentionMask::none || key <= query; }
  void weigh(std::size_t j, const double* steps, const LogitSizes& sizes);
  void weigh_near(std::size_t j, const double* steps, double unit);
  void softmax(std::size_t j);

  std::size_t T_;
  AttentionMask mask_;
  std::vector<double> weights_, differences_;  ///< [T][T]: element j·T + i
  std::vector<Magnitude> units_;
  std::vector<double> logits_;    ///< S_i0 − S_00
  std::vector<double> products_;  ///< [T][T − 1]: of query j and key i ≥ 1, then e_ij in a unit of j's own
  std::vector<double> own_;       ///< S_ij − S_0j, or x_ij
  std::vector<const double*> keys_, queries_;
};

/// ∂ℓ/∂S_ij = A_ij (∂ℓ/∂A_ij − Σ_k A_kj ∂ℓ/∂A_kj) of one head; what values have in common drops out, so
/// ∂ℓ/∂A_ij is (v_i − v_0)·D_j, D the gradient at the output.
class LogitGradients {
 public:
  explicit LogitGradients(std::size_t T) : T_(T), gradients_(T * T), over_queries_(T) {}

  /// Sizes of values, and of gradients at the outputs, which all heads share.
  void of(const Panel& V, const Panel& D);
  void operator()(const AttentionWeights& A, const Panel& V, const Panel& D, const HeadRows& rows);

  /// ∂ℓ/∂S_ij in units of unit(), i ≥ 1; that of key 0 is minus their sum.
  double operator()(std::size_t i, std::size_t j) const { return gradients_[j * T_ + i]; }
  /// Its sum over j.
  double over_queries(std::size_t i) const { return over_queries_[i]; }
  const Magnitude& unit() const { return unit_; }

 private:
  std::size_t T_;
  std::vector<double> gradients_;  ///< [T][T]: element j·T + i
  std::vector<double> over_queries_, products_;
  std::vector<double> of_values_, of_outputs_;
  std::vector<const double*> values_, outputs_;
  Magnitude unit_;
};

}  // namespace varprop::workers
