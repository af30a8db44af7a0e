// softplus: φ(z) = ln(1 + exp z), φ'(z) = 1/(1 + exp(−z)). Both from E = exp(−|z|).
struct Softplus {
  static constexpr std::string_view name = "softplus";
  static constexpr std::optional<ParameterFacts> parameter_facts = std::nullopt;
  static constexpr double ln_2 = 0.693147180559945309417232121458;
  explicit Softplus(double) {}

  ActivationFacts facts() const { return {{0.5, 0.5}, {0, 1}, ln_2, {}, {true, false}}; }

  template <class M, class V>
  VARPROP_INLINE ValueAndSlope<V> operator()(const M& m, V z) const {
    const V e = m.exp_and_expm1(m.negative(m.abs(z))).exp;
    const V inverse = m.set(1) / (m.set(1) + e);
    return {m.if_positive(z, z, m.set(0)) + m.log1p(e), m.if_positive(z, inverse, e * inverse)};
  }

  template <class M, class V>
  VARPROP_INLINE V curvature(const M& m, V z) const {
    const V e = m.exp_and_expm1(m.negative(m.abs(z))).exp;
    return e / m.fma(e, e + m.set(2), m.set(1));
  }

  template <class M, class V>
  VARPROP_INLINE Tail<V> tail(const M& m, V z) const {
    const V decay = m.negative(z);
    return {m.set(1), decay, m.set(1), decay};
  }
};
