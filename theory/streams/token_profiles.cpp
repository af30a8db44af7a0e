#include "theory/streams/token_profiles.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "core/errors.hpp"
#include "theory/streams/token_branches.hpp"

namespace varprop::theory {

namespace {

/// Mean cosine of pairs, and mean of ln(1 − c) of those that are apart.
struct PairMeanOf {
  double cosine = 0, log_distance = 0;
};
PairMeanOf mean_of_pairs(const TokenMatrix& gram) {
  constexpr double smallest = 1e-14;
  const TokenMatrix C = cosines_of(gram);
  const std::size_t T = C.tokens();
  const double pairs = 0.5 * static_cast<double>(T * (T - 1));
  PairMeanOf mean;
  for (std::size_t i = 0; i < T; ++i)
    for (std::size_t j = 0; j < i; ++j) {
      mean.cosine += C(i, j) / pairs;
      const double distance = 1 - C(i, j);
      mean.log_distance += distance > smallest ? std::log(distance) / pairs : -HUGE_VAL;
    }
  return mean;
}

/// A branch with its skip and norm, as it was on the way up.
struct TokenStep {
  TokenBranches::Branch branch;
  TokenInput input;
  std::vector<double> log_before, log_behind;  ///< ln of what each token's norm divides by; 0 without one
};

std::vector<double> log_diagonal(const ScaledTokens& gram) {
  std::vector<double> logs;
  for (std::size_t t = 0; t < gram.tokens.tokens(); ++t)
    logs.push_back(gram.log + std::log(gram.tokens(t, t)));
  return logs;
}

/// Γ behind the Jacobians of norms that divide by e^{log_q/2}.
ScaledTokens behind_norms(ScaledTokens gamma, const std::vector<double>& log_q) {
  const double least = *std::min_element(log_q.begin(), log_q.end());
  gamma.log -= least;
  for (std::size_t i = 0; i < log_q.size(); ++i)
    for (std::size_t j = 0; j < log_q.size(); ++j)
      gamma.tokens(i, j) *= std::exp(least - 0.5 * (log_q[i] + log_q[j]));
  return gamma;
}

/// The stream's walk up and down.
class TokenWalk {
 public:
  TokenWalk(const MeanField& mean_field, const StreamNetwork& network)
      : network_(network),
        layers_(mean_field, network_),
        norm_before_(before_activation(network.norm)),
        log_skip_(2 * std::log(network.skip)),
        log_scale_(2 * std::log(network.branch_scale)),
        T_(static_cast<std::size_t>(network.tokens)),
        gram_{std::log(network.input_mean_square), TokenMatrix(T_, network.input_correlation)} {
    for (std::size_t t = 0; t < T_; ++t) gram_.tokens(t, t) = 1;
  }

  StreamProfiles operator()() {
    const auto L = static_cast<std::size_t>(network_.L);
    constexpr double none = std::numeric_limits<double>::quiet_NaN();
    for (auto* values : {&told_.log_g, &told_.log_weight_gradient, &told_.log_branch_gradient, &told_.log_a,
                         &told_.gamma, &told_.log_gamma_distance})
      values->assign(L + 1, none);
    for (auto& values : told_.log_groups.values) values.assign(L + 1, none);
    tell_signal();
    for (std::size_t l = 1; l <= L; ++l) told_.log_a[l] = up(), tell_signal();
    gamma_.emplace(ScaledTokens{-std::log(static_cast<double>(T_)), TokenMatrix(T_)});
    for (std::size_t t = 0; t < T_; ++t) gamma_->tokens(t, t) = 1;
    tell_gradient(L);
    for (std::size_t l = L; l >= 1; --l) down(l), tell_gradient(l - 1);
    return std::move(told_);
  }

 private:
  void tell_signal() {
    told_.log_q.push_back(gram_.log + std::log(gram_.trace() / static_cast<double>(T_)));
    const PairMeanOf pairs = mean_of_pairs(gram_.tokens);
    told_.correlation.push_back(pairs.cosine), told_.log_distance.push_back(pairs.log_distance);
  }

  void tell_gradient(std::size_t l) {
    told_.log_g[l] = gamma_->log + std::log(gamma_->trace());
    const PairMeanOf pairs = mean_of_pairs(gamma_->tokens);
    told_.gamma[l] = pairs.cosine, told_.log_gamma_distance[l] = pairs.log_distance;
  }

  /// Through all branches of a layer; ln of the hidden activations' mean square.
  double up() {
    double log_a = 0;
    for (const TokenBranches::Branch& branch : layers_.branches()) {
      TokenStep step{branch, {cosines_of(gram_.tokens), 0}, log_diagonal(gram_), {}};
      if (!norm_before_)
        step.input.log_u = step.log_before.front();  // all alike behind a norm, or at the input
      const TokenOutput made = (layers_.*branch.up)(step.input);
      gram_.log += log_skip_;
      if (std::isinf(gram_.log)) gram_ = {made.gram.log + log_scale_, TokenMatrix(T_)};
      gram_.add(made.gram.tokens, made.gram.log + log_scale_);
      if (!norm_before_) {
        step.log_behind = log_diagonal(gram_);
        gram_ = {0, cosines_of(gram_.tokens)};
      }
      log_a = made.log_a;
      steps_.push_back(std::move(step));
    }
    return log_a;
  }

  void down(std::size_t l) {
    ByRole<double> all;
    all.values.fill(-std::numeric_limits<double>::infinity());
    for (std::size_t b = layers_.branches().size(); b-- > 0; steps_.pop_back()) pass_down(steps_.back(), all);
    double sum = 0;
    const double largest = *std::max_element(all.values.begin(), all.values.end());
    for (std::size_t role = 0; role < matrix_roles; ++role) {
      told_.log_groups.values[role][l] = all.values[role];
      if (!std::isinf(all.values[role])) sum += std::exp(all.values[role] - largest);
    }
    told_.log_weight_gradient[l] = std::isinf(largest) ? largest : largest + std::log(sum);
  }

  void pass_down(const TokenStep& step, ByRole<double>& groups) {
    if (!norm_before_) *gamma_ = behind_norms(*gamma_, step.log_behind);
    TokenReturn back = (layers_.*step.branch.down)(step.input, *gamma_);
    for (std::size_t role = 0; role < matrix_roles; ++role) {
      const double log_weight = back.log_weights.values[role];
      if (!std::isinf(log_weight)) groups.values[role] = log_weight + log_scale_;
    }
    if (norm_before_) back.gradient = behind_norms(back.gradient, step.log_before);
    gamma_->log += log_skip_;
    if (std::isinf(gamma_->log)) *gamma_ = {back.gradient.log + log_scale_, TokenMatrix(T_)};
    gamma_->add(back.gradient.tokens, back.gradient.log + log_scale_);
  }

  StreamNetwork network_;
  TokenBranches layers_;
  bool norm_before_;
  double log_skip_, log_scale_;
  std::size_t T_;
  ScaledTokens gram_;
  std::optional<ScaledTokens> gamma_;
  std::vector<TokenStep> steps_;
  StreamProfiles told_;
};

}  // namespace

StreamProfiles token_profiles(const MeanField& mean_field, const StreamNetwork& network) {
  VARPROP_EXPECT(has_attention(network.block) && network.norm != Norm::none && network.tokens >= 2 &&
                 network.tokens <= most_unlike_tokens);
  return TokenWalk(mean_field, network)();
}

}  // namespace varprop::theory
