// selu: φ(z) = λz for z > 0, else λα(exp z − 1), with the λ and α of Klambauer et al. 2017
// (arXiv:1706.02515).
struct Selu {
  static constexpr std::string_view name = "selu";
  static constexpr std::optional<ParameterFacts> parameter_facts = std::nullopt;
  static constexpr long double lambda = 1.0507009873554804934193349852946L;
  static constexpr long double lambda_alpha = lambda * 1.6732632423543772848170429916717L;
  explicit Selu(double) {}

  ActivationFacts facts() const {
    constexpr auto slope = static_cast<double>(lambda);
    return {{static_cast<double>(lambda_alpha), slope}, {0, slope}, 0, {{0}, 1}, {true, false}};
  }

  template <class M, class V>
  VARPROP_INLINE ValueAndSlope<V> operator()(const M& m, V z) const {
    const auto e = m.exp_and_expm1(m.negative(m.abs(z)));
    return {m.if_positive(z, m.set(lambda) * z, m.set(lambda_alpha) * e.expm1),
            m.if_positive(z, m.set(lambda), m.set(lambda_alpha) * e.exp)};
  }

  template <class M, class V>
  VARPROP_INLINE V curvature(const M& m, V z) const {
    const V below = m.set(lambda_alpha) * m.exp_and_expm1(m.negative(m.abs(z))).exp;
    return m.if_positive(z, m.set(0), below);
  }

  template <class M, class V>
  VARPROP_INLINE Tail<V> tail(const M& m, V z) const {
    return {m.set(-lambda_alpha), m.set(0), m.set(lambda_alpha), m.negative(z)};
  }
};
