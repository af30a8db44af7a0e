// Standard normals from a stream, a vector at a time. Included once per SIMD target (Highway's
// foreach_target).
#if defined(VARPROP_CORE_RANDOM_NORMALS_INL_HPP_) == defined(HWY_TARGET_TOGGLE)
#ifdef VARPROP_CORE_RANDOM_NORMALS_INL_HPP_
#undef VARPROP_CORE_RANDOM_NORMALS_INL_HPP_
#else
#define VARPROP_CORE_RANDOM_NORMALS_INL_HPP_
#endif

#include <hwy/highway.h>

#include <bit>

#include "core/random/draws-inl.hpp"
#include "core/random/normal_quantile.hpp"

#include "core/simd/vector_target.hpp"

#if VARPROP_VECTOR_TARGET
HWY_BEFORE_NAMESPACE();
namespace varprop::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/// Draws that are transformed at a time.
inline constexpr std::size_t buffered_groups = 16;

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

/// Vectors that are transformed side by side: they share the loads of the table, which would bind otherwise.
inline constexpr std::size_t vectors_at_once = 2;

/// Σ c_p t^p with the coefficients of every lane's segment, looked up by permutation; right for k ≥
/// tail_limit.
template <class D, class VU>
HWY_INLINE void quantile_polynomial(D d, const VU (&segment)[vectors_at_once],
                                    const hn::Vec<D> (&t)[vectors_at_once],
                                    hn::Vec<D> (&z)[vectors_at_once]) {
  for (auto& vector : z) vector = hn::Zero(d);
  for (int power = normal_quantile_degree; power >= 0; --power) {
    const auto low = hn::Load(d, central_table.c[power]);
    const auto high = hn::Load(d, central_table.c[power] + 8);
    for (std::size_t v = 0; v < vectors_at_once; ++v) {
      const hn::Vec<D> c{_mm512_permutex2var_pd(low.raw, segment[v].raw, high.raw)};
      z[v] = power == normal_quantile_degree ? c : hn::MulAdd(z[v], t[v], c);
    }
  }
}

/// Where the draws of a buffer fell into the tail beyond the central segments: 1 in 256. They are replaced
/// after the buffer, since a branch in the loop over it would cost more than all of them.
template <std::size_t draws>
class TailMarks {
 public:
  /// Marks which of the draws i, i + 1, … of one vector are in the tail.
  template <class D>
  HWY_INLINE void mark(D d, std::size_t i, hn::Vec<D> k) {
    static_assert(hn::MaxLanes(D()) == 8);
    hn::StoreMaskBits(d, hn::Lt(k, hn::Set(d, NormalQuantile::tail_limit)), marks_ + i / 8);
  }

  /// Replaces the marked ones of the first `count` normals, a multiple of 8.
  HWY_INLINE void replace(const std::uint64_t* HWY_RESTRICT bits, std::size_t count,
                          double* HWY_RESTRICT out) const {
    for (std::size_t byte = 0; byte < count / 8; ++byte) {
      for (unsigned marks = marks_[byte]; HWY_UNLIKELY(marks != 0); marks &= marks - 1) {
        const std::size_t i = 8 * byte + static_cast<std::size_t>(std::countr_zero(marks));
        out[i] = normal_from_bits(bits[i]);
      }
    }
  }

 private:
  std::uint8_t marks_[draws / 8];
};
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

inline constexpr std::size_t vectors_at_once = 1;

/// Σ c_p t^p with the coefficients of every lane's segment; right for every k.
template <class D, class VU>
HWY_INLINE void quantile_polynomial(D, const VU (&segment)[1], const hn::Vec<D> (&t)[1], hn::Vec<D> (&z)[1]) {
  static_assert(normal_quantile_degree % 2 == 1);
  HWY_ALIGN std::uint64_t s[4];
  hn::Store(segment[0], hn::DFromV<VU>(), s);
  const double* row[4];
  for (int lane = 0; lane < 4; ++lane)
    row[lane] = normal_quantile_table[s[lane] - NormalQuantile::segment_offset];
  const CoefficientPair highest(row, normal_quantile_degree - 1);
  z[0] = hn::MulAdd(highest.odd, t[0], highest.even);
  for (int power = normal_quantile_degree - 3; power >= 0; power -= 2) {
    const CoefficientPair c(row, power);
    z[0] = hn::MulAdd(hn::MulAdd(z[0], t[0], c.odd), t[0], c.even);
  }
}

/// Every segment is looked up here: no tail to replace.
template <std::size_t draws>
class TailMarks {
 public:
  template <class D>
  HWY_INLINE void mark(D, std::size_t, hn::Vec<D>) {}
  HWY_INLINE void replace(const std::uint64_t*, std::size_t, double*) const {}
};
#endif  // VARPROP_AVX512

/// Which part of the normal law is drawn: k = 2⁶³ P(|Z| > |z|) of the 63 bits after the sign, taken as a
/// number from 1 to 2⁶³.
struct WholeNormal {
  static constexpr bool has_tail = true;
  template <class D>
  HWY_INLINE hn::Vec<D> k(D, hn::Vec<D> number) const {
    return number;
  }
  template <class D>
  HWY_INLINE hn::Vec<D> scaled(D, hn::Vec<D> z) const {
    return z;
  }
};

/// The values of vectors_at_once vectors of draws: NormalQuantile::magnitude with the draw's sign, lane by
/// lane.
template <class Law, class Tail>
HWY_INLINE void transform_vectors(const Law& law, const std::uint64_t* HWY_RESTRICT bits, std::size_t first,
                                  double* HWY_RESTRICT out, Tail& tail) {
  using D = hn::CappedTag<double, 8>;
  const D d;
  const hn::RebindToUnsigned<D> du;
  constexpr std::size_t N = hn::MaxLanes(D());
  hn::Vec<decltype(du)> segment[vectors_at_once];
  hn::Vec<D> t[vectors_at_once], z[vectors_at_once];
  for (std::size_t v = 0; v < vectors_at_once; ++v) {
    const auto integer = hn::Or(hn::ShiftRight<1>(hn::Load(du, bits + first + v * N)), hn::Set(du, 1));
    const auto k = hn::Min(law.k(d, hn::ConvertTo(d, integer)), hn::Set(d, NormalQuantile::largest));
    if constexpr (Law::has_tail) tail.mark(d, first + v * N, k);
    const auto k_bits = hn::BitCast(du, k);
    const auto mantissa = hn::And(k_bits, hn::Set(du, NormalQuantile::mantissa_mask));
    const auto m = hn::BitCast(d, hn::Or(mantissa, hn::Set(du, NormalQuantile::one)));
    segment[v] = hn::ShiftRight<51>(k_bits);
    t[v] = m - hn::Set(d, NormalQuantile::middle);
  }
  quantile_polynomial(d, segment, t, z);
  for (std::size_t v = 0; v < vectors_at_once; ++v) {
    const auto sign = hn::BitCast(d, hn::ShiftLeft<63>(hn::Load(du, bits + first + v * N)));
    hn::StoreU(hn::Xor(law.scaled(d, z[v]), sign), d, out + first + v * N);
  }
}

/// The values of 16·groups draws into `out`.
template <class Law>
HWY_INLINE void transform(const Law& law, const std::uint64_t* HWY_RESTRICT bits, std::size_t groups,
                          double* HWY_RESTRICT out) {
  constexpr std::size_t step = vectors_at_once * hn::MaxLanes(hn::CappedTag<double, 8>());
  static_assert(draws_per_group % step == 0);
  TailMarks<buffered_groups * draws_per_group> tail;
  for (std::size_t i = 0; i < groups * draws_per_group; i += step) transform_vectors(law, bits, i, out, tail);
  if constexpr (Law::has_tail) tail.replace(bits, groups * draws_per_group, out);
}

/// Values first_group·16 … first_group·16 + 16·groups − 1 of a stream.
/// The draws pass through a small buffer, so that the table stays in registers during the second loop.
template <class Law>
HWY_INLINE void fill_by_quantile(const Law& law, const Stream& stream, std::uint64_t first_group,
                                 std::size_t groups, double* HWY_RESTRICT out) {
  HWY_ALIGN std::uint64_t bits[buffered_groups * draws_per_group];
  for (std::size_t done = 0; done < groups; done += buffered_groups) {
    const std::size_t now = HWY_MIN(buffered_groups, groups - done);
    fill_draws(stream, first_group + done, now, bits);
    transform(law, bits, now, out + done * draws_per_group);
  }
}

/// Normals first_group·16 … first_group·16 + 16·groups − 1 of a stream.
HWY_INLINE void fill_normals(const Stream& stream, std::uint64_t first_group, std::size_t groups,
                             double* HWY_RESTRICT out) {
  fill_by_quantile(WholeNormal{}, stream, first_group, groups, out);
}

}  // namespace varprop::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif  // VARPROP_VECTOR_TARGET

#endif  // per target
