// A uniform number of mean 0 and variance 1 from 32 random bits.
#pragma once

#include <cstdint>

namespace varprop {

struct CentredUniform {
  static constexpr double unit = 8.0654900873493275e-10;  ///< 2⁻³¹ √3: the values end at ±√3
};

/// (k + ½) 2⁻³¹ √3, k the bits as a signed number; k + ½ is exact.
inline double centred_uniform_from_bits(std::uint32_t bits) {
  return (static_cast<double>(static_cast<std::int32_t>(bits)) + 0.5) * CentredUniform::unit;
}

}  // namespace varprop
