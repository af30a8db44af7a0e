#include <algorithm>

#include "workers/networks/stream_engine.hpp"

namespace varprop::workers {

namespace {

/// Rows and columns of each matrix of a layer.
struct MatrixShapes {
  double n, m;
  double weights = 0, edges = 0;  ///< Σ n_out n_in, Σ (n_out + n_in)

  void add(double n_out, double n_in) {
    weights += n_out * n_in;
    edges += n_out + n_in;
  }
};

MatrixShapes shapes_of(const StreamNetwork& network) {
  MatrixShapes shapes{static_cast<double>(network.n), static_cast<double>(network.m)};
  const double n = shapes.n, m = shapes.m;
  if (has_attention(network.block)) {
    shapes.add(3 * n, n);
    shapes.add(n, n);
  }
  if (has_mlp(network.block)) {
    shapes.add(m, n);
    shapes.add(n, m);
  }
  if (has_glu(network.block)) {
    shapes.add(2 * m, n);
    shapes.add(n, m);
  }
  if (network.block == Block::plain || network.block == Block::residual) shapes.add(n, n);
  return shapes;
}

/// Doubles of the panels that a layer keeps beside its matrices: some eight of the stream a step, some ten of
/// the hidden neurons, and of attention some fourteen.
double panel_numbers(const StreamNetwork& network) {
  const auto n = static_cast<double>(network.n), m = static_cast<double>(network.m);
  double numbers = 8 * n;
  if (has_attention(network.block)) numbers += 22 * n;
  if (has_mlp(network.block) || has_glu(network.block)) numbers += 10 * m;
  if (network.block == Block::plain || network.block == Block::residual) numbers += 6 * n;
  return numbers * network.tokens;
}

double bytes_of_layer(const StreamNetwork& network, MatrixKind kind) {
  const double touched = kind == MatrixKind::deferred ? 2 * shapes_of(network).edges * network.tokens : 0;
  return 8 * (panel_numbers(network) + touched);
}

bool passes_twice(const StreamNetwork& network) {
  return intermediate_bytes(network) > kept_bytes;
}

}  // namespace

double intermediate_bytes(const StreamNetwork& network) {
  return network.L * bytes_of_layer(network, MatrixKind::deferred);
}

double drawn_numbers(const StreamNetwork& network, MatrixKind kind) {
  const MatrixShapes shapes = shapes_of(network);
  const double T = network.tokens, again = passes_twice(network) ? 1.5 : 1;
  const double a_layer = kind == MatrixKind::drawn ? 2 * shapes.weights : shapes.edges;
  return network.L * T * a_layer * again;
}

double stream_bytes(const StreamNetwork& network, MatrixKind kind) {
  const double streams = 8.0 * static_cast<double>(network.n) * network.tokens * (network.L + 6.0);
  return streams + (passes_twice(network) ? 1 : network.L) * bytes_of_layer(network, kind);
}

double block_touch_seconds(const StreamNetwork& network, MatrixKind kind) {
  constexpr double seconds_per_product = 0.35e-9;  // of a vector with the directions that were touched before
  const double T = network.tokens;
  if (kind == MatrixKind::drawn) return seconds_per_product * shapes_of(network).weights * T;
  return 4 * seconds_per_product * shapes_of(network).edges * T * T;
}

}  // namespace varprop::workers
