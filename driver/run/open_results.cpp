#include "driver/run/open_results.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "core/contracts.hpp"
#include "core/storage/file_size.hpp"

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

/// The file goes on only with the sweep that it was made for.
void require_same_sweep(const ResultsFile& file, const Sweep& sweep) {
  const std::string path = file.path().string();
  validate(
      file.numerics_version() == numerics_version,
      fmt::format(
          "{} was made with numerics version {}, this program computes version {}: their numbers must not "
          "be mixed. Use another file, or --overwrite.",
          path, file.numerics_version(), numerics_version));
  validate(
      file.identity() == identity(sweep),
      fmt::format("{} holds the results of another sweep (identity {}, this one is {}). Use another file, or "
                  "--overwrite to replace it.",
                  path, file.identity(), identity(sweep)));
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

ResultsFile open_results(const SweepOptions& options, const Sweep& sweep, const SweepText& text,
                         const std::string& mpi_version, Progress& progress) {
  const bool exists = std::filesystem::exists(options.results);
  if (exists && !options.overwrite) return ResultsFile(options.results, access_needed(options, sweep));
  validate(exists || !options.resume,
           fmt::format("{} does not exist, so there is nothing to resume. Leave --resume out to begin.",
                       options.results.string()));
  require_room(sweep, options.results, static_cast<double>(options.max_file_size));
  ResultsFile::create(options.results, sweep, provenance_of(options, text, mpi_version),
                      [&progress](double share) { progress.creating(share); });
  return ResultsFile(options.results, ResultsFile::Access::write);
}

}  // namespace varprop
