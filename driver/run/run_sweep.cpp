#include "driver/run/run_sweep.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <new>
#include <numeric>

#include "core/simd/target.hpp"
#include "core/storage/event_log.hpp"
#include "core/storage/writer_lock.hpp"
#include "core/sweep/record.hpp"
#include "core/text/terminal_text.hpp"
#include "core/text/words.hpp"
#include "driver/run/compute_pool.hpp"
#include "driver/run/coordinator.hpp"
#include "driver/run/destination.hpp"
#include "driver/run/probe.hpp"
#include "driver/run/process.hpp"
#include "driver/run/progress.hpp"
#include "driver/run/ranks.hpp"
#include "driver/schedule/cost.hpp"
#include "driver/schedule/deadline.hpp"
#include "driver/schedule/division.hpp"
#include "driver/sweep_file/resolve_sweep.hpp"
#include "workers/simulate_unit.hpp"

namespace varprop::driver {

namespace {

/// This process's share of the cores it may run on.
int choose_threads(const SweepOptions& options, const Communicator& communicator) {
  const Cores cores = usable_cores();
  const int sharing = communicator.count_on_node(cores.mask);  // everybody must call it
  return options.threads > 0 ? options.threads : std::max(1, cores.usable / sharing);
}

std::vector<int> collect_threads(Communicator& communicator, int own) {
  std::vector<int> threads(static_cast<std::size_t>(communicator.size()), own);
  for (int i = 1; i < communicator.size(); ++i) {
    const Message ready = communicator.wait();
    threads[static_cast<std::size_t>(ready.source)] = static_cast<int>(slots_from_bytes(ready.body).front());
  }
  return threads;
}

Simulate simulate_with(const Sweep& sweep, const SweepOptions& options) {
  const double pace = options.pace.value_or(1);
  return [&sweep, pace, fault = options.fault, simulate = workers::UnitSimulator(sweep)](
             Unit unit, const workers::StopFlag& stop) {
    fault.before_unit(sweep.slot(unit), stop);
    Record record = simulate(unit, stop);
    fault.after_unit(record, pace * predicted_seconds(sweep, sweep.point(unit.point)), stop);
    return record;
  };
}

std::vector<std::filesystem::path> files_read(const SweepOptions& options) {
  std::vector<std::filesystem::path> files = options.reuse;
  files.push_back(options.sweep_file);
  return files;
}

/// Takes over what an earlier file has done, and says how much that was.
void reuse(ResultsFile& file, const ResultsFile& earlier, EventLog& log, Progress& progress) {
  const ReuseOutcome outcome = reuse_units(file, earlier);
  const std::string path = earlier.path().string();
  if (outcome.units > 0) {
    progress.say(
        fmt::format("reused {} of {} from {}", outcome.units, counted(file.units().count(), "unit"), path));
  } else {
    progress.warn(fmt::format("nothing of {} is reused: {}", path, outcome.reason));
  }
  log.record("reuse", {{"file", path}, {"units", outcome.units}, {"reason", outcome.reason}});
}

/// Nothing is left to do: no lock, no log, no other rank is needed to say so.
ExitCode say_complete(const ResultsFile& file, Progress& progress) {
  progress.say(fmt::format("complete: {} in {}, all done before; nothing is left to compute or to reuse",
                           counted(file.units().count(), "unit"), file.path().string()));
  return ExitCode::complete;
}

ExitCode run_all(const SweepOptions& options, Communicator& communicator, int own_threads) {
  require_simd_target();
  const Deadline deadline = Deadline::from(options.time_limit);
  const SweepText text = read_sweep_text(options.sweep_file, options.overrides, options.engine);
  Sweep sweep = resolve_sweep(text);
  Progress progress(options.progress);
  if (!deadline.warning().empty()) progress.warn(deadline.warning());
  require_destination(options.results, "-o " + options.results.string(), files_read(options));
  const auto earlier = open_earlier_results(options.reuse);
  if (const auto complete = open_complete_results(options, sweep)) return say_complete(*complete, progress);
  // Before there is a lock to leave: a file that HDF5 does not come to an end with ends the process.
  if (options.overwrite && std::filesystem::exists(options.results)) require_replaceable(options.results);
  // What is being written is not to be replaced as soon as it is whole.
  const double patience = options.overwrite ? 0 : options.patience.writer;
  const WriterLock lock(options.results, std::chrono::milliseconds(std::llround(1e3 * patience)));
  listen_to_hard_stops();         // after the wait, so that it can be interrupted
  EventLog log(options.results);  // refuses while an old file is still what it was
  const HeldUnits units = options.shard ? deal_shard(sweep, *options.shard) : HeldUnits(sweep);
  auto opened = open_results(options, sweep);
  if (opened) sweep.format = opened->sweep().format;  // its datasets are those of the version that made it
  // It may fail, while an old file is still there.
  ComputePool pool(simulate_with(sweep, options), own_threads);
  if (!opened) opened = create_results(options, sweep, units, text, communicator.library_version(), progress);
  if (!opened) return ExitCode::stopped_early;
  ResultsFile file = *std::move(opened);
  for (const ResultsFile& old : earlier) reuse(file, old, log, progress);
  communicator.send_to_all(tag_setup, setup_to_bytes({text, sweep.format}));
  const auto threads = collect_threads(communicator, own_threads);
  const Calibration expected = options.pace ? Calibration::fixed(sweep, *options.pace) : probe_machine(sweep);
  Coordinator coordinator(
      {communicator, file, pool, log, progress, deadline, options.fault, options.patience, expected}, threads,
      options.grace);
  RunReport report(progress, log, file);
  const int cores = std::accumulate(threads.begin(), threads.end(), 0);
  report.begin(threads, coordinator.expected_seconds(cores), expected.factor());
  const ExitCode code = coordinator.run();
  report.end(code, coordinator.reason());
  if (!coordinator.everybody_left()) communicator.abort(static_cast<int>(code));
  return code;
}

/// Rank 0: whatever happens, the other ranks hear of it.
ExitCode lead(const SweepOptions& options, Communicator& communicator, int threads) {
  const auto tell = [&communicator](ExitCode code) {
    communicator.send_to_all(tag_verdict, verdict_to_bytes(code));
  };
  try {
    const ExitCode code = run_all(options, communicator, threads);
    tell(code);
    return code;
  } catch (...) {
    tell(exit_code_of_exception());
    throw;
  }
}

/// Any other rank: wait for the sweep, compute, wait for the verdict.
ExitCode run_worker_rank(const SweepOptions& options, Communicator& communicator, int threads) {
  listen_to_hard_stops();  // and leave it to rank 0 to obey
  Message message = communicator.wait();
  if (message.tag == tag_setup) {
    require_simd_target();
    const Setup setup = setup_from_bytes(message.body);
    Sweep sweep = resolve_sweep(setup.text);
    sweep.format = setup.format;
    ComputePool pool(simulate_with(sweep, options), threads);
    communicator.send(0, tag_ready, to_bytes(std::vector<std::int64_t>{threads}));
    follow(communicator, sweep, pool);
  }
  while (message.tag != tag_verdict) message = communicator.wait();
  return verdict_from_bytes(message.body);
}

}  // namespace

ExitCode run_sweep(const SweepOptions& options, Communicator& communicator) {
  listen_to_soft_stops();
  const int threads = choose_threads(options, communicator);
  if (communicator.root()) return lead(options, communicator, threads);
  try {
    return run_worker_rank(options, communicator, threads);
  } catch (const std::bad_alloc&) {
    std::fprintf(stderr, "varprop: rank %d: this process is out of memory.\n", communicator.rank());
    communicator.abort(static_cast<int>(ExitCode::failure));
  } catch (const std::exception& error) {
    print_error_line(fmt::format("rank {}: {}", communicator.rank(), error.what()));
    communicator.abort(static_cast<int>(ExitCode::failure));
  }
}

}  // namespace varprop::driver
