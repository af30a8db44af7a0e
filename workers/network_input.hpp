// The input x of a random network, of mean square 1.
#pragma once

#include <cstdint>
#include <span>

#include "core/math/magnitude.hpp"
#include "workers/random_network.hpp"
#include "workers/stop_flag.hpp"

namespace varprop {

/// |x|² of one replica, for engines to which only the norm matters: n on the sphere and for ±1, χ²_n for
/// normals and their absolute values, a sum over n draws for uniform x_i (O(n), once a network). Throws
/// Stopped.
Magnitude squared_input(const RandomNetwork& network, std::uint32_t replica, const StopFlag& stop);

/// x itself. Shape: x [padded(n)], zero beyond n.
void draw_input(const RandomNetwork& network, std::uint32_t replica, std::span<double> x);

}  // namespace varprop
