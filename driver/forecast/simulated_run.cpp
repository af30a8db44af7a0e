#include "driver/forecast/simulated_run.hpp"

#include <algorithm>
#include <deque>
#include <limits>
#include <queue>
#include <vector>

#include "core/errors.hpp"
#include "driver/schedule/scheduler.hpp"

namespace varprop::driver {

namespace {

constexpr double never = std::numeric_limits<double>::infinity();
constexpr double quantum = 2e-3;  ///< seconds of cheap units that a thread takes at a time

/// Neighbouring units of one cost.
struct Stretch {
  std::int64_t first_slot;
  std::int64_t count;
  double unit_seconds;

  double seconds() const { return static_cast<double>(count) * unit_seconds; }
};

/// Work on its way to a process, being computed by it, or on its way back.
struct Event {
  double time;
  std::size_t process;
  Stretch work;
};
struct Later {
  bool operator()(const Event& a, const Event& b) const { return a.time > b.time; }
};

/// The queue of one process and its idle threads.
class Queue {
 public:
  explicit Queue(int threads) : idle_(threads), threads_(threads) {}

  void push(const Stretch& work) { waiting_.push_back(work); }
  void thread_is_idle() { ++idle_; }
  bool can_begin() const { return idle_ > 0 && first_ < waiting_.size(); }

  /// What an idle thread takes: one unit, or as many cheap ones as its share and the quantum allow.
  Stretch begin() {
    --idle_;
    Stretch& front = waiting_[first_];
    const auto share = (front.count + threads_ - 1) / threads_;
    const auto cheap = static_cast<std::int64_t>(std::min(quantum / front.unit_seconds, 1e9));
    const Stretch taken{front.first_slot, std::clamp<std::int64_t>(std::min(share, cheap), 1, front.count),
                        front.unit_seconds};
    front.first_slot += taken.count;
    front.count -= taken.count;
    if (front.count == 0) ++first_;
    if (first_ == waiting_.size()) waiting_.clear(), first_ = 0;
    return taken;
  }

 private:
  std::vector<Stretch> waiting_;
  std::size_t first_ = 0;  ///< those before it have begun
  int idle_;
  int threads_;
};

class Simulation {
 public:
  Simulation(const Sweep& sweep, const Calibration& calibration, const Machine& machine,
             const DispatchTimes& times)
      : sweep_(sweep),
        calibration_(calibration),
        part_of_(sweep),
        times_(times),
        unit_service_(times.for_unit(sweep)),
        scheduler_(sweep, std::vector<int>(static_cast<std::size_t>(machine.ranks), machine.threads),
                   calibration),
        queues_(static_cast<std::size_t>(machine.ranks), Queue(machine.threads)),
        asked_(queues_.size(), true) {
    for (std::size_t p = 0; p < queues_.size(); ++p) ask_.push_back(p);
  }

  SimulatedRun run(const Machine& machine) {
    while (!scheduler_.over()) step();
    const double makespan = look_end_ + times_.close;
    return {makespan, computed_ / (makespan * machine.cores()), served_ / makespan};
  }

 private:
  /// The next thing that happens: a pack arrives, a thread ends, or rank 0 looks.
  void step() {
    const double arrival = to_processes_.empty() ? never : to_processes_.front().time;
    const double end = running_.empty() ? never : running_.top().time;
    const double look = look_time();
    if (look <= std::min(arrival, end)) return this->look(look);
    if (arrival <= end) {
      const Event event = to_processes_.front();
      to_processes_.pop_front();
      queues_[event.process].push(event.work);
      return begin_work(event.process, event.time);
    }
    const Event event = running_.top();
    running_.pop();
    to_rank0_.push_back({event.time + times_.message, event.process, event.work});
    queues_[event.process].thread_is_idle();
    begin_work(event.process, event.time);
  }

  void begin_work(std::size_t process, double now) {
    Queue& queue = queues_[process];
    while (queue.can_begin()) {
      const Stretch work = queue.begin();
      computed_ += work.seconds();
      running_.push({now + work.seconds(), process, work});
    }
  }

  /// Rank 0 looks again at once while it has something to deal, else when something arrives.
  double look_time() const {
    if (!ask_.empty()) return look_end_;
    return to_rank0_.empty() ? never : std::max(look_end_, to_rank0_.front().time);
  }

  /// One turn of the coordinator: takes what has arrived, then deals one pack to each process that wants one.
  void look(double now) {
    double busy = 0;
    for (; !to_rank0_.empty() && to_rank0_.front().time <= now; to_rank0_.pop_front())
      busy += take(to_rank0_.front());
    std::sort(ask_.begin(), ask_.end());
    auto fed = scheduler_.deal(ask_, [&](std::size_t process, const std::vector<Unit>& pack) {
      send(process, pack, now + busy);
      busy += times_.pack;
    });
    for (const std::size_t process : ask_) asked_[process] = false;
    for (const std::size_t process : fed) asked_[process] = true;
    ask_ = std::move(fed);
    served_ += busy;
    look_end_ = now + busy;
  }

  /// The process that sent results may want work now; no other can have become so.
  double take(const Event& results) {
    const std::size_t process = results.process;
    for (std::int64_t i = 0; i < results.work.count; ++i) {
      scheduler_.done(process, sweep_.unit(results.work.first_slot + i), results.work.unit_seconds);
    }
    if (!asked_[process]) ask_.push_back(process);
    asked_[process] = true;
    return static_cast<double>(results.work.count) * unit_service_;
  }

  void send(std::size_t process, const std::vector<Unit>& pack, double now) {
    for (const Unit unit : pack) {
      const std::int64_t slot = sweep_.slot(unit);
      const bool joins = !to_processes_.empty() && to_processes_.back().process == process &&
                         to_processes_.back().time == now + times_.message && point_ == unit.point &&
                         to_processes_.back().work.first_slot + to_processes_.back().work.count == slot;
      if (joins) {
        ++to_processes_.back().work.count;
      } else {
        to_processes_.push_back({now + times_.message, process, {slot, 1, seconds_of(unit)}});
      }
    }
  }

  /// A point's units follow one another, so the last answer is mostly the next one too.
  double seconds_of(Unit unit) {
    if (unit.point != point_) {
      point_ = unit.point;
      seconds_ = scheduler_.predicted_seconds(unit) * calibration_.factor(part_of_(unit.point));
    }
    return seconds_;
  }

  const Sweep& sweep_;
  const Calibration& calibration_;
  SweepParts part_of_;
  DispatchTimes times_;
  double unit_service_;
  Scheduler scheduler_;
  std::vector<Queue> queues_;
  std::vector<bool> asked_;         ///< those in ask_
  std::vector<std::size_t> ask_;    ///< processes that may want work
  std::deque<Event> to_processes_;  ///< packs under way, by time
  std::deque<Event> to_rank0_;      ///< results under way, by time
  std::priority_queue<Event, std::vector<Event>, Later> running_;
  PointIndex point_{-1};
  double seconds_ = 0;  ///< of a unit of point_
  double look_end_ = 0;
  double computed_ = 0;
  double served_ = 0;
};

}  // namespace

SimulatedRun simulate_run(const Sweep& sweep, const Calibration& calibration, const Machine& machine,
                          const DispatchTimes& times) {
  VARPROP_EXPECT(sweep.unit_count() <= most_simulated_units);
  return Simulation(sweep, calibration, machine, times).run(machine);
}

}  // namespace varprop::driver
