#include "workers/networks/stream_engine.hpp"

#include <algorithm>
#include <cmath>

#include "core/errors.hpp"
#include "workers/kernels/panel_products.hpp"

namespace varprop::workers {

namespace {

constexpr double largest_logarithm = 1e17;  ///< of q: there a double no longer knows it to the unit

/// Behind a norm the mean square is 1, unless a token is 0.
bool is_one_but_for_rounding(const Magnitude& q) {
  return !q.zero() && std::fabs(q.ln()) < 1e-9;
}

std::size_t columns_of(const StreamNetwork& network) {
  return static_cast<std::size_t>(network.tokens);
}

}  // namespace

std::unique_ptr<Matrix> RandomMatrices::make(std::uint32_t p, const Space& out, const Space& in) const {
  if (kind_ == MatrixKind::drawn) return std::make_unique<RedrawnMatrix>(law_, key(p), out.rows(), in.rows());
  VARPROP_EXPECT(law_ == WeightDistribution::gaussian);
  return std::make_unique<DeferredMatrix>(key(p), out, in);
}

LayerSpaces RandomMatrices::spaces(const StreamNetwork& network) const {
  if (kind_ != MatrixKind::folded) return whole_spaces(network);
  VARPROP_EXPECT(has_attention(network.block) && network.tokens > 1);
  return folded_spaces(network);
}

void StreamSample::clear() {
  const auto zero = [](auto& values) {
    std::ranges::fill(values, typename std::decay_t<decltype(values)>::value_type());
  };
  for (auto* values : {&forward, &backward, &weight_gradient, &branch_gradient, &activations}) zero(*values);
  for (auto& values : groups.values) zero(values);
  zero(correlation);
  zero(gradient_correlation);
  ntk_weight = ntk_bias = Magnitude();
  output_cosine = input_cosine = 0;
  overflow = false;
}

void StreamSample::record_signal(std::size_t l, const Magnitude& q) {
  forward[l] = q;
  overflow = !q.zero() && std::fabs(q.ln()) > largest_logarithm;
}

void StreamSample::record_layer(std::size_t l, const LayerMeasures& measures) {
  for (std::size_t role = 0; role < matrix_roles; ++role) {
    groups.values[role][l] = measures.weight_gradient.values[role];
    weight_gradient[l] = weight_gradient[l] + measures.weight_gradient.values[role];
  }
  branch_gradient[l] = measures.branch_gradient;
  ntk_weight = ntk_weight + weight_gradient[l];
  ntk_bias = ntk_bias + measures.bias_gradient;
}

StreamEngine::StreamEngine(const StreamNetwork& network, const MatrixSource& matrices)
    : StreamEngine(network, matrices,
                   intermediate_bytes(network, matrices.spaces(network).stream.folded
                                                   ? MatrixKind::folded
                                                   : MatrixKind::deferred) <= kept_bytes) {}

StreamEngine::StreamEngine(const StreamNetwork& network, const MatrixSource& matrices, bool keeps_layers)
    : network_(network),
      spaces_(matrices.spaces(network)),
      key_(matrices.key(0)),
      keeps_layers_(keeps_layers),
      tokens_(network, key_, spaces_),
      coordinates_(spaces_.stream.rows, columns_of(network)),
      measures_(static_cast<std::size_t>(network.L) + 1),
      D_(spaces_.stream.rows, columns_of(network)),
      likeness_(spaces_.stream.rows, columns_of(network)) {
  for (std::int32_t l = 0; l < (keeps_layers ? network.L : 1); ++l) {
    if (has_stream(network.block)) layers_.push_back(std::make_unique<StreamLayer>(network, matrices));
    if (!has_stream(network.block)) layers_.push_back(std::make_unique<PlainLayer>(network, matrices));
  }
  X_.assign(static_cast<std::size_t>(network.L) + 1, D_);
}

void StreamEngine::operator()(std::uint32_t replica, StreamSample& sample, const StopFlag& stop) {
  sample.clear();
  std::ranges::fill(measures_, LayerMeasures());
  if (forward(replica, sample, stop)) backward(replica, sample, stop);
}

bool StreamEngine::forward(std::uint32_t replica, StreamSample& sample, const StopFlag& stop) {
  tokens_.draw(replica, X_[0]);
  record_signal(0, sample);
  for (std::int32_t l = 1; l <= network_.L; ++l) {
    throw_if_stopped(stop);
    const auto i = static_cast<std::size_t>(l);
    layer(l).begin({replica, l, stop});
    layer(l).forward(X_[i - 1], X_[i], measures_[i]);
    record_signal(i, sample);
    if (sample.overflow) return false;
  }
  return true;
}

void StreamEngine::record_signal(std::size_t l, StreamSample& sample) {
  const auto elements = static_cast<double>(network_.n) * static_cast<double>(network_.tokens);
  const Magnitude q = likeness_.squared_norm(X_[l]) / Magnitude::from(elements);
  const bool normed = l > 0 && has_stream(network_.block) && behind_activation(network_.norm);
  sample.record_signal(l, normed && is_one_but_for_rounding(q) ? Magnitude::from(1) : q);
  sample.correlation[l] = likeness_(X_[l]);
}

void StreamEngine::draw_output_gradient(std::uint32_t replica) {
  const Stream draws(key_, replica, static_cast<std::uint32_t>(network_.L), Purpose::output);
  Magnitude whole;
  columns_.clear();
  for (std::size_t t = 0; t < D_.columns(); ++t) columns_.push_back(D_.data(t));
  spaces_.output.draw(draws, 0, columns_);
  for (std::size_t t = 0; t < D_.columns(); ++t) {
    D_.size(t) = Magnitude::from(1);
    whole = whole + D_.squared_norm(t);
  }
  D_.multiply(Magnitude::from(1) / whole.square_root());
  coordinates_.gradient_from_tokens(D_);
}

void StreamEngine::backward(std::uint32_t replica, StreamSample& sample, const StopFlag& stop) {
  const auto cosine = [this](std::size_t l) {
    const SignedMagnitude product = inner_product(D_, X_[l]);
    const Magnitude norms =
        (likeness_.squared_norm_of_gradient(D_) * likeness_.squared_norm(X_[l])).square_root();
    return norms.zero() ? 0 : product.factor * (product.size / norms).to_double();
  };
  draw_output_gradient(replica);
  sample.output_cosine = cosine(X_.size() - 1);
  record_gradient(X_.size() - 1, sample);
  for (std::int32_t l = network_.L; l >= 1; --l) {
    throw_if_stopped(stop);
    const auto i = static_cast<std::size_t>(l);
    if (!keeps_layers_ && l < network_.L) {
      layer(l).begin({replica, l, stop});
      layer(l).forward(X_[i - 1], X_[i], measures_[i]);
    }
    layer(l).backward(X_[i - 1], D_, measures_[i]);
    record_layer(i, sample);
    record_gradient(i - 1, sample);
  }
  sample.input_cosine = cosine(0);
  if (!has_stream(network_.block)) sample.activations.back() = layer(network_.L).last_activations(X_.back());
}

void StreamEngine::record_gradient(std::size_t l, StreamSample& sample) {
  sample.backward[l] = likeness_.squared_norm_of_gradient(D_);
  sample.gradient_correlation[l] = likeness_.of_gradient(D_);
}

void StreamEngine::record_layer(std::size_t l, StreamSample& sample) {
  sample.record_layer(l, measures_[l]);
  sample.activations[has_stream(network_.block) ? l : l - 1] = measures_[l].activations;
}

}  // namespace varprop::workers
