// softshrink(λ): φ(z) = z moved towards 0 by λ, and 0 where |z| ≤ λ.
struct Softshrink {
  static constexpr std::string_view name = "softshrink";
  static constexpr std::optional<ParameterFacts> parameter_facts{{"lambda", 0.5, 0.001, 100}};
  double a;
  explicit Softshrink(double lambda) : a(lambda) {}

  ActivationFacts facts() const { return {{0, 0}, {1, 1}, 0, {{-a, a}, 2}}; }

  template <class M, class V>
  VARPROP_INLINE ValueAndSlope<V> operator()(const M& m, V z) const {
    const V excess = m.abs(z) - m.set(a), zero = m.set(0);
    return {m.copy_sign(m.if_positive(excess, excess, zero), z), m.if_positive(excess, m.set(1), zero)};
  }

  template <class M, class V>
  VARPROP_INLINE V curvature(const M& m, V) const {
    return m.set(0);
  }
};
