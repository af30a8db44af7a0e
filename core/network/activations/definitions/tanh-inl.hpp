// tanh: φ(z) = tanh z, φ'(z) = 1/cosh² z. Both from E = exp(−2|z|) and M = E − 1, without cancellation at
// either end: φ = −M/(1 + E), φ' = 4E/(1 + E)². Two units in the last place of φ' are what its divisor was
// rounded by: they are put back.
struct Tanh {
  static constexpr std::string_view name = "tanh";
  static constexpr std::optional<ParameterFacts> parameter_facts = std::nullopt;
  explicit Tanh(double) {}

  ActivationFacts facts() const { return {{1, 1}, {0, 0}, 0, {}, {true, true}}; }

  template <class M, class V>
  VARPROP_INLINE ValueAndSlope<V> operator()(const M& m, V z) const {
    const V magnitude = m.abs(z);
    const auto e = m.exp_and_expm1(m.negative(magnitude + magnitude));
    const V divisor = m.set(1) + e.exp, inverse = m.set(1) / divisor;
    const V divisor_error = e.exp - (divisor - m.set(1));
    const V inverse_error = m.fma(m.negative(divisor), inverse, m.set(1)) - divisor_error * inverse;
    const V slope = (m.set(4) * e.exp * inverse) * inverse;
    return {m.copy_sign(m.negative(e.expm1) * inverse, z), m.fma(slope + slope, inverse_error, slope)};
  }

  template <class M, class V>
  VARPROP_INLINE V curvature(const M& m, V z) const {
    const ValueAndSlope<V> at = (*this)(m, z);
    return m.set(-2) * at.value * at.slope;
  }

  template <class M, class V>
  VARPROP_INLINE Tail<V> tail(const M& m, V z) const {
    return {m.copy_sign(m.set(1), z), m.set(0), m.set(4), m.set(2) * m.abs(z)};
  }
};
