#include "benchmarks/kernels/engine_kernels.hpp"

#include <benchmark/benchmark.h>

#include <optional>
#include <string>
#include <vector>

#include "benchmarks/kernels/work_counters.hpp"
#include "core/network/engine_choice.hpp"
#include "core/sweep/sweep.hpp"
#include "workers/simulate_unit.hpp"

namespace varprop::benchmarks {

namespace {

/// What is simulated, apart from its size.
struct Subject {
  Engine engine;
  WeightDistribution weights;
  Activation activation;
  std::optional<double> input_correlation;
};

struct Size {
  std::int64_t n;
  std::int32_t L;
};

bool draws_every_weight(const Subject& subject) {
  return subject.engine == Engine::dense;
}

std::string name(const std::string& family, const Subject& subject, const Size& size) {
  return join({family, std::string(word_of(subject.engine)), std::string(word_of(subject.weights)),
               subject.activation.text(), subject.input_correlation ? "inputs:2" : "inputs:1",
               "n:" + std::to_string(size.n), "L:" + std::to_string(size.L)},
              "/");
}

Point point_of(const Subject& subject, const Size& size) {
  return {subject.activation, subject.weights, WeightVariance(1.5),
          BiasVariance(0.05), Width(size.n),   Depth(size.L)};
}

NetworkSettings ensemble_of(const Subject& subject) {
  NetworkSettings settings;
  settings.engine = subject.engine;
  settings.input_correlation = subject.input_correlation;
  return settings;
}

/// One point, one batch; the first and the last layer are recorded.
Sweep sweep_of(const Subject& subject, const Size& size) {
  Sweep sweep;
  const Point point = point_of(subject, size);
  sweep.grid.activation = {point.activation};
  sweep.grid.weights = {point.weights};
  sweep.grid.weight_variance = {point.weight_variance};
  sweep.grid.bias_variance = {point.bias_variance};
  sweep.grid.width = {point.width};
  sweep.grid.depth = {point.depth};
  sweep.network = ensemble_of(subject);
  sweep.batches = 1;
  sweep.replicas = draws_every_weight(subject) ? 1 : 16;
  if (subject.input_correlation) sweep.measures.push_back(Quantity::correlation);
  sweep.layers = recorded_layers({point.depth}, 2);
  return sweep;
}

void simulate(benchmark::State& state, const ProcessorClock& clock, const Subject& subject,
              const Size& size) {
  const Sweep sweep = sweep_of(subject, size);
  const workers::UnitSimulator simulate_unit(sweep);
  const workers::StopFlag stop{false};
  const WorkCounters counters(state, clock, static_cast<double>(sweep.replicas));
  for (auto _ : state) {
    const Record record = simulate_unit({PointIndex(0), BatchIndex(0)}, stop);
    if (record.state != UnitState::done) state.SkipWithError(record.failure.c_str());
    benchmark::DoNotOptimize(record.values.data());
  }
}

/// Subjects of every engine, but `automatic`, that nothing keeps from being simulated.
std::vector<Subject> subjects(const std::vector<std::string>& activations,
                              std::optional<double> input_correlation) {
  std::vector<Subject> possible;
  for (const auto& [engine, engine_word] : EnumWords<Engine>::words) {
    if (engine == Engine::automatic) continue;
    for (const auto& [weights, weights_word] : EnumWords<WeightDistribution>::words) {
      for (const std::string& activation : activations) {
        const Subject subject{engine, weights, Activation::parse(activation), input_correlation};
        if (!obstacle(engine, point_of(subject, {1024, 16}), ensemble_of(subject)))
          possible.push_back(subject);
      }
    }
  }
  return possible;
}

void register_kernel(const std::string& family, const ProcessorClock& clock, const Subject& subject,
                     Size size) {
  benchmark::RegisterBenchmark(
      name(family, subject, size).c_str(),
      [&clock, subject, size](benchmark::State& state) { simulate(state, clock, subject, size); });
}

/// Where every weight is drawn, one activation and one input stand for all: the n neurons vanish beside n²
/// weights.
bool worth_a_kernel(const Subject& subject) {
  return !draws_every_weight(subject) ||
         (subject.activation == Activation::parse("tanh") && !subject.input_correlation);
}

Size compared_size(const Subject& subject) {
  return draws_every_weight(subject) ? Size{1024, 4} : Size{1024, 64};
}

/// Which widths and depths tell how the cost grows; the other size is fixed.
struct Growth {
  std::vector<std::int64_t> widths;
  std::int32_t depth;
  std::vector<std::int32_t> depths;
  std::int64_t width;
};

/// first, first·ratio, first·ratio², … up to last.
std::vector<std::int64_t> widths(std::int64_t first, std::int64_t ratio, std::int64_t last) {
  std::vector<std::int64_t> all;
  for (std::int64_t n = first; n <= last; n *= ratio) all.push_back(n);
  return all;
}

Growth growth_of(const Subject& subject) {
  const std::vector<std::int32_t> depths{8, 16, 32, 64, 128, 256, 512};
  switch (subject.engine) {
    case Engine::dense:
      return {{256, 384, 512, 768, 1024, 1536, 2048}, 3, {16, 32, 64, 128, 256}, 256};
    case Engine::radial:
      return {widths(1 << 10, 8, 1 << 30), 64, depths, 1 << 20};
    case Engine::conditional:
    case Engine::gram:
    case Engine::deferred:
    case Engine::automatic:
      break;
  }
  return {widths(1 << 9, 2, 1 << 20), 4, depths, 1024};
}

void register_growth(const ProcessorClock& clock, const Subject& subject) {
  const Growth growth = growth_of(subject);
  for (const std::int64_t n : growth.widths) register_kernel("cost_n", clock, subject, {n, growth.depth});
  for (const std::int32_t L : growth.depths) register_kernel("cost_L", clock, subject, {growth.width, L});
}

}  // namespace

void register_engine_kernels(const ProcessorClock& clock) {
  constexpr double alike = 0.5;
  for (const std::optional<double> correlation : {std::optional<double>(), std::optional<double>(alike)}) {
    for (const Subject& subject : subjects(activation_names(), correlation)) {
      if (worth_a_kernel(subject)) register_kernel("engine", clock, subject, compared_size(subject));
    }
  }
  for (const Subject& subject : subjects({"tanh", "relu"}, std::nullopt)) {
    if (worth_a_kernel(subject) && subject.weights == WeightDistribution::gaussian)
      register_growth(clock, subject);
  }
}

}  // namespace varprop::benchmarks
