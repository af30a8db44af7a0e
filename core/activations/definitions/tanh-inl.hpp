// tanh: φ(z) = tanh z, φ'(z) = 1/cosh² z. Both from e = exp(2|z|) − 1, without cancellation at either end:
// φ = e/(e + 2), φ' = 4 (e + 1)/(e + 2)². Beyond |z| = 170 φ' is below 1e-147, its square at the end of the
// range.
struct Tanh {
  static constexpr std::string_view name = "tanh";
  static constexpr std::optional<ParameterFacts> parameter_facts = std::nullopt;
  explicit Tanh(double) {}

  ActivationFacts facts() const { return {{1, 1}, {0, 0}, 0, {}}; }

  template <class M, class V>
  VARPROP_INLINE ValueAndSlope<V> operator()(const M& m, V z) const {
    const V magnitude = m.min(m.abs(z), m.set(170));
    const V e = m.expm1(magnitude + magnitude);
    const V inverse = m.set(1) / (e + m.set(2));
    const V value = e * inverse;
    const V slope = (m.set(4) * inverse) * ((e + m.set(1)) * inverse);
    return {m.copy_sign(value, z), slope};
  }
};
