// arctan: φ(z) = arctan z, φ'(z) = 1/(1 + z²).
struct Arctan {
  static constexpr std::string_view name = "arctan";
  static constexpr std::optional<ParameterFacts> parameter_facts = std::nullopt;
  static constexpr long double half_pi = 1.57079632679489661923132169163975144L;
  explicit Arctan(double) {}

  ActivationFacts facts() const { return {{1, 1}, {0, 0}, 0, {}, {true, true}}; }

  template <class M, class V>
  VARPROP_INLINE ValueAndSlope<V> operator()(const M& m, V z) const {
    return {m.arctan(z), m.set(1) / m.fma(z, z, m.set(1))};
  }

  template <class M, class V>
  VARPROP_INLINE V curvature(const M& m, V z) const {
    const V slope = m.set(1) / m.fma(z, z, m.set(1));
    return (m.set(-2) * z * slope) * slope;
  }

  template <class M, class V>
  VARPROP_INLINE Tail<V> tail(const M& m, V z) const {
    return {m.copy_sign(m.set(half_pi), z), m.set(0), m.set(1), m.set(2) * m.log(m.abs(z))};
  }
};
