#include "driver/run/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <numeric>

#include "core/parallel/launcher.hpp"
#include "core/simd/target.hpp"
#include "core/storage/writer_lock.hpp"
#include "core/text/terminal_text.hpp"
#include "core/text/words.hpp"
#include "driver/run/process.hpp"
#include "driver/schedule/duration.hpp"

namespace varprop::driver {

namespace {

constexpr std::chrono::milliseconds bar_interval{200};
constexpr std::chrono::seconds log_interval{60};
constexpr int bar_width = 30;

/// "  1234/5678 units, 12.3/s, about 3m20s left"; the time left follows the cost, not the count.
std::string state_text(const ProgressState& state) {
  std::string text = fmt::format("{}/{}", state.units_done, counted(state.units_total, "unit"));
  if (state.elapsed_seconds < 1 || state.cost_share <= 0) return text;
  const double left = state.elapsed_seconds * (1 - state.cost_share) / state.cost_share;
  return text +
         fmt::format(", {:.0f} % of the cost, about {} left", 100 * state.cost_share, duration_text(left));
}

std::string bar_text(double share) {
  const int full = static_cast<int>(std::clamp(share, 0.0, 1.0) * bar_width);
  return fmt::format("[{}{}]", std::string(static_cast<std::size_t>(full), '#'),
                     std::string(static_cast<std::size_t>(bar_width - full), '.'));
}

/// Whoever read the other end may have left: no reason to stop.
void write(const std::string& text) {
  std::fputs(text.c_str(), stderr);
  std::fflush(stderr);
}

}  // namespace

Progress::Progress(ProgressMode mode) : mode_(mode) {
  if (mode_ == ProgressMode::automatic) mode_ = isatty(STDERR_FILENO) ? ProgressMode::bar : ProgressMode::log;
}

Progress::~Progress() {
  clear();
}

void Progress::creating(double share) {
  if (mode_ == ProgressMode::bar && (share >= 1 || Clock::now() - last_ >= bar_interval)) {
    draw(bar_text(share) + " creating the results file");
  }
}

void Progress::update(const ProgressState& state) {
  if (is_time()) tell(state.cost_share, state_text(state));
}

void Progress::update(std::string_view doing, double share) {
  if (is_time()) tell(share, fmt::format("{:.0f} % of the {}", 100 * share, doing));
}

bool Progress::is_time() const {
  return Clock::now() - last_ >= (mode_ == ProgressMode::bar ? bar_interval : log_interval);
}

void Progress::tell(double share, const std::string& line) {
  mode_ == ProgressMode::bar ? draw(bar_text(share) + " " + line) : say(line);
}

void Progress::say(const std::string& line) {
  if (mode_ != ProgressMode::none) warn(line);
}

void Progress::warn(const std::string& line) {
  clear();
  print_error_line(line);
  last_ = Clock::now();
}

void Progress::draw(const std::string& line) {
  write("\r\033[K" + line);
  drawn_ = true;
  last_ = Clock::now();
}

void Progress::clear() {
  if (!drawn_) return;
  write("\r\033[K");
  drawn_ = false;
}

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

}  // namespace varprop::driver
