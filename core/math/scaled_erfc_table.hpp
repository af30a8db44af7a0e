// Made by make_scaled_erfc_table.py; see there for the mathematics. Do not edit.
#pragma once

namespace varprop {

inline constexpr double scaled_erfc_centre = 3.75;
inline constexpr int scaled_erfc_degree = 22;

/// Coefficients of (1 + 2x) erfcx(x) in powers of u.
inline constexpr double scaled_erfc_table[scaled_erfc_degree + 1] = {
    0x1.3ccda0b5d5dc2p+0,
    -0x1.1f367683f8967p-3,
    0x1.d5f294816277ep-9,
    0x1.510169d093c18p-4,
    -0x1.bda9309a35871p-4,
    0x1.7a14188ae18fap-4,
    -0x1.e0d0fa6c16f3fp-5,
    0x1.d0b0037036098p-6,
    -0x1.3f603c7e65d24p-7,
    0x1.cc3a13daa5d95p-10,
    0x1.33fb5a5e7ca14p-12,
    -0x1.303ffbfe45e88p-12,
    0x1.b13e13fe20445p-15,
    0x1.7799dcd2368cbp-16,
    -0x1.7fcc159f9a760p-17,
    -0x1.06de6954a39b5p-20,
    0x1.d39c1a3875509p-20,
    -0x1.b4c0937b25a0bp-25,
    -0x1.0ae6bf9452a1fp-22,
    0x1.42d2ea1df7aecp-26,
    0x1.12b326b5668bfp-25,
    -0x1.0cb63a80de2c5p-29,
    -0x1.6884628ace07ap-29,
};

}  // namespace varprop
