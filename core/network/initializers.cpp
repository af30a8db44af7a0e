#include "core/network/initializers.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace varprop {

namespace {

struct Initializer {
  std::string_view name;  ///< in lower case, letters only
  std::string_view ours;
};

constexpr std::string_view variance_alone =
    "this names a weight variance, and goes there; the law of the weights is gaussian, uniform or "
    "truncated_normal.";

constexpr std::array initializers{
    Initializer{"kaimingnormal", R"(gaussian weights with a weight variance of 2 ("he").)"},
    Initializer{
        "kaiminguniform",
        R"(uniform weights with a weight variance of 2 ("he"); with a = sqrt(5), as in nn.Linear, of 1/3 ("torch").)"},
    Initializer{"henormal", R"(truncated_normal weights with a weight variance of 2 ("he").)"},
    Initializer{"heuniform", R"(uniform weights with a weight variance of 2 ("he").)"},
    Initializer{"xaviernormal", R"(gaussian weights with a weight variance of 1 ("glorot").)"},
    Initializer{"xavieruniform", R"(uniform weights with a weight variance of 1 ("glorot").)"},
    Initializer{"glorotnormal", R"(truncated_normal weights with a weight variance of 1 ("glorot").)"},
    Initializer{"glorotuniform", R"(uniform weights with a weight variance of 1 ("glorot").)"},
    Initializer{"lecunnormal", R"(truncated_normal weights with a weight variance of 1 ("lecun").)"},
    Initializer{"lecununiform", R"(uniform weights with a weight variance of 1 ("lecun").)"},
    Initializer{"normal", "gaussian weights; a standard deviation s is a weight variance of n s^2."},
    Initializer{"randomnormal", "gaussian weights; a standard deviation s is a weight variance of n s^2."},
    Initializer{"randomuniform", "uniform weights; from -b to b they have a weight variance of n b^2/3."},
    Initializer{
        "truncnormal",
        "truncated_normal weights are cut at two standard deviations; PyTorch's trunc_normal_ cuts at -2 and "
        "2, which leaves gaussian ones of a small standard deviation s: a weight variance of n s^2."},
    Initializer{
        "variancescaling",
        "the law of the weights is its distribution (gaussian, truncated_normal or uniform), and the weight "
        "variance its scale, all layers being square."},
    Initializer{"deltaorthogonal", "orthogonal weights with a weight variance of its scale squared."},
    Initializer{"haar", "orthogonal weights."},
    Initializer{"lecun", variance_alone},
    Initializer{"glorot", variance_alone},
    Initializer{"xavier", variance_alone},
    Initializer{"he", variance_alone},
    Initializer{"kaiming", variance_alone},
    Initializer{
        "torch",
        R"(uniform weights with a weight variance of 1/3 ("torch") and a bias variance of 1/(3n) ("torch").)"},
};

}  // namespace

std::optional<std::string> initializer_in_our_words(std::string_view name) {
  std::string letters;
  for (const char c : name) {
    if (c != '_' && c != '-') letters += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  const auto known = std::ranges::find(initializers, letters, &Initializer::name);
  if (known == initializers.end()) return std::nullopt;
  return "\"" + std::string(name) + "\": " + std::string(known->ours);
}

}  // namespace varprop
