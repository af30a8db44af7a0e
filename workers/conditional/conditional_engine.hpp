// The conditional engine: Gaussian or orthogonal weights, any activation, one input, O(n) time a layer.
#pragma once

#include "workers/conditional/neuron_layers.hpp"
#include "workers/sum_engine.hpp"

namespace varprop {

using ConditionalEngine = SumEngine<NeuronLayers>;

}  // namespace varprop
