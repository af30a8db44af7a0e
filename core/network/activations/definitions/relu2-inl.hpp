// relu2: φ(z) = max(z, 0)², φ'(z) = 2 max(z, 0) (So et al. 2021, arXiv:2109.08668). φ(λz) = λ²φ(z).
struct Relu2 {
  static constexpr std::string_view name = "relu2";
  static constexpr std::optional<ParameterFacts> parameter_facts = std::nullopt;
  explicit Relu2(double) {}

  ActivationFacts facts() const { return {{0, 0}, {0, HUGE_VAL}, 0, {}, {}, 0, 2}; }

  template <class M, class V>
  VARPROP_INLINE ValueAndSlope<V> operator()(const M& m, V z) const {
    const V above = m.if_positive(z, z, m.set(0));
    return {above * above, above + above};
  }

  template <class M, class V>
  VARPROP_INLINE V curvature(const M& m, V z) const {
    return m.if_positive(z, m.set(2), m.set(0));
  }
};
