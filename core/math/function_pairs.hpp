// Functions that are cheaper, or more exact, when computed together.
#pragma once

namespace varprop {

/// exp(x) and exp(x) − 1.
template <class V>
struct ExpAndExpm1 {
  V exp;
  V expm1;
};

/// sin(x) and cos(x).
template <class V>
struct SinAndCos {
  V sin;
  V cos;
};

/// exp(−z²/2) and Φ(−z), Φ the standard normal's distribution function.
template <class V>
struct NormalTail {
  V gaussian;
  V probability;
};

}  // namespace varprop
