// Done units computed again and compared with what the file holds, bit by bit; and what came of it, for a
// person.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/sweep/record.hpp"
#include "driver/run/progress.hpp"
#include "driver/schedule/division.hpp"

namespace varprop::driver {

struct VerifyOptions {
  std::filesystem::path results;
  SampleSize sample{0.01, 0};  ///< of the done units
  std::uint64_t seed = 1;      ///< of the sample
  int threads = 0;             ///< compute threads; 0: the cores of this process
  ProgressMode progress = ProgressMode::automatic;
};

/// A row that differs: its dataset, how many numbers, and the first of them.
struct RowDifference {
  std::string dataset;
  std::string place;    ///< "layer 5", "replica 3"
  bool beyond = false;  ///< it lies beyond the point's depth, where nothing but fill may be
  double stored = 0;
  double computed = 0;
  std::int64_t numbers = 1;
};

struct UnitDifference {
  Point point;
  std::int32_t batch;   ///< from 1
  std::string failure;  ///< why the unit cannot be computed any more; empty where it can
  std::vector<RowDifference> rows;
};

struct Verification {
  std::filesystem::path results;
  NetworkSettings network;
  std::uint64_t seed = 0;
  std::int64_t units = 0;     ///< that the file holds
  std::int64_t done = 0;      ///< of these
  std::int64_t compared = 0;  ///< of these
  std::int64_t numbers = 0;   ///< that were compared
  std::size_t datasets = 0;
  std::vector<std::string> damaged;         ///< coordinates and flags that are not what the sweep says
  std::vector<UnitDifference> differences;  ///< in slot order

  bool equal() const { return damaged.empty() && differences.empty(); }
};

/// The file is only read; it may still be being written. Throws InputError where it is no results file or of
/// another numerics version, SystemError where it cannot be read.
Verification verify(const VerifyOptions& options);

/// Compares the bits of every number, NaN and fill included; nothing where all are equal. wall_seconds may
/// differ. `stored` is done; `computed` is done, or failed with its reason. Both are of the same unit.
std::optional<UnitDifference> compare_unit(const Sweep& sweep, const RecordLayout& layout,
                                           const Record& stored, const Record& computed);

/// Lines for a terminal, without the last line end; a long list of differences is cut and says so.
std::string verification_page(const Verification& verification);

/// The same for programs, one JSON object with every difference.
std::string verification_json(const Verification& verification);

}  // namespace varprop::driver
