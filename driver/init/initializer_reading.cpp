#include "driver/init/initializer_reading.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <iterator>
#include <span>

#include "core/errors.hpp"
#include "core/text/words.hpp"

namespace varprop::driver {

namespace {

/// Arguments that say where numbers go or what they come from, not what they are; and those of whole layers
/// that say nothing of their weights.
constexpr std::array<std::string_view, 23> set_aside{"tensor",
                                                     "generator",
                                                     "seed",
                                                     "dtype",
                                                     "device",
                                                     "key",
                                                     "shape",
                                                     "size",
                                                     "in_axis",
                                                     "name",
                                                     "out_axis",
                                                     "batch_axis",
                                                     "column_axis",
                                                     "activation",
                                                     "use_bias",
                                                     "rngs",
                                                     "out",
                                                     "param_dtype",
                                                     "input_shape",
                                                     "input_dim",
                                                     "requires_grad",
                                                     "kernel_regularizer",
                                                     "bias_regularizer"};

/// Arguments that are an initializer themselves: of layers, and of what stands around one.
constexpr std::array<std::string_view, 4> of_kernels{"kernel_initializer", "kernel_init", "w_init",
                                                     "initializer_range"};
constexpr std::array<std::string_view, 3> of_biases{"bias_initializer", "bias_init", "b_init"};
constexpr std::array<std::string_view, 6> wrappers{
    "partial", "Parameter", "Variable", "get", "with_partitioning", "with_logical_partitioning"};

bool is_one_of(std::string_view name, std::span<const std::string_view> names) {
  return std::ranges::find(names, name) != names.end();
}

/// Without capitals and underscores: HeNormal, he_normal; normal_, normal.
std::string plain_name(std::string_view name) {
  std::string plain;
  for (const char c : name) {
    if (c != '_') plain += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return plain;
}

/// TensorFlow 1 and 2 have some with a longer name: random_normal_initializer.
std::string without_suffix(std::string plain) {
  constexpr std::string_view suffix = "initializer";
  if (plain.size() > suffix.size() && plain.ends_with(suffix)) plain.resize(plain.size() - suffix.size());
  return plain;
}

/// A declared name with a dot (hk.Linear) is to be met with what is in front of it; the others without.
bool is_named(std::string_view known, std::string_view function) {
  const std::string whole = plain_name(function), declared = plain_name(known);
  if (declared.find('.') != std::string::npos) return whole == declared || whole.ends_with("." + declared);
  const std::string last = whole.substr(whole.rfind('.') + 1);
  return last == declared || without_suffix(last) == declared;
}

const InitDeclaration* find_declaration(Framework framework, std::string_view function) {
  const InitDeclaration* found = nullptr;
  std::size_t longest = 0;
  for (const InitDeclaration& declared : init_declarations()) {
    if (declared.framework != framework) continue;
    for (const std::string_view known : declared.names) {
      if (known.size() > longest && is_named(known, function)) found = &declared, longest = known.size();
    }
  }
  return found;
}

/// What frameworks call themselves.
std::string_view title_of(Framework framework) {
  return framework == Framework::torch ? "PyTorch" : framework == Framework::keras ? "Keras" : "JAX";
}

[[noreturn]] void refuse_unknown(Framework framework, std::string_view name) {
  for (const auto& [other, word] : EnumWords<Framework>::words) {
    if (find_declaration(other, name)) {
      throw InputError(fmt::format("{} has no initializer \"{}\"; {} has it: --{}.", title_of(framework),
                                   name, title_of(other), word));
    }
  }
  const std::vector<std::string> known = initializer_names(framework);
  std::vector<std::string> family;  // he: he_normal, he_uniform
  std::ranges::copy_if(known, std::back_inserter(family), [&](const std::string& full) {
    return name.size() > 1 && full.starts_with(plain_name(name) + "_");
  });
  if (family.size() == 1) family.clear();  // suggested
  const std::string meant =
      family.empty() ? suggestion(name, known) : " Which is meant, " + join(family, " or ") + "?";
  throw InputError(fmt::format("{} has no initializer \"{}\".{} Known: {}.", title_of(framework), name, meant,
                               join(known)));
}

bool is_thing(const CallArgument& argument) {
  const Word* const word = std::get_if<Word>(&argument.value);
  return argument.name.empty() && word && !word->quoted;
}

/// float32, jnp.bfloat16, torch.half; not float(0.02).
bool is_dtype(std::string_view text) {
  const std::string_view last = text.substr(text.rfind('.') + 1);
  return last.starts_with("float") || last.starts_with("bfloat") || last == "half" || last == "double";
}

/// A shape that stands among the arguments: (512, 512), [512, 512].
bool is_shape(std::string_view text) {
  return text.starts_with('(') || text.starts_with('[');
}

/// The call without its tensor (of torch, in the first place), its dtype, shapes, and what is set aside.
std::vector<CallArgument> telling_arguments(Framework framework, const Call& call) {
  std::vector<CallArgument> telling;
  for (std::size_t i = 0; i < call.arguments.size(); ++i) {
    const CallArgument& argument = call.arguments[i];
    if (std::ranges::find(set_aside, argument.name) != set_aside.end()) continue;
    if (is_thing(argument)) {
      const std::string& text = std::get<Word>(argument.value).text;
      if ((framework == Framework::torch && i == 0) || (is_dtype(text) && !text.ends_with(')')) ||
          is_shape(text))
        continue;
    }
    telling.push_back(argument);
  }
  return telling;
}

bool is_none(const ArgumentValue& value) {
  const Word* const word = std::get_if<Word>(&value);
  return word && !word->quoted && word->text == "None";
}

const InitParameter& named_parameter(const InitDeclaration& declared, const std::string& name) {
  std::vector<std::string> known;
  for (const InitParameter& parameter : declared.parameters) {
    if (parameter.name == name || parameter.second_name == name) return parameter;
    known.emplace_back(parameter.name);
  }
  const std::string allowed = known.empty() ? "It takes none." : "It takes " + join(known) + ".";
  throw InputError(fmt::format("{} has no argument \"{}\".{} {}", declared.names.front(), name,
                               suggestion(name, known), allowed));
}

/// What is given, by name or by position, and the rest as it is where it is not given.
BoundArguments bound_arguments(const InitDeclaration& declared, const std::vector<CallArgument>& given) {
  BoundArguments bound;
  std::size_t position = 0;
  for (const CallArgument& argument : given) {
    validate(!argument.name.empty() || position < declared.parameters.size(),
             fmt::format("{} takes {} and no more.", declared.names.front(),
                         counted(static_cast<std::int64_t>(declared.parameters.size()), "argument")));
    const InitParameter& parameter =
        argument.name.empty() ? declared.parameters[position++] : named_parameter(declared, argument.name);
    validate(!bound.has(parameter.name), fmt::format("{} is given twice.", parameter.name));
    if (!is_none(argument.value)) bound.bind(parameter.name, argument.value);
  }
  for (const InitParameter& parameter : declared.parameters) {
    if (bound.has(parameter.name)) continue;
    if (const double* const x = std::get_if<double>(&parameter.otherwise)) bound.bind(parameter.name, *x);
    if (const auto* const word = std::get_if<std::string_view>(&parameter.otherwise))
      bound.bind(parameter.name, Word{std::string(*word), true});
    validate(bound.has(parameter.name),
             fmt::format("{} needs its argument {}.", declared.names.front(), parameter.name));
  }
  return bound;
}

/// calculate_gain('leaky_relu', 0.2).
std::optional<double> gain_function(const Call& call) {
  if (call.last_name() != "calculate_gain") return std::nullopt;
  static const InitDeclaration declared{
      Framework::torch, {"calculate_gain"}, {{"nonlinearity"}, {"param", 0.01}}};
  const BoundArguments bound = bound_arguments(declared, call.arguments);
  return calculate_gain(bound.word("nonlinearity"), bound.number("param"));
}

}  // namespace

Vocabulary vocabulary_of(const SquareLayers& layers) {
  const auto n = static_cast<double>(layers.width), L = static_cast<double>(layers.depth);
  Vocabulary vocabulary{{{"n", n}, {"width", n}, {"depth", L}, {"L", L}}, gain_function};
  for (const char* of_n : {"fan_in", "fan_out", "in_features", "out_features", "hidden_size", "hidden_dim",
                           "d_model", "embed_dim", "n_embd", "dim"})
    vocabulary.names.emplace(of_n, n);
  return vocabulary;
}

namespace {

InitialWeights weights_of(Framework framework, const Call& call, const SquareLayers& layers);

/// An initializer that is somebody's argument, times what it is multiplied with there.
InitialWeights weights_of(Framework framework, const ArgumentValue& value, const SquareLayers& layers) {
  const Word* const word = std::get_if<Word>(&value);
  validate(word != nullptr, "a number is no initializer.");
  Call call = read_call(word->text, vocabulary_of(layers));
  call.scale *= word->scale;
  return weights_of(framework, call, layers);
}

/// Whether biases begin with 0: "zeros", Zeros(), nn.initializers.zeros, constant(0.0).
bool is_zero_initializer(const ArgumentValue& value) {
  const Word* const word = std::get_if<Word>(&value);
  if (!word) return false;
  const std::string plain = plain_name(word->text);
  const std::string last = plain.substr(plain.rfind('.', plain.find('(')) + 1);
  return last.starts_with("zero") || last.starts_with("constant(0") || last == "none";
}

/// "kernel_initializer='he_normal'" in a layer, or around an initializer: partial(normal_, std=0.02). Nothing
/// where the call is the initializer itself.
std::optional<InitialWeights> weights_within(Framework framework, const Call& call,
                                             const SquareLayers& layers) {
  if (is_one_of(call.last_name(), wrappers) && !call.arguments.empty()) {
    const Word* const inner = std::get_if<Word>(&call.arguments.front().value);
    validate(inner != nullptr, "a number is no initializer.");
    if (call.last_name() != "partial") return weights_of(framework, call.arguments.front().value, layers);
    return weights_of(framework, Call{inner->text, {call.arguments.begin() + 1, call.arguments.end()}},
                      layers);
  }
  for (const CallArgument& argument : call.arguments) {
    if (!is_one_of(argument.name, of_kernels)) continue;
    if (std::holds_alternative<double>(argument.value))
      return weights_of(framework, Call{argument.name, {{"", argument.value}}}, layers);
    InitialWeights weights = weights_of(framework, argument.value, layers);
    const auto biases = std::ranges::find_if(
        call.arguments, [](const CallArgument& other) { return is_one_of(other.name, of_biases); });
    const bool zero = biases == call.arguments.end() || is_zero_initializer(biases->value);
    if (zero) weights.bias_variance = 0;
    if (!zero) weights.note += " Its biases are not read: say --bias-variance.";
    return weights;
  }
  const bool of_initializer = call.assigned && std::holds_alternative<Word>(call.arguments.front().value) &&
                              !find_declaration(framework, call.function);
  return of_initializer ? std::optional(weights_of(framework, call.arguments.front().value, layers))
                        : std::nullopt;
}

InitialWeights weights_of(Framework framework, const Call& call, const SquareLayers& layers) {
  if (auto within = weights_within(framework, call, layers)) return *within;
  const InitDeclaration* const declared = find_declaration(framework, call.function);
  if (!declared) refuse_unknown(framework, call.last_name());
  validate(declared->weights != nullptr, fmt::format("{} {}", call.last_name(), declared->refusal));
  InitialWeights weights =
      declared->weights(bound_arguments(*declared, telling_arguments(framework, call)), layers);
  weights.weight_variance *= call.scale * call.scale;
  return weights;
}

}  // namespace

InitialWeights read_initializer(Framework framework, std::string_view text, const SquareLayers& layers) {
  return weights_of(framework, read_call(text, vocabulary_of(layers)), layers);
}

std::vector<std::string> initializer_names(Framework framework) {
  std::vector<std::string> names;
  for (const InitDeclaration& declared : init_declarations()) {
    if (declared.framework == framework && declared.weights) names.emplace_back(declared.names.front());
  }
  return names;
}

}  // namespace varprop::driver
