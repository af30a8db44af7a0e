// The axes of a stream from layer to layer: that its steps have the right law is seen by
// tests/statistical/test_streams_agree.cpp.
#include "workers/networks/stream_fold.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/workers/networks/fixed_matrices.hpp"

namespace varprop::test {
namespace {

using namespace workers;

constexpr std::size_t T = 3;

LayerSpaces spaces_of(std::int64_t n, Norm norm) {
  StreamNetwork network;
  network.block = Block::attention;
  network.norm = norm;
  network.n = n;
  network.tokens = T;
  return folded_spaces(network);
}

/// Normals in the first so many rows.
Panel panel_of(std::int64_t rows, std::int64_t filled, std::uint32_t which) {
  Panel panel(rows, T);
  const Tokens tokens = normal_tokens(T, std::size_t(filled), which);
  for (std::size_t t = 0; t < T; ++t) {
    std::ranges::copy(tokens[t], panel.data(t));
    panel.size(t) = Magnitude::from(1);
  }
  return panel;
}

Tokens products(const Panel& X, const Panel& Y) {
  Tokens all(T, std::vector<double>(T));
  for (std::size_t s = 0; s < T; ++s)
    for (std::size_t t = 0; t < T; ++t)
      all[s][t] = workers::inner_product(X.data(s), Y.data(t), std::size_t(X.rows()));
  return all;
}

void expect_equal(const Tokens& a, const Tokens& b) {
  for (std::size_t s = 0; s < T; ++s)
    for (std::size_t t = 0; t < T; ++t) EXPECT_NEAR(a[s][t], b[s][t], 1e-13);
}

/// From less beside the tokens than they are, to more than there are axes for.
class StreamFoldOf : public ::testing::TestWithParam<std::int64_t> {};

TEST_P(StreamFoldOf, AWidthKeepsAllInnerProductsThereAndBack) {
  for (const Norm norm : {Norm::none, Norm::pre_layer}) {
    const LayerSpaces spaces = spaces_of(GetParam(), norm);
    const StreamAxes& axes = spaces.stream;
    const std::int64_t known = axes.centre + axes.signal;
    StreamFold fold(spaces);
    const Panel X = panel_of(axes.rows, known + axes.beside, 1);
    Panel folded = X;
    fold.fold(folded);
    expect_equal(products(folded, folded), products(X, X));
    for (std::size_t t = 0; t < T; ++t)
      for (std::int64_t i = known; i < axes.rows; ++i) EXPECT_EQ(folded.data(t)[i], 0);

    Panel D = panel_of(axes.rows, known + axes.gradient, 2);
    const Tokens own = products(D, D), with_signal = products(D, folded);
    fold.unfold(D, Stream(PointKey::derive(1, 2), 0, 1, Purpose::rotation));
    expect_equal(products(D, D), own);
    expect_equal(products(D, X), with_signal);
  }
}

TEST_P(StreamFoldOf, AWidthKeepsAGradientInAsManyAxesAsItNeeds) {
  const LayerSpaces spaces = spaces_of(GetParam(), Norm::pre_layer);
  const StreamAxes& axes = spaces.stream;
  const std::int64_t known = axes.centre + axes.signal;
  Panel D = panel_of(axes.rows, axes.rows, 3);
  const Panel X = panel_of(axes.rows, known, 4);
  const Tokens own = products(D, D), with_signal = products(D, X);
  StreamFold(spaces).fold_gradient(D);
  expect_equal(products(D, D), own);
  expect_equal(products(D, X), with_signal);
  for (std::size_t t = 0; t < T; ++t)
    for (std::int64_t i = known + axes.gradient; i < axes.rows; ++i) EXPECT_EQ(D.data(t)[i], 0);
}

INSTANTIATE_TEST_SUITE_P(Widths, StreamFoldOf, ::testing::Values(3, 4, 5, 6, 7, 9, 10, 11, 1000000000));

}  // namespace
}  // namespace varprop::test
