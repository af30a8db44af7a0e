#include "core/sweep/point_words.hpp"

#include <vector>

#include "core/sweep/axes.hpp"
#include "core/text.hpp"

namespace varprop {

std::string point_in_words(const Point& point) {
  std::vector<std::string> words;
  for_each_axis([&](const auto& axis) {
    const auto& value = point.*axis.value;
    const bool is_number = requires {
      value.value();
    };
    words.push_back((is_number ? std::string(axis.name) + " " : "") + coordinate_text(value));
  });
  return join(words);
}

}  // namespace varprop
