// Attention of several heads.
#pragma once

#include <array>
#include <vector>

#include "workers/networks/attention_weights.hpp"
#include "workers/networks/branch.hpp"

namespace varprop::workers {

/// F(U) = W_O [V_h A_h]_h, A_h = softmax over keys of τ K_hᵀQ_h, (Q, K, V) = (W_Q, W_K, W_V) U, head h being
/// rows h d … (h + 1)d − 1, d = n/H (or so many as the head's space has), τ = 1/√d or 1/d. No biases, no
/// dropout.
class AttentionBranch : public Branch {
 public:
  /// W_Q above W_K above W_V are matrix number p, W_O is the next.
  AttentionBranch(const StreamNetwork& network, const MatrixSource& source, std::uint32_t p)
      : AttentionBranch(network, source, source.spaces(network), p) {}
  void begin(const LayerOfNetwork& at) override;
  void forward(const Panel& U, Panel& Y, LayerMeasures& measures) override;
  void backward(const Panel& U, Panel& D, Panel& dU, LayerMeasures& measures) override;

 private:
  AttentionBranch(const StreamNetwork& network, const MatrixSource& source, const LayerSpaces& spaces,
                  std::uint32_t p);
  enum : std::size_t { query, key, value };
  HeadRows rows(std::size_t head) const { return {head * d_, d_}; }
  void attend();
  void begin_way_back();
  void step_back_through(std::size_t head);
  void combine(const Panel& X, std::size_t first, Panel& out, std::size_t first_out, const HeadRows& rows);

  std::size_t T_, d_;  ///< d_: rows of a head
  Magnitude tau_;
  StackedLinear in_;
  Linear out_;
  std::array<Panel, 3> in_panels_;   ///< Q, K, V
  std::array<Panel, 3> gradients_;   ///< at Q, K, V
  std::vector<AttentionWeights> A_;  ///< of each head
  LogitSizes sizes_;
  LogitGradients dS_;
  Panel O_;   ///< [V_h A_h]_h
  Panel dO_;  ///< the gradient there
  OuterProduct outer_;
  std::vector<double> of_values_, of_queries_, of_outputs_;  ///< sizes of columns over the largest
  std::vector<double> factors_;
  std::vector<const double*> read_;
  std::vector<double*> written_;
};

}  // namespace varprop::workers
