// hardswish: φ(z) = z h(z) with h(z) = (z + 3)/6 clamped to [0, 1], φ'(−3) = 0, φ'(3) = 3/2 (Howard et al.
// 2019, arXiv:1905.02244).
struct Hardswish {
  static constexpr std::string_view name = "hardswish";
  static constexpr std::optional<ParameterFacts> parameter_facts = std::nullopt;
  explicit Hardswish(double) {}

  ActivationFacts facts() const { return {{0.5, 0.5}, {0, 1}, 0, {{-3, 3}, 2}}; }

  template <class M, class V>
  VARPROP_INLINE ValueAndSlope<V> operator()(const M& m, V z) const {
    const V three = m.set(3), six = m.set(6), zero = m.set(0);
    const V shifted = z + three;
    const V h = m.min(m.if_positive(shifted, shifted, zero), six) / six;
    const V inside = m.fma(m.set(2), z, three) / six;
    return {z * h, m.if_positive(z - three, m.set(1), m.if_positive(shifted, inside, zero))};
  }

  template <class M, class V>
  VARPROP_INLINE V curvature(const M& m, V z) const {
    return m.if_positive(m.set(3) - m.abs(z), m.set(1) / m.set(3), m.set(0));
  }
};
