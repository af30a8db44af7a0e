// gelu_tanh: φ(z) = z (1 + tanh u)/2 = z s(2u) with s the sigmoid, 2u = k(z + 0.044715 z³), k = 2√(2/π): the
// approximation of gelu in Hendrycks & Gimpel 2016 (arXiv:1606.08415). φ' loses relative accuracy around its
// zero at z = −0.752.
struct GeluTanh {
  static constexpr std::string_view name = "gelu_tanh";
  static constexpr std::optional<ParameterFacts> parameter_facts = std::nullopt;
  static constexpr long double k = 1.59576912160573071175978423973752749L;
  static constexpr long double cubic = 0.044715L * k;
  explicit GeluTanh(double) {}

  ActivationFacts facts() const { return {{0.5, 0.5}, {0, 1}, 0, {}, {true, false}}; }

  template <class M, class V>
  VARPROP_INLINE ValueAndSlope<V> operator()(const M& m, V z) const {
    return SigmoidGate{}(m, z, exponent(m, bounded(m, z, 1e90L)));
  }

  template <class M, class V>
  VARPROP_INLINE V curvature(const M& m, V z) const {
    return SigmoidGate{}.curvature(m, exponent(m, bounded(m, z, 1e60L)));
  }

  template <class M, class V>
  VARPROP_INLINE Tail<V> tail(const M& m, V z) const {
    const auto at = exponent(m, bounded(m, z, 1e90L));
    return {z, at.y, m.fma(at.z, at.rate, m.set(1)), at.y};
  }

 private:
  /// So that no infinity meets the 0 that s is long before.
  template <class M, class V>
  VARPROP_INLINE static V bounded(const M& m, V z, long double bound) {
    return m.copy_sign(m.min(m.abs(z), m.set(bound)), z);
  }

  /// z² and the constants in two parts each, so that the exponent keeps the digits of a double beyond its
  /// last.
  template <class M, class V>
  VARPROP_INLINE GateExponent<V> exponent(const M& m, V z) const {
    constexpr auto k_high = static_cast<double>(k), cubic_high = static_cast<double>(cubic);
    const V magnitude = m.abs(z);
    const V square = z * z, square_low = m.fma(z, z, m.negative(square));
    const V bend = m.set(cubic_high) * square;
    const V bend_low = m.fma(m.set(cubic_high), square, m.negative(bend)) +
                       m.fma(m.set(cubic_high), square_low, m.set(cubic - cubic_high) * square);
    const V factor = m.set(k_high) + bend;
    const V part = factor - m.set(k_high);
    const V factor_low = ((m.set(k_high) - (factor - part)) + (bend - part)) + (bend_low + m.set(k - k_high));
    const V y = magnitude * factor;
    const V error = m.fma(magnitude, factor, m.negative(y)) + magnitude * factor_low;
    return {z, y, error, m.fma(m.set(3), bend, m.set(k)), m.set(6 * cubic) * z};
  }
};
