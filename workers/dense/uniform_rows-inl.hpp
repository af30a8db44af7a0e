// Uniform weights by the group of draws. Included once per SIMD target (Highway's foreach_target).
#if defined(VARPROP_WORKERS_DENSE_UNIFORM_ROWS_INL_HPP_) == defined(HWY_TARGET_TOGGLE)
#ifdef VARPROP_WORKERS_DENSE_UNIFORM_ROWS_INL_HPP_
#undef VARPROP_WORKERS_DENSE_UNIFORM_ROWS_INL_HPP_
#else
#define VARPROP_WORKERS_DENSE_UNIFORM_ROWS_INL_HPP_
#endif

#include "core/random/centred_uniform.hpp"
#include "core/random/draws-inl.hpp"

#if VARPROP_VECTOR_TARGET
HWY_BEFORE_NAMESPACE();
namespace varprop::HWY_NAMESPACE {

/// Half a draw a weight: the low half of draw d is weight 2d of the matrix, row by row, the high half 2d + 1.
struct UniformRows {
  static constexpr std::size_t weights_per_group = 2 * draws_per_group;

  static HWY_INLINE void fill(const Stream& stream, std::uint64_t first_group, std::size_t groups,
                              double* HWY_RESTRICT out) {
    constexpr std::size_t groups_at_once = 8;
    HWY_ALIGN std::uint64_t bits[groups_at_once * draws_per_group];
    for (std::size_t done = 0; done < groups; done += groups_at_once) {
      const std::size_t now = HWY_MIN(groups_at_once, groups - done);
      fill_draws(stream, first_group + done, now, bits);
      convert(bits, now * weights_per_group, out + done * weights_per_group);
    }
  }

 private:
  /// (k + ½) unit with one rounding: unit/2 is exact.
  static HWY_INLINE void convert(const std::uint64_t* HWY_RESTRICT bits, std::size_t count,
                                 double* HWY_RESTRICT out) {
    const hn::CappedTag<double, 8> d;
    const hn::Rebind<std::int32_t, decltype(d)> d32;
    const auto unit = hn::Set(d, CentredUniform::unit);
    const auto half_unit = hn::Set(d, CentredUniform::unit / 2);
    for (std::size_t i = 0; i < count; i += hn::Lanes(d)) {
      const auto k = hn::LoadU(d32, reinterpret_cast<const std::int32_t*>(bits) + i);
      hn::StoreU(hn::MulAdd(hn::PromoteTo(d, k), unit, half_unit), d, out + i);
    }
  }
};

}  // namespace varprop::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif  // VARPROP_VECTOR_TARGET

#endif  // per target
