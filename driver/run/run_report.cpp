#include "driver/run/run_report.hpp"

#include <fmt/format.h>

#include <numeric>

#include "core/parallel/communicator.hpp"
#include "core/simd/target.hpp"
#include "core/storage/writer_lock.hpp"
#include "core/text.hpp"
#include "driver/run/cores.hpp"
#include "driver/run/duration.hpp"

namespace varprop {

RunReport::Counts RunReport::counts() const {
  Counts counts;
  for (const UnitState state : file_.states()) {
    counts.total += state == UnitState::elsewhere ? 0 : 1;
    counts.done += state == UnitState::done ? 1 : 0;
    counts.failed += state == UnitState::failed ? 1 : 0;
  }
  return counts;
}

void RunReport::begin(const std::vector<int>& threads, double seconds, double factor) {
  const auto [done, failed, total] = counts();
  const int all = std::accumulate(threads.begin(), threads.end(), 0);
  const std::string before = done > 0 ? fmt::format(", {} of them done before", done) : "";
  const std::string time = done < total ? ", about " + duration_text(seconds) : "";
  const auto& shard = file_.units().shard();
  const std::string part = shard ? " of " + text_of(shard) : "";
  progress_.say(fmt::format("{}, {}{}{}; {}, {}, {}{}", counted(file_.sweep().point_count(), "point"),
                            counted(total, "unit"), part, before, counted(std::ssize(threads), "rank"),
                            counted(all, "thread"), instruction_set(), time));
  advise_binding(threads);
  log_.record("begin", {{"process", this_process()},
                        {"identity", file_.identity()},
                        {"done", done},
                        {"failed", failed},
                        {"units", total},
                        {"ranks", static_cast<std::int64_t>(threads.size())},
                        {"threads", all},
                        {"simd", simd_target()},
                        {"factor", factor}});
}

/// `mpirun -n 1` binds its process to one core, of which nobody would know.
void RunReport::advise_binding(const std::vector<int>& threads) {
  const Cores cores = usable_cores();
  if (!started_by_launcher() || threads.size() > 1 || cores.usable >= cores.online) return;
  progress_.say(
      fmt::format("the launcher lets this process use {} of the {} cores: mpirun --bind-to none frees them",
                  cores.usable, cores.online));
}

void RunReport::end(ExitCode code, const std::string& reason) {
  if (code == ExitCode::failure) progress_.warn(reason);
  try {
    const Counts now = counts();
    if (code != ExitCode::failure) say_how_far(code, now);
    log_.record(
        "end",
        {{"code", static_cast<int>(code)}, {"done", now.done}, {"failed", now.failed}, {"units", now.total}});
  } catch (const InputError&) {
    if (code != ExitCode::failure) throw;  // else the reason may be that the file is none any more
    log_.record("end", {{"code", static_cast<int>(code)}});
  }
}

void RunReport::say_how_far(ExitCode code, const Counts& now) {
  const std::string path = file_.path().string();
  if (code == ExitCode::complete) {
    progress_.say(fmt::format("complete: {} in {}", counted(now.total, "unit"), path));
  } else if (code == ExitCode::some_points_failed) {
    progress_.warn(fmt::format("complete but for {} of {} in {}; run again to try {} again",
                               counted(now.failed, "failed unit"), now.total, path,
                               now.failed == 1 ? "it" : "them"));
  } else {
    progress_.say(fmt::format("stopped with {} of {} in {}; the same command goes on from there", now.done,
                              counted(now.total, "unit"), path));
  }
}

}  // namespace varprop
