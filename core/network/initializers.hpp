// What frameworks call the initialization of weights, in our words: a law of the weights and a variance.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace varprop {

/// A sentence that says what PyTorch's, JAX's or Keras' initializer of this name is here, such as "uniform
/// weights with a weight variance of 2 ("he")." for kaiming_uniform. Case, underscores and hyphens do not
/// count. Nothing for any other word.
std::optional<std::string> initializer_in_our_words(std::string_view name);

}  // namespace varprop
