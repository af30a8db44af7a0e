// What it takes to deal and collect: the constants of the simulated run.
#pragma once

#include "core/record/datasets.hpp"

namespace varprop {

/// Seconds. Measured on one node (docs/running.md, Planning); a slow network or disk is slower.
struct DispatchTimes {
  /// From a unit's end, or a pack's sending, until the other side has it: processes look at most every 5 ms.
  double message = 5e-3;
  /// Rank 0: to make a pack and send it.
  double pack = 5e-6;
  /// Rank 0: to receive and deal one unit.
  double unit = 20e-6;
  /// Rank 0: to write a row of one dataset; a point's batches are one write.
  double row = 8e-6;
  /// Rank 0: to bring one number of a unit's rows to the disk.
  double number = 40e-9;
  /// The last commit, and the end.
  double close = 0.01;

  /// Rank 0's time for one unit of this sweep.
  double for_unit(const Sweep& sweep) const {
    const auto all = datasets(sweep);
    double numbers = 0;
    for (const Dataset& dataset : all) numbers += static_cast<double>(row_length(sweep, dataset.row_axis));
    return unit + row * static_cast<double>(all.size()) / sweep.batches + number * numbers;
  }
};

}  // namespace varprop
