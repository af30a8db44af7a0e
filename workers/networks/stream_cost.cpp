#include <algorithm>

#include "workers/networks/stream_engine.hpp"

namespace varprop::workers {

namespace {

/// Rows and columns of each matrix of a layer, as they are written down.
struct MatrixShapes {
  double stream, heads, m;        ///< rows of panels
  double weights = 0, edges = 0;  ///< Σ n_out n_in, Σ (n_out + n_in)

  void add(double n_out, double n_in) {
    weights += n_out * n_in;
    edges += n_out + n_in;
  }
};

MatrixShapes shapes_of(const StreamNetwork& network, MatrixKind kind) {
  const LayerSpaces spaces = kind == MatrixKind::folded ? folded_spaces(network) : whole_spaces(network);
  const auto n = static_cast<double>(spaces.stream.rows), m = static_cast<double>(network.m);
  MatrixShapes shapes{n, static_cast<double>(network.heads) * static_cast<double>(spaces.head), m};
  if (has_attention(network.block)) {
    shapes.add(3 * shapes.heads, n);
    shapes.add(n, shapes.heads);
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

/// Of the edges those of hidden neurons.
double edges_of_hidden(const StreamNetwork& network, const MatrixShapes& shapes) {
  if (has_mlp(network.block)) return 2 * shapes.m;
  return has_glu(network.block) ? 3 * shapes.m : 0;
}

/// Doubles of the panels that a layer keeps beside its matrices: some eight of the stream a step, some ten of
/// the hidden neurons, and of attention some fourteen.
double panel_numbers(const StreamNetwork& network, const MatrixShapes& shapes) {
  double numbers = 8 * shapes.stream;
  if (has_attention(network.block)) numbers += 8 * shapes.stream + 14 * shapes.heads;
  if (has_mlp(network.block) || has_glu(network.block)) numbers += 10 * shapes.m;
  if (network.block == Block::plain || network.block == Block::residual) numbers += 6 * shapes.stream;
  return numbers * network.tokens;
}

double bytes_of_layer(const StreamNetwork& network, MatrixKind kind) {
  const MatrixShapes shapes = shapes_of(network, kind);
  const double touched = kind == MatrixKind::drawn ? 0 : 2 * shapes.edges * network.tokens;
  return 8 * (panel_numbers(network, shapes) + touched);
}

/// Drawn and deferred matrices give the same networks the same passes.
bool passes_twice(const StreamNetwork& network, MatrixKind kind) {
  return intermediate_bytes(network, kind == MatrixKind::folded ? kind : MatrixKind::deferred) > kept_bytes;
}

}  // namespace

double intermediate_bytes(const StreamNetwork& network, MatrixKind kind) {
  return network.L * bytes_of_layer(network, kind);
}

double drawn_numbers(const StreamNetwork& network, MatrixKind kind) {
  const MatrixShapes shapes = shapes_of(network, kind);
  const double T = network.tokens, again = passes_twice(network, kind) ? 1.5 : 1;
  const double a_layer = kind == MatrixKind::drawn ? 2 * shapes.weights : shapes.edges;
  return network.L * T * a_layer * again;
}

double stream_bytes(const StreamNetwork& network, MatrixKind kind) {
  const double streams = 8.0 * shapes_of(network, kind).stream * network.tokens * (network.L + 6.0);
  return streams + (passes_twice(network, kind) ? 1 : network.L) * bytes_of_layer(network, kind);
}

double block_touch_seconds(const StreamNetwork& network, MatrixKind kind) {
  constexpr double seconds_per_product = 0.35e-9;  // of a vector with the directions that were touched before
  const double T = network.tokens;
  const MatrixShapes shapes = shapes_of(network, kind);
  if (kind == MatrixKind::drawn) return seconds_per_product * shapes.weights * T;
  if (kind == MatrixKind::folded) {  // panels of axes are short: what is done once a panel counts
    const double of_hidden = edges_of_hidden(network, shapes), of_axes = shapes.edges - of_hidden;
    return 30e-6 + (8e-9 + 0.2e-9 * T) * T * of_axes + 4 * seconds_per_product * of_hidden * T * T;
  }
  return 4 * seconds_per_product * shapes.edges * T * T;
}

}  // namespace varprop::workers
