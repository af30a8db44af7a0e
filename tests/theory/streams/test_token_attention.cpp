// What attention does to tokens that are unlike, against an integral, an expansion, and the averages of
// tokens that are alike (theory/streams/attention_means.hpp), which come from other points.
//
// Seen red: with the mask left out; with half of a mixed term of the keys' gradients.
#include "theory/streams/token_attention.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "theory/streams/attention_means.hpp"

namespace varprop::theory {
namespace {

TokenMatrix alike(std::size_t tokens, double cosine) {
  TokenMatrix C(tokens, cosine);
  for (std::size_t t = 0; t < tokens; ++t) C(t, t) = 1;
  return C;
}

/// E A C Aᵀ of the second of two tokens: of one logit's difference, N(0, 2τ²(1 − c)).
double of_second_token(double logit_variance, double c) {
  double sum = 0;
  for (int i = -400; i <= 400; ++i) {
    const double z = 0.02 * i, x = z * std::sqrt(2 * logit_variance * (1 - c));
    const double a = 1 / (1 + std::exp(x));
    sum += 0.02 * std::exp(-0.5 * z * z) / std::sqrt(2 * M_PI) *
           (a * a + (1 - a) * (1 - a) + 2 * a * (1 - a) * c);
  }
  return sum;
}

TEST(TokenAttention, FirstOfTwoTokensSeesItselfAlone) {
  for (const double variance : {.01, .3, 1.0}) {
    const TokenMatrix values = attention_values(alike(2, .3), variance, AttentionMask::causal);
    EXPECT_NEAR(values(0, 0), 1, 1e-12);
    EXPECT_NEAR(values(0, 1), .65, 1e-12);  // (1 + c)/2: first order in the logits is nothing
    EXPECT_NEAR(values(1, 1), of_second_token(variance, .3), .01 * variance);
  }
}

TEST(TokenAttention, IsThatOfTokensThatAreAlike) {
  constexpr std::size_t T = 6;
  const double c = .4, gamma = .2, logits = .5, distance = 1 - c;
  const AttentionMeans means = attention_means(T, logits * distance, distance);
  const TokenMatrix values = attention_values(alike(T, c), logits, AttentionMask::none);
  const AttentionReturn back = attention_gradients(alike(T, c), alike(T, gamma), logits, AttentionMask::none);
  const auto mean = [&](const TokenMatrix& matrix, bool own) {
    double sum = 0;
    for (std::size_t i = 0; i < T; ++i)
      for (std::size_t j = 0; j < T; ++j)
        if ((i == j) == own) sum += matrix(i, j);
    return sum / (own ? T : T * (T - 1));
  };
  EXPECT_NEAR(mean(values, true), c + distance * means.square, .002);
  EXPECT_NEAR(mean(values, false), c + distance * means.product, .002);
  EXPECT_NEAR(mean(back.by_value, true), means.square + 5 * gamma * means.product, .004);
  EXPECT_NEAR(mean(back.by_value, false), (1 - means.square) / 5 + gamma * (1 - means.product), .004);
  // |dQ|², Σ|dK|²: docs/theory.md, in units of σ_vo²
  const double of_query = T * distance * distance * means.logit_square;
  double queries = 0, keys = 0;
  for (std::size_t i = 0; i < T; ++i) queries += back.by_query(i, i), keys += back.by_key(i, i);
  EXPECT_NEAR(queries / of_query, 1, .02);
  const double of_keys = T * distance * (means.logit_square + 5 * c * gamma * means.logit_product);
  EXPECT_NEAR(keys / of_keys, 1, .02);
}

TEST(TokenAttention, KeysGradientsSumToNothing) {
  TokenMatrix C = alike(4, .1);
  C(0, 3) = C(3, 0) = .7;
  const AttentionReturn back = attention_gradients(C, alike(4, -.2), .8, AttentionMask::causal);
  double sum = 0;
  for (std::size_t i = 0; i < 4; ++i)
    for (std::size_t j = 0; j < 4; ++j) sum += back.by_key(i, j);
  EXPECT_NEAR(sum, 0, 1e-12);
  EXPECT_NEAR(back.by_query(0, 0), 0, 1e-12);  // the first token has nothing to choose from
  EXPECT_GT(back.by_query(1, 1), .01);
}

TEST(TokenAttention, TakesTokensThatAreOne) {
  const TokenMatrix values = attention_values(TokenMatrix(3, 1), 1, AttentionMask::causal);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_NEAR(values(i, 0), 1, 1e-12);
  const AttentionReturn back = attention_gradients(TokenMatrix(3, 1), alike(3, 0), 1, AttentionMask::causal);
  EXPECT_NEAR(back.by_query(2, 2), 0, 1e-12);
}

}  // namespace
}  // namespace varprop::theory
