// gelu: φ(z) = z Φ(z) with Φ the standard normal's distribution function, φ'(z) = Φ(z) + z Φ'(z).
// Φ(−|z|) = exp(−z²/2) R(|z|) with R the scaled tail: relative accuracy in the left tail too.
struct Gelu {
  static constexpr std::string_view name = "gelu";
  static constexpr std::optional<ParameterFacts> parameter_facts = std::nullopt;
  static constexpr long double one_over_sqrt_2_pi = 0.39894228040143267793994605993438187L;
  explicit Gelu(double) {}

  ActivationFacts facts() const { return {{0.5, 0.5}, {0, 1}, 0, {}}; }

  template <class M, class V>
  VARPROP_INLINE ValueAndSlope<V> operator()(const M& m, V z) const {
    const V gaussian = m.exp_minus_half_square(z);
    const V tail = gaussian * m.scaled_normal_tail(m.abs(z));
    const V distribution = m.if_positive(z, m.set(1) - tail, tail);
    return {z * distribution, m.fma(z * m.set(one_over_sqrt_2_pi), gaussian, distribution)};
  }
};
