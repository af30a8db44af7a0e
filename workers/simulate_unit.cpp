#include "workers/simulate_unit.hpp"

#include <chrono>
#include <new>

#include "core/point/engines.hpp"
#include "workers/batch_statistics.hpp"
#include "workers/conditional/conditional_engine.hpp"
#include "workers/dense/dense_engine.hpp"
#include "workers/dense/dense_pair_engine.hpp"
#include "workers/pair/pair_engine.hpp"
#include "workers/radial/radial_engine.hpp"

namespace varprop {

namespace {

/// Runs every replica of the unit through one engine.
template <class EngineType>
std::vector<double> run(EngineType&& simulate, const Sweep& sweep, const RecordLayout& layout, Unit unit,
                        const StopFlag& stop) {
  const Depth L = sweep.point(unit.point).depth;
  NetworkSample sample(static_cast<std::size_t>(L.value()));
  BatchStatistics statistics(sweep, layout, L);
  const std::int64_t count = sweep.replicas_per_batch();
  const std::int64_t first = unit.batch.value() * count;
  for (std::int64_t replica = first; replica < first + count; ++replica) {
    simulate(static_cast<std::uint32_t>(replica), sample, stop);
    statistics.add(sample);
  }
  return statistics.values();
}

}  // namespace

Record UnitSimulator::operator()(Unit unit, const StopFlag& stop) const {
  Record record{unit, UnitState::done, 0, {}, {}};
  const auto start = std::chrono::steady_clock::now();
  try {
    record.values = simulate(unit, stop);
  } catch (const Stopped&) {
    throw;
  } catch (const std::bad_alloc&) {
    throw;  // it is not the unit's fault
  } catch (const std::exception& error) {
    record.state = UnitState::failed;
    record.failure = error.what();
  }
  record.wall_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return record;
}

std::vector<double> UnitSimulator::simulate(Unit unit, const StopFlag& stop) const {
  const Point point = sweep_.point(unit.point);
  const PointKey key = PointKey::derive(sweep_.seed, hash_text(canonical_text(point, sweep_.ensemble)));
  if (sweep_.ensemble.input_correlation) return simulate_pair(point, key, unit, stop);
  switch (resolve_engine(point, sweep_.ensemble)) {
    case Engine::radial:
      return run(RadialEngine(point, sweep_.ensemble, key), sweep_, layout_, unit, stop);
    case Engine::dense:
      return run(DenseEngine(point, sweep_.ensemble, key), sweep_, layout_, unit, stop);
    case Engine::conditional:
    case Engine::automatic:
      break;
  }
  return run(ConditionalEngine(point, sweep_.ensemble, key), sweep_, layout_, unit, stop);
}

std::vector<double> UnitSimulator::simulate_pair(const Point& point, const PointKey& key, Unit unit,
                                                 const StopFlag& stop) const {
  if (resolve_engine(point, sweep_.ensemble) == Engine::dense) {
    return run(DensePairEngine(point, sweep_.ensemble, key), sweep_, layout_, unit, stop);
  }
  if (point.weights == Weights::orthogonal) {
    return run(OrthogonalPairEngine(point, sweep_.ensemble, key), sweep_, layout_, unit, stop);
  }
  return run(ConditionalPairEngine(point, sweep_.ensemble, key), sweep_, layout_, unit, stop);
}

}  // namespace varprop
