// elu(α): φ(z) = z for z > 0, else α(exp z − 1).
struct Elu {
  static constexpr std::string_view name = "elu";
  static constexpr std::optional<ParameterFacts> parameter_facts{{"alpha", 1, 0, 100}};
  double a;
  explicit Elu(double alpha) : a(alpha) {}

  ActivationFacts facts() const { return {{a, 1}, {0, 1}, 0, {{0}, 1}, {a != 0, false}}; }

  template <class M, class V>
  VARPROP_INLINE ValueAndSlope<V> operator()(const M& m, V z) const {
    const auto e = m.exp_and_expm1(m.negative(m.abs(z)));
    return {m.if_positive(z, z, m.set(a) * e.expm1), m.if_positive(z, m.set(1), m.set(a) * e.exp)};
  }

  template <class M, class V>
  VARPROP_INLINE V curvature(const M& m, V z) const {
    return m.if_positive(z, m.set(0), m.set(a) * m.exp_and_expm1(m.negative(m.abs(z))).exp);
  }

  template <class M, class V>
  VARPROP_INLINE Tail<V> tail(const M& m, V z) const {
    return {m.set(-a), m.set(0), m.set(a), m.negative(z)};
  }
};
