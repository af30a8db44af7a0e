#include "tests/core/network/activations/vector_evaluation.hpp"

#include <algorithm>
#include <optional>
#include <string_view>

#include "core/simd/target.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "tests/core/network/activations/vector_evaluation.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "core/network/activations/vector-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace varprop::HWY_NAMESPACE {
#if VARPROP_VECTOR_TARGET
namespace {

/// out_i = f(z_i), a vector at a time; the last one is filled up with zeros.
template <class F>
HWY_INLINE void map(std::span<const double> z, std::vector<double>& out, const F& f) {
  const LaneTag d;
  HWY_ALIGN double buffer[8] = {};
  out.resize(z.size());
  for (std::size_t i = 0; i < z.size(); i += hn::Lanes(d)) {
    const std::size_t count = HWY_MIN(hn::Lanes(d), z.size() - i);
    std::fill_n(buffer, 8, 0.0);
    std::copy_n(z.data() + i, count, buffer);
    hn::Store(f(hn::Load(d, buffer)), d, buffer);
    std::copy_n(buffer, count, out.data() + i);
  }
}

test::Evaluation evaluate_all(const Activation& activation, std::span<const double> z) {
  test::Evaluation all;
  const VectorArithmetic<LaneTag> m;
  visit_list(Activations{}, activation, [&](const auto& phi) HWY_ATTR {
    map(z, all.value, [&](auto x) HWY_ATTR { return phi(m, x).value; });
    map(z, all.slope, [&](auto x) HWY_ATTR { return phi(m, x).slope; });
    map(z, all.curvature, [&](auto x) HWY_ATTR { return phi.curvature(m, x); });
    if constexpr (requires { phi.tail(m, m.set(0)); }) {
      map(z, all.tail_value, [&](auto x) HWY_ATTR { return phi.tail(m, x).value; });
      map(z, all.tail_value_decay, [&](auto x) HWY_ATTR { return phi.tail(m, x).value_decay; });
      map(z, all.tail_slope, [&](auto x) HWY_ATTR { return phi.tail(m, x).slope; });
      map(z, all.tail_slope_decay, [&](auto x) HWY_ATTR { return phi.tail(m, x).slope_decay; });
    }
    return 0;
  });
  return all;
}

}  // namespace
#else
test::Evaluation evaluate_all(const Activation&, std::span<const double>) {
  refuse_target();
}
#endif
}  // namespace varprop::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace varprop {

namespace {
HWY_EXPORT(evaluate_all);
}  // namespace

test::Evaluation test::evaluate_with_vectors(const Activation& activation, std::span<const double> z) {
  return HWY_DYNAMIC_DISPATCH(evaluate_all)(activation, z);
}

}  // namespace varprop
#endif
