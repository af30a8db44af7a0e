// sigmoid: φ(z) = 1/(1 + exp(−z)), φ'(z) = φ(z) φ(−z). Both from E = exp(−|z|).
struct Sigmoid {
  static constexpr std::string_view name = "sigmoid";
  static constexpr std::optional<ParameterFacts> parameter_facts = std::nullopt;
  explicit Sigmoid(double) {}

  ActivationFacts facts() const { return {{0.25, 0.25}, {0, 0}, 0.5, {}, {true, true}}; }

  template <class M, class V>
  VARPROP_INLINE ValueAndSlope<V> operator()(const M& m, V z) const {
    const V e = m.exp_and_expm1(m.negative(m.abs(z))).exp;
    const V inverse = m.set(1) / (m.set(1) + e);
    const V slope = e / m.fma(e, e + m.set(2), m.set(1));
    return {m.if_positive(z, inverse, e * inverse), slope};
  }

  template <class M, class V>
  VARPROP_INLINE V curvature(const M& m, V z) const {
    const auto e = m.exp_and_expm1(m.negative(m.abs(z)));
    const V inverse = m.set(1) / (m.set(1) + e.exp);
    const V magnitude = e.expm1 * inverse * (e.exp * inverse * inverse);
    return m.copy_sign(magnitude, m.negative(z));
  }

  template <class M, class V>
  VARPROP_INLINE Tail<V> tail(const M& m, V z) const {
    const V decay = m.abs(z);
    return {m.set(1), m.if_positive(z, m.set(0), decay), m.set(1), decay};
  }
};
