#include "driver/run/open_results.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <map>
#include <set>
#include <sstream>
#include <vector>

#include "core/contracts.hpp"
#include "core/storage/companion_paths.hpp"
#include "core/storage/file_size.hpp"
#include "core/text.hpp"
#include "driver/run/stop_signals.hpp"

namespace varprop {

namespace {

std::string host_name() {
  std::array<char, 256> name{};
  return gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "unknown";
}

Provenance provenance_of(const SweepOptions& options, const SweepText& text, const std::string& mpi_version) {
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  return {options.command_line, text.file_text, mpi_version, host_name(),
          fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", now)};
}

/// A sweep's canonical text by key.
std::map<std::string, std::string> settings_of(const Sweep& sweep) {
  std::map<std::string, std::string> settings;
  std::istringstream lines(canonical_text(sweep));
  for (std::string line; std::getline(lines, line);) {
    const auto end_of_key = line.find(' ');
    settings[line.substr(0, end_of_key)] = line.substr(end_of_key);
  }
  return settings;
}

/// The settings of two sweeps that are not alike, or that only one has: "replicas_per_batch, width".
std::string differences(const Sweep& a, const Sweep& b) {
  const auto left = settings_of(a), right = settings_of(b);
  std::set<std::string> keys;
  for (const auto& [key, value] : left) {
    if (const auto other = right.find(key); other == right.end() || other->second != value) keys.insert(key);
  }
  for (const auto& [key, value] : right) {
    if (!left.contains(key)) keys.insert(key);
  }
  return join({keys.begin(), keys.end()});
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
                       path, differences(file.sweep(), sweep)));
}

struct StoppedWhileCreating : std::exception {};

/// What --overwrite may replace: results of varprop, and nothing else that a slip of the hand names.
void require_replaceable(const SweepOptions& options) {
  const std::string path = options.results.string();
  validate(!std::filesystem::equivalent(options.results, options.sweep_file),
           path + " is the sweep file itself: the results need a file of their own.");
  try {
    const ResultsFile file(options.results, ResultsFile::Access::read);
  } catch (const InputError& error) {
    throw InputError(std::string(error.what()) +
                     " --overwrite replaces results of varprop only: remove it yourself if it may go.");
  }
}

/// Looks at the file without writing to it: a refused or a complete one keeps even its time stamp.
ResultsFile::Access access_needed(const SweepOptions& options, const Sweep& sweep) {
  const ResultsFile file(options.results, ResultsFile::Access::read);
  require_same_sweep(file, sweep);
  const auto states = file.states();
  const bool complete =
      std::all_of(states.begin(), states.end(), [](UnitState state) { return state == UnitState::done; });
  return complete ? ResultsFile::Access::read : ResultsFile::Access::write;
}

}  // namespace

void require_destination(const SweepOptions& options) {
  const auto& path = options.results;
  validate(path.has_filename(), fmt::format("-o \"{}\": the name of a file is needed.", path.string()));
  const auto folder = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
  validate(std::filesystem::is_directory(folder),
           fmt::format("-o {}: there is no folder {}.", path.string(), folder.string()));
  validate(!std::filesystem::exists(path) || std::filesystem::is_regular_file(path),
           fmt::format("-o {}: this is not a file that results could be written to.", path.string()));
  for (const auto& companion : {lock_path(path), log_path(path), creating_path(path)}) {
    if (!std::filesystem::exists(companion)) continue;
    validate(std::filesystem::is_regular_file(companion),
             fmt::format("-o {}: {}, a name that varprop needs beside it, is no file.", path.string(),
                         companion.string()));
    validate(!std::filesystem::equivalent(companion, options.sweep_file),
             fmt::format("-o {}: the sweep file has the name {}, which varprop needs for itself beside the results.",
                         path.string(), companion.string()));
  }
}

std::optional<ResultsFile> open_results(const SweepOptions& options, const Sweep& sweep,
                                        const SweepText& text, const std::string& mpi_version,
                                        Progress& progress) {
  const bool exists = std::filesystem::exists(options.results);
  if (exists && !options.overwrite) return ResultsFile(options.results, access_needed(options, sweep));
  if (exists) require_replaceable(options);
  validate(exists || !options.resume,
           fmt::format("{} does not exist, so there is nothing to resume. Leave --resume out to begin.",
                       options.results.string()));
  require_room(sweep, options.results, static_cast<double>(options.max_file_size));
  try {
    ResultsFile::create(options.results, sweep, provenance_of(options, text, mpi_version), [&](double share) {
      progress.creating(share);
      if (stop_request() != StopRequest::none) throw StoppedWhileCreating();
    });
  } catch (const StoppedWhileCreating&) {
    progress.say("stopped while the results file was being created: there is none");
    return std::nullopt;
  }
  return ResultsFile(options.results, ResultsFile::Access::write);
}

}  // namespace varprop
