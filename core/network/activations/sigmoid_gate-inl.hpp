// φ(z) = z s(y(z)) with s the sigmoid and y odd and rising: what quick_gelu and gelu_tanh share.

/// y where z stands; z bounded where s(y) is 0 or 1 already.
template <class V>
struct GateExponent {
  V z;
  V y, error;  ///< |y| = y + error: exp(−|y|) would lose as many units as y has, by what y was rounded by
  V rate;      ///< y'(z)
  V bend;      ///< y''(z)
};

/// φ' = s + z s(1 − s) y', φ'' = s(1 − s)(2y' + z y'' + z y'²(1 − 2s)), from E = exp(−|y|).
struct SigmoidGate {
  template <class M, class V>
  VARPROP_INLINE ValueAndSlope<V> operator()(const M& m, V z, const GateExponent<V>& at) const {
    const V e = decayed(m, at), one = m.set(1), divisor = one + e;
    const V above = m.if_positive(z, one, e), below = m.if_positive(z, e, one);
    const V slope = above * m.fma(at.z * at.rate, below, divisor) / m.fma(e, e + m.set(2), one);
    return {z * (above / divisor), slope};
  }

  template <class M, class V>
  VARPROP_INLINE V curvature(const M& m, const GateExponent<V>& at) const {
    const V e = decayed(m, at), one = m.set(1), two = m.set(2);
    const V turn = (e - one) / (e + one);  // (1 − 2s) times the sign of z
    const V straight = m.fma(at.z, at.bend, two * at.rate);
    return e / m.fma(e, e + two, one) * m.fma(m.abs(at.z) * at.rate * at.rate, turn, straight);
  }

 private:
  template <class M, class V>
  VARPROP_INLINE static V decayed(const M& m, const GateExponent<V>& at) {
    const V e = m.exp_and_expm1(m.negative(at.y)).exp;
    return m.fma(m.negative(at.error), e, e);
  }
};
