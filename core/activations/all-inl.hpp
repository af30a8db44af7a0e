// Every activation, defined once for all kinds of numbers.
//
// A definition is a template over M, which says what a number is and how to compute with it: long double with
// the system's libm (core/activations/scalar.hpp), or a SIMD vector (core/math/vector_math-inl.hpp). SIMD
// code must be compiled once per instruction set, so this file is included once per target, inside that
// target's namespace, after VARPROP_INLINE has been defined; neither it nor the definitions have include
// guards.
//
// To add an activation: write one file in definitions/, include it here, and add its type to the list.

#include "core/activations/definitions/erf-inl.hpp"
#include "core/activations/definitions/gelu-inl.hpp"
#include "core/activations/definitions/leaky_relu-inl.hpp"
#include "core/activations/definitions/linear-inl.hpp"
#include "core/activations/definitions/relu-inl.hpp"
#include "core/activations/definitions/tanh-inl.hpp"

template <class... T>
struct TypeList {};
using Activations = TypeList<Linear, Relu, LeakyRelu, Tanh, Erf, Gelu>;
