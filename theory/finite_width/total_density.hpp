// The exact laws of ln q_L and ln g_1 over random networks, where every layer multiplies a length by an
// independent ratio of known law (theory/means/log_ratio.hpp): φ linear, |z| or with one slope 0, no biases,
// Gaussian or orthogonal weights.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/network/point.hpp"
#include "core/network/settings.hpp"

namespace varprop::theory {

/// Which of the two.
enum class NetworkEnd { signal, gradient };

/// Up to this width: a characteristic function sums over the neurons that may live.
inline constexpr std::int64_t largest_width_of_densities = 4096;

/// The density of ln q_L or ln g_1, over networks that live, at each x: by inversion of its characteristic
/// function, that of one layer
///
///     E e^{it ln(2χ²_K/n)} = Σ_k P(k) (4/n)^{it} Γ(k/2 + it)/Γ(k/2),   K ~ Bin(n, ½) given K ≥ 1
///
/// (ReLU; χ²_n/n of one size of slopes; over that of χ²_n/n where weights are orthogonal), to the power L −
/// 1, the first layer χ²_n/n once more in q_L; χ²_n/n of inputs whose length is not √n. Absolute error 1e-8
/// times the largest density. None of other networks and inputs, of a law without a density, and of one that
/// is too far from a normal's (fewer than some four neurons in all).
std::optional<std::vector<double>> total_density(const Point& point, const NetworkSettings& settings,
                                                 NetworkEnd end, std::span<const double> x);

}  // namespace varprop::theory
