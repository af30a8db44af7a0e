// laws.csv: one row per parameter of a law, its columns declared once.
#pragma once

#include <string>
#include <vector>

#include "analysis/laws/laws.hpp"

namespace varprop::analysis {

/// The names of the columns, with the coordinates along some axes among them.
std::vector<std::string> law_header(const AxisSet& along = all_but({}));
/// A field is empty where it does not apply.
std::vector<std::string> law_row(const Law& law, const AxisSet& along = all_but({}));

}  // namespace varprop::analysis
