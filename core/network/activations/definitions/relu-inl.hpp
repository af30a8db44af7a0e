// relu: φ(z) = max(z, 0), φ'(0) = 0.
struct Relu {
  static constexpr std::string_view name = "relu";
  static constexpr std::optional<ParameterFacts> parameter_facts = std::nullopt;
  explicit Relu(double) {}

  ActivationFacts facts() const { return {{0, 1}, {0, 1}, 0, {{0}, 1}}; }

  template <class M, class V>
  VARPROP_INLINE ValueAndSlope<V> operator()(const M& m, V z) const {
    return {m.if_positive(z, z, m.set(0)), m.if_positive(z, m.set(1), m.set(0))};
  }

  template <class M, class V>
  VARPROP_INLINE V curvature(const M& m, V) const {
    return m.set(0);
  }
};
