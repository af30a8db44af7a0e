// The vector kernels against plain loops over the same draws, on every instruction set of this machine.
#include "workers/kernels/drawn_matrix.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "core/random/normal_quantile.hpp"
#include "core/simd/forced_target.hpp"

namespace varprop::test {
namespace {

using namespace workers;

const Stream stream(PointKey::derive(9, 8), 3, 2, Purpose::weight);

TEST(DrawNormals, NormalsAreThoseOfTheScalarQuantileBitByBit) {
  constexpr std::int64_t n = 100000;  // about 400 of them in the tail beyond the looked-up segments
  for (const std::int64_t target : vector_targets()) {
    const ForcedTarget forced(target);
    std::vector<double> z(padded(n));
    draw_normals(stream, n, z);
    for (std::size_t i = 0; i < n; ++i) ASSERT_EQ(z[i], normal_from_bits(stream.draw(i))) << "draw " << i;
    for (std::size_t i = n; i < z.size(); ++i) ASSERT_EQ(z[i], 0);
  }
}

}  // namespace
}  // namespace varprop::test
