// Why nothing at all of an earlier file can be reused.
#pragma once

#include <string>
#include <vector>

#include "core/record/record_projection.hpp"
#include "core/storage/results_file.hpp"
#include "core/sweep/point_map.hpp"

namespace varprop {

/// Every condition that fails for the whole file `earlier`, each as the rest of a sentence about it: {"its
/// seed is 2, not 1"}. `map` and `project` lead from its sweep to the new one.
std::vector<std::string> reuse_obstacles(const ResultsFile& earlier, const Sweep& sweep, const PointMap& map,
                                         const RecordProjection& project);

/// "it did not record layer 7".
std::string missing_layer_text(const RecordProjection& project);

}  // namespace varprop
