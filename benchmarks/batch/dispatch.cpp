// dispatch [UNITS], alone or under mpirun: what rank 0 spends on a unit that is simulated in no time and not
// stored.
//
// The project's own Plan, Dispatcher, ComputePool, messages and followers; only the file is left out.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <chrono>

#include "benchmarks/batch/cheap_sweep.hpp"
#include "core/parallel/backoff.hpp"
#include "core/parallel/communicator.hpp"
#include "core/record/record_bytes.hpp"
#include "driver/run/dispatcher.hpp"
#include "driver/run/follower.hpp"
#include "driver/run/messages.hpp"

namespace varprop::benchmarks {
namespace {

using Clock = std::chrono::steady_clock;

/// Rank 0 without a file: deals all units and takes all records.
class Dealer {
 public:
  Dealer(Communicator& communicator, const Sweep& sweep, ComputePool& pool, int threads)
      : communicator_(communicator),
        sweep_(sweep),
        pool_(pool),
        plan_(sweep,
              std::vector<UnitState>(static_cast<std::size_t>(sweep.unit_count()), UnitState::pending)),
        dispatcher_(plan_, std::vector<int>(static_cast<std::size_t>(communicator.size()), threads),
                    Pace(plan_, Calibration(sweep))) {}

  void run() {
    Backoff backoff;
    while (!dispatcher_.exhausted() || dispatcher_.outstanding() > 0) {
      const bool received = take();
      const bool sent = deal();
      if (received || sent) {
        backoff.reset();
      } else {
        backoff.sleep();
      }
    }
    communicator_.send_to_all(tag_stop, {std::byte{0}});
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
    for (const Record& record : records) dispatcher_.finished(process, record.unit, record.wall_seconds);
  }

  bool deal() {
    bool any = false;
    for (int p = 0; p < communicator_.size(); ++p) {
      const auto pack = dispatcher_.next_pack(static_cast<std::size_t>(p));
      any = any || !pack.empty();
      if (pack.empty()) continue;
      if (p == 0) {
        pool_.push(pack);
        continue;
      }
      std::vector<std::int64_t> slots;
      for (const Unit unit : pack) slots.push_back(sweep_.slot(unit));
      communicator_.send(p, tag_work, to_bytes(slots));
    }
    return any;
  }

  Communicator& communicator_;
  const Sweep& sweep_;
  ComputePool& pool_;
  Plan plan_;
  Dispatcher dispatcher_;
};

/// Deals a sweep whose units are simulated by `simulate`; on rank 0, prints a row of the table.
void measure(const char* what, Communicator& communicator, const Sweep& sweep, Simulate simulate) {
  ComputePool pool(std::move(simulate), 1);
  if (!communicator.root()) return follow(communicator, sweep, pool);
  Dealer dealer(communicator, sweep, pool, 1);
  const auto begin = Clock::now();
  dealer.run();
  const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  fmt::print("| {} | {} | {} | {:.3g} |\n", communicator.size(), what, sweep.unit_count(),
             seconds / static_cast<double>(sweep.unit_count()) * 1e6);
}

void run(std::int64_t units) {
  Communicator communicator;
  const Sweep sweep = cheap_sweep(units / batches_of_cheap_points);
  const RecordLayout layout(sweep);
  measure("none", communicator, sweep, [](Unit unit, const StopFlag&) { return empty_record(unit); });
  measure("64 layers", communicator, sweep,
          [&](Unit unit, const StopFlag&) { return full_record(layout, unit); });
}

}  // namespace
}  // namespace varprop::benchmarks

int main(int argc, char** argv) {
  std::int64_t units = 400'000;
  CLI::App app(
      "Prints rows of a table: ranks, rows of a record, units, microseconds a unit from dealing to having "
      "its record.");
  app.add_option("UNITS", units)->check(CLI::Range(16, 1 << 24))->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  varprop::benchmarks::run(units);
  return 0;
}
