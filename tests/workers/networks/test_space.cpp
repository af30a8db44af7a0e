// Normal vectors of a space have one law whether all their components are drawn or as many as there are of
// them: two-sample Kolmogorov–Smirnov tests of their inner products.
//
// 20 000 sets of vectors a side, α = 10⁻⁷ for each of 48 comparisons, fixed seeds. Seen to fail with χ_N on
// the whole diagonal of the triangle.
#include "workers/networks/space.hpp"

#include <gtest/gtest.h>

#include "tests/statistical/two_samples.hpp"
#include "workers/kernels/drawn_matrix.hpp"
#include "workers/kernels/panel_products.hpp"

namespace varprop::test {
namespace {

using namespace workers;

constexpr std::size_t sets = 20000, T = 3;

/// Of each pair of vectors, the products from row `first` on.
std::vector<std::vector<double>> products_of(Space space, std::uint32_t seed, std::int64_t first = 0) {
  std::vector<std::vector<double>> columns(T, std::vector<double>(padded(space.rows())));
  std::vector<double*> written;
  for (auto& column : columns) written.push_back(column.data());
  std::vector<std::vector<double>> products(T * (T + 1) / 2);
  for (std::uint32_t set = 0; set < sets; ++set) {
    space.draw(Stream(PointKey::derive(seed, 3), set, 1, Purpose::preactivation), 0, written);
    std::size_t pair = 0;
    for (std::size_t s = 0; s < T; ++s)
      for (std::size_t t = 0; t <= s; ++t)
        products[pair++].push_back(workers::inner_product(written[s] + first, written[t] + first,
                                                          std::size_t(space.rows() - first)));
  }
  return products;
}

void expect_one_law(const std::vector<std::vector<double>>& a, const std::vector<std::vector<double>>& b) {
  for (std::size_t pair = 0; pair < a.size(); ++pair)
    EXPECT_LT(kolmogorov_smirnov_distance(a[pair], b[pair]), kolmogorov_smirnov_limit(1e-7, sets)) << pair;
}

/// Beside no axes and beside some, more dimensions than vectors and fewer.
TEST(Space, HasTheInnerProductsOfAllComponents) {
  for (const std::int64_t N : {1, 2, 3, 5, 40})
    expect_one_law(products_of(Space(N), 1),
                   products_of(Space({{0, N, std::min<std::int64_t>(N, 3), 1}}), 2));
  expect_one_law(products_of(Space(9), 3), products_of(Space({{4, 5, 3, 0}}), 4));
}

TEST(Space, HasTheComponentsAlongAxesThatAreKnown) {
  expect_one_law(products_of(Space(9), 5, 4), products_of(Space({{4, 5, 3, 2}}), 6, 4));
}

/// Alike spaces and others, one above the other: what stands in each does not know of the others.
TEST(Space, StandsAboveOthers) {
  const Space both({{0, 5, 3, 3, 2}, {3, 4, 3, 0, 1}});
  EXPECT_EQ(both.rows(), 18);
  expect_one_law(products_of(Space(17), 7), products_of(both, 8));
}

}  // namespace
}  // namespace varprop::test
