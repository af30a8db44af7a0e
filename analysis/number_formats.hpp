// The floating-point formats that networks are trained in, and what a number must be to leave one.
#pragma once

#include <array>
#include <string_view>

namespace varprop {

/// Positive numbers that the format holds.
struct NumberFormat {
  std::string_view name;
  double smallest_normal;
  double smallest_subnormal;
  double largest;
};

/// IEEE 754 binary32 and binary16, bfloat16, and the two 8-bit formats of the OCP (FN: e4m3 without
/// infinities).
inline constexpr std::array number_formats{
    NumberFormat{"fp32", 0x1p-126, 0x1p-149, 0x1.fffffep127}, NumberFormat{"fp16", 0x1p-14, 0x1p-24, 65504},
    NumberFormat{"bf16", 0x1p-126, 0x1p-133, 0x1.fep127}, NumberFormat{"fp8_e4m3", 0x1p-6, 0x1p-9, 448},
    NumberFormat{"fp8_e5m2", 0x1p-14, 0x1p-16, 57344}};

/// How an entry of root mean square r leaves a format.
enum class RangeExit { subnormal, underflow, overflow };

/// subnormal: r < smallest normal · underflow: r < half the smallest subnormal, so that it rounds to 0 ·
/// overflow: r √(2 ln 2n) > largest, the largest of n normal numbers. `log_rms` ln r.
struct RangeExitFacts {
  RangeExit exit;
  std::string_view name;
  std::string_view meaning;
};
inline constexpr std::array range_exits{
    RangeExitFacts{RangeExit::subnormal, "subnormal", "below the smallest normal number"},
    RangeExitFacts{RangeExit::underflow, "underflow", "below half the smallest subnormal number"},
    RangeExitFacts{RangeExit::overflow, "overflow",
                   "so large that its largest entry is beyond the largest number"}};

bool leaves(const NumberFormat& format, RangeExit exit, double log_rms, double width);

}  // namespace varprop
