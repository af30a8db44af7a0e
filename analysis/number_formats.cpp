#include "analysis/number_formats.hpp"

#include <cmath>

namespace varprop {

bool leaves(const NumberFormat& format, RangeExit exit, double log_rms, double width) {
  switch (exit) {
    case RangeExit::subnormal:
      return log_rms < std::log(format.smallest_normal);
    case RangeExit::underflow:
      return log_rms < std::log(0.5 * format.smallest_subnormal);
    case RangeExit::overflow:
      return log_rms + 0.5 * std::log(2 * std::log(2 * width)) > std::log(format.largest);
  }
  return false;
}

}  // namespace varprop
