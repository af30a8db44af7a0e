#include "theory/streams/token_branches.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <mutex>
#include <numbers>
#include <string>
#include <utility>

#include "theory/infinite_width/correlation.hpp"

namespace varprop::theory {

void ScaledTokens::add(const TokenMatrix& other, double log_factor) {
  if (std::isinf(log_factor)) return;
  const double larger = std::max(log, log_factor);
  tokens *= std::exp(log - larger);
  tokens.add(other, std::exp(log_factor - larger));
  log = larger;
}

double ScaledTokens::trace() const {
  double sum = 0;
  for (std::size_t t = 0; t < tokens.tokens(); ++t) sum += tokens(t, t);
  return sum;
}

TokenMatrix cosines_of(const TokenMatrix& gram) {
  TokenMatrix cosines(gram.tokens(), 1);
  for (std::size_t i = 0; i < gram.tokens(); ++i)
    for (std::size_t j = 0; j < gram.tokens(); ++j)
      if (i != j) cosines(i, j) = std::clamp(gram(i, j) / std::sqrt(gram(i, i) * gram(j, j)), -1.0, 1.0);
  return cosines;
}

namespace {

double sum_of(const TokenMatrix& a, const TokenMatrix& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.tokens(); ++i)
    for (std::size_t j = 0; j < a.tokens(); ++j) sum += a(i, j) * b(i, j);
  return sum;
}

ByRole<double> no_weights() {
  ByRole<double> weights;
  weights.values.fill(-std::numeric_limits<double>::infinity());
  return weights;
}

/// C/V and K/D of φ at one variance, by the angle of two pre-activations: polynomials through Chebyshev's
/// nodes, in which K has no corner where φ' jumps.
class AngleKernels {
 public:
  AngleKernels(const MeanField& mean_field, double s) {
    const double V = mean_field.V(s).value, D = mean_field.D(s).value;
    for (std::size_t i = 0; i < nodes; ++i) {
      angle_[i] =
          0.5 * std::numbers::pi * (1 - std::cos(std::numbers::pi * static_cast<double>(i) / (nodes - 1)));
      const PairMeans means = pair_means(mean_field, s, angle_[i]);
      lost_[i] = s * means.K_bar.value / V, slopes_[i] = means.K.value / D;
    }
  }
  double values(double cosine) const { return 1 - (1 - cosine) * at(lost_, angle_of_distance(1 - cosine)); }
  double slopes(double cosine) const { return at(slopes_, angle_of_distance(1 - cosine)); }

 private:
  static constexpr std::size_t nodes = 25;
  using Values = std::array<double, nodes>;

  /// The barycentric formula.
  double at(const Values& values, double angle) const {
    double above = 0, below = 0;
    for (std::size_t i = 0; i < nodes; ++i) {
      const double apart = angle - angle_[i];
      if (apart == 0) return values[i];
      const double weight = (i % 2 == 0 ? 1 : -1) * (i == 0 || i + 1 == nodes ? 0.5 : 1) / apart;
      above += weight * values[i], below += weight;
    }
    return above / below;
  }

  Values angle_{}, lost_{}, slopes_{};
};

/// Made once for an activation and a variance: a search for a branch scale asks for the same again.
const AngleKernels& kernels_of(const MeanField& mean_field, double s) {
  static std::mutex mutex;
  static std::map<std::pair<std::string, double>, AngleKernels> known;
  const std::lock_guard lock(mutex);
  const auto key = std::pair(mean_field.activation().text(), s);
  const auto found = known.find(key);
  return found != known.end() ? found->second : known.emplace(key, AngleKernels(mean_field, s)).first->second;
}

}  // namespace

std::vector<TokenBranches::Branch> TokenBranches::branches() const {
  std::vector<Branch> all{{&TokenBranches::attention_up, &TokenBranches::attention_down}};
  if (has_mlp(network_.block)) all.push_back({&TokenBranches::mlp_up, &TokenBranches::mlp_down});
  if (has_glu(network_.block)) all.push_back({&TokenBranches::glu_up, &TokenBranches::glu_down});
  return all;
}

/// σ² = n_in Var W_ij.
double TokenBranches::log_fan_in(MatrixRole role) const {
  const bool narrows = role == MatrixRole::out;
  return network_.variance[role].ln() + std::log(static_cast<double>(narrows ? network_.m : network_.n));
}
double TokenBranches::log_read(const TokenInput& u) const {
  return std::log(static_cast<double>(network_.n)) + u.log_u;
}
double TokenBranches::log_values_out() const {
  return log_fan_in(MatrixRole::value) + log_fan_in(MatrixRole::attention_out);
}
/// Of logits, in units of C ⊗ C.
double TokenBranches::log_logits(const TokenInput& u) const {
  const auto d_h = static_cast<double>(network_.n / network_.heads);
  constexpr double largest = 1e6;  // there attention is one key's
  return std::min(std::log(largest), log_fan_in(MatrixRole::query) + log_fan_in(MatrixRole::key) +
                                         2 * u.log_u -
                                         (network_.scale == AttentionScale::linear ? std::log(d_h) : 0));
}

TokenOutput TokenBranches::attention_up(const TokenInput& u) const {
  return {{log_values_out() + u.log_u, attention_values(u.C, std::exp(log_logits(u)), network_.mask)},
          -std::numeric_limits<double>::infinity()};
}

TokenReturn TokenBranches::attention_down(const TokenInput& u, const ScaledTokens& gamma) const {
  const double logits = std::exp(log_logits(u)), log_path = gamma.log + log_values_out();
  AttentionReturn back = attention_gradients(u.C, gamma.tokens, logits, network_.mask);
  TokenReturn told{{log_path, back.by_value}, no_weights()};
  told.gradient.tokens.add(back.by_query, logits);
  told.gradient.tokens.add(back.by_key, logits);
  const auto tell = [&](MatrixRole role, double log_factor, double sum) {
    told.log_weights[role] = log_read(u) + log_factor + std::log(sum);
  };
  // logits carry u², of which one belongs to what the matrix reads
  tell(MatrixRole::query, log_path + std::log(logits) - log_fan_in(MatrixRole::query),
       sum_of(back.by_query, u.C));
  tell(MatrixRole::key, log_path + std::log(logits) - log_fan_in(MatrixRole::key), sum_of(back.by_key, u.C));
  tell(MatrixRole::value, gamma.log + log_fan_in(MatrixRole::attention_out), sum_of(back.by_value, u.C));
  tell(MatrixRole::attention_out, gamma.log + log_fan_in(MatrixRole::value),
       sum_of(gamma.tokens, attention_values(u.C, logits, network_.mask)));
  return told;
}

TokenBranches::Hidden TokenBranches::hidden(double log_s, const TokenMatrix& cosines) const {
  const double s = std::exp(log_s);
  const AngleKernels& kernels = kernels_of(mean_field_, s);
  const std::size_t T = cosines.tokens();
  Hidden hidden{std::log(mean_field_.V(s).value), std::log(mean_field_.D(s).value), TokenMatrix(T),
                TokenMatrix(T)};
  for (std::size_t i = 0; i < T; ++i)
    for (std::size_t j = 0; j < T; ++j) {
      hidden.values(i, j) = i == j ? 1 / network_.keep : kernels.values(cosines(i, j));
      hidden.slopes(i, j) = i == j ? 1 / network_.keep : kernels.slopes(cosines(i, j));
    }
  return hidden;
}

TokenBranches::Hidden TokenBranches::mlp_hidden(const TokenInput& u) const {
  const double log_in = log_fan_in(MatrixRole::in) + u.log_u;
  ScaledTokens z{log_in, u.C};
  z.add(TokenMatrix(u.C.tokens(), 1), network_.bias_variance.ln());
  return hidden(z.log + std::log(z.tokens(0, 0)), cosines_of(z.tokens));
}

TokenOutput TokenBranches::mlp_up(const TokenInput& u) const {
  Hidden h = mlp_hidden(u);
  TokenOutput branch{{log_fan_in(MatrixRole::out) + h.log_V, std::move(h.values)}, h.log_V};
  branch.gram.add(TokenMatrix(u.C.tokens(), 1), network_.bias_variance.ln());
  return branch;
}

TokenReturn TokenBranches::mlp_down(const TokenInput& u, const ScaledTokens& gamma) const {
  const Hidden h = mlp_hidden(u);
  const TokenMatrix deltas = product(h.slopes, gamma.tokens);
  const double log_delta = gamma.log + log_fan_in(MatrixRole::out) + h.log_D;
  TokenReturn told{{log_delta + log_fan_in(MatrixRole::in), deltas}, no_weights()};
  told.log_weights[MatrixRole::in] = log_read(u) + log_delta + std::log(sum_of(deltas, u.C));
  told.log_weights[MatrixRole::out] = std::log(static_cast<double>(network_.m)) + h.log_V + gamma.log +
                                      std::log(sum_of(h.values, gamma.tokens));
  return told;
}

TokenOutput TokenBranches::glu_up(const TokenInput& u) const {
  const Hidden h = hidden(log_fan_in(MatrixRole::gate) + u.log_u, u.C);
  const double log_t = log_fan_in(MatrixRole::in) + u.log_u;
  return {{log_fan_in(MatrixRole::out) + h.log_V + log_t, product(h.values, u.C)}, h.log_V};
}

TokenReturn TokenBranches::glu_down(const TokenInput& u, const ScaledTokens& gamma) const {
  const double log_gate = log_fan_in(MatrixRole::gate), log_value = log_fan_in(MatrixRole::in);
  const Hidden h = hidden(log_gate + u.log_u, u.C);
  const TokenMatrix of_value = product(h.values, gamma.tokens),
                    of_gate = product(product(h.slopes, u.C), gamma.tokens);
  const double log_out = gamma.log + log_fan_in(MatrixRole::out), log_t = log_value + u.log_u;
  const double log_of_value = log_out + h.log_V, log_of_gate = log_out + h.log_D + log_t;
  TokenReturn told{{log_of_value + log_value, of_value}, no_weights()};
  told.gradient.add(of_gate, log_of_gate + log_gate);
  told.log_weights[MatrixRole::in] = log_read(u) + log_of_value + std::log(sum_of(of_value, u.C));
  told.log_weights[MatrixRole::gate] = log_read(u) + log_of_gate + std::log(sum_of(of_gate, u.C));
  told.log_weights[MatrixRole::out] = std::log(static_cast<double>(network_.m)) + h.log_V + log_t +
                                      gamma.log + std::log(sum_of(product(h.values, u.C), gamma.tokens));
  return told;
}

}  // namespace varprop::theory
