// At which layers a network's numbers first leave the floating-point formats.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "analysis/number_formats.hpp"
#include "core/record/quantity.hpp"

namespace varprop {

/// What gradients are multiplied with before they are stored.
struct GradientScale {
  double loss_scale = 1;            ///< > 0
  double output_gradient_norm = 1;  ///< |∂ℓ/∂z^L| > 0, in place of |v| = 1

  double product() const { return loss_scale * output_gradient_norm; }
};

/// ln r, r the root mean square of an entry, from ⟨ln X_l⟩: ½⟨ln q_l⟩ of a signal; of the n entries of a
/// gradient ½⟨ln g_l⟩ − ½ ln n, of the n² of a weight gradient ½⟨ln ω_l⟩ − ln n, both times the scale.
double log_entry_rms(Quantity quantity, double log_mean, double width, const GradientScale& scale);

/// First layers along travel by format and kind of exit; 0 where none.
struct FormatExits {
  std::array<std::array<std::int32_t, range_exits.size()>, number_formats.size()> layer{};
};

/// `log_mean` ⟨ln X_l⟩ at `layers` (ascending). Travel is up for signals, down for gradients and weight
/// gradients.
FormatExits find_exits(Quantity quantity, std::span<const std::int32_t> layers,
                       std::span<const double> log_mean, double width, const GradientScale& scale);

}  // namespace varprop
