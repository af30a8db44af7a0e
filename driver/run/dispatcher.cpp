#include "driver/run/dispatcher.hpp"

#include "core/contracts.hpp"

namespace varprop {

Dispatcher::Dispatcher(const Sweep& sweep, Plan& plan, const std::vector<int>& threads)
    : sweep_(sweep), plan_(plan) {
  for (const int count : threads) processes_.push_back({count});
}

bool Dispatcher::hungry(const Process& process) const {
  return process.units < 2 * process.threads || process.seconds * pace() < 2 * pack_seconds * process.threads;
}

std::vector<Unit> Dispatcher::next_pack(std::size_t process) {
  Process& to = processes_[process];
  std::vector<Unit> pack;
  if (exhausted_ || !hungry(to)) return pack;
  double seconds = 0;
  while (pack.size() < largest_pack && seconds * pace() < pack_seconds) {
    const auto step = plan_.next();
    if (!step) {
      exhausted_ = true;
      break;
    }
    pack.push_back(step->unit);
    dealt_[sweep_.slot(step->unit)] = step->seconds;
    seconds += step->seconds;
  }
  to.units += static_cast<std::int64_t>(pack.size());
  to.seconds += seconds;
  outstanding_units_ += static_cast<std::int64_t>(pack.size());
  return pack;
}

void Dispatcher::finished(std::size_t process, Unit unit, double wall_seconds) {
  const auto dealt = dealt_.find(sweep_.slot(unit));
  VARPROP_EXPECT(dealt != dealt_.end());
  Process& from = processes_[process];
  --from.units;
  from.seconds -= dealt->second;
  --outstanding_units_;
  finished_predicted_ += dealt->second;
  finished_measured_ += wall_seconds;
  dealt_.erase(dealt);
}

}  // namespace varprop
