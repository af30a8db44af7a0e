// From the results file to the results of its points.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "analysis/point_results.hpp"
#include "core/storage/results_file.hpp"

namespace varprop {

/// Reads the points of a results file, block by block, so that memory stays bounded and reads stay large.
class PointReader {
 public:
  /// Reads the states of all units at once: what is done now is what will be read, even while the file grows.
  explicit PointReader(const ResultsFile& file);

  const std::vector<UnitState>& states() const { return states_; }

  /// Points that read() should be asked for at a time: some ten megabytes for each dataset.
  std::int64_t block_size() const;

  /// `count` points from `first` on. Throws InputError where the file counts more replicas than there are.
  std::vector<PointResults> read(PointIndex first, std::int64_t count) const;

 private:
  PointResults empty_point(PointIndex index) const;
  bool anything_done(PointIndex first, std::int64_t count) const;
  void read_quantity(Quantity quantity, PointIndex first, std::vector<PointResults>& points) const;
  void demand_counts(const std::string& dataset, std::span<const double> counts) const;
  /// Calls take(results of the point, row) for every done batch of one dataset.
  void read_rows(const std::string& dataset, RowAxis axis, PointIndex first,
                 std::vector<PointResults>& points,
                 const std::function<void(PointResults&, std::span<const double>)>& take) const;

  const ResultsFile& file_;
  std::vector<UnitState> states_;
};

}  // namespace varprop
