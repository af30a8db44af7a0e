// abs: φ(z) = |z|, φ'(0) = 0.
struct Abs {
  static constexpr std::string_view name = "abs";
  static constexpr std::optional<ParameterFacts> parameter_facts = std::nullopt;
  explicit Abs(double) {}

  ActivationFacts facts() const { return {{-1, 1}, {-1, 1}, 0, {{0}, 1}}; }

  template <class M, class V>
  VARPROP_INLINE ValueAndSlope<V> operator()(const M& m, V z) const {
    const V below = m.if_positive(m.negative(z), m.set(-1), m.set(0));
    return {m.abs(z), m.if_positive(z, m.set(1), below)};
  }

  template <class M, class V>
  VARPROP_INLINE V curvature(const M& m, V) const {
    return m.set(0);
  }
};
