#include "driver/run/run_sweep.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <optional>

#include "core/parallel/communicator.hpp"
#include "core/simd/target.hpp"
#include "core/storage/event_log.hpp"
#include "core/storage/file_size.hpp"
#include "core/storage/results_file.hpp"
#include "core/storage/writer_lock.hpp"
#include "driver/exit_code.hpp"
#include "driver/run/compute_pool.hpp"
#include "driver/run/coordinator.hpp"
#include "driver/run/cores.hpp"
#include "driver/run/follower.hpp"
#include "driver/run/messages.hpp"
#include "driver/run/open_results.hpp"
#include "driver/run/setup.hpp"
#include "driver/run/stop_signals.hpp"
#include "driver/sweep_file/resolve_sweep.hpp"

namespace varprop {

namespace {

/// One process of a sweep, root or not.
class SweepProcess {
 public:
  SweepProcess(const SweepOptions& options, Communicator& communicator)
      : options_(options), communicator_(communicator), threads_(options.threads) {
    const Cores cores = usable_cores();
    const int sharing = communicator.count_on_node(cores.mask);
    if (threads_ == 0) threads_ = std::max(1, cores.usable / sharing);
    idle_cores_ = communicator.size() == 1 && options.threads == 0 && threads_ < cores.online ? cores.online : 0;
  }

  /// Rank 0: everything but the other ranks' computing.
  ExitCode lead() {
    Progress progress(options_.progress);
    const auto code = code_of([&] { return lead(progress); });
    // A follower that never got its setup takes this for the answer to its wait.
    communicator_.send_to_all(tag_verdict, verdict_to_bytes(code));
    return code;
  }

  /// Any other rank: wait for the sweep, compute, wait for the verdict.
  ExitCode follow() {
    Message message = communicator_.wait();
    if (message.tag == tag_setup) {
      const Sweep sweep = resolve_sweep(setup_from_bytes(message.body));
      require_simd_target();
      ComputePool pool(sweep, threads_);
      communicator_.send(0, tag_ready, to_bytes(std::vector<std::int64_t>{threads_}));
      varprop::follow(communicator_, sweep, pool);
    }
    while (message.tag != tag_verdict) message = communicator_.wait();
    return verdict_from_bytes(message.body);
  }

 private:
  ExitCode lead(Progress& progress) {
    require_simd_target();
    const SweepText text = read_sweep_text(options_.sweep_file, options_.overrides, options_.engine);
    const Sweep sweep = resolve_sweep(text);
    const WriterLock lock(options_.results);
    ResultsFile file = open_results({options_, sweep, text, communicator_.library_version()}, progress);
    EventLog log(options_.results);
    ComputePool pool(file.sweep(), threads_);
    communicator_.send_to_all(tag_setup, setup_to_bytes(text));
    const auto threads = collect_threads();
    announce(progress, log, file, threads);
    const ExitCode code = Coordinator({communicator_, file, pool, log, progress}, threads).run();
    conclude(progress, log, file, code);
    return code;
  }

  std::vector<int> collect_threads() {
    std::vector<int> threads(static_cast<std::size_t>(communicator_.size()), threads_);
    for (int i = 1; i < communicator_.size(); ++i) {
      const Message ready = communicator_.wait();
      threads[static_cast<std::size_t>(ready.source)] = static_cast<int>(slots_from_bytes(ready.body).front());
    }
    return threads;
  }
};

}  // namespace

ExitCode run_sweep(const SweepOptions& options) {
  listen_to_stop_signals();
  Communicator communicator;
  SweepProcess process(options, communicator);
  return communicator.root() ? process.lead() : process.follow();
}

}  // namespace varprop
