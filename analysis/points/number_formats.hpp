// The floating-point formats that networks are trained in, and at which layers a network's numbers first
// leave them.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "core/sweep/measures.hpp"

namespace varprop::analysis {

/// Positive numbers that the format holds.
struct NumberFormat {
  std::string_view name;
  std::string_view label;  ///< the same for the eye
  double smallest_normal;
  double smallest_subnormal;
  double largest;
};

/// IEEE 754 binary32 and binary16, bfloat16, the two 8-bit formats of the OCP (FN: e4m3 without infinities),
/// and binary64.
inline constexpr std::array number_formats{
    NumberFormat{"fp32", "fp32", 0x1p-126, 0x1p-149, 0x1.fffffep127},
    NumberFormat{"fp16", "fp16", 0x1p-14, 0x1p-24, 65504},
    NumberFormat{"bf16", "bf16", 0x1p-126, 0x1p-133, 0x1.fep127},
    NumberFormat{"fp8_e4m3", "fp8 e4m3", 0x1p-6, 0x1p-9, 448},
    NumberFormat{"fp8_e5m2", "fp8 e5m2", 0x1p-14, 0x1p-16, 57344},
    NumberFormat{"fp64", "fp64", 0x1p-1022, 0x1p-1074, 0x1.fffffffffffffp1023}};

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

/// What gradients are multiplied with before they are stored.
struct GradientScale {
  double loss_scale = 1;            ///< > 0
  double output_gradient_norm = 1;  ///< |∂ℓ/∂z^L| > 0, in place of |v| = 1

  double product() const { return loss_scale * output_gradient_norm; }
};

/// ln r, r the root mean square of an entry, from ⟨ln X_l⟩: ½⟨ln q_l⟩ of a signal and of every other
/// mean square; of the n entries of a gradient ½⟨ln g_l⟩ − ½ ln n, of the n² of a weight gradient ½⟨ln ω_l⟩ −
/// ln n (n² = n_{l−1} n_l where layers differ), both times the scale.
double log_entry_rms(Quantity quantity, double log_mean, double width, const GradientScale& scale);

/// Where a quantity leaves the formats along its travel, by format and kind of exit.
struct FormatExits {
  template <class T>
  using Table = std::array<std::array<T, range_exits.size()>, number_formats.size()>;

  Table<std::optional<std::int32_t>> layer{};  ///< the first one beyond, from 0, a stream's input; none
  /// Standard deviation over networks of that layer, in layers; 0 where there is no such layer or its spread
  /// is unknown.
  Table<double> spread{};
};

/// `log_mean` ⟨ln X_l⟩ and `log_variance` Var ln X_l (NaN: unknown) at `layers` (ascending), `widths` the n
/// of each, as above. The spread of a layer is √Var ln X there over the change of ⟨ln X⟩ per layer on the way
/// to it. Travel is up for signals, down for gradients and weight gradients.
FormatExits find_exits(Quantity quantity, std::span<const std::int32_t> layers,
                       std::span<const double> log_mean, std::span<const double> log_variance,
                       std::span<const double> widths, const GradientScale& scale);

}  // namespace varprop::analysis
