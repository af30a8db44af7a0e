// The chapters, in the order in which they are told. Adding one: a file that defines it, and its name here.
#pragma once

#include <array>

#include "driver/explain/chapter.hpp"
#include "driver/explain/explain_setting.hpp"

namespace varprop {

Chapter tell_your_numbers(const ExplainSetting& setting);
Chapter tell_luck_everywhere(const ExplainSetting& setting);
Chapter tell_small_times_small(const ExplainSetting& setting);
Chapter tell_gradient(const ExplainSetting& setting);
Chapter tell_unknown_input(const ExplainSetting& setting);
Chapter tell_depth(const ExplainSetting& setting);
Chapter tell_relu(const ExplainSetting& setting);
Chapter tell_one_network(const ExplainSetting& setting);
Chapter tell_what_to_do(const ExplainSetting& setting);

inline constexpr std::array all_chapters{tell_your_numbers, tell_luck_everywhere, tell_small_times_small,
                                         tell_gradient,     tell_unknown_input,   tell_depth,
                                         tell_relu,         tell_one_network,     tell_what_to_do};

}  // namespace varprop
