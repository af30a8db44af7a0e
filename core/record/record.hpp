// What a worker returns for one unit: the rows of its slot.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/record/datasets.hpp"

namespace varprop {

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
  /// Position of the dataset with this name. It must exist.
  std::size_t find(const std::string& name) const;
  std::int64_t size() const { return offsets_.back(); }

  /// A slot full of fill values: NaN, or −1 for integers.
  std::vector<double> empty_values() const;

 private:
  std::vector<Dataset> datasets_;
  std::vector<std::int64_t> offsets_;
};

}  // namespace varprop
