// mish: φ(z) = z w(z), w = tanh(ln(1 + exp z)) (Misra 2019, arXiv:1908.08681). From E = exp(−|z|), with
//     z > 0:  N = 1 + 2E,   d = N + 2E²,  X = E²,  P = 2E³ + 2E² − 3E − 2
//     else:   N = E² + 2E,  d = N + 2,    X = E,   P = 2 + 2E − 3E² − 2E³
// w = N/d, w' = 4X(1 + E)/d², w'' = 4XP/d³. φ' loses relative accuracy around its zero at z = −1.192.
struct Mish {
  static constexpr std::string_view name = "mish";
  static constexpr std::optional<ParameterFacts> parameter_facts = std::nullopt;
  explicit Mish(double) {}

  ActivationFacts facts() const { return {{0.6, 0.6}, {0, 1}, 0, {}, {true, false}}; }

  template <class M, class V>
  VARPROP_INLINE ValueAndSlope<V> operator()(const M& m, V z) const {
    const Parts<V> p = parts(m, z);
    const V w = p.N / p.d;
    const V change = m.set(4) * p.X * (m.set(1) + p.E) / (p.d * p.d);
    return {z * w, m.fma(z, change, w)};
  }

  template <class M, class V>
  VARPROP_INLINE V curvature(const M& m, V z) const {
    const Parts<V> p = parts(m, z);
    const V E = p.E, two = m.set(2);
    const V above = m.fma(m.fma(m.fma(two, E, two), E, m.set(-3)), E, m.set(-2));
    const V below = m.fma(m.fma(m.fma(m.set(-2), E, m.set(-3)), E, two), E, two);
    const V bounded = m.copy_sign(m.min(m.abs(z), m.set(1e300L)), z);  // X is 0 long before
    const V bend = m.fma(bounded, m.if_positive(z, above, below), two * (m.set(1) + E) * p.d);
    return m.set(4) * p.X * bend / (p.d * p.d * p.d);
  }

  template <class M, class V>
  VARPROP_INLINE Tail<V> tail(const M& m, V z) const {
    const V decay = m.negative(z);
    return {z, decay, m.set(1) + z, decay};
  }

 private:
  template <class V>
  struct Parts {
    V E, N, d, X;
  };

  template <class M, class V>
  VARPROP_INLINE Parts<V> parts(const M& m, V z) const {
    const V E = m.exp_and_expm1(m.negative(m.abs(z))).exp, one = m.set(1), two = m.set(2);
    const V above = m.fma(two, E, one), below = m.fma(E, E, two * E);
    const V divisor = m.if_positive(z, m.fma(two * E, E, above), below + two);
    return {E, m.if_positive(z, above, below), divisor, m.if_positive(z, E * E, E)};
  }
};
