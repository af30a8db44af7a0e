// Branches of one hidden layer.
#include <cmath>
#include <vector>

#include "core/random/normal_quantile.hpp"
#include "workers/one_input/changed_layers.hpp"
#include "workers/one_input/layers.hpp"
#include "workers/one_input/transposed_weights.hpp"
#include "workers/streams/scalar_branch.hpp"

namespace varprop::workers {

namespace {

/// Of s² = from_weights + from_biases.
WeightShare share_of(const Magnitude& from_weights, const Magnitude& from_biases, const Magnitude& s2) {
  if (s2.zero()) return {0, 1};
  return {(from_weights / s2).square_root().to_double(), (from_biases / s2).square_root().to_double()};
}

/// Which of a layer's matrices lie around its hidden neurons.
struct HiddenMatrices {
  MatrixRole in, out;
  bool biased;     ///< whether the equations have b₁ and b₂
  bool activated;  ///< whether there is an activation to measure
};

template <class Layers>
class HiddenBranch : public ScalarBranch {
 public:
  HiddenBranch(const StreamNetwork& network, std::int64_t neurons, const HiddenMatrices& matrices,
               const PointKey& key)
      : matrices_(matrices),
        k_in_(network.variance[matrices.in]),
        k_out_(network.variance[matrices.out]),
        may_vanish_(network.skip == 0 && network.norm != Norm::none),
        network_(network, neurons, key),
        sums_of_(network_),
        hidden_(static_cast<std::size_t>(network.L)) {
    if (!matrices.biased) network_.sigma_b2 = Magnitude();
  }

  Magnitude forward(const LayerOfNetwork& at, const Magnitude& squared_input,
                    LayerMeasures& measures) override {
    Hidden& hidden = hidden_of(at);
    const Magnitude from_input = k_in_ * squared_input, s2 = from_input + network_.sigma_b2;
    hidden.squared_input = squared_input;
    hidden.share_in = share_of(from_input, network_.sigma_b2, s2);
    hidden.range = network_.plan_range(s2.square_root());
    sum_in_range(hidden, sums_of_, place(at, hidden));
    redo_in_tail(hidden, sums_of_, place(at, hidden), network_.plan_range, s2);
    const Magnitude unit = hidden.range.tau * hidden.range.tau;
    if (matrices_.activated) {
      const Magnitude neurons = Magnitude::from(static_cast<double>(network_.n));
      measures.activations = unit * Magnitude::from(hidden.values) / neurons;
    }
    hidden.squared_values = unit * Magnitude::from(hidden.sums.alpha_alpha);
    const Magnitude from_values = k_out_ * hidden.squared_values, out = from_values + network_.sigma_b2;
    hidden.share_out = share_of(from_values, network_.sigma_b2, out);
    return out;
  }

  BranchGradient backward(const LayerOfNetwork& at, const Magnitude& squared_gradient, double projection,
                          LayerMeasures& measures) override {
    const Hidden& hidden = hidden_of(at);
    const TransposeShares shares = TransposedWeights::gaussian(hidden.sums, hidden.share_out, projection);
    const auto form = [&](double beta) {
      const GradientSums sums = sums_of_.sum_gradient(place(at, hidden), beta);
      throw_if_stopped(at.stop);
      return sums;
    };
    const SlopedGradient d = sloped_gradient(hidden.sums, shares, may_vanish_, form);
    const Magnitude& upsilon = hidden.range.upsilon;
    const Magnitude squared_delta =
        k_out_ * squared_gradient * (upsilon * upsilon * Magnitude::from(d.squared_norm));
    measures.weight_gradient[matrices_.out] = squared_gradient * hidden.squared_values;
    measures.weight_gradient[matrices_.in] = squared_delta * hidden.squared_input;
    if (matrices_.biased) measures.bias_gradient = measures.bias_gradient + squared_gradient + squared_delta;
    if (squared_delta.zero()) return {};
    const double noise = hidden.share_in.root_one_minus_rho;
    const double beside =
        noise > 0 ? noise * normal_from_bits(at.stream(network_.key, Purpose::second_transpose).draw(0)) : 0;
    return {k_in_ * squared_delta, std::fma(hidden.share_in.root_rho, d.epsilon_projection, beside)};
  }

 private:
  struct Hidden : SummedLayer {
    WeightShare share_in, share_out;  ///< of W₁ in z, of W₂ in y
    Magnitude squared_input;          ///< |u|²
    Magnitude squared_values;         ///< |a|²
  };

  Hidden& hidden_of(const LayerOfNetwork& at) { return hidden_[static_cast<std::size_t>(at.l) - 1]; }
  /// Sees the range of the layer as it is when it is asked.
  static LayerOfReplica place(const LayerOfNetwork& at, const Hidden& hidden) {
    return {at.replica, at.l, hidden.range, &at.stop};
  }

  HiddenMatrices matrices_;
  Magnitude k_in_, k_out_;
  bool may_vanish_;
  RandomNetwork network_;
  Layers sums_of_;
  std::vector<Hidden> hidden_;  ///< element l − 1
};

template <class Layers>
std::unique_ptr<ScalarBranch> make_hidden(const StreamNetwork& network, const PointKey& key) {
  const HiddenMatrices matrices{MatrixRole::in, MatrixRole::out, true, true};
  return std::make_unique<HiddenBranch<Layers>>(network, network.m, matrices, key);
}

}  // namespace

std::unique_ptr<ScalarBranch> make_mlp_branch(const StreamNetwork& network, HiddenSums hidden,
                                              const PointKey& key) {
  const bool drops = network.keep < 1;
  if (hidden == HiddenSums::radial)
    return (drops ? make_hidden<ChangedRadialLayers> : make_hidden<RadialLayers>)(network, key);
  return (drops ? make_hidden<ChangedNeuronLayers> : make_hidden<NeuronLayers>)(network, key);
}

/// Its values are a linear hidden layer, of which counts and norms tell all.
std::unique_ptr<ScalarBranch> make_attention_branch(const StreamNetwork& network, const PointKey& key) {
  StreamNetwork linear = network;
  linear.activation = Activation::parse("linear");
  linear.keep = 1;
  const HiddenMatrices matrices{MatrixRole::value, MatrixRole::attention_out, false, false};
  return std::make_unique<HiddenBranch<RadialLayers>>(linear, linear.n, matrices, key);
}

}  // namespace varprop::workers
