// celu(α): φ(z) = z for z > 0, else α(exp(z/α) − 1), whose slope is 1 on both sides of 0 (Barron 2017,
// arXiv:1704.07483).
struct Celu {
  static constexpr std::string_view name = "celu";
  static constexpr std::optional<ParameterFacts> parameter_facts{{"alpha", 1, 0.01, 100}};
  double a;
  explicit Celu(double alpha) : a(alpha) {}

  ActivationFacts facts() const { return {{1, 1}, {0, 1}, 0, {{}, 0, a}, {true, false}}; }

  template <class M, class V>
  VARPROP_INLINE ValueAndSlope<V> operator()(const M& m, V z) const {
    const V alpha = m.set(a), y = m.abs(z) / alpha;
    const auto e = m.exp_and_expm1(m.negative(y));
    return {m.if_positive(z, z, alpha * e.expm1), m.if_positive(z, m.set(1), decayed(m, z, y, e.exp))};
  }

  template <class M, class V>
  VARPROP_INLINE V curvature(const M& m, V z) const {
    const V y = m.abs(z) / m.set(a);
    const V e = m.exp_and_expm1(m.negative(y)).exp;
    return m.if_positive(z, m.set(0), decayed(m, z, y, e) / m.set(a));
  }

  template <class M, class V>
  VARPROP_INLINE Tail<V> tail(const M& m, V z) const {
    return {m.set(-a), m.set(0), m.set(1), m.negative(z) / m.set(a)};
  }

 private:
  /// exp(−|z|/α) from e = exp(−y): what the quotient y was rounded by counts.
  template <class M, class V>
  VARPROP_INLINE V decayed(const M& m, V z, V y, V e) const {
    const V cut = m.min(y, m.set(1000));  // e is 0 there already, and no infinity meets it
    const V error = m.fma(m.negative(cut), m.set(a), m.min(m.abs(z), m.set(1000.0L * a))) / m.set(a);
    return m.fma(m.negative(error), e, e);
  }
};
