// Branches of gated units.
#include <array>
#include <cmath>
#include <vector>

#include "workers/kernels/gated_layer.hpp"
#include "workers/one_input/transposed_weights.hpp"
#include "workers/streams/scalar_branch.hpp"

namespace varprop::workers {

namespace {

/// h = φ(z) ⊙ t m/p with gates z = sε and values t = s_t ε̃: its sums are in units of φ's τ and υ times s_t.
/// To W₃ it is a hidden layer like another; W₁ and W₂ read what φ'(z) ⊙ t m/p and φ(z) m/p leave of W₃ᵀD.
class GatedBranch : public ScalarBranch {
 public:
  GatedBranch(const StreamNetwork& network, const PointKey& key)
      : k_gate_(network.variance[MatrixRole::gate]),
        k_value_(network.variance[MatrixRole::in]),
        k_out_(network.variance[MatrixRole::out]),
        may_vanish_(network.skip == 0 && network.norm != Norm::none),
        network_(network, network.m, key),
        hidden_(static_cast<std::size_t>(network.L)) {}

  Magnitude forward(const LayerOfNetwork& at, const Magnitude& squared_input,
                    LayerMeasures& measures) override {
    Hidden& hidden = hidden_[static_cast<std::size_t>(at.l) - 1];
    const Magnitude s2 = k_gate_ * squared_input;
    hidden.squared_input = squared_input;
    hidden.value_size = (k_value_ * squared_input).square_root();
    hidden.range = network_.plan_range(s2.square_root());
    sum(at, hidden);
    redo_lost(at, hidden, s2);
    const Magnitude unit = hidden.range.tau * hidden.range.tau;
    measures.activations =
        unit * Magnitude::from(hidden.sums.values) / Magnitude::from(static_cast<double>(network_.n));
    hidden.squared_values =
        unit * (hidden.value_size * hidden.value_size) * Magnitude::from(hidden.sums.gate.alpha_alpha);
    return k_out_ * hidden.squared_values;
  }

  BranchGradient backward(const LayerOfNetwork& at, const Magnitude& squared_gradient, double projection,
                          LayerMeasures& measures) override {
    const Hidden& hidden = hidden_[static_cast<std::size_t>(at.l) - 1];
    const WeightShare all{hidden.squared_values.zero() ? 0.0 : 1.0, hidden.squared_values.zero() ? 1.0 : 0.0};
    const TransposeShares shares = TransposedWeights::gaussian(hidden.sums.gate, all, projection);
    const auto form = [&](double beta) {
      const GatedGradientSums sums = sum_gated_gradient(pass(at, hidden), beta);
      throw_if_stopped(at.stop);
      return sums;
    };
    const SlopedGradient at_gate =
        sloped_gradient(hidden.sums.gate, shares, may_vanish_, [&](double beta) { return form(beta).gate; });
    const SlopedGradient at_value = sloped_gradient(hidden.sums.value, shares, may_vanish_,
                                                    [&](double beta) { return form(beta).value; });
    const Magnitude unit = k_out_ * squared_gradient;
    const Magnitude of_gate = hidden.range.upsilon * hidden.value_size;
    const Magnitude gate = unit * (of_gate * of_gate * Magnitude::from(at_gate.squared_norm));
    const Magnitude value =
        unit * (hidden.range.tau * hidden.range.tau * Magnitude::from(at_value.squared_norm));
    measures.weight_gradient[MatrixRole::out] = squared_gradient * hidden.squared_values;
    measures.weight_gradient[MatrixRole::gate] = gate * hidden.squared_input;
    measures.weight_gradient[MatrixRole::in] = value * hidden.squared_input;
    return together(k_gate_ * gate, at_gate.epsilon_projection, k_value_ * value,
                    at_value.epsilon_projection);
  }

 private:
  struct Hidden {
    GatedSums sums;
    SignalRange range;
    Magnitude value_size;      ///< s_t
    Magnitude squared_input;   ///< |u|²
    Magnitude squared_values;  ///< |h|²
  };

  /// The sum of what two matrices that read u give back: their parts along û add up, and their fresh normals
  /// are one vector.
  static BranchGradient together(const Magnitude& gate, double gate_along, const Magnitude& value,
                                 double value_along) {
    const Magnitude rest = gate + value;
    if (rest.zero()) return {};
    const auto share = [&](const Magnitude& part) { return (part / rest).square_root().to_double(); };
    return {rest, std::fma(share(gate), gate_along, share(value) * value_along)};
  }

  GatedPass pass(const LayerOfNetwork& at, const Hidden& hidden) const {
    const auto stream = [&](Purpose purpose) { return at.stream(network_.key, purpose); };
    const LayerPass gate{{network_.activation, hidden.range.linear, hidden.range.scale, hidden.range.tail},
                         stream(Purpose::preactivation),
                         stream(Purpose::transpose),
                         network_.n,
                         &at.stop};
    return {gate, stream(Purpose::second_preactivation),
            network_.keep < 1 ? std::optional(network_.mask(at.replica, at.l)) : std::nullopt};
  }

  void sum(const LayerOfNetwork& at, Hidden& hidden) const {
    hidden.sums = sum_gated_layer(pass(at, hidden));
    throw_if_stopped(at.stop);
  }

  /// As redo_in_tail() does; a product of normals is no tail.
  void redo_lost(const LayerOfNetwork& at, Hidden& hidden, const Magnitude& s2) const {
    if (!network_.plan_range.lost_in_tail(s2, hidden.sums.slope_squared, hidden.sums.values)) return;
    hidden.range = network_.plan_range.direct(s2.square_root());
    const TailUnits units = find_tail_units(pass(at, hidden).gate);
    throw_if_stopped(at.stop);
    hidden.range = network_.plan_range.in_tail(hidden.range, units);
    sum(at, hidden);
  }

  Magnitude k_gate_, k_value_, k_out_;
  bool may_vanish_;
  RandomNetwork network_;
  std::vector<Hidden> hidden_;  ///< element l − 1
};

}  // namespace

std::unique_ptr<ScalarBranch> make_gated_branch(const StreamNetwork& network, const PointKey& key) {
  return std::make_unique<GatedBranch>(network, key);
}

}  // namespace varprop::workers
