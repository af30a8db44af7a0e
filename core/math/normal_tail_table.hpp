// Made by make_normal_tail_table.py; see there for the mathematics. Do not edit.
#pragma once

namespace varprop {

inline constexpr double normal_tail_centre = 5.25;
inline constexpr int normal_tail_degree = 22;

/// Coefficients of (1 + 1.5 z) R(z) in powers of u.
inline constexpr double normal_tail_table[normal_tail_degree + 1] = {
    0x1.4dee369fb8347p-1,
    -0x1.0e70add8f2e76p-4,
    -0x1.8b545a8bd3a1bp-8,
    0x1.97be9c13a6bdfp-5,
    -0x1.f686913f19bc6p-5,
    0x1.9c56454d56e14p-5,
    -0x1.fdbbf774adcc2p-6,
    0x1.dc5e6f48a63a2p-7,
    -0x1.363c50f31d227p-8,
    0x1.7a3bda75827d4p-11,
    0x1.b0b0216fb9278p-13,
    -0x1.351dc1ad3f3d4p-13,
    0x1.2e1282e1ad139p-16,
    0x1.d001a166e6c23p-17,
    -0x1.5b5f36a8012f5p-18,
    -0x1.0eb462b4be0a4p-20,
    0x1.d27e53102b53fp-21,
    0x1.e900d61014cc3p-25,
    -0x1.1ae783f42a962p-23,
    -0x1.f0c5ad7ee64b6p-30,
    0x1.2d2abef4d5329p-26,
    -0x1.68ad60b8490b2p-36,
    -0x1.90fdce4ca211cp-30,
};

}  // namespace varprop
