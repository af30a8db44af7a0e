// quick_gelu: φ(z) = z s(1.702 z) with s the sigmoid (Hendrycks & Gimpel 2016, arXiv:1606.08415). φ' loses
// relative accuracy around its zero at z = −0.751.
struct QuickGelu {
  static constexpr std::string_view name = "quick_gelu";
  static constexpr std::optional<ParameterFacts> parameter_facts = std::nullopt;
  static constexpr long double rate = 1.702L;
  explicit QuickGelu(double) {}

  ActivationFacts facts() const { return {{0.5, 0.5}, {0, 1}, 0, {}, {true, false}}; }

  template <class M, class V>
  VARPROP_INLINE ValueAndSlope<V> operator()(const M& m, V z) const {
    return SigmoidGate{}(m, z, exponent(m, z));
  }

  template <class M, class V>
  VARPROP_INLINE V curvature(const M& m, V z) const {
    return SigmoidGate{}.curvature(m, exponent(m, z));
  }

  template <class M, class V>
  VARPROP_INLINE Tail<V> tail(const M& m, V z) const {
    const V decay = m.set(rate) * m.abs(z);
    return {z, decay, m.fma(z, m.set(rate), m.set(1)), decay};
  }

 private:
  template <class M, class V>
  VARPROP_INLINE GateExponent<V> exponent(const M& m, V z) const {
    constexpr auto rounded = static_cast<double>(rate);
    const V magnitude = m.min(m.abs(z), m.set(1e300L));  // no infinity meets the 0 that s is there
    const V y = m.set(rounded) * magnitude;
    const V error = m.fma(m.set(rounded), magnitude, m.negative(y)) + m.set(rate - rounded) * magnitude;
    return {m.copy_sign(magnitude, z), y, error, m.set(rate), m.set(0)};
  }
};
