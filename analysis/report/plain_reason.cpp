#include "analysis/report/plain_reason.hpp"

#include <array>
#include <string_view>
#include <utility>

#include "analysis/window.hpp"

namespace varprop {

namespace {

constexpr std::string_view shallow =
    "the networks are too shallow (a rate is taken only where the signal has settled, six times its settling "
    "length xi_q away from both ends, and fewer than 8 layers are left there)";
constexpr std::string_view onset =
    "the signal takes its last course too late (fewer than 8 layers are left where it does)";
constexpr std::string_view critical =
    "the signal settles too slowly for a rate (at criticality, chi_q = 1, only as a power of the depth)";

constexpr std::array<std::pair<std::string_view, std::string_view>, 4> plain_words{{
    {window_near_ends, shallow},
    {window_after_onset, onset},
    {"no window: xi_q is infinite: chi_q = 1", critical},
    {"no law: xi_q is infinite: chi_q = 1", critical},
}};

}  // namespace

std::string plain_reason(const std::string& reason) {
  for (const auto& [known, plain] : plain_words) {
    if (reason == known) return std::string(plain);
  }
  return reason;
}

}  // namespace varprop
