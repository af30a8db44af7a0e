// Gaussian weights, whole or cut at two standard deviations, by the group of draws. Included once per SIMD
// target (Highway's foreach_target).
#if defined(VARPROP_WORKERS_DENSE_NORMAL_ROWS_INL_HPP_) == defined(HWY_TARGET_TOGGLE)
#ifdef VARPROP_WORKERS_DENSE_NORMAL_ROWS_INL_HPP_
#undef VARPROP_WORKERS_DENSE_NORMAL_ROWS_INL_HPP_
#else
#define VARPROP_WORKERS_DENSE_NORMAL_ROWS_INL_HPP_
#endif

#include "core/random/normals-inl.hpp"
#include "core/random/truncated_normal.hpp"

#if VARPROP_VECTOR_TARGET
HWY_BEFORE_NAMESPACE();
namespace varprop::HWY_NAMESPACE {

/// TruncatedNormal for fill_by_quantile: k ≥ 2⁶³ P(|Z| > 2), far from the tail beyond 2.88.
struct CutAtTwo {
  static constexpr bool has_tail = false;
  template <class D>
  HWY_INLINE hn::Vec<D> k(D d, hn::Vec<D> number) const {
    return hn::MulAdd(number, hn::Set(d, 1 - TruncatedNormal::p), hn::Set(d, TruncatedNormal::p_times_2_63));
  }
  template <class D>
  HWY_INLINE hn::Vec<D> scaled(D d, hn::Vec<D> z) const {
    return z * hn::Set(d, TruncatedNormal::one_over_deviation);
  }
};

/// One draw a weight: weight e of the matrix, row by row, is draw e.
template <class Law>
struct NormalRows {
  static constexpr std::size_t weights_per_group = draws_per_group;

  static HWY_INLINE void fill(const Stream& stream, std::uint64_t first_group, std::size_t groups,
                              double* HWY_RESTRICT out) {
    fill_by_quantile(Law{}, stream, first_group, groups, out);
  }
};

}  // namespace varprop::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif  // VARPROP_VECTOR_TARGET

#endif  // per target
