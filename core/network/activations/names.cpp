#include "core/network/activations/names.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

#include "core/errors.hpp"
#include "core/text/words.hpp"

namespace varprop {

namespace {

/// Whose default values a name has.
enum class Framework { any, torch, jax, keras };

/// A name without case, underscores and hyphens, and ours.
struct Synonym {
  std::string_view foreign, ours;
};

constexpr std::array synonyms{
    Synonym{"identity", "linear"},
    Synonym{"none", "linear"},  // Keras' activation=None
    Synonym{"lrelu", "leaky_relu"},
    Synonym{"absolute", "abs"},
    Synonym{"logistic", "sigmoid"},
    Synonym{"expit", "sigmoid"},
    Synonym{"atan", "arctan"},
    Synonym{"sine", "sin"},
    Synonym{"swish", "silu"},
    Synonym{"gelupython", "gelu"},
    Synonym{"gelunew", "gelu_tanh"},
    Synonym{"gelufast", "gelu_tanh"},
    Synonym{"geluaccurate", "gelu_tanh"},
    Synonym{"gelupytorchtanh", "gelu_tanh"},
    Synonym{"geluapproximate", "gelu_tanh"},
    Synonym{"hardsilu", "hardswish"},
    Synonym{"hswish", "hardswish"},
    Synonym{"hsigmoid", "hardsigmoid"},
    Synonym{"squaredrelu", "relu2"},
    Synonym{"relusquared", "relu2"},
    Synonym{"relusq", "relu2"},
    Synonym{"relu^2", "relu2"},
    Synonym{"relu²", "relu2"},
};

/// A name that means another function, or one thing here and another there.
struct Answer {
  std::string_view foreign;
  Framework framework;
  std::string_view sentence;
};

constexpr std::string_view gated =
    "it multiplies two linear maps of a layer: block = \"glu\" (--block glu) with silu for SwiGLU, gelu for "
    "GEGLU, "
    "sigmoid for GLU.";
constexpr std::string_view joint = "it is no function of one pre-activation; such layers are not known here.";
constexpr std::string_view unknown = "this function is not known here.";

/// Other functions whose names are near to one of ours.
constexpr std::array others{
    std::string_view("hardshrink"), std::string_view("tanhshrink"),  std::string_view("threshold"),
    std::string_view("step"),       std::string_view("sign"),        std::string_view("sgn"),
    std::string_view("squareplus"), std::string_view("square"),      std::string_view("sqr"),
    std::string_view("exp"),        std::string_view("exponential"), std::string_view("snake"),
    std::string_view("tan"),        std::string_view("sinh"),        std::string_view("sinc"),
    std::string_view("asin"),       std::string_view("arcsin"),      std::string_view("asinh"),
    std::string_view("arcsinh"),    std::string_view("arctanh"),     std::string_view("atanh"),
    std::string_view("erfc"),       std::string_view("erfinv"),      std::string_view("srelu"),
    std::string_view("smelu"),      std::string_view("colu"),        std::string_view("serf"),
    std::string_view("sinlu"),      std::string_view("gcu"),         std::string_view("hardelish"),
    std::string_view("hardmish"),   std::string_view("relun"),       std::string_view("sqnl"),
    std::string_view("erfcx"),      std::string_view("erfi"),
};

constexpr std::array answers{
    Answer{"prelu", Framework::any,
           "its slope is learned. At initialization PyTorch's PReLU is leaky_relu(0.25), Flax's "
           "leaky_relu(0.01) "
           "and Keras' relu: write that."},
    Answer{"rrelu", Framework::any,
           "it draws a slope for every element in training, which is not known here; outside of training "
           "PyTorch's RReLU is leaky_relu(0.22916666666666666)."},
    Answer{"leakyrelu", Framework::keras,
           "Keras' layer LeakyReLU is leaky_relu(0.3) and its function leaky_relu is leaky_relu(0.2): write "
           "which."},
    Answer{"gelu", Framework::jax,
           "in JAX it is gelu_tanh, and gelu with approximate=False only: write gelu_tanh or gelu."},
    Answer{
        "siren", Framework::any,
        "SIREN's layers are sin(30), with uniform weights and weight_variance = 2/900 (their sqrt(6/n)/30)."},
    Answer{"logsigmoid", Framework::any,
           "it is softplus of -z with the sign changed, which in a random network has softplus' laws: write "
           "softplus."},
    Answer{"glu", Framework::any, gated},
    Answer{"swiglu", Framework::any, gated},
    Answer{"geglu", Framework::any, gated},
    Answer{"reglu", Framework::any, gated},
    Answer{"bilinear", Framework::any, gated},
    Answer{"softmax", Framework::any, joint},
    Answer{"softmin", Framework::any, joint},
    Answer{"logsoftmax", Framework::any, joint},
    Answer{"maxout", Framework::any, joint},
    Answer{"crelu", Framework::any, joint},
};

std::string stripped(std::string_view text, std::string_view dropped) {
  std::string rest;
  for (const char c : text) {
    if (dropped.find(c) == std::string_view::npos)
      rest += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return rest;
}

std::string key_of(std::string_view name) {
  return stripped(name, "_- ");
}

/// Arguments that say nothing of φ: whether it overwrites its argument (also by position, as in
/// LeakyReLU(0.2, True)), and what softplus and hard_tanh are by default, as PyTorch prints them.
bool says_nothing(std::string_view argument) {
  constexpr std::array silent{std::string_view("true"),         std::string_view("false"),
                              std::string_view("beta=1"),       std::string_view("beta=1.0"),
                              std::string_view("threshold=20"), std::string_view("threshold=20.0"),
                              std::string_view("min_val=-1"),   std::string_view("min_val=-1.0"),
                              std::string_view("max_val=1"),    std::string_view("max_val=1.0")};
  return argument.starts_with("inplace=") || std::ranges::find(silent, argument) != silent.end();
}

/// The others of a list that commas separate.
std::string telling(std::string_view arguments) {
  std::string rest;
  while (!arguments.empty()) {
    const auto comma = std::min(arguments.find(','), arguments.size());
    const std::string_view argument = arguments.substr(0, comma);
    if (!says_nothing(argument)) rest += (rest.empty() ? "" : ",") + std::string(argument);
    arguments.remove_prefix(std::min(comma + 1, arguments.size()));
  }
  return rest;
}

/// "nn.LeakyReLU(negative_slope=0.2)" in its parts.
struct Call {
  explicit Call(std::string_view text) {
    const auto open = text.find('(');
    const std::string_view path = text.substr(0, open);
    const auto dot = path.rfind('.');
    base = dot == std::string_view::npos ? path : path.substr(dot + 1);
    if (dot != std::string_view::npos) prefix = stripped(path.substr(0, dot), "");
    if (open == std::string_view::npos) return;
    validate(text.back() == ')', "\"" + std::string(text) + "\": the parenthesis is not closed.");
    argument = telling(stripped(text.substr(open + 1, text.size() - open - 2), " \"'"));
  }

  /// Nothing where nobody has such a module.
  std::optional<Framework> framework() const {
    const auto is_in = [this](std::string_view module) {
      return prefix == module || prefix.starts_with(std::string(module) + ".");
    };
    if (prefix.empty() || base.empty()) return Framework::any;
    if (prefix == "nn")
      return std::islower(static_cast<unsigned char>(base[0])) ? Framework::jax : Framework::torch;
    if (prefix == "f" || is_in("torch")) return Framework::torch;
    if (prefix == "jnp" || prefix == "nnx" || is_in("jax") || is_in("flax")) return Framework::jax;
    if (prefix == "np" || prefix == "math" || is_in("numpy") || is_in("scipy")) return Framework::any;
    if (is_in("keras") || is_in("tf")) return Framework::keras;
    return std::nullopt;
  }

  std::string_view base;
  std::string prefix, argument;  ///< lower case
};

/// Nothing where it is no name of ours, nor another one for it.
std::optional<std::string> our_name(std::string_view base, const std::vector<std::string>& known) {
  const std::string key = key_of(base);
  const auto ours = std::ranges::find(known, key, key_of);
  if (ours != known.end()) return *ours;
  const auto other = std::ranges::find(synonyms, key, &Synonym::foreign);
  if (other != synonyms.end()) return std::string(other->ours);
  return std::nullopt;
}

void answer(const Call& call, std::string_view text) {
  const auto framework = call.framework();
  const std::string key = key_of(call.base);
  for (const Answer& row : answers) {
    const bool meant =
        row.framework == Framework::any || (row.framework == framework && call.argument.empty());
    if (row.foreign == key && meant)
      throw InputError("\"" + std::string(text) + "\": " + std::string(row.sentence));
  }
  if (std::ranges::find(others, key) != others.end())
    throw InputError("\"" + std::string(text) + "\": " + std::string(unknown));
}

std::string digits(std::string_view word) {
  std::string found;
  std::ranges::copy_if(word, std::back_inserter(found), [](unsigned char c) { return std::isdigit(c) != 0; });
  return found;
}

/// Whether a slip of the hand may have made `word` of `name`: the names of functions are short, and many that
/// begin otherwise, or have another number, are other functions (prelu, relu1).
bool may_be_meant(std::string_view word, const std::string& name) {
  return !word.empty() && std::tolower(static_cast<unsigned char>(word[0])) == name[0] &&
         digits(word) == digits(name);
}

std::string nearest(std::string_view base, const std::vector<std::string>& known) {
  std::vector<std::string> near;
  std::ranges::copy_if(known, std::back_inserter(near),
                       [&](const std::string& name) { return may_be_meant(base, name); });
  return suggestion(base, near);
}

/// "gelu(approximate='tanh')".
std::optional<std::string> approximate_gelu(const std::string& name, const std::string& argument) {
  if (name != "gelu" || !argument.starts_with("approximate=")) return std::nullopt;
  const std::string how = argument.substr(argument.find('=') + 1);
  if (how == "tanh" || how == "true") return "gelu_tanh";
  if (how == "none" || how == "false") return "gelu";
  return std::nullopt;
}

}  // namespace

std::string activation_text_of(std::string_view foreign, const std::vector<std::string>& known) {
  const Call call(foreign);
  answer(call, foreign);
  const auto name = call.framework() ? our_name(call.base, known) : std::nullopt;
  if (!name) {
    throw InputError("unknown activation \"" + std::string(foreign.substr(0, foreign.find('('))) + "\"." +
                     nearest(call.base, known) + " Known activations: " + join(known) + ".");
  }
  if (const auto gelu = approximate_gelu(*name, call.argument)) return *gelu;
  if (call.argument.empty()) return *name;
  const auto equals = call.argument.find('=');
  return *name + "(" + (equals == std::string::npos ? call.argument : call.argument.substr(equals + 1)) + ")";
}

}  // namespace varprop
