// A norm of two signals, and its Jacobian of two gradients, against the vectors themselves in long double.
//
// Seen to fail without κ, and with S for −S in the plane.
#include "workers/streams/pair_norm.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "core/random/normal_quantile.hpp"
#include "core/random/stream.hpp"

namespace varprop::test {
namespace {

using namespace workers;

constexpr std::size_t rows = 6;  // f₁, f₂, three beside them, 1̂
using Vector = std::array<long double, rows>;

double drawn(std::uint64_t number) {
  return normal_from_bits(Stream(PointKey::derive(2, 9), 0, 0, Purpose::input).draw(number));
}

long double dot(const Vector& a, const Vector& b) {
  long double sum = 0;
  for (std::size_t i = 0; i < rows; ++i) sum += a[i] * b[i];
  return sum;
}

/// √n x̂ with n = 9, or J D with the same.
Vector normed(Vector x) {
  x[rows - 1] = 0;
  const long double norm = std::sqrt(dot(x, x));
  for (auto& value : x) value *= 3 / norm;
  return x;
}
Vector through_jacobian(Vector x, Vector D) {
  x[rows - 1] = D[rows - 1] = 0;
  const long double square = dot(x, x), along = dot(D, x) / square;
  for (std::size_t i = 0; i < rows; ++i) D[i] = 3 / std::sqrt(square) * (D[i] - along * x[i]);
  return D;
}

/// x₁ and x₂ − x₁ of size `apart`, both with a mean.
PairSignal signals(double apart) {
  PairSignal x{Magnitude::from(1.7), Magnitude::from(1.7 * apart), {}};
  x.columns = {{{0.8, 0, 0.6}, {-0.48, 0.64, 0.6}}};
  return x;
}

Vector vector_of(const PairSignal& x, std::size_t j) {
  const long double a = x.first.to_double(), b = j == 0 ? 0 : x.difference.to_double();
  const auto sum = [&](std::size_t i) { return a * x.columns[0][i] + b * x.columns[1][i]; };
  return {sum(0), sum(1), 0, 0, 0, sum(2)};
}

struct Gradients {
  TwoColumns<rows> columns{};
  Magnitude first = Magnitude::from(0.3), difference;

  explicit Gradients(double apart) : difference(Magnitude::from(0.3 * apart)) {
    for (std::size_t j = 0; j < 2; ++j)
      for (std::size_t i = 0; i < rows; ++i) columns[j][i] = drawn(rows * j + i);
  }
  Vector vector(std::size_t j) const {
    Vector D{};
    const long double a = first.to_double(), b = difference.to_double();
    for (std::size_t i = 0; i < rows; ++i) D[i] = a * columns[0][i] + (j == 0 ? 0 : b * columns[1][i]);
    return D;
  }
};

/// In units of the distance: long double has 19 digits.
TEST(PairNorm, IsThatOfEitherVectorAndItsJacobian) {
  for (const double apart : {3.0, 0.5, 1e-3, 1e-8}) {
    const PairSignal x = signals(apart);
    PairNorm norm;
    const PairSignal N = norm.apply(x, Magnitude::from(3), true);
    Gradients D(apart);
    const Vector expected = through_jacobian(vector_of(x, 0), D.vector(0));
    const Vector second = through_jacobian(vector_of(x, 1), D.vector(1));
    norm.apply_transposed_jacobian(D.columns, D.first, D.difference);
    const Vector u_1 = normed(vector_of(x, 0)), u_2 = normed(vector_of(x, 1));
    for (std::size_t i = 0; i < rows; ++i) {
      const double size = D.difference.to_double();
      EXPECT_NEAR(D.first.to_double() * D.columns[0][i], double(expected[i]), 1e-14) << apart << ", " << i;
      EXPECT_NEAR(size * D.columns[1][i] / apart, double((second[i] - expected[i]) / apart), 1e-10) << apart;
      if (i > 1) continue;
      EXPECT_NEAR(N.first.to_double() * N.columns[0][i], double(u_1[i]), 1e-14);
      EXPECT_NEAR(N.difference.to_double() * N.columns[1][i] / apart, double((u_2[i] - u_1[i]) / apart),
                  1e-9);
    }
    EXPECT_EQ(N.columns[0][2], 0);
    EXPECT_EQ(N.columns[1][2], 0);
  }
}

/// From 1e-8 to 1e-120 everything is in proportion.
TEST(PairNorm, KeepsDistancesInProportion) {
  const auto differences = [](double apart) {
    const PairSignal x = signals(apart);
    PairNorm norm;
    const PairSignal N = norm.apply(x, Magnitude::from(3), true);
    Gradients D(apart);
    norm.apply_transposed_jacobian(D.columns, D.first, D.difference);
    std::vector<double> all{(N.difference / Magnitude::from(apart)).to_double(), N.columns[1][0] / apart,
                            N.columns[1][1]};
    for (const double entry : D.columns[1])
      all.push_back(entry * (D.difference / Magnitude::from(apart)).to_double());
    return all;
  };
  const auto far = differences(1e-8), near = differences(1e-120);
  for (std::size_t i = 0; i < far.size(); ++i) EXPECT_NEAR(far[i], near[i], 1e-7) << i;
}

/// Nothing comes back from a signal that is 0; one that stands for both has one Jacobian.
TEST(PairNorm, KnowsSignalsThatAreNothing) {
  PairNorm norm;
  EXPECT_TRUE(norm.apply({}, Magnitude::from(3), true).first.zero());
  Gradients D(0.5);
  norm.apply_transposed_jacobian(D.columns, D.first, D.difference);
  EXPECT_TRUE(D.first.zero());
  EXPECT_TRUE(D.difference.zero());
  EXPECT_TRUE(norm.apply(signals(0.5).alone(), Magnitude::from(3), false).difference.zero());
}

}  // namespace
}  // namespace varprop::test
