// How many of n fair coins show heads, in constant time.
#pragma once

#include <cstdint>

#include "core/random/stream.hpp"

namespace varprop {

/// A sample of Binomial(n, ½), n from 0 to 2⁴⁰: draws 0, 1, … of the stream, at most 2¹⁶.
///
/// Up to n = 512 random bits are counted. Beyond, transformed rejection (Hörmann, "The generation of binomial
/// random variates", J. Stat. Comput. Simul. 46 (1993), algorithm BTRS at p = ½): k from a table mountain
/// over the law, accepted by the ratio of probabilities to the middle's,
///     ln P(k)/P(m) = −(n/2)[h(δ_k) − h(δ_m)] + …,   h(δ) = (1+δ)ln(1+δ) + (1−δ)ln(1−δ),   δ_k = (2k − n)/n,
/// by a series in δ and Stirling's corrections: no cancellation at any n.
std::int64_t binomial_half(const Stream& stream, std::int64_t n);

/// ln P(k) up to a constant of n, k from 0 to n: what acceptance is decided by.
double log_binomial_half_weight(double k, double n);

}  // namespace varprop
