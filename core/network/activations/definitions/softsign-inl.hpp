// softsign: φ(z) = z/(1 + |z|), φ'(z) = 1/(1 + |z|)².
struct Softsign {
  static constexpr std::string_view name = "softsign";
  static constexpr std::optional<ParameterFacts> parameter_facts = std::nullopt;
  explicit Softsign(double) {}

  ActivationFacts facts() const { return {{1, 1}, {0, 0}, 0, {}, {true, true}}; }

  template <class M, class V>
  VARPROP_INLINE ValueAndSlope<V> operator()(const M& m, V z) const {
    const V divisor = m.set(1) + m.abs(z);
    const V inverse = m.set(1) / divisor;
    return {z / divisor, inverse * inverse};
  }

  template <class M, class V>
  VARPROP_INLINE V curvature(const M& m, V z) const {
    const V inverse = m.set(1) / (m.set(1) + m.abs(z));
    const V magnitude = m.set(2) * inverse * inverse * inverse;
    return m.if_positive(z, m.negative(magnitude), m.if_positive(m.negative(z), magnitude, m.set(0)));
  }

  template <class M, class V>
  VARPROP_INLINE Tail<V> tail(const M& m, V z) const {
    return {m.copy_sign(m.set(1), z), m.set(0), m.set(1), m.set(2) * m.log(m.abs(z))};
  }
};
