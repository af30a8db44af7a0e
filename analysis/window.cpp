#include "analysis/window.hpp"

#include <algorithm>

namespace varprop {

Reasoned<Window> find_window(std::span<const std::int32_t> layers, std::int32_t depth,
                             const Reasoned<double>& transient, WindowEnds ends, double onset) {
  if (!transient) return Reasoned<Window>::none("no window: xi_q is " + transient.reason());
  const double distance = window_distance * *transient;
  const double settled = onset > 0 ? std::max(distance, onset + onset_distance * *transient) : distance;
  const auto near_input = [&](std::int32_t l) { return l < settled; };
  const auto far_from_output = [&](std::int32_t l) {
    return ends == WindowEnds::input || depth - l >= distance;
  };
  const auto begin = std::partition_point(layers.begin(), layers.end(), near_input);
  const auto end = std::partition_point(begin, layers.end(), far_from_output);
  if (begin == end || *(end - 1) - *begin + 1 < least_window) {
    return Reasoned<Window>::none(std::string(onset > distance ? window_after_onset : window_near_ends));
  }
  return Window{static_cast<std::size_t>(begin - layers.begin()),
                static_cast<std::size_t>(end - layers.begin()) - 1};
}

}  // namespace varprop
