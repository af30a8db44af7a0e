// unit → record: the one entry to the engines, and the statistics of their networks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "core/sweep/record.hpp"
#include "workers/network/network_sample.hpp"
#include "workers/network/stop_flag.hpp"

namespace varprop::workers {

/// Collects the networks of one batch and writes the rows that RecordLayout asks for: the statistics of
/// core/sweep/measures.hpp of every profile that is measured.
class BatchStatistics {
 public:
  /// For a point's networks. Both references must outlive this.
  BatchStatistics(const Sweep& sweep, const RecordLayout& layout, const Point& point);

  /// Adds the next replica.
  void add(const NetworkSample& sample);

  /// The rows of all datasets, one after another.
  std::vector<double> values() const;

 private:
  struct Positive {
    const Profile& profile;
    decltype(PositiveReading::at) at;
    std::size_t first;                ///< of the recorded layers that has it
    std::vector<LogMoments> layers;   ///< one per recorded layer from there to L
    std::vector<double> of_replicas;  ///< its logarithm where its travel ends, NaN where extinct
  };
  struct Overlap {
    const Profile& profile;
    decltype(OverlapReading::at) at;
    std::size_t first;
    std::vector<OverlapMoments> layers;  ///< likewise
  };
  struct Total {
    const Profile& profile;
    decltype(TotalReading::at) at;
    std::vector<double> of_replicas;  ///< its logarithm, NaN where it is 0
  };

  void measure(const Profile& profile);
  /// The recorded layers from `first` on that the networks have.
  std::pair<std::size_t, std::size_t> recorded_from(std::int32_t first) const;
  /// Where a sample has the i-th recorded layer.
  std::size_t layer_index(std::size_t i) const {
    return static_cast<std::size_t>(sweep_.layers[i] - first_layer_);
  }
  void add(Positive& measured, const NetworkSample& sample) const;
  void add(Overlap& measured, const NetworkSample& sample) const;
  void require_numbers(const Positive& measured) const;
  /// Puts what every replica has where the layout has it.
  void write_replicas(const Profile& profile, const std::vector<double>& of_replicas,
                      std::vector<double>& values) const;

  const Sweep& sweep_;
  const RecordLayout& layout_;
  std::int32_t L_;
  Block block_;
  std::int32_t first_layer_;  ///< of samples
  std::vector<Positive> positives_;
  std::vector<Overlap> overlaps_;
  std::vector<Total> totals_;
};

/// Simulates the replicas of one unit, in their order.
class UnitSimulator {
 public:
  explicit UnitSimulator(const Sweep& sweep) : sweep_(sweep), layout_(sweep) {}

  /// The unit's record, done, with its wall time; or failed with the reason, if an engine throws.
  /// Throws Stopped if `stop` is raised meanwhile: the unit is as if never begun. Any number of threads may
  /// call this.
  Record operator()(Unit unit, const StopFlag& stop) const;

 private:
  /// Runs every replica of the unit through its engine.
  std::vector<double> simulate(Unit unit, const StopFlag& stop) const;

  const Sweep& sweep_;
  RecordLayout layout_;
};

}  // namespace varprop::workers
