#include "core/network/activations/activation.hpp"

#include <algorithm>

#include "core/errors.hpp"
#include "core/network/activations/names.hpp"
#include "core/network/activations/scalar.hpp"
#include "core/text/words.hpp"

namespace varprop {

namespace {

struct Entry {
  std::string name;
  std::optional<ParameterFacts> parameter;
};

template <class... T>
std::vector<Entry> entries(scalar::TypeList<T...>) {
  return {Entry{std::string(T::name), T::parameter_facts}...};
}

const std::vector<Entry>& all_entries() {
  static const std::vector<Entry> all = entries(scalar::Activations{});
  return all;
}

/// Nothing for a name that is not ours, letter by letter.
std::optional<std::size_t> find_entry(std::string_view name) {
  const auto& all = all_entries();
  const auto found = std::ranges::find(all, name, &Entry::name);
  if (found == all.end()) return std::nullopt;
  return static_cast<std::size_t>(found - all.begin());
}

double parse_parameter(const Entry& entry, std::string_view text) {
  validate(entry.parameter.has_value(), "the activation " + entry.name + " takes no parameter.");
  const ParameterFacts& facts = *entry.parameter;
  const auto value = parse_number(text);
  validate(value && *value >= facts.low && *value <= facts.high,
           entry.name + "(" + std::string(text) + "): the " + std::string(facts.name) +
               " must be a number between " + shortest(facts.low) + " and " + shortest(facts.high) + ".");
  return *value + 0.0;  // −0 becomes 0
}

}  // namespace

Activation Activation::parse(std::string_view text) {
  const auto open = text.find('(');
  const auto index = find_entry(text.substr(0, open));
  if (!index || text.ends_with("()") || text.find('=') != std::string_view::npos)
    return parse(activation_text_of(text, activation_names()));
  const Entry& entry = all_entries()[*index];
  if (open == std::string_view::npos) {
    return {*index, entry.parameter ? entry.parameter->default_value : 0.0};
  }
  validate(text.back() == ')', "\"" + std::string(text) + "\": the parenthesis is not closed.");
  return {*index, parse_parameter(entry, text.substr(open + 1, text.size() - open - 2))};
}

std::string Activation::text() const {
  const Entry& entry = all_entries().at(index_);
  if (!entry.parameter) return entry.name;
  const bool silent = entry.parameter->default_is_silent && parameter_ == entry.parameter->default_value;
  return silent ? entry.name : entry.name + "(" + shortest(parameter_) + ")";
}

ActivationFacts Activation::facts() const {
  return scalar::visit(*this, [](const auto& phi) { return phi.facts(); });
}

Phi::Phi(const Activation& activation) : parameter_(activation.parameter()) {
  scalar::visit(activation, [this](const auto& phi) {
    using Definition = std::decay_t<decltype(phi)>;
    using M = scalar::Arithmetic<double>;
    value_and_slope_ = [](double parameter, double z) { return Definition(parameter)(M{}, z); };
    value_ = [](double parameter, double z) { return Definition(parameter)(M{}, z).value; };
    slope_ = [](double parameter, double z) { return Definition(parameter)(M{}, z).slope; };
    curvature_ = [](double parameter, double z) { return Definition(parameter).curvature(M{}, z); };
  });
}

std::vector<std::string> activation_names() {
  std::vector<std::string> names;
  for (const auto& entry : all_entries()) names.push_back(entry.name);
  return names;
}

}  // namespace varprop
