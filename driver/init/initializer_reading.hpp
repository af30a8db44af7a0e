// A framework's line as people paste it → the law of the weights.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "driver/init/expression.hpp"
#include "driver/init/initializers.hpp"

namespace varprop::driver {

/// What expressions may refer to: n, width and what others call it (fan_in, in_features, d_model, …); depth,
/// L; and calculate_gain.
Vocabulary vocabulary_of(const SquareLayers& layers);

/// Reads "nn.init.kaiming_uniform_(m.weight, a=sqrt(5))", "keras.initializers.HeNormal()", "lecun_normal" and
/// the like; what stands in front of the last dot is not looked at (but of hk.Linear and tf.random.normal),
/// nor are capitals and underscores. An initializer may stand in a layer (Dense(512,
/// kernel_initializer="he_normal")), in an assignment, in partial(…) and in a product with numbers. Throws
/// InputError where there is no such initializer (with the nearest name, or the framework that has it), where
/// its arguments are not allowed, and where its law is none of ours.
InitialWeights read_initializer(Framework framework, std::string_view text, const SquareLayers& layers);

/// The usual names of a framework's initializers, but for those that are refused.
std::vector<std::string> initializer_names(Framework framework);

}  // namespace varprop::driver
