#include "workers/engines.hpp"

#include <algorithm>
#include <array>

#include "core/errors.hpp"
#include "core/network/engine_choice.hpp"
#include "workers/dense/dense_engine.hpp"
#include "workers/networks/stream_simulation.hpp"
#include "workers/one_input/changed_layers.hpp"
#include "workers/streams/pair_stream_engine.hpp"
#include "workers/streams/scalar_stream_engine.hpp"
#include "workers/two_inputs/pair_engine.hpp"

namespace varprop::workers {

namespace {

constexpr double seconds_per_layer = 250e-9;  ///< stream set-up and the arithmetic on sums
constexpr double bytes_per_layer = 600;       ///< how φ sees it, sums, samples, moments

using Made = std::unique_ptr<NetworkEngine>;

template <class Engine>
class Simulation : public NetworkEngine {
 public:
  Simulation(const Point& point, const NetworkSettings& settings, const PointSeed& seed)
      : engine_(point, settings, seed.key()) {}
  void simulate(std::uint32_t replica, NetworkSample& sample, const StopFlag& stop) override {
    engine_(replica, sample, stop);
  }

 private:
  Engine engine_;
};

template <class Engine>
Made made(const Point& point, const NetworkSettings& settings, const PointSeed& seed) {
  return std::make_unique<Simulation<Engine>>(point, settings, seed);
}

/// Of networks of blocks.
template <class Blocks>
class BlockSimulation : public NetworkEngine {
 public:
  template <class... Kind>
  BlockSimulation(const Point& point, const NetworkSettings& settings, const PointSeed& seed, Kind... kind)
      : simulate_(point, settings, seed, kind...) {}
  void simulate(std::uint32_t replica, NetworkSample& sample, const StopFlag& stop) override {
    simulate_(replica, sample, stop);
  }

 private:
  Blocks simulate_;
};

/// Blocks over matrices of this kind.
template <MatrixKind kind>
Made made_of_blocks(const Point& point, const NetworkSettings& settings, const PointSeed& seed) {
  return std::make_unique<BlockSimulation<StreamSimulation>>(point, settings, seed, kind);
}

/// Streams that are known by their length and angles.
template <HiddenSums hidden>
Made made_of_scalar_streams(const Point& point, const NetworkSettings& settings, const PointSeed& seed) {
  return std::make_unique<BlockSimulation<ScalarStreamSimulation>>(point, settings, seed, hidden);
}

/// Plain layers have a dense engine of their own.
Made made_dense(const Point& point, const NetworkSettings& settings, const PointSeed& seed) {
  return (point.block == Block::plain ? made<DenseEngine>
                                      : made_of_blocks<MatrixKind::drawn>)(point, settings, seed);
}

/// Whether hidden layers are more than z = Wa + b, a = φ(z).
bool changes_layers(const Point& point) {
  return point.norm != Norm::none || point.keep != Keep(1);
}

/// Norms and dropout have sums of their own, so that networks without them cost what they did.
template <class Plain, class Changed, HiddenSums hidden>
Made made_either(const Point& point, const NetworkSettings& settings, const PointSeed& seed) {
  if (has_stream(point.block)) return made_of_scalar_streams<hidden>(point, settings, seed);
  return (changes_layers(point) ? made<Changed> : made<Plain>)(point, settings, seed);
}

/// Two inputs have an engine of their own for either kind of weights, and for streams.
Made made_pair(const Point& point, const NetworkSettings& settings, const PointSeed& seed) {
  if (has_stream(point.block))
    return std::make_unique<BlockSimulation<PairStreamSimulation>>(point, settings, seed);
  const bool orthogonal = point.weights == WeightDistribution::orthogonal;
  return (orthogonal ? made<OrthogonalPairEngine> : made<ConditionalPairEngine>)(point, settings, seed);
}

double width(const Point& point) {
  return static_cast<double>(point.width.value());
}

/// Of layers 1 … L the mean of f(n_{l−1}, n_l).
template <class F>
double mean_over_layers(const Point& point, F&& f) {
  if (equal_widths(point)) return f(width(point), width(point));
  const std::int32_t L = point.depth.value();
  double sum = 0;
  for (std::int32_t l = 1; l <= L; ++l) {
    sum += f(static_cast<double>(layer_width(point, l - 1)), static_cast<double>(layer_width(point, l)));
  }
  return sum / L;
}

/// Neurons of a layer.
double mean_width(const Point& point) {
  return mean_over_layers(point, [](double, double out) { return out; });
}

/// Weights of a layer.
double mean_weights(const Point& point) {
  return mean_over_layers(point, [](double in, double out) { return in * out; });
}

/// Of a stream: three χ², five normals and the arithmetic of one step of the walk, attention's or another's.
double stream_step_seconds(const Point& point) {
  if (!has_stream(point.block)) return 0;
  const bool two = has_attention(point.block) && point.block != Block::attention;
  return (two ? 2 : 1) * 400e-9;
}

/// Linear hidden layers of attention with one token, by counts and norms.
double attention_seconds(const Point& point) {
  return has_attention(point.block) ? 400e-9 : 0;
}

/// A binomial, four χ², two normals; with dropout twice as many χ² and normals, and two binomials more. A
/// stream's norms are scalars.
double radial_seconds(const Point& point) {
  if (has_stream(point.block)) {
    const double hidden = !has_mlp(point.block) ? 0 : point.keep != Keep(1) ? 1200e-9 : 400e-9;
    return stream_step_seconds(point) + attention_seconds(point) + hidden;
  }
  if (point.keep != Keep(1)) return 1200e-9;
  return point.norm == Norm::none ? 400e-9 : 500e-9;
}

/// What norms and dropout add to a neuron: a draw; ε once more; ε, ξ and φ once more.
double changed_neuron_seconds(const Point& point) {
  double seconds = point.keep == Keep(1) ? 0 : 1e-9;
  if (before_activation(point.norm)) seconds += 2.5e-9;
  if (behind_activation(point.norm)) seconds += 4.5e-9;
  return changes_layers(point) ? seconds + 1e-9 : 0;
}

/// A neuron: φ, φ', the sums and two normals; of orthogonal weights three, and one more for the bias.
double neuron_seconds(const Point& point) {
  if (point.weights != WeightDistribution::orthogonal) return 4e-9;
  return point.bias_variance.value() > 0 ? 6.5e-9 : 5.3e-9;
}

/// Of a stream: its hidden neurons, a gated one with a normal and its sums more.
double stream_neuron_seconds(const Point& point) {
  if (!has_mlp(point.block) && !has_glu(point.block)) return 0;
  const double dropout = point.keep == Keep(1) ? 0 : 1.5e-9;
  const double neuron = has_glu(point.block) ? 6e-9 : 4e-9;
  return static_cast<double>(hidden_width(point)) * (neuron + dropout);
}

double conditional_seconds(const Point& point) {
  if (has_stream(point.block))
    return stream_step_seconds(point) + attention_seconds(point) + stream_neuron_seconds(point);
  return mean_width(point) * (neuron_seconds(point) + changed_neuron_seconds(point));
}

/// Of a stream's hidden neurons; a gate has four normals more, and what goes back to values is a pass more.
double pair_neuron_seconds(const Point& point) {
  const double gated = has_glu(point.block) ? 20e-9 : 0, dropout = point.keep == Keep(1) ? 0 : 8e-9;
  return static_cast<double>(hidden_width(point)) * (20e-9 + gated + dropout);
}

/// A neuron: eight normals, φ and φ' of both twice.
double conditional_pair_seconds(const Point& point) {
  if (has_stream(point.block)) return 3000e-9 + pair_neuron_seconds(point);
  return width(point) * 20e-9;
}

/// A weight drawn forward and once more backward. An orthogonal matrix is also made orthonormal, n
/// multiplications a weight and time.
double seconds_per_weight(const Point& point) {
  switch (point.weights) {
    case WeightDistribution::gaussian:
    case WeightDistribution::truncated_normal:
      return 2.4e-9;
    case WeightDistribution::uniform:
      return 0.7e-9;
    case WeightDistribution::rademacher:
      return 0.11e-9;
    case WeightDistribution::orthogonal:
      break;
  }
  return 1e-9 * width(point);
}

/// The numbers that are drawn, and what is done with each.
double block_seconds(const Point& point, MatrixKind kind) {
  const StreamNetwork network = stream_network(point, {});
  const double numbers = drawn_numbers(network, kind) / static_cast<double>(network.L);
  const double seconds_per_number = kind == MatrixKind::drawn ? seconds_per_weight(point) : 5e-9;
  constexpr double seconds_per_block = 8e-6;  // panels, bases and norms, whatever their size
  return seconds_per_block + numbers * seconds_per_number + block_touch_seconds(network, kind);
}

double deferred_seconds(const Point& point) {
  return block_seconds(point, MatrixKind::deferred);
}

double gram_seconds(const Point& point) {
  return block_seconds(point, MatrixKind::folded);
}

double dense_seconds(const Point& point) {
  if (point.block != Block::plain) return block_seconds(point, MatrixKind::drawn);
  return mean_weights(point) * seconds_per_weight(point);
}

/// The weights are drawn once for each of two inputs.
double dense_pair_seconds(const Point& point) {
  return 2 * width(point) * width(point) * seconds_per_weight(point);
}

/// Sums alone are kept.
double no_numbers(const Point&, double) {
  return 0;
}

/// The vectors of all layers, and an orthogonal matrix.
double dense_numbers(const Point& point, double inputs) {
  const double n = mean_width(point), L = point.depth.value();
  return inputs * n * (L + 6) + (point.weights == WeightDistribution::orthogonal ? 2 * n * n : 0);
}

double block_numbers(const Point& point, MatrixKind kind) {
  return stream_bytes(stream_network(point, {}), kind) / 8;
}

double deferred_numbers(const Point& point, double) {
  return block_numbers(point, MatrixKind::deferred);
}

double gram_numbers(const Point& point, double) {
  return block_numbers(point, MatrixKind::folded);
}

double dense_numbers_of_any(const Point& point, double inputs) {
  return point.block == Block::plain ? dense_numbers(point, inputs) : block_numbers(point, MatrixKind::drawn);
}

/// An engine with so many inputs.
struct EngineEntry {
  Engine engine;
  int inputs;
  Made (*make)(const Point&, const NetworkSettings&, const PointSeed&);
  double (*layer_seconds)(const Point&);           ///< of a layer of one network
  double (*numbers)(const Point&, double inputs);  ///< doubles held for a network
};

constexpr std::array engine_table{
    EngineEntry{Engine::radial, 1, made_either<RadialEngine, ChangedRadialEngine, HiddenSums::radial>,
                radial_seconds, no_numbers},
    EngineEntry{Engine::conditional, 1,
                made_either<ConditionalEngine, ChangedConditionalEngine, HiddenSums::of_neurons>,
                conditional_seconds, no_numbers},
    EngineEntry{Engine::conditional, 2, made_pair, conditional_pair_seconds, no_numbers},
    EngineEntry{Engine::gram, 1, made_of_blocks<MatrixKind::folded>, gram_seconds, gram_numbers},
    EngineEntry{Engine::deferred, 1, made_of_blocks<MatrixKind::deferred>, deferred_seconds,
                deferred_numbers},
    EngineEntry{Engine::dense, 1, made_dense, dense_seconds, dense_numbers_of_any},
    EngineEntry{Engine::dense, 2, made<DensePairEngine>, dense_pair_seconds, dense_numbers}};

int inputs_of(const Point& point, const NetworkSettings& settings) {
  return correlation_of_inputs(point, settings) ? 2 : 1;
}

const EngineEntry& entry_of(const Point& point, const NetworkSettings& settings) {
  const Engine engine = resolve_engine(point, settings);
  const auto found = std::ranges::find_if(engine_table, [&](const EngineEntry& entry) {
    return entry.engine == engine && entry.inputs == inputs_of(point, settings);
  });
  if (found == engine_table.end()) {
    throw ContractViolation("no engine " + std::string(word_of(engine)) +
                            " of so many inputs: this is a "
                            "defect of varprop, please report it");
  }
  return *found;
}

}  // namespace

std::unique_ptr<NetworkEngine> make_engine(const Point& point, const NetworkSettings& settings,
                                           const PointSeed& seed) {
  return entry_of(point, settings).make(point, settings, seed);
}

double layer_seconds(const Point& point, const NetworkSettings& settings) {
  return seconds_per_layer + entry_of(point, settings).layer_seconds(point);
}

double network_bytes(const Point& point, const NetworkSettings& settings) {
  const double numbers = entry_of(point, settings).numbers(point, inputs_of(point, settings));
  return 8 * numbers + bytes_per_layer * static_cast<double>(point.depth.value());
}

}  // namespace varprop::workers
