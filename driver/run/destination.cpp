#include "driver/run/destination.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/contracts.hpp"
#include "core/storage/companion_paths.hpp"
#include "core/storage/file_size.hpp"
#include "core/storage/results_file.hpp"
#include "core/sweep/two_sweeps.hpp"
#include "core/text/words.hpp"
#include "driver/run/process.hpp"

namespace varprop::driver {

namespace {

namespace fs = std::filesystem;

bool same_file(const fs::path& a, const fs::path& b) {
  std::error_code neither_exists;
  return fs::equivalent(a, b, neither_exists);
}

void require_free_companion(const fs::path& companion, const std::string& named,
                            const std::vector<fs::path>& inputs) {
  if (!fs::exists(companion)) return;
  validate(
      fs::is_regular_file(companion),
      fmt::format("{}: {}, a name that varprop needs beside it, is no file.", named, companion.string()));
  for (const fs::path& input : inputs) {
    validate(!same_file(companion, input),
             fmt::format("{}: {} has a name that varprop needs for itself beside the results.", named,
                         input.string()));
  }
}

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

void require_destination(const fs::path& path, const std::string& named,
                         const std::vector<fs::path>& inputs) {
  validate(path.has_filename(), fmt::format("{}: here the name of a file is needed.", named));
  const auto folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  validate(fs::is_directory(folder), fmt::format("{}: there is no folder {}.", named, folder.string()));
  validate(!fs::exists(path) || fs::is_regular_file(path),
           fmt::format("{}: this is not a file that results could be written to.", named));
  for (const fs::path& input : inputs) {
    validate(!same_file(path, input), fmt::format("{}: {} is read, so it cannot be written: the results need "
                                                  "a file of their own.",
                                                  named, input.string()));
  }
  for (const auto& companion : {lock_path(path), log_path(path), creating_path(path)}) {
    require_free_companion(companion, named, inputs);
  }
}

void require_replaceable(const fs::path& path) {
  try {
    const ResultsFile file(path, ResultsFile::Access::read);
  } catch (const InputError& error) {
    throw InputError(std::string(error.what()) +
                     " --overwrite replaces results of varprop only: remove it yourself if it may go.");
  }
}

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

}  // namespace varprop::driver
