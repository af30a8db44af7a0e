// gelu: φ(z) = z Φ(z) with Φ the standard normal's distribution function, φ'(z) = Φ(z) + z Φ'(z). The left
// tail is relatively accurate; φ' is not around its zero at z = −0.752, where its two parts cancel.
struct Gelu {
  static constexpr std::string_view name = "gelu";
  static constexpr std::optional<ParameterFacts> parameter_facts = std::nullopt;
  static constexpr long double one_over_sqrt_2_pi = 0.39894228040143267793994605993438187L;
  explicit Gelu(double) {}

  ActivationFacts facts() const { return {{0.5, 0.5}, {0, 1}, 0, {}, {true, false}}; }

  template <class M, class V>
  VARPROP_INLINE ValueAndSlope<V> operator()(const M& m, V z) const {
    const auto normal = m.normal_tail(m.abs(z));
    const V distribution = m.if_positive(z, m.set(1) - normal.probability, normal.probability);
    return {z * distribution, m.fma(z * m.set(one_over_sqrt_2_pi), normal.gaussian, distribution)};
  }

  template <class M, class V>
  VARPROP_INLINE V curvature(const M& m, V z) const {
    const V magnitude = m.min(m.abs(z), m.set(40));  // Φ' is 0 there already
    const V gaussian = m.normal_tail(magnitude).gaussian;
    return m.set(one_over_sqrt_2_pi) * gaussian * m.fma(m.negative(magnitude), magnitude, m.set(2));
  }

  template <class M, class V>
  VARPROP_INLINE Tail<V> tail(const M& m, V z) const {
    const V magnitude = m.abs(z);
    const V scaled = m.scaled_normal_tail(magnitude), decay = m.set(0.5L) * z * z;
    const V slope = m.fma(z, m.set(one_over_sqrt_2_pi), scaled);
    return {z * scaled, decay, slope, decay};
  }
};
