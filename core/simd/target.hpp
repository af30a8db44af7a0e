// The instruction set that the engines run with on this machine.
#pragma once

#include <string>
#include <vector>

namespace varprop {

/// "AVX3" (AVX-512), "AVX2", …: the best target that this machine has and the program was compiled for, by
/// Highway's name.
std::string simd_target();

/// The same by its maker's name: "AVX-512" for all of Highway's AVX3.
std::string instruction_set();

/// All targets that the engines were compiled for, the best first.
std::vector<std::string> compiled_simd_targets();

/// "1.0.3": Highway's own version.
std::string highway_version();

/// Whether this machine has a target that the engines could use: one with a fused multiply-add.
bool has_simd_target();

/// Throws SystemError where it has none.
void require_simd_target();

/// For targets that are compiled as stubs only.
[[noreturn]] void refuse_target();

}  // namespace varprop
