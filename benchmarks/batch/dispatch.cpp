// dispatch [UNITS], alone or under mpirun: what rank 0 spends on a unit that is simulated in no time and not
// stored.
//
// The project's own Scheduler, ComputePool, messages and followers; only the file is left out.
#include <fmt/format.h>

#include <chrono>

#include "benchmarks/arguments.hpp"
#include "benchmarks/batch/cheap_sweep.hpp"
#include "core/parallel/backoff.hpp"
#include "core/parallel/mpi_communicator.hpp"
#include "core/sweep/record.hpp"
#include "driver/run/ranks.hpp"
#include "driver/schedule/scheduler.hpp"

namespace varprop::benchmarks {
namespace {

using Clock = std::chrono::steady_clock;

/// Rank 0 without a file: deals all units and takes all records.
class Dealer {
 public:
  Dealer(Communicator& communicator, const Sweep& sweep, driver::ComputePool& pool, int threads)
      : communicator_(communicator),
        sweep_(sweep),
        pool_(pool),
        scheduler_(sweep, std::vector<int>(static_cast<std::size_t>(communicator.size()), threads),
                   driver::Calibration(sweep)) {}

  void run() {
    Backoff backoff;
    while (!scheduler_.over()) {
      const bool received = take();
      const bool sent = scheduler_.deal(
          [this](std::size_t process, const std::vector<Unit>& pack) { send(process, pack); });
      if (received || sent) {
        backoff.reset();
      } else {
        backoff.sleep();
      }
    }
    communicator_.send_to_all(driver::tag_stop, {std::byte{0}});
    for (int left = communicator_.size() - 1; left > 0; --left) communicator_.wait();
  }

 private:
  bool take() {
    bool any = false;
    while (const auto message = communicator_.receive()) {
      any = true;
      accept(static_cast<std::size_t>(message->source), records_from_bytes(message->body));
    }
    const auto own = pool_.take_finished();
    accept(0, own);
    return any || !own.empty();
  }

  void accept(std::size_t process, const std::vector<Record>& records) {
    for (const Record& record : records) scheduler_.done(process, record.unit, record.wall_seconds);
  }

  void send(std::size_t process, const std::vector<Unit>& pack) {
    if (process == 0) return pool_.push(pack);
    communicator_.send(static_cast<int>(process), driver::tag_work, driver::pack_to_bytes(sweep_, pack));
  }

  Communicator& communicator_;
  const Sweep& sweep_;
  driver::ComputePool& pool_;
  driver::Scheduler scheduler_;
};

/// Deals a sweep whose units are simulated by `simulate`; on rank 0, prints a row of the table.
void measure(const char* what, Communicator& communicator, const Sweep& sweep, driver::Simulate simulate) {
  driver::ComputePool pool(std::move(simulate), 1);
  if (!communicator.root()) return driver::follow(communicator, sweep, pool);
  Dealer dealer(communicator, sweep, pool, 1);
  const auto begin = Clock::now();
  dealer.run();
  const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  fmt::print("| {} | {} | {} | {:.3g} |\n", communicator.size(), what, sweep.unit_count(),
             seconds / static_cast<double>(sweep.unit_count()) * 1e6);
}

void run(std::int64_t units) {
  const std::unique_ptr<Communicator> world = mpi_communicator();
  const Sweep sweep = cheap_sweep(units / batches_of_cheap_points);
  const RecordLayout layout(sweep);
  measure("none", *world, sweep, [](Unit unit, const workers::StopFlag&) { return empty_record(unit); });
  measure("64 layers", *world, sweep,
          [&](Unit unit, const workers::StopFlag&) { return full_record(layout, unit); });
}

}  // namespace
}  // namespace varprop::benchmarks

int main(int argc, char** argv) {
  const double units = varprop::benchmarks::number_argument(argc, argv, 1, 400'000, 16, 1 << 24);
  varprop::benchmarks::run(static_cast<std::int64_t>(units));
  return 0;
}
