// The radial engine: Gaussian weights, φ of two straight lines, one input, O(1) time a layer.
#pragma once

#include "workers/radial/radial_layers.hpp"
#include "workers/sum_engine.hpp"

namespace varprop {

using RadialEngine = SumEngine<RadialLayers>;

}  // namespace varprop
