// What PyTorch, JAX, Keras and papers call activations, in our words: names that mean the same function are
// taken for ours, names that mean another one are answered.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace varprop {

/// Our text for one that is written as others do: "silu" for "nn.SiLU()" or "swish", "leaky_relu(0.2)" for
/// "LeakyReLU(negative_slope=0.2)", "gelu_tanh" for "nn.GELU(approximate='tanh')". Case, underscores and
/// hyphens of a name do not count. `known` are our names; a parameter is passed on unread.
///
/// Throws InputError: for a name that means something else, with what it is in our words; for any other with
/// the nearest known one, unless that is another function (prelu is not a misspelt relu).
std::string activation_text_of(std::string_view foreign, const std::vector<std::string>& known);

}  // namespace varprop
