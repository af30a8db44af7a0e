// Triangles by reflections.
//
// Seen to fail where a column was reflected in its own units however short it was (lengths from 1e-158 on).
#include "workers/networks/reflections.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/workers/networks/fixed_matrices.hpp"

namespace varprop::test {
namespace {

using namespace workers;

std::vector<double*> pointers_to(Tokens& columns) {
  std::vector<double*> pointers;
  for (auto& column : columns) pointers.push_back(column.data());
  return pointers;
}

void expect_equal(const Tokens& a, const Tokens& b) {
  for (std::size_t t = 0; t < a.size(); ++t)
    for (std::size_t i = 0; i < a[t].size(); ++i) EXPECT_NEAR(a[t][i], b[t][i], 1e-14) << t << ", " << i;
}

/// More rows than columns and fewer, a column of zeros, and one that those before it span.
TEST(Reflections, MakeColumnsTriangularAndComeBack) {
  for (const auto& [rows, columns] : {std::pair{9, 4}, {4, 4}, {3, 5}, {1, 2}}) {
    Tokens X = normal_tokens(std::size_t(columns), std::size_t(rows), 0);
    if (columns == 4) std::ranges::fill(X[2], 0.0);
    if (columns == 4) X[3] = X[0];
    const Tokens before = X;
    Reflections Q;
    Q.triangulate(pointers_to(X), std::size_t(rows));
    for (std::size_t t = 0; t < X.size(); ++t)
      for (std::size_t i = t + 1; i < X[t].size(); ++i) EXPECT_EQ(X[t][i], 0);
    for (std::size_t j = 0; j < Q.count(); ++j) EXPECT_GE(Q.sign(j) * X[j][j], 0);
    Q.apply(pointers_to(X));
    expect_equal(X, before);
  }
}

/// Of which squares are lost to doubles, some or all of them; the columns behind are as long as ever.
TEST(Reflections, TakeColumnsOfAnyLength) {
  for (const double size : {1e-140, 1e-154, 1e-158, 1e-161, 1e-170, 1e-300}) {
    Tokens X = normal_tokens(4, 9, 3);
    for (double& x : X[1]) x *= size;
    Tokens before = X;
    Reflections Q;
    Q.triangulate(pointers_to(X), 9);
    for (std::size_t t = 0; t < X.size(); ++t)
      for (std::size_t i = t + 1; i < X[t].size(); ++i) EXPECT_EQ(X[t][i], 0) << size;
    Q.apply(pointers_to(X));
    for (Tokens* columns : {&X, &before})
      for (double& x : (*columns)[1]) x /= size;
    expect_equal(X, before);
  }
}

TEST(Reflections, KeepLengthsAndAngles) {
  Tokens X = normal_tokens(3, 7, 1), Y = normal_tokens(4, 7, 2);
  Reflections Q;
  Q.triangulate(pointers_to(X), 7);
  const auto products = [&] {
    Tokens all(4, std::vector<double>(4));
    for (std::size_t s = 0; s < 4; ++s)
      for (std::size_t t = 0; t < 4; ++t) all[s][t] = inner_product(Y[s].data(), Y[t].data(), 7);
    return all;
  };
  const Tokens before = products();
  Q.apply(pointers_to(Y));
  expect_equal(products(), before);
}

}  // namespace
}  // namespace varprop::test
