// The results file of a sweep (docs/file-format.md): created whole, then filled slot by slot, readable at any
// moment.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/sweep/record.hpp"
#include "core/sweep/sweep.hpp"

namespace varprop {

/// Where a results file comes from: stored in it once, at its creation.
struct Provenance {
  std::string command_line;
  std::string sweep_file;  ///< the sweep file, verbatim
  std::string mpi_version;
  std::string host;
  std::string date;       ///< ISO 8601, UTC
  std::string program{};  ///< version and commit of varprop; a file gets those of its writer
};

/// "1.10.8": of the HDF5 that the program runs with, which need not be the one it was compiled with.
std::string hdf5_version();

/// A results file, open for reading or for writing.
///
/// Metadata never changes after creation; a commit writes raw data only, in an order that leaves every state
/// true at any moment: rows, flush, fsync, then the states that vouch for them, flush, fsync.
class ResultsFile {
 public:
  enum class Access { read, write };

  /// Creates `path` with every slot pending: under a temporary name beside it, filled, closed, fsynced,
  /// renamed, the directory fsynced. Until then a file of that name stays what it is; then it is replaced:
  /// hold the WriterLock and decide first. One that appears meanwhile is not. Leaves nothing behind where it
  /// fails. `progress` hears the fraction done, from 0 to 1. Throws SystemError where the disk refuses.
  static void create(const std::filesystem::path& path, const Sweep& sweep, const Provenance& provenance,
                     const std::function<void(double)>& progress = {});

  /// The same for a file of `units` only, the whole sweep or a shard of it. `fill` gets the file, open for
  /// writing, before it bears its name: what it commits and the name appear together. What it throws leaves
  /// nothing behind either.
  static void create(const std::filesystem::path& path, const Sweep& sweep, const HeldUnits& units,
                     const Provenance& provenance, const std::function<void(double)>& progress = {},
                     const std::function<void(ResultsFile&)>& fill = {});

  /// Opens an existing results file, of a whole sweep or of a shard. Throws InputError where there is none,
  /// where it is something else, is truncated, does not fit its identity or has a newer major format;
  /// SystemError where it may not be opened.
  ResultsFile(const std::filesystem::path& path, Access access);
  ~ResultsFile();
  ResultsFile(ResultsFile&&) noexcept;
  ResultsFile& operator=(ResultsFile&&) noexcept;

  const std::filesystem::path& path() const;
  /// The sweep as far as the file tells it: all but its comments.
  const Sweep& sweep() const;
  /// The units that the file holds, all others being elsewhere.
  const HeldUnits& units() const;
  /// The identity stored in the file (core/sweep/sweep.hpp).
  const std::string& identity() const;
  /// The numerics version stored in the file.
  int numerics_version() const;
  /// Who made the file with what.
  Provenance provenance() const;

  /// The state of every unit of the sweep, by slot; elsewhere where a shard does not hold it. Throws
  /// InputError where one is none of the known.
  std::vector<UnitState> states() const;

  /// The units at `count` positions (HeldUnits) from `first` on: their states, and of done ones the rows and
  /// the wall seconds. Throws as states() does.
  std::vector<Record> read_records(std::int64_t first, std::int64_t count) const;

  /// Writes done units whole, and of failed units the state; adjacent slots in one write. No unit twice, none
  /// pending, all held. The path must still name the open file. Throws SystemError where it does not, or
  /// where a write fails; slots committed before are safe.
  void commit(std::span<const Record> records);

  /// The rows of `count` points of one result dataset, row-major (point, batch, layer or replica); int32 as
  /// double; the fill where a unit is elsewhere. Throws InputError where the sweep did not measure it.
  std::vector<double> read(const std::string& dataset, PointIndex first, std::int64_t count) const;
  /// Names of the datasets that describe slots (unit or batch, replica, engine) and do not hold what the
  /// sweep says.
  std::vector<std::string> damaged_descriptions() const;
  /// wall_seconds of `count` points, row-major (point, batch).
  std::vector<double> read_wall_seconds(PointIndex first, std::int64_t count) const;

  struct Implementation;

 private:
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace varprop
