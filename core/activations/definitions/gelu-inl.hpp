// gelu: φ(z) = z Φ(z) with Φ the standard normal's distribution function, φ'(z) = Φ(z) + z Φ'(z).
// With t = |z|/√2, Φ(−|z|) = ½ exp(−z²/2) erfcx(t) and Φ'(z) = exp(−z²/2)/√(2π): relative accuracy in the left tail.
struct Gelu {
  static constexpr std::string_view name = "gelu";
  static constexpr std::optional<ParameterFacts> parameter_facts = std::nullopt;
  static constexpr long double one_over_sqrt_2 = 0.70710678118654752440084436210484904L;
  static constexpr long double one_over_sqrt_2_pi = 0.39894228040143267793994605993438187L;
  explicit Gelu(double) {}

  ActivationFacts facts() const { return {{0.5, 0.5}, {0, 1}, 0, {}}; }

  template <class M, class V>
  VARPROP_INLINE ValueAndSlope<V> operator()(const M& m, V z) const {
    const V t = m.abs(z) * m.set(one_over_sqrt_2);
    const V gaussian = m.exp_minus_half_square(z);
    const V tail = m.set(0.5) * (gaussian * m.scaled_erfc(t));
    const V distribution = m.if_positive(z, m.set(1) - tail, tail);
    return {z * distribution, m.fma(z * m.set(one_over_sqrt_2_pi), gaussian, distribution)};
  }
};
