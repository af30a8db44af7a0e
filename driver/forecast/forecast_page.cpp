#include "driver/forecast/forecast.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "core/json.hpp"
#include "core/simd/target.hpp"
#include "core/storage/file_size.hpp"
#include "core/text/terminal_text.hpp"
#include "core/text/words.hpp"
#include "driver/schedule/duration.hpp"

namespace varprop::driver {

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

constexpr std::size_t most_parts = 24;
constexpr double loaded =
    0.7;  ///< share of its time that rank 0 can deal and write without holding others up

/// What work is told in: the largest unit of which there is at least one.
struct WorkUnit {
  std::string_view name;
  double seconds;
};

WorkUnit work_unit(const Workload& work) {
  if (work.seconds >= 3600) return {"core-hours", 3600};
  if (work.seconds >= 60) return {"core-minutes", 60};
  return {"core-seconds", 1};
}

/// Four digits, or all of a whole number; no power of ten.
std::string amount_text(double amount) {
  return amount < 9999.5 ? fmt::format("{:.4g}", amount) : fmt::format("{:.0f}", amount);
}

std::string parts_text(const Workload& work) {
  const WorkUnit unit = work_unit(work);
  std::string text = fmt::format("{:<18}{:<17}{:<12}{:>9}{:>10}{:>14}", "activation", "weights", "engine",
                                 "points", "units", unit.name);
  for (std::size_t i = 0; i < std::min(work.parts.size(), most_parts); ++i) {
    const PartOfWork& part = work.parts[i];
    text +=
        fmt::format("\n{:<18}{:<17}{:<12}{:>9}{:>10}{:>14}", part.activation.text(), word_of(part.weights),
                    word_of(part.engine), part.points, part.units, amount_text(part.seconds / unit.seconds));
    if (!part.others.empty()) text += "  " + part.others;
  }
  if (work.parts.size() > most_parts) {
    text += fmt::format("\n({} more: --json lists all)", work.parts.size() - most_parts);
  }
  return text;
}

/// Words beside a heading of the page: lines of at most 80 columns, all but the first indented.
std::string beside_heading(const std::string& text) {
  constexpr std::size_t indent = 14;
  std::string lines;
  for (const char c : wrapped(text, 80 - indent)) {
    lines += c;
    if (c == '\n') lines.append(indent, ' ');
  }
  return lines;
}

/// How the factor is known.
std::string source_text(const Speed& speed) {
  switch (speed.source) {
    case Speed::Source::model:
      return "as on the reference machine";
    case Speed::Source::pinned:
      return "as told";
    case Speed::Source::probe:
      return "as a short probe of this machine's " + instruction_set() +
             " says; --pilot 1% computes some units and times them";
    case Speed::Source::pilot:
      break;
  }
  const Pilot& pilot = *speed.pilot;
  const std::string failed = pilot.failed > 0 ? fmt::format("; {} of them failed", pilot.failed) : "";
  if (pilot.calibration.empty()) return "as no unit of the pilot could be timed" + failed;
  return fmt::format("as {} timed on this machine's {} say{}", counted(pilot.units, "unit"),
                     instruction_set(), failed);
}

std::string_view word_of(Speed::Source source) {
  constexpr std::array words{"model", "probe", "pilot", "pinned"};
  return words[static_cast<std::size_t>(source)];
}

std::string work_text(const Forecast& forecast) {
  const WorkUnit unit = work_unit(forecast.work);
  const std::string work = fmt::format("{} {}: {} by the cost model, times {:.4g}, {}",
                                       amount_text(forecast.work.seconds / unit.seconds), unit.name,
                                       amount_text(forecast.work.model_seconds / unit.seconds),
                                       forecast.work.factor(), source_text(forecast.speed));
  const std::string longest =
      fmt::format("{}: a batch of {}", fine_duration_text(forecast.work.longest_unit_seconds),
                  forecast.longest_point_words);
  return "work          " + beside_heading(work) + "\nlongest unit  " + beside_heading(longest);
}

std::string makespan_text(const Forecast& forecast) {
  return (forecast.run ? "" : "at least ") + fine_duration_text(forecast.makespan());
}

std::string run_text(const Forecast& forecast) {
  if (!forecast.run) return "(too many units to simulate their run)";
  return fmt::format("efficiency {:.3f}; rank 0 deals and writes for {:.0f} % of it",
                     forecast.run->efficiency, 100 * forecast.run->rank0_load);
}

std::string remedy_text(const Forecast& forecast) {
  const double share = 100 * forecast.work.longest_unit_seconds / forecast.makespan();
  const std::string text =
      fmt::format("The longest unit takes {:.0f} % of the makespan and keeps cores waiting.\n", share);
  if (!forecast.remedy)
    return text + "More batches would not help: use fewer cores, or more replicas and batches.";
  return text + fmt::format("--set simulation.batches={} would make it {}, efficiency {:.3f}.",
                            forecast.remedy->batches, fine_duration_text(forecast.remedy->run.makespan),
                            forecast.remedy->run.efficiency);
}

/// Cores wait, and rank 0 is at work for as much of the time as they lose.
bool waits_for_rank0(const SimulatedRun& run) {
  constexpr double good_efficiency = 0.9;
  return run.efficiency < good_efficiency && run.rank0_load > 0.5 * (1 - run.efficiency) &&
         run.rank0_load <= loaded;
}

std::string advice(const Forecast& forecast) {
  if (forecast.run && forecast.run->rank0_load > loaded) {
    return "\nRank 0 can hardly deal and write so fast. Fewer recorded layers or batches help,\n"
           "and so do shards, each with a writer of its own.";
  }
  if (forecast.held_up) return "\n" + remedy_text(forecast);
  if (forecast.run && waits_for_rank0(*forecast.run)) {
    return "\nCores wait because rank 0 has to deal and write so many cheap units.\n"
           "Fewer batches help, and so do shards.";
  }
  return "";
}

std::string memory_text(const Memory& memory) {
  if (memory.others == 0) return bytes_text(memory.rank0);
  return fmt::format("{} on rank 0, {} on every other", bytes_text(memory.rank0), bytes_text(memory.others));
}

Json json_of(const SimulatedRun& run) {
  return {{"makespan_seconds", run.makespan}, {"efficiency", run.efficiency}, {"rank0_load", run.rank0_load}};
}

Json json_of(const PartOfWork& part) {
  Json json{{"activation", part.activation.text()},
            {"weights", word_of(part.weights)},
            {"engine", word_of(part.engine)},
            {"points", part.points},
            {"units", part.units},
            {"core_seconds", part.seconds},
            {"model_core_seconds", part.model_seconds},
            {"factor", part.factor()}};
  if (!part.others.empty()) json["others"] = part.others;
  return json;
}

Json json_of(const Workload& work) {
  Json parts = Json::array();
  for (const PartOfWork& part : work.parts) parts.push_back(json_of(part));
  return parts;
}

Json json_of(const Pilot& pilot) {
  return {{"units", pilot.units},
          {"failed", pilot.failed},
          {"core_seconds", pilot.core_seconds},
          {"factor", pilot.calibration.factor()}};
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

std::string forecast_page(const Forecast& forecast) {
  const Workload& work = forecast.work;
  const double padding = 100 * forecast.padding_bytes / forecast.file_bytes;
  return fmt::format(
      "{}{}, {}\n\n{}\n\n{}\nmakespan      {} on {} of {}\n              {}\n"
      "memory        {}\nfile          {}, {:.0f} % of it layers beyond a point's depth{}\n\n{}",
      forecast.title.empty() ? "" : "\"" + forecast.title + "\": ", counted(work.points, "point"),
      counted(work.units, "unit"), parts_text(work), work_text(forecast), makespan_text(forecast),
      counted(forecast.machine.ranks, "rank"), counted(forecast.machine.threads, "thread"),
      run_text(forecast), memory_text(forecast.memory), bytes_text(forecast.file_bytes), padding,
      advice(forecast), join(job_header(forecast), "\n"));
}

std::string forecast_json(const Forecast& forecast) {
  const Workload& work = forecast.work;
  Json json{
      {"title", forecast.title},
      {"points", work.points},
      {"units", work.units},
      {"parts", json_of(work)},
      {"core_seconds", work.seconds},
      {"model_core_seconds", work.model_seconds},
      {"factor", work.factor()},
      {"factor_source", word_of(forecast.speed.source)},
      {"instruction_set", instruction_set()},
      {"longest_unit", {{"seconds", work.longest_unit_seconds}, {"point", forecast.longest_point}}},
      {"ranks", forecast.machine.ranks},
      {"threads", forecast.machine.threads},
      {"makespan_seconds", forecast.makespan()},
      {"simulated", forecast.run.has_value()},
      {"held_up_by_longest_unit", forecast.held_up},
      {"memory_bytes",
       {{"rank0", std::llround(forecast.memory.rank0)}, {"others", std::llround(forecast.memory.others)}}},
      {"file_bytes", std::llround(forecast.file_bytes)},
      {"padding_bytes", std::llround(forecast.padding_bytes)},
      {"job_header", job_header(forecast)}};
  if (forecast.run) json.update(json_of(*forecast.run));
  if (forecast.remedy) {
    json["remedy"] = json_of(forecast.remedy->run);
    json["remedy"]["batches"] = forecast.remedy->batches;
  }
  if (forecast.speed.pilot) json["pilot"] = json_of(*forecast.speed.pilot);
  return json.dump(2);
}

}  // namespace varprop::driver
