// hard_tanh: φ(z) = z clamped to [−1, 1], φ'(±1) = 0.
struct HardTanh {
  static constexpr std::string_view name = "hard_tanh";
  static constexpr std::optional<ParameterFacts> parameter_facts = std::nullopt;
  explicit HardTanh(double) {}

  ActivationFacts facts() const { return {{1, 1}, {0, 0}, 0, {{-1, 1}, 2}}; }

  template <class M, class V>
  VARPROP_INLINE ValueAndSlope<V> operator()(const M& m, V z) const {
    const V magnitude = m.abs(z), one = m.set(1);
    return {m.copy_sign(m.min(magnitude, one), z), m.if_positive(one - magnitude, one, m.set(0))};
  }

  template <class M, class V>
  VARPROP_INLINE V curvature(const M& m, V) const {
    return m.set(0);
  }
};
