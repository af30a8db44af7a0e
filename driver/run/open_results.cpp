#include "driver/run/open_results.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/contracts.hpp"
#include "core/storage/file_size.hpp"
#include "core/sweep/differences.hpp"
#include "core/text.hpp"
#include "driver/run/destination.hpp"
#include "driver/run/origin.hpp"
#include "driver/run/stop_signals.hpp"

namespace varprop {

namespace {

/// The file goes on only with the sweep that it was made for.
void require_same_sweep(const ResultsFile& file, const Sweep& sweep) {
  const std::string path = file.path().string();
  validate(
      file.numerics_version() == numerics_version,
      fmt::format(
          "{} was made with numerics version {}, this program computes version {}: their numbers must not "
          "be mixed. Use another file, or --overwrite.",
          path, file.numerics_version(), numerics_version));
  validate(file.identity() == identity(sweep),
           fmt::format("{} holds the results of another sweep, which differs in: {}. Use another file, or "
                       "--overwrite to replace it.",
                       path, join(differences(file.sweep(), sweep))));
}

/// And only with the units that it was made for.
void require_same_units(const ResultsFile& file, const std::optional<Shard>& wanted) {
  const auto& held = file.units().shard();
  if (held == wanted) return;
  const std::string way_out =
      wanted ? "Use another file, or --overwrite to replace it."
             : fmt::format("Go on with --shard {}/{}, or join the shards with varprop merge.", held->number,
                           held->count);
  throw InputError(fmt::format("{} holds {} of this sweep, not {}. {}", file.path().string(),
                               held ? text_of(held) : "the whole", text_of(wanted), way_out));
}

struct StoppedWhileCreating : std::exception {};

}  // namespace

std::optional<ResultsFile> open_complete_results(const SweepOptions& options, const Sweep& sweep) {
  if (options.overwrite || !std::filesystem::exists(options.results)) return std::nullopt;
  ResultsFile file(options.results, ResultsFile::Access::read);
  require_same_sweep(file, sweep);
  require_same_units(file, options.shard);
  const auto states = file.states();
  if (std::any_of(states.begin(), states.end(), to_do)) return std::nullopt;
  return file;
}

std::optional<ResultsFile> open_results(const SweepOptions& options, const Sweep& sweep,
                                        const HeldUnits& units, const SweepText& text,
                                        const std::string& mpi_version, Progress& progress) {
  const bool exists = std::filesystem::exists(options.results);
  if (auto complete = open_complete_results(options, sweep)) return complete;
  if (exists && !options.overwrite) return ResultsFile(options.results, ResultsFile::Access::write);
  if (exists) require_replaceable(options.results);
  validate(exists || !options.resume,
           fmt::format("{} does not exist, so there is nothing to resume. Leave --resume out to begin.",
                       options.results.string()));
  require_room(sweep, units, options.results, static_cast<double>(options.max_file_size));
  try {
    const auto provenance = provenance_here(options.command_line, text.file_text, mpi_version);
    ResultsFile::create(options.results, sweep, units, provenance, [&](double share) {
      progress.creating(share);
      if (stop_request() != StopRequest::none) throw StoppedWhileCreating();
    });
  } catch (const StoppedWhileCreating&) {
    progress.say(exists ? fmt::format("stopped while a new results file was being created: {} is as it was",
                                      options.results.string())
                        : "stopped while the results file was being created: there is none");
    return std::nullopt;
  }
  return ResultsFile(options.results, ResultsFile::Access::write);
}

}  // namespace varprop
