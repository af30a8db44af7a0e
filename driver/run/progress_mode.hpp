// How a running sweep reports how far it is.
#pragma once

#include "core/point/choices.hpp"

namespace varprop {

enum class ProgressMode {
  automatic,  ///< a bar on a terminal, else a log
  bar,        ///< one line, redrawn
  log,        ///< a line a minute
  none,
};

template <>
struct Choices<ProgressMode> {
  static constexpr std::string_view noun = "progress mode";
  static constexpr std::array words{std::pair{ProgressMode::automatic, std::string_view("auto")},
                                    std::pair{ProgressMode::bar, std::string_view("bar")},
                                    std::pair{ProgressMode::log, std::string_view("log")},
                                    std::pair{ProgressMode::none, std::string_view("none")}};
};

}  // namespace varprop
