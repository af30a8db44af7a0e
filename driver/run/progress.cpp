#include "driver/run/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "core/terminal_text.hpp"
#include "core/text.hpp"
#include "driver/run/duration.hpp"

namespace varprop {

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
  const auto now = Clock::now();
  if (mode_ == ProgressMode::bar && now - last_ >= bar_interval) {
    draw(bar_text(state.cost_share) + " " + state_text(state));
  } else if (mode_ == ProgressMode::log && now - last_ >= log_interval) {
    say(state_text(state));
  }
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

}  // namespace varprop
