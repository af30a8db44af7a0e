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
  /// The product ωz is rounded to y = ωz + r, |r| < 2⁻²¹ up to |y| = 2³¹; sin ωz = (1 − r²/2) sin y − r cos
  /// y, cos ωz = (1 − r²/2) cos y + r sin y. With ω = 1 both are the bits of sin z and cos z.
  template <class M, class V>
  VARPROP_INLINE SinAndCos<V> sin_and_cos(const M& m, V z) const {
    const V y = m.set(w) * z;
    const V r = m.fma(m.set(-w), z, y);
    const auto at = m.sin_and_cos(y);
    const V even = m.fma(m.set(-0.5L) * r, r, m.set(1));
    return {m.fma(m.negative(r), at.cos, even * at.sin), m.fma(r, at.sin, even * at.cos)};
  }
};
