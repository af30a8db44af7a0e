// erf: φ(z) = erf z, φ'(z) = 2/√π exp(−z²).
struct Erf {
  static constexpr std::string_view name = "erf";
  static constexpr std::optional<ParameterFacts> parameter_facts = std::nullopt;
  static constexpr long double two_over_sqrt_pi = 1.12837916709551257389615890312154517L;
  explicit Erf(double) {}

  ActivationFacts facts() const {
    constexpr auto slope = static_cast<double>(two_over_sqrt_pi);
    return {{slope, slope}, {0, 0}, 0, {}, {true, true}};
  }

  template <class M, class V>
  VARPROP_INLINE ValueAndSlope<V> operator()(const M& m, V z) const {
    const V gaussian = m.exp_minus_square(z);
    return {m.erf(z, gaussian), m.set(two_over_sqrt_pi) * gaussian};
  }

  template <class M, class V>
  VARPROP_INLINE V curvature(const M& m, V z) const {
    return m.set(-2 * two_over_sqrt_pi) * z * m.exp_minus_square(z);
  }

  template <class M, class V>
  VARPROP_INLINE Tail<V> tail(const M& m, V z) const {
    return {m.copy_sign(m.set(1), z), m.set(0), m.set(two_over_sqrt_pi), z * z};
  }
};
