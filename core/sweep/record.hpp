// What a worker returns for one unit, the rows of its slot: which datasets a sweep's file has, where their
// rows stand in a record, and records as bytes between ranks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/sweep/sweep.hpp"

namespace varprop {

/// What a slot holds where there is nothing: NaN or −1.
double fill_value(Element element);

/// What a unit's row of a dataset runs over.
enum class RowAxis { layer, replica };

/// One result dataset of the file: dimensions (grid axes…, batch, row_axis).
struct Dataset {
  std::string name;
  Element element;
  RowAxis row_axis;
  std::string long_name;
};

/// The result datasets of a sweep's file, in file order, as far as its format (Sweep::format) has them: of
/// every profile that is measured its statistics over layers, then what profiles have over replicas
/// (core/sweep/measures.hpp).
std::vector<Dataset> datasets(const Sweep& sweep);

/// Numbers in one unit's row of a dataset.
std::int64_t row_length(const Sweep& sweep, RowAxis axis);

/// `elsewhere` is never stored: what a shard's file says of the units that it does not hold.
enum class UnitState : std::uint8_t { pending = 0, done = 1, failed = 2, elsewhere = 3 };

/// A unit that a run of its file computes: failed ones are tried again.
constexpr bool to_do(UnitState state) {
  return state == UnitState::pending || state == UnitState::failed;
}

/// The outcome of one unit.
struct Record {
  Unit unit;
  UnitState state = UnitState::pending;
  double wall_seconds = 0;
  std::string failure;  ///< the reason, where state is failed
  std::vector<double>
      values;  ///< the rows of all datasets one after another (RecordLayout); empty unless done
};

/// Where each dataset's row stands in Record::values. Rows of int32 datasets hold whole numbers.
class RecordLayout {
 public:
  explicit RecordLayout(const Sweep& sweep);

  const std::vector<Dataset>& datasets() const { return datasets_; }
  std::int64_t offset(std::size_t dataset) const { return offsets_[dataset]; }
  std::int64_t length(std::size_t dataset) const { return offsets_[dataset + 1] - offsets_[dataset]; }
  /// Position of the dataset with this name, if it is one of them.
  std::optional<std::size_t> position(std::string_view name) const;
  /// The same of one that must exist.
  std::size_t find(std::string_view name) const;
  std::int64_t size() const { return offsets_.back(); }

  /// A slot full of fill values: NaN, or −1 for integers.
  std::vector<double> empty_values() const;

 private:
  std::vector<Dataset> datasets_;
  std::vector<std::int64_t> offsets_;
};

/// Units and records between ranks, plain memory images: both ends are the same program on like machines.
/// First the slots (Sweep::slot) of the units that a process is to do.
std::vector<std::byte> to_bytes(const std::vector<std::int64_t>& slots);
std::vector<std::int64_t> slots_from_bytes(const std::vector<std::byte>& bytes);

/// Records that a process has finished.
std::vector<std::byte> to_bytes(const std::vector<Record>& records);
std::vector<Record> records_from_bytes(const std::vector<std::byte>& bytes);

}  // namespace varprop
