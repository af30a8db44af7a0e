// relu6: φ(z) = z clamped to [0, 6], φ'(0) = φ'(6) = 0.
struct Relu6 {
  static constexpr std::string_view name = "relu6";
  static constexpr std::optional<ParameterFacts> parameter_facts = std::nullopt;
  explicit Relu6(double) {}

  ActivationFacts facts() const { return {{0, 1}, {0, 0}, 0, {{0, 6}, 2}}; }

  template <class M, class V>
  VARPROP_INLINE ValueAndSlope<V> operator()(const M& m, V z) const {
    const V six = m.set(6), zero = m.set(0);
    const V above = m.if_positive(z, z, zero);
    return {m.min(above, six), m.if_positive(above, m.if_positive(six - z, m.set(1), zero), zero)};
  }

  template <class M, class V>
  VARPROP_INLINE V curvature(const M& m, V) const {
    return m.set(0);
  }
};
