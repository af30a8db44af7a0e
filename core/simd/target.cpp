#include "core/simd/target.hpp"

#include <string_view>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/simd/target.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "core/errors.hpp"
#include "core/simd/vector_target.hpp"

HWY_BEFORE_NAMESPACE();
namespace varprop::HWY_NAMESPACE {
namespace {
const char* target_name() {
  return hwy::TargetName(HWY_TARGET);
}
bool is_vector_target() {
  return VARPROP_VECTOR_TARGET != 0;
}
}  // namespace
}  // namespace varprop::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace varprop {

namespace {
HWY_EXPORT(target_name);
HWY_EXPORT(is_vector_target);
}  // namespace

std::string simd_target() {
  return HWY_DYNAMIC_DISPATCH(target_name)();
}

void refuse_target() {
  throw SystemError(
      "this processor has neither AVX2 with FMA nor AVX-512 (its best instruction set known here is " +
      simd_target() + "): without a fused multiply-add the numbers would differ from other machines'.");
}

void require_simd_target() {
  if (!HWY_DYNAMIC_DISPATCH(is_vector_target)()) refuse_target();
}

}  // namespace varprop
#endif
