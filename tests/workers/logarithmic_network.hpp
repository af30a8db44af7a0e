// A network of one neuron in logarithms and long double, from the same draws as the engines': what their
// numbers must be, however far φ saturates or vanishes.
#pragma once

#include <cmath>
#include <functional>
#include <string>
#include <vector>

namespace varprop::test {

/// A number by its sign and ln of its size.
struct Signed {
  long double sign;
  long double ln;
};

/// ln |φ(z)| with its sign, and ln |φ'(z)|.
struct LogActivation {
  Signed value;
  long double ln_slope;
};

inline long double ln_sigmoid(long double z) {
  return z > 0 ? -std::log1p(std::exp(-z)) : z - std::log1p(std::exp(z));
}

/// R(z) = exp(z²/2) Φ(−z), z ≥ 0.
inline long double mills_ratio(long double z) {
  if (z < 60) return 0.5L * std::exp(0.5L * z * z) * std::erfc(z / std::sqrt(2.0L));
  const long double y = 1 / (z * z);
  return 0.39894228040143267794L / z * (1 - y * (1 - 3 * y * (1 - 5 * y * (1 - 7 * y * (1 - 9 * y)))));
}

/// φ = z s(y), s the sigmoid: ln|φ| and ln|φ'|, given y and y'.
inline LogActivation log_gate(long double z, long double y, long double rate) {
  const long double ln_s = ln_sigmoid(y);
  return {{z > 0 ? 1.0L : -1.0L, std::log(std::fabs(z)) + ln_s},
          ln_s + std::log(std::fabs(1 + z * rate * std::exp(ln_sigmoid(-y))))};
}

/// φ = z w, w = N/(N + 2), N = e^{2z} + 2e^z, w' = 4e^z(1 + e^z)/(N + 2)².
inline LogActivation log_mish(long double z) {
  const long double e = std::exp(-std::fabs(z)), sign = z > 0 ? 1 : -1;
  const long double N = z > 0 ? 1 + 2 * e : 2 + e;  // over e^{2z}, or over e^z
  const long double d = z > 0 ? 1 + 2 * e + 2 * e * e : 2 + 2 * e + e * e;
  const long double change = 4 * z * (z > 0 ? e * e : 1) * (1 + e) / (d * d);
  const long double decay = z > 0 ? 0 : -z;
  return {{sign, std::log(std::fabs(z) * N / d) - decay}, std::log(std::fabs(N / d + change)) - decay};
}

inline LogActivation log_gelu(long double z) {
  constexpr long double density = 0.39894228040143267794L;
  if (z > 0) {
    const long double below = std::exp(-0.5L * z * z) * mills_ratio(z);
    return {{1, std::log(z) + std::log1p(-below)},
            std::log(1 - below + z * density * std::exp(-0.5L * z * z))};
  }
  const long double R = mills_ratio(-z), decay = 0.5L * z * z;
  return {{-1, std::log(-z) + std::log(R) - decay}, std::log(std::fabs(R + z * density)) - decay};
}

/// φ(z) by name, formula for formula; z of size 1e-20 to 1e17.
inline LogActivation log_activation(const std::string& name, long double z) {
  const long double m = std::fabs(z), sign = z > 0 ? 1 : -1;
  if (name == "tanh") {
    return {{sign, std::log(std::tanh(m))}, std::log(4.0L) - 2 * m - 2 * std::log1p(std::exp(-2 * m))};
  }
  if (name == "erf") return {{sign, std::log(std::erf(m))}, std::log(2 / std::sqrt(M_PIl)) - m * m};
  if (name == "sigmoid") return {{1, ln_sigmoid(z)}, ln_sigmoid(z) + ln_sigmoid(-z)};
  if (name == "softsign") return {{sign, std::log(m) - std::log1p(m)}, -2 * std::log1p(m)};
  if (name == "arctan") return {{sign, std::log(std::atan(m))}, -std::log1p(m * m)};
  if (name == "quick_gelu") return log_gate(z, 1.702L * z, 1.702L);
  if (name == "gelu_tanh") {
    const long double k = 2 * std::sqrt(2 / M_PIl), z2 = z * z;
    return log_gate(z, k * z * (1 + 0.044715L * z2), k * (1 + 3 * 0.044715L * z2));
  }
  if (name == "mish") return log_mish(z);
  if (name == "elu" || name == "celu")
    return z > 0 ? LogActivation{{1, std::log(z)}, 0} : LogActivation{{-1, std::log(-std::expm1(z))}, z};
  if (name == "silu") {
    return {{sign, std::log(m) + ln_sigmoid(z)},
            ln_sigmoid(z) + std::log(std::fabs(1 + z * std::exp(ln_sigmoid(-z))))};
  }
  if (name == "softplus") {
    return {{1, z < -60 ? z : std::log(z > 0 ? z + std::log1p(std::exp(-z)) : std::log1p(std::exp(z)))},
            ln_sigmoid(z)};
  }
  return log_gelu(z);
}

/// ln q_l and ln g_l, l = 1..L, of a network of one neuron without biases, given its weights: z_l = √k w_l
/// a_{l−1}.
struct LogProfile {
  std::vector<long double> forward, backward;
};

/// `weight(l, sign of a_{l−1})` is the standard normal w_l; `ln_slope_at_zero` is the law of tiny z.
inline LogProfile log_network(const std::string& name, double k, int L, long double ln_slope_at_zero,
                              const std::function<double(int, long double)>& weight) {
  std::vector<long double> ln_weight, ln_slope, forward;
  Signed a{1, 0};
  for (int l = 1; l <= L; ++l) {
    const double w = weight(l, a.sign);
    ln_weight.push_back(0.5L * std::log(static_cast<long double>(k)) +
                        std::log(std::fabs(static_cast<long double>(w))));
    const Signed z{w > 0 ? a.sign : -a.sign, ln_weight.back() + a.ln};
    forward.push_back(2 * z.ln);
    LogActivation phi{{z.sign, z.ln + ln_slope_at_zero}, ln_slope_at_zero};
    const bool origin_is_zero = name != "sigmoid" && name != "softplus";
    if (z.ln > -45 || !origin_is_zero) phi = log_activation(name, z.sign * std::exp(z.ln));
    a = phi.value;
    ln_slope.push_back(phi.ln_slope);
  }
  LogProfile profile{forward, std::vector<long double>(static_cast<std::size_t>(L), 0)};
  for (auto l = static_cast<std::size_t>(L) - 1; l-- > 0;) {
    profile.backward[l] = profile.backward[l + 1] + 2 * (ln_slope[l] + ln_weight[l + 1]);
  }
  return profile;
}

}  // namespace varprop::test
