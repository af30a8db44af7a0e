// The answer of `varprop init`, as a page for people and as a JSON object for programs.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/network/activations/activation.hpp"
#include "core/network/axes.hpp"
#include "driver/init/holding.hpp"

namespace varprop::driver {

/// An initialization that somebody has.
struct InitChoice {
  std::string text;        ///< as it was given: "--torch kaiming_uniform_(a=sqrt(5))"
  double weight_variance;  ///< σ_w², times fan-in
  std::string note;        ///< a sentence, or empty
};

struct InitQuery {
  Activation activation;
  WeightDistribution weights;
  double bias_variance;                ///< σ_b²
  std::int64_t width;                  ///< n
  int depth;                           ///< L, at least 2
  double input_mean_square = 1;        ///< E|x|²/n
  std::optional<InitChoice> choice{};  ///< that is to be judged
};

struct InitAnswer {
  InitQuery query;
  Holding holding;
  std::optional<LookedAt> chosen;  ///< networks of the choice, where there is one
  double chi = 0;                  ///< χ of the choice: of a squared gradient per layer, at infinite width
};

/// A second of one core, more where nothing holds the depth and remedies are looked for.
InitAnswer answer_to(const InitQuery& query);

std::string init_page(const InitAnswer& answer);

/// One object. A number that does not exist is null, and KEY_reason says why.
std::string init_json(const InitAnswer& answer);

}  // namespace varprop::driver
