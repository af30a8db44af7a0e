#include "core/simd/target.hpp"

#include <cstdint>
#include <utility>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/simd/target.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "core/errors.hpp"
#include "core/simd/vector_target.hpp"

#ifndef VARPROP_CORE_SIMD_TARGET_ONCE
#define VARPROP_CORE_SIMD_TARGET_ONCE
namespace varprop {
namespace {
/// Whether the engines were compiled for a target of Highway's.
template <std::int64_t target>
constexpr bool compiled_for = false;
}  // namespace
}  // namespace varprop
#endif

namespace varprop {
namespace {
template <>
constexpr bool compiled_for<HWY_TARGET> = VARPROP_VECTOR_TARGET != 0;
}  // namespace
}  // namespace varprop

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

/// Targets are bits, better ones lower; the sign's bit is none.
template <std::size_t... bit>
std::vector<std::string> names_of_compiled(std::index_sequence<bit...>) {
  std::vector<std::string> names;
  const auto add = [&names](bool compiled, std::int64_t target) {
    if (compiled) names.emplace_back(hwy::TargetName(target));
  };
  (add(compiled_for<(std::int64_t{1} << bit)>, std::int64_t{1} << bit), ...);
  return names;
}
}  // namespace

std::string simd_target() {
  return HWY_DYNAMIC_DISPATCH(target_name)();
}

std::string instruction_set() {
  const std::string target = simd_target();
  return target.starts_with("AVX3") ? "AVX-512" : target;
}

std::vector<std::string> compiled_simd_targets() {
  return names_of_compiled(std::make_index_sequence<63>());
}

std::string highway_version() {
  return std::to_string(HWY_MAJOR) + "." + std::to_string(HWY_MINOR) + "." + std::to_string(HWY_PATCH);
}

void refuse_target() {
  throw SystemError(
      "this processor has neither AVX2 with FMA nor AVX-512 (its best instruction set known here is " +
      simd_target() + "): without a fused multiply-add the numbers would differ from other machines'.");
}

bool has_simd_target() {
  return HWY_DYNAMIC_DISPATCH(is_vector_target)();
}

void require_simd_target() {
  if (!has_simd_target()) refuse_target();
}

}  // namespace varprop
#endif
