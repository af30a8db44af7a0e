// sin: φ(z) = sin z, φ'(z) = cos z. Vectors hold it to |z| = 2⁴⁰; engines see to it that z stays far below.
struct Sin {
  static constexpr std::string_view name = "sin";
  static constexpr std::optional<ParameterFacts> parameter_facts = std::nullopt;
  explicit Sin(double) {}

  ActivationFacts facts() const { return {{1, 1}, {0, 0}, 0, {}, {}, true}; }

  template <class M, class V>
  VARPROP_INLINE ValueAndSlope<V> operator()(const M& m, V z) const {
    const auto at = m.sin_and_cos(z);
    return {at.sin, at.cos};
  }

  template <class M, class V>
  VARPROP_INLINE V curvature(const M& m, V z) const {
    return m.negative(m.sin_and_cos(z).sin);
  }
};
