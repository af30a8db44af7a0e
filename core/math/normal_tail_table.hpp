// Made by make_normal_tail_table.py; see there for the mathematics. Do not edit.
// clang-format off
#pragma once

namespace varprop {

inline constexpr double normal_tail_centre = 5.25;
inline constexpr double normal_tail_growth = 0.8125;
inline constexpr int normal_tail_degree = 22;

/// Coefficients of (1 + growth·z) R(z) in powers of u.
inline constexpr double normal_tail_table[normal_tail_degree + 1] = {
    0x1.8c3fa05dfa216p-2,
    -0x1.9549e287e5193p-4,
    0x1.8f925c97b9fd1p-5,
    -0x1.572a9665bdc1bp-7,
    -0x1.46a64697f94d3p-7,
    0x1.ebfaddb75cd49p-7,
    -0x1.7b14e178e791bp-7,
    0x1.9255e4eacdf5fp-8,
    -0x1.22557ca55f5d1p-9,
    0x1.a59d5eb9b6839p-12,
    0x1.406aac8aae175p-14,
    -0x1.28979cb86d429p-14,
    0x1.789d86412178bp-17,
    0x1.9bbb3046e1ed2p-18,
    -0x1.6f29d0d1631a5p-19,
    -0x1.9cbe10331171fp-22,
    0x1.daf31fff5b2edp-22,
    0x1.898f9f320c0afp-27,
    -0x1.1c2494db87b6dp-24,
    0x1.5ee8028c32a65p-30,
    0x1.2d8e1247c412ap-27,
    -0x1.a201abed50012p-33,
    -0x1.91f68c210f9a8p-31,
};

}  // namespace varprop
