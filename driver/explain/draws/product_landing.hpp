// How likely a sum of n products of two normals is near zero.
#pragma once

#include <cstdint>

#include "driver/explain/measurement.hpp"

namespace varprop {

/// z = Σ w_j x_j with w_j, x_j ~ N(0, 1) is N(0, |x|²) for a given x, so P(|z| < ε | x) = erf(ε/(|x|√2)). The
/// mean of that over x, |x| ~ χ_n, which is P(|z| < ε), and its variance. By Gauss–Kronrod over |x| within
/// nine of √n (the deviation of |x| is at most 0.71); relative accuracy 1e-9.
SampleLaw product_landing(std::int64_t n, double epsilon);

}  // namespace varprop
