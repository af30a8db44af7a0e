// A resolved sweep: everything that decides which numbers a results file holds, and which of its units one
// file holds.
#pragma once

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

#include "core/sweep/grid.hpp"
#include "core/sweep/measures.hpp"

namespace varprop {

/// Row-major index of a point in its grid, the last axis fastest; from 0.
using PointIndex = Strong<struct PointIndexTag, std::int64_t>;
/// Number of a batch within its point; from 0 in memory, from 1 in files.
using BatchIndex = Strong<struct BatchIndexTag, std::int32_t>;

/// The unit of work: one batch of replicas of one point. It owns one slot of the results file.
struct Unit {
  PointIndex point;
  BatchIndex batch;
  friend auto operator<=>(const Unit&, const Unit&) = default;
};

struct Sweep {
  std::string title;
  Grid grid;
  NetworkSettings network;
  std::int64_t replicas = 0;  ///< networks per point; a multiple of batches, at most 2³²
  std::int32_t batches = 16;  ///< units of work per point
  std::uint64_t seed = 1;
  std::vector<Quantity> measures{Quantity::forward, Quantity::backward, Quantity::weight_gradient};
  std::vector<std::int32_t> layers;  ///< recorded layers, ascending, from 1; of streams from 0, the input
  /// Of the file: it decides which datasets there are, so that files of an older format resume.
  FormatVersion format = format_version;
  /// Of a file whose networks are of another version than those that this program computes (networks_version,
  /// core/network/point.hpp): its numbers can be read, and must not be mixed with any computed here.
  std::optional<int> other_networks_version = {};

  std::int32_t replicas_per_batch() const { return static_cast<std::int32_t>(replicas / batches); }
  std::int64_t point_count() const { return grid.point_count(); }
  std::int64_t unit_count() const { return point_count() * batches; }

  GridIndices shape() const { return grid.shape(); }
  GridIndex grid_index() const { return GridIndex(shape(), grid.listed); }
  /// Where a point stands in the grid.
  GridIndices indices(PointIndex index) const {
    return grid.is_product() ? GridIndex(shape()).indices(index.value()) : grid.listed[index.value()];
  }
  Point point(PointIndex index) const { return point(indices(index)); }
  Point point(const GridIndices& at) const;

  bool measures_quantity(Quantity quantity) const;
  /// Whether tables and reports have a place for a quantity: for the positive numbers of the first format
  /// always, for all others only where they were measured, so that those of older sweeps stay as they are.
  bool has_place_for(Quantity quantity) const {
    const Measure& measure = measure_of(quantity);
    return (measure.since == first_format && is_positive(measure)) || measures_quantity(quantity);
  }
  /// The positive quantities of which they have one, in order.
  std::vector<Quantity> told_quantities() const {
    std::vector<Quantity> told;
    std::copy_if(positive_quantities.begin(), positive_quantities.end(), std::back_inserter(told),
                 [this](Quantity quantity) { return has_place_for(quantity); });
    return told;
  }

  /// Position of a unit in row-major (point, batch) order, and back.
  std::int64_t slot(Unit unit) const { return unit.point.value() * batches + unit.batch.value(); }
  Unit unit(std::int64_t slot) const {
    return {PointIndex(slot / batches), BatchIndex(static_cast<std::int32_t>(slot % batches))};
  }
};

/// The resolved canonical form: every setting that a number or the file's shape depends on, one `key = value`
/// a line. No title, no comments. Of a grid that lists its points it has the values along every axis, and
/// the number and a hash of the points. A newer axis stands at the end, and only where it is told in the
/// file. `version` is another program's numerics version where a file of that program is checked.
std::string canonical_text(const Sweep& sweep, int version = numerics_version);

/// The version of a sweep's networks as it stands there: the largest of its points; and 2 where "auto" no
/// longer takes the engine of version 1 for some of the blocks, whose points say so by their engine. 0 of
/// sweeps that have none.
int networks_version(const Sweep& sweep);

/// Sixteen hexadecimal digits: the hash of canonical_text(sweep). Equal for two sweeps that fill the same
/// file.
std::string identity(const Sweep& sweep, int version = numerics_version);

/// The layers to record: the union over depths L of k evenly spaced layers of 1..L, both ends included, with
/// the largest k such that the union has at most `limit` layers. Throws InputError where even k = 2 does not
/// fit.
std::vector<std::int32_t> recorded_layers(const std::vector<Depth>& depths, std::int64_t limit);
/// Those of a grid: where some of its networks have a stream, its input is one of them.
std::vector<std::int32_t> recorded_layers(const Grid& grid, std::int64_t limit);
/// Whether some of its networks have a stream, or several tokens.
bool has_streams(const Grid& grid);
bool has_tokens(const Grid& grid);

/// One of the parts that a sweep's units are dealt to: `number` from 1 to `count`.
struct Shard {
  std::int32_t number;
  std::int32_t count;
  friend bool operator==(const Shard&, const Shard&) = default;
};

/// "shard 2 of 4", or "the whole sweep" where there is none.
std::string text_of(const std::optional<Shard>& shard);

/// The units of a results file. Each has a position: its rank among the file's units in slot order
/// (Sweep::slot), from 0; in a file of the whole sweep the slot itself. A shard takes 8 bytes a unit.
class HeldUnits {
 public:
  /// All units of a sweep.
  explicit HeldUnits(const Sweep& sweep) : count_(sweep.unit_count()) {}
  /// The units of one shard: their slots, ascending, each once, at least one.
  HeldUnits(Shard shard, std::vector<std::int64_t> slots);

  const std::optional<Shard>& shard() const { return shard_; }
  bool whole() const { return !shard_; }

  std::int64_t count() const { return count_; }
  /// The slot of the unit at a position.
  std::int64_t slot(std::int64_t position) const {
    return whole() ? position : slots_[static_cast<std::size_t>(position)];
  }
  /// How many units have a smaller slot: the position of the unit of this slot, where it is held.
  std::int64_t position(std::int64_t slot) const;
  bool holds(std::int64_t slot) const;

 private:
  std::optional<Shard> shard_;
  std::vector<std::int64_t> slots_;  ///< of a shard
  std::int64_t count_;
};

}  // namespace varprop
