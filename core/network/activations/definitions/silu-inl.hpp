// silu: φ(z) = z s(z) with s the sigmoid, φ'(z) = s(z)(1 + z s(−z)). Both from E = exp(−|z|):
// φ' = (1 + E + zE)/(1 + E)² for z > 0, E(1 + E + z)/(1 + E)² else. φ' loses relative accuracy around its
// zero at z = −1.278.
struct Silu {
  static constexpr std::string_view name = "silu";
  static constexpr std::optional<ParameterFacts> parameter_facts = std::nullopt;
  explicit Silu(double) {}

  ActivationFacts facts() const { return {{0.5, 0.5}, {0, 1}, 0, {}, {true, false}}; }

  template <class M, class V>
  VARPROP_INLINE ValueAndSlope<V> operator()(const M& m, V z) const {
    const V e = m.exp_and_expm1(m.negative(m.abs(z))).exp, one = m.set(1);
    const V divisor = one + e;
    const V above = m.if_positive(z, one, e), below = m.if_positive(z, e, one);
    const V slope = above * m.fma(z, below, divisor) / m.fma(e, e + m.set(2), one);
    return {z * (above / divisor), slope};
  }

  template <class M, class V>
  VARPROP_INLINE V curvature(const M& m, V z) const {
    const auto e = m.exp_and_expm1(m.negative(m.abs(z)));
    const V inverse = m.set(1) / (m.set(1) + e.exp);
    return e.exp * inverse * inverse * m.fma(m.abs(z), e.expm1 * inverse, m.set(2));
  }

  template <class M, class V>
  VARPROP_INLINE Tail<V> tail(const M& m, V z) const {
    const V decay = m.negative(z);
    return {z, decay, m.set(1) + z, decay};
  }
};
