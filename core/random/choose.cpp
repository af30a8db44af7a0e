#include "core/random/choose.hpp"

#include <algorithm>
#include <random>
#include <unordered_set>

#include "core/contracts.hpp"

namespace varprop {

namespace {

/// Uniform on 0 … bound − 1. The standard's own distributions differ between libraries; its engines do not.
std::int64_t below(std::int64_t bound, std::mt19937_64& bits) {
  const auto n = static_cast<std::uint64_t>(bound);
  const std::uint64_t accepted = std::mt19937_64::max() - std::mt19937_64::max() % n;
  std::uint64_t draw = bits();
  while (draw >= accepted) draw = bits();
  return static_cast<std::int64_t>(draw % n);
}

/// Floyd's algorithm: of 0 … j a number is drawn for every j of the last `count`; where it was drawn before,
/// j itself is taken, which cannot have been. take(i) says whether i is new.
template <class Take>
void floyd(std::int64_t count, std::int64_t total, std::uint64_t seed, Take&& take) {
  std::mt19937_64 bits(seed);
  for (std::int64_t j = total - count; j < total; ++j) {
    if (!take(below(j + 1, bits))) take(j);
  }
}

std::vector<std::int64_t> choose_many(std::int64_t count, std::int64_t total, std::uint64_t seed) {
  std::vector<bool> taken(static_cast<std::size_t>(total));
  floyd(count, total, seed, [&taken](std::int64_t i) {
    const bool is_new = !taken[static_cast<std::size_t>(i)];
    taken[static_cast<std::size_t>(i)] = true;
    return is_new;
  });
  std::vector<std::int64_t> chosen;
  chosen.reserve(static_cast<std::size_t>(count));
  for (std::int64_t i = 0; i < total; ++i) {
    if (taken[static_cast<std::size_t>(i)]) chosen.push_back(i);
  }
  return chosen;
}

}  // namespace

std::vector<std::int64_t> choose(std::int64_t count, std::int64_t total, std::uint64_t seed) {
  VARPROP_EXPECT(0 <= count && count <= total);
  constexpr std::int64_t bits_a_number = 64;
  if (count >= total / bits_a_number) return choose_many(count, total, seed);
  std::unordered_set<std::int64_t> taken;
  floyd(count, total, seed, [&taken](std::int64_t i) { return taken.insert(i).second; });
  std::vector<std::int64_t> chosen(taken.begin(), taken.end());
  std::sort(chosen.begin(), chosen.end());
  return chosen;
}

}  // namespace varprop
