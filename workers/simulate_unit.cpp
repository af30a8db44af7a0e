#include "workers/simulate_unit.hpp"

#include <chrono>
#include <new>

#include "workers/batch_statistics.hpp"
#include "workers/engines.hpp"

namespace varprop::workers {

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
  const PointKey key = PointKey::derive(sweep_.seed, hash_text(canonical_text(point, sweep_.network)));
  const auto engine = make_engine(point, sweep_.network, key);
  NetworkSample sample(static_cast<std::size_t>(point.depth.value()));
  BatchStatistics statistics(sweep_, layout_, point.depth);
  const std::int64_t count = sweep_.replicas_per_batch();
  const std::int64_t first = unit.batch.value() * count;
  for (std::int64_t replica = first; replica < first + count; ++replica) {
    engine->simulate(static_cast<std::uint32_t>(replica), sample, stop);
    statistics.add(sample);
  }
  return statistics.values();
}

}  // namespace varprop::workers
