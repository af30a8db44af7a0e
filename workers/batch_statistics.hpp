// A batch's replicas → the rows of its slot.
#pragma once

#include <cstddef>
#include <vector>

#include "core/sweep/record.hpp"
#include "workers/network/network_sample.hpp"

namespace varprop::workers {

/// Collects the networks of one batch and writes the rows that RecordLayout asks for: the statistics of
/// core/sweep/measures.hpp of every profile that is measured.
class BatchStatistics {
 public:
  /// For networks of depth L. Both references must outlive this.
  BatchStatistics(const Sweep& sweep, const RecordLayout& layout, Depth L);

  /// Adds the next replica.
  void add(const NetworkSample& sample);

  /// The rows of all datasets, one after another.
  std::vector<double> values() const;

 private:
  struct Positive {
    const Profile& profile;
    decltype(PositiveReading::at) at;
    std::vector<LogMoments> layers;   ///< one per recorded layer ≤ L
    std::vector<double> of_replicas;  ///< its logarithm where its travel ends, NaN where extinct
  };
  struct Overlap {
    const Profile& profile;
    decltype(OverlapReading::at) at;
    std::vector<OverlapMoments> layers;  ///< one per recorded layer ≤ L
  };

  void measure(const Profile& profile, std::size_t recorded);
  std::size_t layer_index(std::size_t i) const { return static_cast<std::size_t>(sweep_.layers[i]) - 1; }
  void add(Positive& measured, const NetworkSample& sample) const;
  void add(Overlap& measured, const NetworkSample& sample) const;
  void require_numbers(const Positive& measured) const;

  const Sweep& sweep_;
  const RecordLayout& layout_;
  std::size_t depth_;  ///< L
  std::vector<Positive> positives_;
  std::vector<Overlap> overlaps_;
};

}  // namespace varprop::workers
