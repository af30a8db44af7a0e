// Every activation, defined once for all kinds of numbers.
//
// A definition is a template over M, which says what a number is and how to compute with it: long double with
// the system's libm (core/network/activations/scalar.hpp), or a SIMD vector (core/math/vector_math-inl.hpp).
// SIMD code must be compiled once per instruction set, so this file is included once per target, inside that
// target's namespace, after VARPROP_INLINE has been defined; neither it nor the definitions have include
// guards.
//
// With m an M, a definition computes
//     phi(m, z)            φ(z) and φ'(z);
//     phi.curvature(m, z)  φ''(z) between the kinks, where it is 0 for straight lines; 0 in a kink, or the
//                          limit from below (the jumps of φ' are not in it: ActivationFacts has them);
//     phi.tail(m, z)       φ and φ' with their exponentials apart, on a side where ActivationFacts::decays
//                          and so far out that φ' < 1e-40: what is smaller by that factor may be left out.
//                          Only definitions that decay have it.
//
// To add an activation: write one file in definitions/, include it here, and append its type to the list.

#include "core/network/activations/sigmoid_gate-inl.hpp"

#include "core/network/activations/definitions/abs-inl.hpp"
#include "core/network/activations/definitions/arctan-inl.hpp"
#include "core/network/activations/definitions/celu-inl.hpp"
#include "core/network/activations/definitions/elu-inl.hpp"
#include "core/network/activations/definitions/erf-inl.hpp"
#include "core/network/activations/definitions/gelu-inl.hpp"
#include "core/network/activations/definitions/gelu_tanh-inl.hpp"
#include "core/network/activations/definitions/hard_tanh-inl.hpp"
#include "core/network/activations/definitions/hardsigmoid-inl.hpp"
#include "core/network/activations/definitions/hardswish-inl.hpp"
#include "core/network/activations/definitions/leaky_relu-inl.hpp"
#include "core/network/activations/definitions/linear-inl.hpp"
#include "core/network/activations/definitions/mish-inl.hpp"
#include "core/network/activations/definitions/quick_gelu-inl.hpp"
#include "core/network/activations/definitions/relu-inl.hpp"
#include "core/network/activations/definitions/relu2-inl.hpp"
#include "core/network/activations/definitions/relu6-inl.hpp"
#include "core/network/activations/definitions/selu-inl.hpp"
#include "core/network/activations/definitions/sigmoid-inl.hpp"
#include "core/network/activations/definitions/silu-inl.hpp"
#include "core/network/activations/definitions/sin-inl.hpp"
#include "core/network/activations/definitions/softplus-inl.hpp"
#include "core/network/activations/definitions/softshrink-inl.hpp"
#include "core/network/activations/definitions/softsign-inl.hpp"
#include "core/network/activations/definitions/tanh-inl.hpp"

template <class... T>
struct TypeList {};
using Activations = TypeList<Linear, Relu, LeakyRelu, Abs, Tanh, Erf, Sigmoid, HardTanh, Softsign, Arctan,
                             Sin, Elu, Selu, Gelu, Silu, Softplus, Mish, GeluTanh, QuickGelu, Hardswish,
                             Hardsigmoid, Relu6, Relu2, Celu, Softshrink>;
