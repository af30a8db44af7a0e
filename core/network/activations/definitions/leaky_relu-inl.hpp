// leaky_relu(a): φ(z) = z for z > 0, else a z.
struct LeakyRelu {
  static constexpr std::string_view name = "leaky_relu";
  static constexpr std::optional<ParameterFacts> parameter_facts{{"negative_slope", 0.01, -100, 100}};
  double a;
  explicit LeakyRelu(double negative_slope) : a(negative_slope) {}

  ActivationFacts facts() const { return {{a, 1}, {a, 1}, 0, {{0}, 1}}; }

  template <class M, class V>
  VARPROP_INLINE ValueAndSlope<V> operator()(const M& m, V z) const {
    const V slope = m.if_positive(z, m.set(1), m.set(a));
    return {slope * z, slope};
  }

  template <class M, class V>
  VARPROP_INLINE V curvature(const M& m, V) const {
    return m.set(0);
  }
};
