#include "workers/networks/mlp_branch.hpp"

namespace varprop::workers {

MlpBranch::MlpBranch(const StreamNetwork& network, const MatrixSource& source, const LayerSpaces& spaces,
                     std::uint32_t p)
    : mask_key_(source.key(p)),
      in_(source, p, Space(network.m), spaces.read, network.variance[MatrixRole::in], Space(network.m),
          network.bias_variance),
      out_(source, p + 1, spaces.written, Space(network.m), network.variance[MatrixRole::out],
           spaces.written_bias, network.bias_variance),
      phi_(network.activation, network.m, static_cast<std::size_t>(network.tokens)),
      mask_(network.keep, network.m, static_cast<std::size_t>(network.tokens)),
      z_(network.m, static_cast<std::size_t>(network.tokens)),
      a_(network.m, static_cast<std::size_t>(network.tokens)),
      guard_(network.skip == 0, static_cast<std::size_t>(network.tokens)),
      coordinates_(network.m, static_cast<std::size_t>(network.tokens)) {}

void MlpBranch::begin(const LayerOfNetwork& at) {
  in_.begin(at);
  out_.begin(at);
  mask_.draw(at.stream(mask_key_, Purpose::mask));
}

void MlpBranch::forward(const Panel& U, Panel& Y, LayerMeasures& measures) {
  in_.times(U, z_);
  phi_(z_);
  measures.activations = mean_square(phi_.tokens());
  phi_.take_values(a_);
  mask_.apply(a_);
  a_.normalize();
  out_.times(a_, Y);
}

void MlpBranch::backward(const Panel& U, Panel& D, Panel& dU, LayerMeasures& measures) {
  measures.weight_gradient[MatrixRole::out] = outer_.squared_norm(D, a_);
  measures.bias_gradient = measures.bias_gradient + D.squared_norm(0);
  out_.transposed_times(D, z_);
  coordinates_.gradient_to_tokens(z_);
  guard_.before(z_);
  mask_.apply_to_tokens(z_);
  multiply_columns(z_, phi_.slopes());
  guard_.passed(phi_.slopes());
  guard_.drop(z_);
  coordinates_.gradient_from_tokens(z_);
  measures.weight_gradient[MatrixRole::in] = outer_.squared_norm(z_, U);
  measures.bias_gradient = measures.bias_gradient + z_.squared_norm(0);
  in_.transposed_times(z_, dU);
}

}  // namespace varprop::workers
