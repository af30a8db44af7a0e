// The tokens that networks read.
#include "workers/networks/token_source.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/workers/networks/fixed_matrices.hpp"

namespace varprop::test {
namespace {

using namespace workers;

/// T tokens of n elements, of mean square 2.
StreamNetwork reading(std::int64_t n, std::int32_t T, double c) {
  StreamNetwork network;
  network.n = n;
  network.tokens = T;
  network.input_correlation = c;
  network.input_mean_square = 2;
  return network;
}

double product(const std::vector<double>& x, const std::vector<double>& y) {
  double sum = 0;
  for (std::size_t i = 0; i < x.size(); ++i) sum += x[i] * y[i];
  return sum;
}

TEST(TokenSource, DrawsTokensOfOneNormAndOneCosine) {
  for (const auto& [n, T, c] :
       {std::tuple{9, 4, 0.3}, {4, 4, 0.0}, {7, 3, -0.5}, {2, 2, -1.0}, {5, 2, 1.0}}) {
    Panel X(n, static_cast<std::size_t>(T));
    TokenSource(reading(n, T, c), PointKey::derive(1, 2)).draw(3, X);
    const Tokens tokens = tokens_of_signal(X);
    for (std::size_t s = 0; s < tokens.size(); ++s)
      for (std::size_t t = 0; t < tokens.size(); ++t)
        EXPECT_NEAR(product(tokens[s], tokens[t]), 2 * n * (s == t ? 1 : c), 1e-12 * n) << n << " " << T;
  }
}

/// |x_t − x_0|² = 2(1 − c)|x_0|², to the digits that 1 − c has.
TEST(TokenSource, KeepsTheDigitsOfTokensThatAreNearlyEqual) {
  const double c = 1 - 0x1p-50;
  Panel X(8, 3);
  TokenSource(reading(8, 3, c), PointKey::derive(1, 2)).draw(0, X);
  for (std::size_t t = 1; t < 3; ++t)
    EXPECT_NEAR(X.squared_norm(t).to_double() / (2 * 0x1p-50 * 16), 1, 1e-12);
}

TEST(TokenSource, DrawsAnotherNetworksTokensAnew) {
  Panel X(8, 2), Y(8, 2);
  TokenSource tokens(reading(8, 2, 0.5), PointKey::derive(1, 2));
  tokens.draw(0, X);
  tokens.draw(1, Y);
  EXPECT_NE(columns_of(X), columns_of(Y));
  tokens.draw(0, Y);
  EXPECT_EQ(columns_of(X), columns_of(Y));
}

}  // namespace
}  // namespace varprop::test
