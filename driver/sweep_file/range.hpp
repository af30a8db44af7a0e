// A range of a sweep file: { from = 0.5, to = 4.0, count = 36, scale = "linear" }.
#pragma once

#include <vector>

#include "driver/sweep_file/setting.hpp"

namespace varprop {

/// The evenly spaced values of a range, both ends included, each rounded to 12 significant decimal digits, so
/// that a range and the list that a person would type for it are the same numbers. `scale = "log"`: evenly
/// spaced logarithms.
std::vector<double> read_range(const Setting& setting);

/// The double nearest to x's first 12 significant decimal digits.
double rounded_to_12_digits(double x);

}  // namespace varprop
