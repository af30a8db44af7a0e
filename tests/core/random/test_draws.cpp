// Draws made many at a time are those of Stream::draw, also where a block's number leaves 32 bits, on every
// instruction set of this machine. Seen to fail with one schedule for blocks on both sides of 2³².
#include <gtest/gtest.h>

#include <vector>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "tests/core/random/test_draws.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "core/random/draws-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace varprop::HWY_NAMESPACE {
namespace {
#if VARPROP_VECTOR_TARGET
void draw_groups(const Stream& stream, std::uint64_t first_group, std::size_t groups, std::uint64_t* out) {
  fill_draws(stream, first_group, groups, out);
}
#else
void draw_groups(const Stream&, std::uint64_t, std::size_t, std::uint64_t*) {
  FAIL() << "not a vector target";
}
#endif
}  // namespace
}  // namespace varprop::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include "core/simd/forced_target.hpp"

namespace varprop {
namespace {
HWY_EXPORT(draw_groups);
}  // namespace

namespace test {
namespace {

TEST(Draws, AreThoseOfTheStreamEverywhere) {
  const Stream stream(PointKey::derive(9, 8), 3, 1048575, Purpose::bias);
  constexpr std::uint64_t groups_of_32_bits = std::uint64_t{1} << 29;
  for (const std::int64_t target : vector_targets()) {
    const ForcedTarget forced(target);
    for (const std::uint64_t first : {std::uint64_t{0}, std::uint64_t{3}, groups_of_32_bits - 3,
                                      groups_of_32_bits, 100 * groups_of_32_bits - 6}) {
      for (const std::size_t groups : {1, 2, 4, 5, 16}) {
        alignas(64) std::uint64_t draws[16 * 16];
        HWY_DYNAMIC_DISPATCH(draw_groups)(stream, first, groups, draws);
        for (std::uint64_t i = 0; i < 16 * groups; ++i) ASSERT_EQ(draws[i], stream.draw(16 * first + i)) << i;
      }
    }
  }
}

}  // namespace
}  // namespace test
}  // namespace varprop
#endif
