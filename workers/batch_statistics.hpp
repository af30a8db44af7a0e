// A batch's replicas → the rows of its slot.
#pragma once

#include <cstddef>
#include <vector>

#include "core/record/record.hpp"
#include "core/statistics/log_moments.hpp"
#include "workers/network_sample.hpp"

namespace varprop {

/// Collects the networks of one batch and writes the rows that RecordLayout asks for.
class BatchStatistics {
 public:
  /// For networks of depth L. Both references must outlive this.
  BatchStatistics(const Sweep& sweep, const RecordLayout& layout, Depth L);

  /// Adds the next replica.
  void add(const NetworkSample& sample);

  /// The rows of all datasets, one after another.
  std::vector<double> values() const;

 private:
  struct Measured {
    Quantity quantity;
    std::vector<LogMoments> layers;  ///< one per recorded layer ≤ L
  };

  void write_layers(const Measured& measured, std::vector<double>& values) const;
  void require_number(const Measured& measured, std::size_t i) const;
  void write_replicas(const std::string& name, const std::vector<double>& row,
                      std::vector<double>& values) const;

  const Sweep& sweep_;
  const RecordLayout& layout_;
  std::vector<Measured> measured_;
  std::vector<double> forward_last_;    ///< ln q_L of every replica, NaN where extinct
  std::vector<double> backward_first_;  ///< ln g_1 of every replica, NaN where extinct
};

}  // namespace varprop
