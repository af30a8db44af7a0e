// linear: φ(z) = z.
struct Linear {
  static constexpr std::string_view name = "linear";
  static constexpr std::optional<ParameterFacts> parameter_facts = std::nullopt;
  explicit Linear(double) {}

  ActivationFacts facts() const { return {{1, 1}, {1, 1}, 0, {}}; }

  template <class M, class V>
  VARPROP_INLINE ValueAndSlope<V> operator()(const M& m, V z) const {
    return {z, m.set(1)};
  }

  template <class M, class V>
  VARPROP_INLINE V curvature(const M& m, V) const {
    return m.set(0);
  }
};
