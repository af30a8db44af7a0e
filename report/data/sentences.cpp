#include "report/data/sentences.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/text/words.hpp"

namespace varprop::report {

namespace {

std::string spoken(std::string_view name) {
  std::string words(name);
  std::replace(words.begin(), words.end(), '_', ' ');
  return words;
}

std::string number_text(const std::string& exact) {
  const auto x = parse_number(exact);
  return x ? fmt::format("{:.6g}", *x) : exact;
}

}  // namespace

std::string share_text(std::int64_t part, std::int64_t whole) {
  const double percent = 100.0 * static_cast<double>(part) / static_cast<double>(whole);
  if (part > 0 && percent < 1) return "less than 1 %";
  if (part < whole && percent > 99) return "more than 99 %";
  return fmt::format("{:.0f} %", percent);
}

std::string as_sentence(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text + ".";
}

std::string listed(const std::vector<std::string>& parts) {
  if (parts.size() < 2) return parts.empty() ? "" : parts.front();
  return join({parts.begin(), parts.end() - 1}) + " and " + parts.back();
}

QuantityWords quantity_words(Quantity quantity) {
  switch (quantity) {
    case Quantity::forward:
      return {
          "signal", "ln q", "Signal: mean of ln q in each layer",
          "the logarithm of the signal's mean square q changes per layer on its way up (the gradient was not "
          "measured)"};
    case Quantity::backward:
      return {"gradient", "ln g", "Gradient: mean of ln g",
              "the logarithm of the squared gradient g changes per layer on its way down"};
    case Quantity::correlation:
      return {
          "two inputs", "ln(1 − c)", "Two inputs: mean of ln(1 − c)",
          "the logarithm of the distance 1 − c of two inputs changes per layer (signal and gradient were not "
          "measured); blue: they become alike"};
    case Quantity::activations:
      return {"activation", "ln A", "Activations: mean of ln A, A the mean square of phi(z), in each layer",
              ""};
    default:
      break;
  }
  const std::string noun = spoken(word_of(quantity)),
                    letter(symbol(quantity).substr(0, symbol(quantity).find('_')));
  std::string title = as_sentence(noun + ": mean of ln " + letter);
  title.pop_back();
  return {noun, "ln " + letter, title, ""};
}

std::string named_point(const Point& point, const Grid& grid, const AxisSet& known) {
  std::vector<std::string> adjectives{point.activation.text()}, clauses;
  std::size_t i = 0;
  for_each_axis([&](const auto& axis) {
    const bool tells = i > 0 && known[i] && (grid.*axis.values).size() > 1;
    ++i;
    if (!tells) return;
    const std::string text = coordinate_text(point.*axis.value);
    if (parse_number(text)) {
      clauses.push_back(spoken(axis.name) + " " + number_text(text));
    } else {
      adjectives.push_back(spoken(text));
    }
  });
  std::string name = join(adjectives, " ") + " networks";
  for (std::size_t c = 0; c < clauses.size(); ++c)
    name += (c == 0 ? " with " : c + 1 == clauses.size() ? " and " : ", ") + clauses[c];
  return name;
}

}  // namespace varprop::report
