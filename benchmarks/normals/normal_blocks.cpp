#include "benchmarks/normals/normal_blocks.hpp"

#include "core/errors.hpp"
#include "core/simd/target.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "benchmarks/normals/normal_blocks.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "core/random/normals-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace varprop::HWY_NAMESPACE {
namespace {
#if VARPROP_VECTOR_TARGET
void fill(const Stream& stream, std::uint64_t first, std::span<double> out) {
  static_assert(benchmarks::group == draws_per_group);
  fill_normals(stream, first, out.size() / draws_per_group, out.data());
}
void draw(const Stream& stream, std::uint64_t first, std::span<std::uint64_t> out) {
  fill_draws(stream, first, out.size() / draws_per_group, out.data());
}
#else
void fill(const Stream&, std::uint64_t, std::span<double>) {
  refuse_target();
}
void draw(const Stream&, std::uint64_t, std::span<std::uint64_t>) {
  refuse_target();
}
#endif
}  // namespace
}  // namespace varprop::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace varprop {

namespace {
HWY_EXPORT(fill);
HWY_EXPORT(draw);
}  // namespace

namespace benchmarks {

void fill_normals(const Stream& stream, std::uint64_t first, std::span<double> out) {
  VARPROP_EXPECT(out.size() % group == 0);
  HWY_DYNAMIC_DISPATCH(fill)(stream, first, out);
}

void fill_bits(const Stream& stream, std::uint64_t first, std::span<std::uint64_t> out) {
  VARPROP_EXPECT(out.size() % group == 0);
  HWY_DYNAMIC_DISPATCH(draw)(stream, first, out);
}

}  // namespace benchmarks
}  // namespace varprop
#endif
