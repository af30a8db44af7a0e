// Norms of streams in axes: that of all components, turned. Of those, their differences and their Jacobian:
// test_layer.cpp, test_near_tokens.cpp. Seen red: with the mean left where it is.
#include "workers/networks/token_norm.hpp"

#include <gtest/gtest.h>

#include "tests/workers/networks/fixed_matrices.hpp"
#include "workers/networks/reflections.hpp"

namespace varprop::test {
namespace {

using namespace workers;

constexpr std::int64_t n = 7;
constexpr std::size_t T = 3;

/// From axes, the first along 1/√n, to components.
class Turn {
 public:
  Turn() {
    double* const mean = mean_.data();
    turn_.triangulate({&mean, 1}, std::size_t(n));
  }
  Panel operator()(Panel X) {
    std::vector<double*> columns;
    for (std::size_t t = 0; t < T; ++t) columns.push_back(X.data(t));
    turn_.apply(columns);
    return X;
  }

 private:
  std::vector<double> mean_ = std::vector<double>(n, 1.0);
  Reflections turn_;
};

void expect_equal(const Panel& a, const Panel& b) {
  const Tokens x = columns_of(a), y = columns_of(b);
  for (std::size_t t = 0; t < T; ++t)
    for (std::size_t i = 0; i < x[t].size(); ++i) EXPECT_NEAR(x[t][i], y[t][i], 1e-12) << t << ", " << i;
}

TEST(TokenNorm, OfAxesIsThatOfComponents) {
  Turn turn;
  for (const Norm norm : {Norm::pre_rms, Norm::pre_layer}) {
    TokenNorm of_axes(norm, StreamAxes{.n = n, .rows = n, .folded = true, .centre = 1}, T);
    TokenNorm of_components(norm, n, T);
    const Panel X = signal_of(normal_tokens(T, n, 1)), D = gradient_of(normal_tokens(T, n, 2));
    Panel in_axes = X, in_components = turn(X);
    of_axes.apply(in_axes);
    of_components.apply(in_components);
    expect_equal(turn(in_axes), in_components);
    in_axes = D;
    in_components = turn(D);
    of_axes.apply_transposed_jacobian(in_axes);
    of_components.apply_transposed_jacobian(in_components);
    expect_equal(turn(in_axes), in_components);
  }
}

}  // namespace
}  // namespace varprop::test
