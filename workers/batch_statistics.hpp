// A batch's replicas → the rows of its slot.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "core/record/record.hpp"
#include "core/statistics/log_moments.hpp"
#include "core/statistics/moments.hpp"
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
  struct MeasuredCosine {
    Alikeness alikeness;
    std::vector<Moments> values;        ///< of c, one per recorded layer ≤ L
    std::vector<LogMoments> distances;  ///< of 1 − c, likewise
  };

  std::size_t layer_index(std::size_t i) const { return static_cast<std::size_t>(sweep_.layers[i]) - 1; }
  void add_cosine(MeasuredCosine& measured, const NetworkSample& sample) const;
  std::vector<double>::iterator row(std::string_view quantity, const char* statistic,
                                    std::vector<double>& values) const;
  void write_layers(const Measured& measured, std::vector<double>& values) const;
  void write_cosine(const MeasuredCosine& measured, std::vector<double>& values) const;
  void require_number(const Measured& measured, std::size_t i) const;
  void write_replicas(const std::string& name, const std::vector<double>& row,
                      std::vector<double>& values) const;

  const Sweep& sweep_;
  const RecordLayout& layout_;
  std::vector<Measured> measured_;
  std::vector<MeasuredCosine> cosines_;
  std::vector<double> forward_last_;    ///< ln q_L of every replica, NaN where extinct
  std::vector<double> backward_first_;  ///< ln g_1 of every replica, NaN where extinct
};

}  // namespace varprop
