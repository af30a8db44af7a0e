// A block of infinite width as a map: what it does to the stream on its way up, and to a gradient on its way
// down (docs/theory.md, "Networks with a residual stream").
//
// Every pair of columns, two tokens or two inputs, has the same cosine: the map follows one variance q, one
// distance 1 − c, one squared gradient g and one cosine γ of gradients.
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "core/network/stream.hpp"
#include "theory/means/mean_field.hpp"
#include "theory/reason.hpp"

namespace varprop::theory {

/// Of a stream, in logarithms: those of signals that grow ever faster become infinite.
struct StreamState {
  double log_q;         ///< ln of its mean square
  double log_distance;  ///< ln(1 − c) of a pair of columns; −∞ where there is none
};

/// Of its gradient D, of squared norm g over all columns.
struct StreamGradient {
  double log_g = 0;
  double gamma = 0;  ///< γ = D_i·D_j/|D_i|² of a pair of columns
  /// n E(D·x)²/(|D|²|x|²): 0 behind a norm; without norms taken to be 1, as it is of homogeneous
  /// blocks.
  double along = 1;
};

/// exp(log)·(own + across γ): a squared gradient where every column's has mean square 1 and any two of them
/// the cosine γ.
struct PairForm {
  double log = -HUGE_VAL;
  double own = 1, across = 0;

  double at(double gamma) const { return log + std::log(own + across * gamma); }
};

/// What a branch F(u) is at one state of u = x or N(x), without β.
struct BranchStep {
  double log_v;                 ///< ln of the mean square of F's output
  double log_distance;          ///< ln(1 − c) of it
  PairForm gain;                ///< of |∂F/∂x ᵀ D|² over |D|²
  double shared = 0, kept = 1;  ///< D_i·D_j behind it: exp(gain.log)·(shared + kept γ)
  ByRole<PairForm> weights{};   ///< of |∂ℓ/∂W|² of its matrices over |D|²
  double log_a = -HUGE_VAL;     ///< ln of the mean square of its hidden activations
};

/// Of one branch with its skip and norm.
struct StepOfStream {
  BranchStep branch;
  double log_skipped, log_added;  ///< ln α²q and ln β²v
  double log_sum;                 ///< ln of their sum, before a norm behind it
  StreamState next;
};

/// The branches of a layer, in order: attention, then mlp or glu. `mean_field` outlives the map. Follows
/// pairs where `pairs`; attention to several tokens always does.
class StreamMap {
 public:
  StreamMap(const MeanField& mean_field, const StreamNetwork& network, bool pairs);

  std::vector<StepOfStream> up(const StreamState& state) const;

  /// κ of the branch that has the activation, at this state (1 without one): its gain of a squared gradient
  /// over its gain of the signal, q|∂F/∂x|²/v, biases of F's output left out. For mlp and residual
  /// κ = s D(s)/V(s) with s the variance of its pre-activations' weights; for glu 1 + that.
  double kappa(const StreamState& state) const;

  double log_skip() const { return log_skip_; }    ///< ln α²
  double log_scale() const { return log_scale_; }  ///< ln β²
  bool norm_before() const { return before_activation(network_.norm); }
  bool norm_behind() const { return behind_activation(network_.norm); }

 private:
  using Branch = BranchStep (StreamMap::*)(const StreamState& u) const;
  /// V and D, C and K of two pre-activations of variance e^log_s and distance e^log_distance.
  struct Averages {
    double log_V, log_D;
    double log_share;                                          ///< ln((V − C)/V)
    double slopes;                                             ///< K/D
    double values() const { return 1 - std::exp(log_share); }  ///< C/V
  };

  StepOfStream step(Branch branch, const StreamState& state) const;
  BranchStep residual(const StreamState& u) const;
  BranchStep mlp(const StreamState& u) const;
  BranchStep glu(const StreamState& u) const;
  BranchStep attention(const StreamState& u) const;
  BranchStep attention_of_one(const StreamState& u) const;
  Averages averages(double log_s, double log_distance) const;
  StreamState read(const StreamState& state) const;
  double fan_in_variance(MatrixRole role) const;

  const MeanField& mean_field_;
  StreamNetwork network_;
  bool pairs_;
  double log_skip_, log_scale_, log_bias_;
  std::vector<Branch> branches_;
  mutable std::optional<std::pair<StreamState, Averages>> last_;  ///< normed branches ask the same again
};

/// D from above a layer to below it, given what its steps were; `weights` and `branch_gradient` are told
/// ln|∂ℓ/∂W|² of every matrix and ln E(∂ℓ/∂β)².
struct LayerGradients {
  ByRole<double> log_weights;
  double log_branch_gradient;
};
LayerGradients pass_down(const StreamMap& map, const std::vector<StepOfStream>& steps, std::int32_t tokens,
                         StreamGradient& gradient);

}  // namespace varprop::theory
