#include "driver/init/initializer_reading.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "core/errors.hpp"
#include "core/text/words.hpp"

namespace varprop::driver {

namespace {

/// Arguments that say where numbers go or what they come from, not what they are.
constexpr std::array<std::string_view, 12> set_aside{"tensor", "generator", "seed",       "dtype",
                                                     "device", "key",       "shape",      "in_axis",
                                                     "name",   "out_axis",  "batch_axis", "column_axis"};

/// Without capitals and underscores: HeNormal, he_normal; normal_, normal.
std::string plain_name(std::string_view name) {
  std::string plain;
  for (const char c : name) {
    if (c != '_') plain += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return plain;
}

const InitDeclaration* find_declaration(Framework framework, std::string_view name) {
  for (const InitDeclaration& declared : init_declarations()) {
    if (declared.framework != framework) continue;
    for (const std::string_view known : declared.names) {
      if (plain_name(known) == plain_name(name)) return &declared;
    }
  }
  return nullptr;
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
  std::vector<std::string> known;
  for (const InitDeclaration& declared : init_declarations()) {
    if (declared.framework == framework) known.emplace_back(declared.names.front());
  }
  throw InputError(fmt::format("{} has no initializer \"{}\".{} Known: {}.", title_of(framework), name,
                               suggestion(name, known), join(known)));
}

bool is_thing(const CallArgument& argument) {
  const Word* const word = std::get_if<Word>(&argument.value);
  return argument.name.empty() && word && !word->quoted;
}

/// The call without its tensor (of torch, in the first place), its dtype, and what is set aside.
std::vector<CallArgument> telling_arguments(Framework framework, const Call& call) {
  std::vector<CallArgument> telling;
  for (std::size_t i = 0; i < call.arguments.size(); ++i) {
    const CallArgument& argument = call.arguments[i];
    if (std::ranges::find(set_aside, argument.name) != set_aside.end()) continue;
    if (is_thing(argument)) {
      const std::string& text = std::get<Word>(argument.value).text;
      if ((framework == Framework::torch && i == 0) || text.find("float") != std::string::npos) continue;
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
  return {{{"fan_in", n}, {"fan_out", n}, {"n", n}, {"width", n}, {"depth", L}, {"L", L}}, gain_function};
}

InitialWeights read_initializer(Framework framework, std::string_view text, const SquareLayers& layers) {
  const Call call = read_call(text, vocabulary_of(layers));
  const InitDeclaration* const declared = find_declaration(framework, call.last_name());
  if (!declared) refuse_unknown(framework, call.last_name());
  validate(declared->weights != nullptr, fmt::format("{} {}", declared->names.front(), declared->refusal));
  return declared->weights(bound_arguments(*declared, telling_arguments(framework, call)), layers);
}

std::vector<std::string> initializer_names(Framework framework) {
  std::vector<std::string> names;
  for (const InitDeclaration& declared : init_declarations()) {
    if (declared.framework == framework && declared.weights) names.emplace_back(declared.names.front());
  }
  return names;
}

}  // namespace varprop::driver
