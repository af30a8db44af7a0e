// sin(ω): φ(z) = sin ωz, φ'(z) = ω cos ωz (ω = 30: Sitzmann et al. 2020, arXiv:2006.09661). Vectors hold it
// to |ωz| = 2⁴⁰; engines see to it that z stays far below.
struct Sin {
  static constexpr std::string_view name = "sin";
  static constexpr std::optional<ParameterFacts> parameter_facts{{"omega", 1, 0.01, 1000, true}};
  double w;
  explicit Sin(double omega) : w(omega) {}

  ActivationFacts facts() const { return {{w, w}, {0, 0}, 0, {{}, 0, 1 / w}, {}, w}; }

  template <class M, class V>
  VARPROP_INLINE ValueAndSlope<V> operator()(const M& m, V z) const {
    const auto at = sin_and_cos(m, z);
    return {at.sin, m.set(w) * at.cos};
  }

  template <class M, class V>
  VARPROP_INLINE V curvature(const M& m, V z) const {
    return m.set(-(static_cast<long double>(w) * w)) * sin_and_cos(m, z).sin;
  }

 private:
  /// The product ωz is rounded to y = ωz + r, |r| < 2⁻²² up to |y| = 2³¹: sin ωz = cos r sin y − sin r cos y,
  /// cos ωz = cos r cos y + sin r sin y, to third order in r. With ω = 1 both are the bits of sin z and cos
  /// z.
  template <class M, class V>
  VARPROP_INLINE SinAndCos<V> sin_and_cos(const M& m, V z) const {
    const V y = m.set(w) * z;
    const V r = m.fma(m.set(-w), z, y), r2 = r * r;
    const V cos_r = m.fma(m.set(-0.5L), r2, m.set(1)), sin_r = m.fma(m.set(-1 / 6.0L), r2, m.set(1)) * r;
    const auto at = m.sin_and_cos(y);
    return {m.fma(m.negative(sin_r), at.cos, cos_r * at.sin), m.fma(sin_r, at.sin, cos_r * at.cos)};
  }
};
