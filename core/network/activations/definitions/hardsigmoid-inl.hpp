// hardsigmoid: φ(z) = (z + 3)/6 clamped to [0, 1], φ'(±3) = 0.
struct Hardsigmoid {
  static constexpr std::string_view name = "hardsigmoid";
  static constexpr std::optional<ParameterFacts> parameter_facts = std::nullopt;
  static constexpr double sixth = 1.0 / 6;
  explicit Hardsigmoid(double) {}

  ActivationFacts facts() const { return {{sixth, sixth}, {0, 0}, 0.5, {{-3, 3}, 2}}; }

  template <class M, class V>
  VARPROP_INLINE ValueAndSlope<V> operator()(const M& m, V z) const {
    const V three = m.set(3), six = m.set(6), zero = m.set(0);
    const V shifted = z + three;
    return {m.min(m.if_positive(shifted, shifted, zero), six) / six,
            m.if_positive(three - m.abs(z), m.set(1) / six, zero)};
  }

  template <class M, class V>
  VARPROP_INLINE V curvature(const M& m, V) const {
    return m.set(0);
  }
};
