// One draw → one normal: accuracy over the whole range, signs, ends.
#include "core/random/normal_quantile.hpp"

#include <gtest/gtest.h>

#include <array>
#include <boost/math/special_functions/erf.hpp>

#include "core/random/stream.hpp"

namespace varprop {
namespace {

/// √2 erfc⁻¹(v), v = k/2⁶³.
double exact_magnitude(double k) {
  const long double v = static_cast<long double>(k) * 0x1p-63L;
  return static_cast<double>(std::sqrt(2.0L) * boost::math::erfc_inv(v));
}

TEST(NormalQuantile, IsWithin2e13OfTheExactQuantileInEverySegment) {
  const Stream stream(PointKey::derive(3, 4), 0, 0, Purpose::input);
  for (int octave = 0; octave < 63; ++octave) {
    for (int i = 0; i < 200; ++i) {
      const double mantissa =
          1.0 +
          static_cast<double>(stream.draw(static_cast<std::uint64_t>(200 * octave + i)) >> 12) * 0x1p-52;
      const double k = std::min(std::ldexp(mantissa, octave), NormalQuantile::largest);
      ASSERT_NEAR(NormalQuantile::magnitude(k), exact_magnitude(k), 2e-13) << "k = " << k;
    }
  }
}

TEST(NormalQuantile, MeetsItselfWhereSegmentsMeet) {
  for (int octave = 1; octave < 63; ++octave) {
    for (const double start : {1.0, 1.5}) {
      const double k = std::ldexp(start, octave);
      ASSERT_NEAR(NormalQuantile::magnitude(k), NormalQuantile::magnitude(std::nextafter(k, 0)), 3e-13) << k;
    }
  }
}

TEST(NormalQuantile, ReachesNineStandardDeviationsOnBothSides) {
  EXPECT_NEAR(normal_from_bits(0), 9.06, 0.05);
  EXPECT_NEAR(normal_from_bits(1), -9.06, 0.05);
}

TEST(NormalQuantile, TheCommonestDrawsAreNearZero) {
  const auto top = ~std::uint64_t{0};
  EXPECT_NEAR(normal_from_bits(top), 0, 1e-13);
  EXPECT_NEAR(normal_from_bits(top - 1), 0, 1e-13);
}

TEST(NormalQuantile, TheSignIsBitZeroAndTheRestTheMagnitude) {
  for (const std::uint64_t bits :
       std::array<std::uint64_t, 3>{0x123456789abcdef0, 0xfedcba9876543210, 0xffffff00}) {
    EXPECT_GT(normal_from_bits(bits), 0);
    EXPECT_EQ(normal_from_bits(bits | 1), -normal_from_bits(bits));
  }
}

}  // namespace
}  // namespace varprop
