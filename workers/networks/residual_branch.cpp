#include "workers/networks/residual_branch.hpp"

namespace varprop::workers {

ResidualBranch::ResidualBranch(const StreamNetwork& network, const MatrixSource& source, std::uint32_t p)
    : phi_(network.activation, network.n, static_cast<std::size_t>(network.tokens)),
      out_(source, p, Space(network.n), Space(network.n), network.variance[MatrixRole::out], Space(network.n),
           network.bias_variance),
      a_(network.n, static_cast<std::size_t>(network.tokens)),
      guard_(network.skip == 0, static_cast<std::size_t>(network.tokens)),
      coordinates_(network.n, static_cast<std::size_t>(network.tokens)) {}

void ResidualBranch::forward(const Panel& U, Panel& Y, LayerMeasures& measures) {
  phi_(U);
  measures.activations = mean_square(phi_.tokens());
  phi_.take_values(a_);
  a_.normalize();
  out_.times(a_, Y);
}

void ResidualBranch::backward(const Panel&, Panel& D, Panel& dU, LayerMeasures& measures) {
  measures.weight_gradient[MatrixRole::out] = outer_.squared_norm(D, a_);
  measures.bias_gradient = measures.bias_gradient + D.squared_norm(0);
  out_.transposed_times(D, dU);
  coordinates_.gradient_to_tokens(dU);
  guard_.before(dU);
  multiply_columns(dU, phi_.slopes());
  guard_.passed(phi_.slopes());
  guard_.drop(dU);
  coordinates_.gradient_from_tokens(dU);
}

}  // namespace varprop::workers
