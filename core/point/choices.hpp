// Settings that are one word out of a fixed list, and their words.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/contracts.hpp"
#include "core/text.hpp"

namespace varprop {

/// The distribution of the weights W_ij, each of mean 0 and the stated variance: independent of one another,
/// but for orthogonal ones (W = σ_w Q, Q uniform among the orthogonal matrices).
enum class Weights { gaussian, orthogonal, uniform, truncated_normal, rademacher };

/// How a unit is simulated (docs/engines.md). `automatic` is resolved per point by resolve_engine().
enum class Engine { automatic, conditional, dense, radial };

/// Var W_ij = σ_w²/n (fan_in) or σ_w² (none).
enum class VarianceScaling { fan_in, none };

/// The distribution of the network's input x, with E|x|²/n = 1: uniform on the sphere |x|² = n, or
/// independent elements: normal, uniform on (−√3, √3), ±1, or the absolute value of a normal (positive).
enum class InputDistribution { sphere, gaussian, uniform, rademacher, positive };

/// What is known of an enum of settings: the noun for messages, and each value with its word.
template <class E>
struct Choices;

template <>
struct Choices<Weights> {
  static constexpr std::string_view noun = "weight distribution";
  static constexpr std::array words{
      std::pair{Weights::gaussian, std::string_view("gaussian")},
      std::pair{Weights::orthogonal, std::string_view("orthogonal")},
      std::pair{Weights::uniform, std::string_view("uniform")},
      std::pair{Weights::truncated_normal, std::string_view("truncated_normal")},
      std::pair{Weights::rademacher, std::string_view("rademacher")}};
};

template <>
struct Choices<Engine> {
  static constexpr std::string_view noun = "engine";
  static constexpr std::array words{std::pair{Engine::automatic, std::string_view("auto")},
                                    std::pair{Engine::radial, std::string_view("radial")},
                                    std::pair{Engine::conditional, std::string_view("conditional")},
                                    std::pair{Engine::dense, std::string_view("dense")}};
};

template <>
struct Choices<VarianceScaling> {
  static constexpr std::string_view noun = "variance scaling";
  static constexpr std::array words{std::pair{VarianceScaling::fan_in, std::string_view("fan_in")},
                                    std::pair{VarianceScaling::none, std::string_view("none")}};
};

template <>
struct Choices<InputDistribution> {
  static constexpr std::string_view noun = "input distribution";
  static constexpr std::array words{std::pair{InputDistribution::sphere, std::string_view("sphere")},
                                    std::pair{InputDistribution::gaussian, std::string_view("gaussian")},
                                    std::pair{InputDistribution::uniform, std::string_view("uniform")},
                                    std::pair{InputDistribution::rademacher, std::string_view("rademacher")},
                                    std::pair{InputDistribution::positive, std::string_view("positive")}};
};

template <class E>
std::string_view word_of(E value) {
  for (const auto& [known, word] : Choices<E>::words) {
    if (known == value) return word;
  }
  VARPROP_ASSERT(!"an enum value without a word");
  return {};
}

template <class E>
std::vector<std::string> words_of() {
  std::vector<std::string> all;
  for (const auto& choice : Choices<E>::words) all.emplace_back(choice.second);
  return all;
}

/// The value that `word` names. Throws InputError with the known words.
template <class E>
E choice_of(std::string_view word) {
  for (const auto& [value, known] : Choices<E>::words) {
    if (known == word) return value;
  }
  const auto all = words_of<E>();
  throw InputError("unknown " + std::string(Choices<E>::noun) + " \"" + std::string(word) + "\"." +
                   suggestion(word, all) + " Known: " + join(all) + ".");
}

}  // namespace varprop
