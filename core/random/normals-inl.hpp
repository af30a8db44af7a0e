// Standard normals from a stream, a vector at a time. Included once per SIMD target (Highway's
// foreach_target).
#if defined(VARPROP_CORE_RANDOM_NORMALS_INL_HPP_) == defined(HWY_TARGET_TOGGLE)
#ifdef VARPROP_CORE_RANDOM_NORMALS_INL_HPP_
#undef VARPROP_CORE_RANDOM_NORMALS_INL_HPP_
#else
#define VARPROP_CORE_RANDOM_NORMALS_INL_HPP_
#endif

#include <hwy/highway.h>

#include "core/random/normal_quantile.hpp"
#include "core/random/stream.hpp"

#include "core/simd/vector_target.hpp"

#if VARPROP_VECTOR_TARGET
HWY_BEFORE_NAMESPACE();
namespace varprop::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/// Draws are made in groups of 16 (8 blocks of Philox), whatever the width of a vector.
inline constexpr std::size_t draws_per_group = 16;

#if VARPROP_AVX512
/// The sixteen central segments of the quantile table, coefficient by coefficient, in the order of (exponent
/// and first mantissa bit) mod 16: one coefficient of all segments fills two registers.
struct alignas(64) CentralTable {
  double c[normal_quantile_degree + 1][NormalQuantile::vector_segments];
};

constexpr CentralTable make_central_table() {
  CentralTable table{};
  for (int s = NormalQuantile::first_vector_segment; s < normal_quantile_segments; ++s) {
    const int index = static_cast<int>((static_cast<std::uint64_t>(s) + NormalQuantile::segment_offset) % 16);
    for (int power = 0; power <= normal_quantile_degree; ++power) {
      table.c[power][index] = normal_quantile_table[s][power];
    }
  }
  return table;
}

inline constexpr CentralTable central_table = make_central_table();

/// Σ c_p t^p with the coefficients of every lane's segment, looked up by permutation; right for k ≥
/// tail_limit.
template <class D, class VU>
HWY_INLINE hn::Vec<D> quantile_polynomial(D d, VU segment, hn::Vec<D> t) {
  const auto coefficient = [&](int power) HWY_ATTR {
    const double* const c = central_table.c[power];
    return hn::Vec<D>{_mm512_permutex2var_pd(hn::Load(d, c).raw, segment.raw, hn::Load(d, c + 8).raw)};
  };
  auto z = coefficient(normal_quantile_degree);
  for (int power = normal_quantile_degree - 1; power >= 0; --power) z = hn::MulAdd(z, t, coefficient(power));
  return z;
}

/// Replaces the few values whose k is in the tail; about one vector in thirty has one.
template <class D>
HWY_NOINLINE void replace_tail(D d, hn::Vec<D> k, const std::uint64_t* bits, double* out) {
  HWY_ALIGN double ks[hn::MaxLanes(d)];
  hn::Store(k, d, ks);
  for (std::size_t i = 0; i < hn::Lanes(d); ++i) {
    if (ks[i] < NormalQuantile::tail_limit) out[i] = normal_from_bits(bits[i]);
  }
}

template <class D>
HWY_INLINE void finish_tail(D d, hn::Vec<D> k, const std::uint64_t* bits, double* out) {
  const auto tail = hn::Lt(k, hn::Set(d, NormalQuantile::tail_limit));
  if (HWY_UNLIKELY(!hn::AllFalse(d, tail))) replace_tail(d, k, bits, out);
}
#else
/// Coefficients `power` and `power + 1` of four lanes' segments: two rows to a register, then interleaved.
/// AVX2 has no permutation of sixteen doubles, and this is three times as fast as its gather.
struct CoefficientPair {
  hn::Vec<hn::CappedTag<double, 8> > even, odd;

  HWY_INLINE CoefficientPair(const double* const (&row)[4], int power) {
    const auto two_rows = [power](const double* low, const double* high) HWY_ATTR {
      return _mm256_insertf128_pd(_mm256_castpd128_pd256(_mm_load_pd(low + power)), _mm_load_pd(high + power),
                                  1);
    };
    const __m256d rows_02 = two_rows(row[0], row[2]);
    const __m256d rows_13 = two_rows(row[1], row[3]);
    even.raw = _mm256_unpacklo_pd(rows_02, rows_13);
    odd.raw = _mm256_unpackhi_pd(rows_02, rows_13);
  }
};

/// Σ c_p t^p with the coefficients of every lane's segment; right for every k.
template <class D, class VU>
HWY_INLINE hn::Vec<D> quantile_polynomial(D, VU segment, hn::Vec<D> t) {
  static_assert(normal_quantile_degree % 2 == 1);
  HWY_ALIGN std::uint64_t s[4];
  hn::Store(segment, hn::DFromV<VU>(), s);
  const double* row[4];
  for (int lane = 0; lane < 4; ++lane)
    row[lane] = normal_quantile_table[s[lane] - NormalQuantile::segment_offset];
  const CoefficientPair highest(row, normal_quantile_degree - 1);
  auto z = hn::MulAdd(highest.odd, t, highest.even);
  for (int power = normal_quantile_degree - 3; power >= 0; power -= 2) {
    const CoefficientPair c(row, power);
    z = hn::MulAdd(hn::MulAdd(z, t, c.odd), t, c.even);
  }
  return z;
}

template <class D>
HWY_INLINE void finish_tail(D, hn::Vec<D>, const std::uint64_t*, double*) {}
#endif  // VARPROP_AVX512

/// |z| of k = 2⁶³ v: NormalQuantile::magnitude, lane by lane.
template <class D>
HWY_INLINE hn::Vec<D> magnitude(D d, hn::Vec<D> k) {
  const hn::RebindToUnsigned<D> du;
  const auto bits = hn::BitCast(du, k);
  const auto mantissa = hn::And(bits, hn::Set(du, NormalQuantile::mantissa_mask));
  const auto m = hn::BitCast(d, hn::Or(mantissa, hn::Set(du, NormalQuantile::one)));
  return quantile_polynomial(d, hn::ShiftRight<51>(bits), m - hn::Set(d, NormalQuantile::middle));
}

/// The normals of Lanes(d) draws.
template <class D>
HWY_INLINE void transform(D d, const std::uint64_t* HWY_RESTRICT bits, double* HWY_RESTRICT out) {
  const hn::RebindToUnsigned<D> du;
  const auto b = hn::Load(du, bits);
  const auto integer = hn::Or(hn::ShiftRight<1>(b), hn::Set(du, 1));
  const auto k = hn::Min(hn::ConvertTo(d, integer), hn::Set(d, NormalQuantile::largest));
  const auto sign = hn::BitCast(d, hn::ShiftLeft<63>(b));
  hn::Store(hn::Xor(magnitude(d, k), sign), d, out);
  finish_tail(d, k, bits, out);
}

/// The state of several Philox blocks, one a 64-bit lane, each word in the low half of its lane.
template <class DU>
struct PhiloxLanes {
  hn::Vec<DU> c0, c1, c2, c3;

  HWY_INLINE void run(DU du, Philox::Key key) {
    const hn::Repartition<std::uint32_t, DU> d32;
    const auto m0 = hn::BitCast(d32, hn::Set(du, Philox::multiplier_0));
    const auto m1 = hn::BitCast(d32, hn::Set(du, Philox::multiplier_1));
    for (int round = 0; round < Philox::rounds; ++round) {
      const auto p0 = hn::MulEven(hn::BitCast(d32, c0), m0);
      const auto p1 = hn::MulEven(hn::BitCast(d32, c2), m1);
      c0 = hn::Xor3(hn::ShiftRight<32>(p1), c1, hn::Set(du, key[0]));
      c1 = p1;
      c2 = hn::Xor3(hn::ShiftRight<32>(p0), c3, hn::Set(du, key[1]));
      c3 = p0;
      key = {key[0] + Philox::key_step[0], key[1] + Philox::key_step[1]};
    }
  }
};

/// The draws of one group in their order: draw 2j and 2j + 1 are the halves of block j.
///
/// Interleaving two vectors of halves keeps to 128-bit pairs of lanes, so the lanes start with the blocks
/// 0, N/2, 1, N/2 + 1, …: then the lower interleave holds the first N draws and the upper one the next N.
template <class DU>
HWY_INLINE void draw_group(DU du, const Stream& stream, std::uint64_t group,
                           std::uint64_t* HWY_RESTRICT out) {
  const std::size_t N = hn::Lanes(du);
  const auto low32 = hn::Set(du, 0xFFFFFFFFu);
  const auto lane = hn::Iota(du, 0);
  const auto odd = hn::And(lane, hn::Set(du, 1));
  const auto offset = hn::Or(hn::ShiftRight<1>(lane), odd * hn::Set(du, N / 2));
  for (std::size_t first = 0; first < draws_per_group / 2; first += N) {
    const auto counter = stream.counter(group * (draws_per_group / 2) + first);
    PhiloxLanes<DU> lanes{hn::Set(du, counter[0]) + offset, hn::Set(du, counter[1]), hn::Set(du, counter[2]),
                          hn::Set(du, counter[3])};
    lanes.run(du, stream.key());
    const auto half_0 = hn::Or(hn::And(lanes.c0, low32), hn::ShiftLeft<32>(lanes.c1));
    const auto half_1 = hn::Or(hn::And(lanes.c2, low32), hn::ShiftLeft<32>(lanes.c3));
    hn::Store(hn::InterleaveLower(du, half_0, half_1), du, out + 2 * first);
    hn::Store(hn::InterleaveUpper(du, half_0, half_1), du, out + 2 * first + N);
  }
}

/// Normals first_group·16 … first_group·16 + 16·groups − 1 of a stream. `out` is aligned to a vector.
/// The draws pass through a small buffer, so that the table stays in registers during the second loop.
HWY_INLINE void fill_normals(const Stream& stream, std::uint64_t first_group, std::size_t groups,
                             double* HWY_RESTRICT out) {
  using D = hn::CappedTag<double, 8>;
  const D d;
  const hn::RebindToUnsigned<D> du;
  constexpr std::size_t buffered_groups = 16;
  HWY_ALIGN std::uint64_t bits[buffered_groups * draws_per_group];
  for (std::size_t done = 0; done < groups; done += buffered_groups) {
    const std::size_t now = HWY_MIN(buffered_groups, groups - done);
    for (std::size_t g = 0; g < now; ++g) {
      draw_group(du, stream, first_group + done + g, bits + g * draws_per_group);
    }
    double* const to = out + done * draws_per_group;
    for (std::size_t i = 0; i < now * draws_per_group; i += hn::Lanes(d)) transform(d, bits + i, to + i);
  }
}

}  // namespace varprop::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif  // VARPROP_VECTOR_TARGET

#endif  // per target
