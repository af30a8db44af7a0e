#include "driver/forecast/job_header.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace varprop {

namespace {

constexpr double time_margin = 1.5;
constexpr double start_seconds = 300;  ///< launching, creating the file
constexpr double memory_margin = 1.5;
constexpr double memory_step = 100;  ///< MB
constexpr std::int64_t minutes_a_day = 24 * 60;
constexpr double most_minutes = 2e9;  ///< SLURM counts them in 32 bits

std::string time_text(double seconds) {
  if (!(seconds < 60 * most_minutes)) return "UNLIMITED";
  const auto minutes = static_cast<std::int64_t>(std::ceil(seconds / 60));
  const std::int64_t days = minutes / minutes_a_day;
  const std::string clock = fmt::format("{:02}:{:02}:00", minutes % minutes_a_day / 60, minutes % 60);
  return days > 0 ? fmt::format("{}-{}", days, clock) : clock;
}

}  // namespace

std::vector<std::string> job_header(const Forecast& forecast) {
  const double bytes = std::max(forecast.memory.rank0, forecast.memory.others);
  const double megabytes = memory_margin * bytes / 1e6 / forecast.machine.threads;
  return {fmt::format("#SBATCH --ntasks={}", forecast.machine.ranks),
          fmt::format("#SBATCH --cpus-per-task={}", forecast.machine.threads),
          fmt::format("#SBATCH --mem-per-cpu={:.0f}M", memory_step * std::ceil(megabytes / memory_step)),
          "#SBATCH --time=" + time_text(time_margin * forecast.makespan() + start_seconds)};
}

}  // namespace varprop
