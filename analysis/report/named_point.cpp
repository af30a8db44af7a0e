#include "analysis/report/named_point.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace varprop {

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

std::string named_point(const Point& point, const Grid& grid, const Coordinates& known) {
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

}  // namespace varprop
