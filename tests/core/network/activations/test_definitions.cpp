// Every activation: the scalar definition against its textbook formula, the vector code against long double,
// and its facts against what it does.
//
// Seen to fail: with a coefficient of the sine 1e-14 off, with the middle part of π/2 left out, with a slope
// or a curvature 1 + 1e-9 times itself, with α and λ of SELU exchanged, with the rounding of ωz in sin ωz
// left to second order.
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <fstream>
#include <functional>
#include <iomanip>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "core/network/activations/scalar.hpp"
#include "core/random/stream.hpp"
#include "core/simd/forced_target.hpp"
#include "tests/core/network/activations/vector_evaluation.hpp"

namespace varprop::test {
namespace {

using Real = long double;

/// All activations, and some whose parameter changes what a definition does.
std::vector<std::string> texts() {
  std::vector<std::string> all = activation_names();
  all.insert(all.end(), {"sin(30)", "sin(0.01)", "celu(0.3)", "softshrink(2)"});
  return all;
}

/// φ as a textbook has it; none of these shares code with a definition.
const std::map<std::string, std::function<Real(Real)>>& textbook() {
  static const std::map<std::string, std::function<Real(Real)>> formulas{
      {"linear", [](Real z) { return z; }},
      {"relu", [](Real z) { return std::max(z, 0.0L); }},
      {"leaky_relu", [](Real z) { return z > 0 ? z : 0.01L * z; }},
      {"abs", [](Real z) { return std::fabs(z); }},
      {"tanh", [](Real z) { return std::tanh(z); }},
      {"erf", [](Real z) { return std::erf(z); }},
      {"sigmoid", [](Real z) { return 1 / (1 + std::exp(-z)); }},
      {"hard_tanh", [](Real z) { return std::min(std::max(z, -1.0L), 1.0L); }},
      {"softsign", [](Real z) { return z / (1 + std::fabs(z)); }},
      {"arctan", [](Real z) { return std::atan(z); }},
      {"sin", [](Real z) { return std::sin(z); }},
      {"elu", [](Real z) { return z > 0 ? z : std::exp(z) - 1; }},
      {"selu",
       [](Real z) { return 1.0507009873554805L * (z > 0 ? z : 1.6732632423543772L * (std::exp(z) - 1)); }},
      {"gelu", [](Real z) { return z / 2 * std::erfc(-z / std::sqrt(2.0L)); }},
      {"silu", [](Real z) { return z / (1 + std::exp(-z)); }},
      {"softplus", [](Real z) { return std::log(1 + std::exp(z)); }},
      {"mish", [](Real z) { return z * std::tanh(std::log(1 + std::exp(z))); }},
      {"gelu_tanh",
       [](Real z) { return z / 2 * (1 + std::tanh(std::sqrt(2 / M_PIl) * (z + 0.044715L * z * z * z))); }},
      {"quick_gelu", [](Real z) { return z / (1 + std::exp(-1.702L * z)); }},
      {"hardswish", [](Real z) { return z * std::min(std::max(z + 3, 0.0L), 6.0L) / 6; }},
      {"hardsigmoid", [](Real z) { return std::min(std::max(z + 3, 0.0L), 6.0L) / 6; }},
      {"relu6", [](Real z) { return std::min(std::max(z, 0.0L), 6.0L); }},
      {"relu2", [](Real z) { return std::pow(std::max(z, 0.0L), 2.0L); }},
      {"celu", [](Real z) { return std::max(z, 0.0L) + std::min(std::expm1(z), 0.0L); }},
      {"softshrink", [](Real z) { return z > 0.5L    ? z - 0.5L
                                         : z < -0.5L ? z + 0.5L
                                                     : 0; }},
      {"sin(30)", [](Real z) { return std::sin(30 * z); }},
      {"sin(0.01)", [](Real z) { return std::sin(0.01 * z); }},
      {"celu(0.3)",
       [](Real z) { return std::max(z, 0.0L) + std::min(0.3 * std::expm1(z / Real(0.3)), 0.0L); }},
      {"softshrink(2)", [](Real z) { return z > 2    ? z - 2
                                            : z < -2 ? z + 2
                                                     : 0; }},
  };
  return formulas;
}

class Definition : public ::testing::TestWithParam<std::string> {
 protected:
  Activation activation_ = Activation::parse(GetParam());
  ActivationFacts facts_ = activation_.facts();

  Real value(Real z) const { return scalar::evaluate<Real>(activation_, z).value; }
  Real slope(Real z) const { return scalar::evaluate<Real>(activation_, z).slope; }
  Real curvature(Real z) const { return scalar::curvature<Real>(activation_, z); }
  bool near_kink(Real z) const {
    for (std::size_t k = 0; k < facts_.kinks.count; ++k) {
      if (std::fabs(z - facts_.kinks.at[k]) < 0.01L) return true;
    }
    return std::fabs(z) < 0.01L;  // softsign's φ'' jumps there
  }
};

TEST_P(Definition, IsTheTextbookFormula) {
  const auto& phi = textbook().at(GetParam());
  for (Real z = -12.03L; z < 12; z += 0.17L) {
    EXPECT_NEAR(static_cast<double>(value(z) - phi(z)), 0, 1e-15) << static_cast<double>(z);
  }
}

TEST_P(Definition, SlopeAndCurvatureAreDerivatives) {
  const Real scale = facts_.kinks.scale, h = 1e-4L * scale;
  const auto derivative = [h](auto f, Real z) {
    return (8 * (f(z + h) - f(z - h)) - (f(z + 2 * h) - f(z - 2 * h))) / (12 * h);
  };
  for (Real z = -9.03L; z < 9; z += 0.17L) {
    if (near_kink(z)) continue;
    const double rounding =
        3e-14 * static_cast<double>(1 + std::fabs(value(z)) + std::fabs(z) / (50 * scale));
    const Real by_value = derivative([this](Real x) { return value(x); }, z);
    const Real by_slope = derivative([this](Real x) { return slope(x); }, z);
    EXPECT_NEAR(static_cast<double>((slope(z) - by_value) * scale), 0, rounding) << static_cast<double>(z);
    EXPECT_NEAR(static_cast<double>((curvature(z) - by_slope) * scale * scale), 0, rounding)
        << static_cast<double>(z);
  }
}

TEST_P(Definition, DoesWhatItsFactsSay) {
  const Real tiny = 1e-30L, huge = facts_.oscillates() ? 1e16L : 1e30L;
  EXPECT_EQ(static_cast<double>(value(0)), facts_.value_at_zero);
  EXPECT_NEAR(static_cast<double>(slope(-tiny)), facts_.at_zero.negative, 1e-16 + 1e-16 / facts_.kinks.scale);
  EXPECT_NEAR(static_cast<double>(slope(tiny)), facts_.at_zero.positive, 1e-16 + 1e-16 / facts_.kinks.scale);
  EXPECT_NEAR(static_cast<double>(value(-huge) / -huge), facts_.at_infinity.negative, 1e-15);
  if (facts_.power == 0) {
    EXPECT_NEAR(static_cast<double>(value(huge) / huge), facts_.at_infinity.positive, 1e-15);
  }
  EXPECT_EQ(slope(-20) != facts_.at_infinity.negative && !facts_.oscillates(), facts_.decays.negative);
  EXPECT_EQ(
      slope(20) != facts_.at_infinity.positive && facts_.at_infinity.positive == 0 && !facts_.oscillates(),
      facts_.decays.positive);
  const Real rate = facts_.oscillates() ? facts_.frequency : 1;
  const Real place = 700 / rate, period = 6.28318530717958647692528676655900577L / rate;
  const bool oscillates = std::fabs(value(place + period) - value(place)) < 1e-15L &&
                          std::fabs(slope(place + 2 / rate) - slope(place)) > 0.1L * rate;
  EXPECT_EQ(oscillates, facts_.oscillates());
}

TEST_P(Definition, IsThePowerThatItsFactsSay) {
  const int power = facts_.power;
  EXPECT_EQ(power != 0, std::isinf(facts_.at_infinity.positive));
  for (const Real z : {-3.0L, -0.7L, 0.7L, 3.0L}) {
    const bool scales = std::fabs(value(2 * z) - std::pow(2.0L, power) * value(z)) < 1e-15L &&
                        std::fabs(slope(2 * z) - std::pow(2.0L, power - 1) * slope(z)) < 1e-15L;
    EXPECT_TRUE(scales || power == 0) << static_cast<double>(z);
  }
}

TEST(ReluAndAbs, HaveNoSlopeInTheirKinks) {
  for (const char* name : {"relu", "abs"}) {
    EXPECT_EQ(scalar::evaluate<Real>(Activation::parse(name), 0).slope, 0) << name;
  }
}

/// "1, 0.5": as the page has slopes.
std::string slopes_text(const Slopes& slopes) {
  std::ostringstream text;
  text << std::setprecision(4) << slopes.negative << ", ";
  if (std::isinf(slopes.positive)) return text.str() + "∞";
  text << slopes.positive;
  return text.str();
}

/// The row's end after the formula, which no program can read.
std::string documented_facts(const ParameterFacts* parameter, const ActivationFacts& facts) {
  std::ostringstream text;
  if (parameter != nullptr) {
    const std::map<std::string_view, const char*> symbols{
        {"negative_slope", "a"}, {"alpha", "α"}, {"omega", "ω"}, {"lambda", "λ"}};
    const char* symbol = symbols.at(parameter->name);
    text << parameter->name << " " << symbol << " = " << parameter->default_value << ", from "
         << parameter->low << " to " << parameter->high;
  }
  text << " | " << slopes_text(facts.at_zero) << " | " << slopes_text(facts.at_infinity) << " |";
  return text.str();
}

TEST_P(Definition, StandsInTheDocumentation) {
  if (GetParam().ends_with(")")) return;  // its name does
  const auto* parameter = scalar::visit(activation_, [](const auto& phi) -> const ParameterFacts* {
    return phi.parameter_facts ? &*phi.parameter_facts : nullptr;
  });
  const std::string begin = "| `" + GetParam() + "` | ", end = " | " + documented_facts(parameter, facts_);
  std::ifstream page(VARPROP_SOURCE_DIR "/docs/sweep-file.md");
  bool found = false;
  for (std::string line; std::getline(page, line);) found |= line.starts_with(begin) && line.ends_with(end);
  EXPECT_TRUE(found) << "docs/sweep-file.md needs this row:\n" << begin << "…" << end;
}

/// Error in units in the last place of the exact value, or of `least` where that is less. In a tail, results
/// below `tail` may lose everything.
double ulps(double value, Real exact, double z, double least = 0, double tail = 1e-304) {
  if (std::fabs(z) > 1 && std::fabs(exact) < tail && std::fabs(value) < tail) return 0;
  const double magnitude = std::max(std::fabs(static_cast<double>(exact)), least);
  const double unit = std::nextafter(magnitude, HUGE_VAL) - magnitude;
  return static_cast<double>(std::fabs((value - exact) / unit));
}

/// Points of every size, and more of them where activations bend.
const std::vector<double>& points() {
  static const std::vector<double> all = [] {
    std::vector<double> z{0.0,     -0.0,     5e-324, -5e-324, 1e-310, -1e-310, 1e300, -1e300,
                          1.7e308, -1.7e308, 1,      -1,      0.5,    -0.5,    708,   -708,
                          709,     -709,     37.5,   -37.5,   0x1p31, -0x1p31};
    const Stream uniforms(PointKey::derive(3, 3), 0, 1, Purpose::input);
    std::uint64_t draw = 0;
    const auto uniform = [&] {
      return std::ldexp(static_cast<double>(uniforms.draw(draw++) >> 11), -52) - 1;
    };
    for (int i = 0; i < 40000; ++i) z.push_back(4 * uniform());
    for (int i = 0; i < 40000; ++i) z.push_back(40 * uniform());
    for (int i = 0; i < 20000; ++i) z.push_back(760 * uniform());
    for (int i = 0; i < 20000; ++i) z.push_back(uniform() * std::exp2(31 * std::fabs(uniform())));
    for (int i = 0; i < 20000; ++i) z.push_back(uniform() * std::exp2(1020 * uniform()));
    for (int k = 1; k < 20000; ++k) {  // around the zeros of sine and cosine, where the reduction cancels
      const double zero = static_cast<double>(k * 65537LL % (1LL << 30)) * (M_PI / 2);
      z.insert(z.end(), {zero, -std::nextafter(zero, 0)});
    }
    return z;
  }();
  return all;
}

/// Where z is beyond what is promised: the sine's argument reduction, and squares beyond doubles.
bool out_of_reach(const ActivationFacts& facts, double z) {
  return facts.oscillates() ? std::fabs(facts.frequency * z) > 0x1p31
                            : facts.power != 0 && std::fabs(z) > 1e150;
}

/// Where φ crosses zero between two doubles: sin ωz, whose product ωz is known to 2⁻¹⁰⁶ of itself.
double least_known(const ActivationFacts& facts, double z) {
  const bool exact = facts.frequency == 0 || facts.frequency == 1;
  return exact ? 0 : 0x1p-53 * std::fabs(facts.frequency * z);
}

/// Where φ' (or φ'') is the small difference of two terms of size 1: a bound on the absolute error there.
struct Cancelling {
  double low, high;
  double error = 0x1p-53;
};
Cancelling slope_cancels(const std::string& name) {
  if (name == "gelu") return {-1.5, -0.3};
  if (name == "silu") return {-2.5, -0.6};
  if (name == "mish") return {-4, -0.5, 0x1p-52};
  if (name == "gelu_tanh" || name == "quick_gelu") return {-3, -0.3, 0x1p-52};
  return {1, 0};
}
Cancelling curvature_cancels(const std::string& name) {
  if (name == "gelu") return {1.2, 1.7};  // and mirrored
  if (name == "silu") return {1.8, 3.2};
  if (name == "mish") return {1.2, 3.2, 0x1p-52};
  if (name == "gelu_tanh" || name == "quick_gelu") return {1.1, 2.2, 0x1p-52};
  return {1, 0};
}

struct Worst {
  double ulps = 0, at = 0;
  void see(double error, double z) {
    if (!(error <= ulps)) *this = {error, z};
  }
};

TEST_P(Definition, ValuesOfVectorsAreWithinFourUnitsInTheLastPlace) {
  const auto all = evaluate_with_vectors(activation_, points());
  Worst worst;
  for (std::size_t i = 0; i < points().size(); ++i) {
    const double z = points()[i];
    if (!out_of_reach(facts_, z)) worst.see(ulps(all.value[i], value(z), z, least_known(facts_, z)), z);
  }
  RecordProperty("worst_ulps", std::to_string(worst.ulps));
  EXPECT_LE(worst.ulps, 4) << "at " << worst.at;
}

TEST_P(Definition, SlopesOfVectorsAreWithinFourUnitsInTheLastPlace) {
  const auto all = evaluate_with_vectors(activation_, points());
  const Cancelling range = slope_cancels(GetParam());
  Worst worst;
  for (std::size_t i = 0; i < points().size(); ++i) {
    const double z = points()[i];
    if (out_of_reach(facts_, z)) continue;
    if (z >= range.low && z <= range.high) {
      ASSERT_NEAR(all.slope[i], static_cast<double>(slope(z)), range.error) << z;
    } else {
      worst.see(ulps(all.slope[i], slope(z), z, least_known(facts_, z) / facts_.kinks.scale), z);
    }
  }
  RecordProperty("worst_ulps", std::to_string(worst.ulps));
  EXPECT_LE(worst.ulps, GetParam() == "mish" ? 6 : 4) << "at " << worst.at;
}

TEST_P(Definition, CurvaturesOfVectorsAreWithinEightUnitsInTheLastPlace) {
  const auto all = evaluate_with_vectors(activation_, points());
  const double tail = GetParam() == "gelu_tanh" ? 1e-301 : 1e-304;  // φ'' is 10⁵ times its exponential there
  const Cancelling range = curvature_cancels(GetParam());
  Worst worst;
  for (std::size_t i = 0; i < points().size(); ++i) {
    const double z = points()[i];
    if (out_of_reach(facts_, z)) continue;
    if (std::fabs(z) >= range.low && std::fabs(z) <= range.high) {
      ASSERT_NEAR(all.curvature[i], static_cast<double>(curvature(z)), range.error) << z;
    } else {
      const double scale = facts_.kinks.scale;
      worst.see(ulps(all.curvature[i], curvature(z), z, least_known(facts_, z) / (scale * scale), tail), z);
    }
  }
  RecordProperty("worst_ulps", std::to_string(worst.ulps));
  EXPECT_LE(worst.ulps, GetParam() == "mish" || GetParam() == "gelu_tanh" ? 10 : 8) << "at " << worst.at;
}

TEST_P(Definition, BitsAreEqualOnEveryInstructionSet) {
  if (vector_targets().size() < 2) GTEST_SKIP() << "this machine has one vector target only";
  std::vector<Evaluation> all;
  for (const std::int64_t target : vector_targets()) {
    const ForcedTarget forced(target);
    all.push_back(evaluate_with_vectors(activation_, points()));
  }
  const auto expect_equal = [&](std::vector<double> Evaluation::*part, const char* what) {
    const auto &a = all[0].*part, &b = all[1].*part;
    ASSERT_EQ(a.size(), b.size());
    for (std::size_t i = 0; i < a.size(); ++i) {
      ASSERT_EQ(std::bit_cast<std::uint64_t>(a[i]), std::bit_cast<std::uint64_t>(b[i]))
          << what << " at " << points()[i];
    }
  };
  expect_equal(&Evaluation::value, "value");
  expect_equal(&Evaluation::slope, "slope");
  expect_equal(&Evaluation::curvature, "curvature");
  expect_equal(&Evaluation::tail_value, "tail value");
  expect_equal(&Evaluation::tail_value_decay, "tail value's decay");
  expect_equal(&Evaluation::tail_slope, "tail slope");
  expect_equal(&Evaluation::tail_slope_decay, "tail slope's decay");
}

TEST_P(Definition, TailIsTheFunctionWithItsExponentialApart) {
  const auto all = evaluate_with_vectors(activation_, points());
  ASSERT_EQ(!all.tail_slope.empty(), facts_.decays.any());
  for (std::size_t i = 0; i < all.tail_slope.size(); ++i) {
    const double z = points()[i];
    if (!(z < 0 ? facts_.decays.negative : facts_.decays.positive)) continue;
    if (std::fabs(z) < (facts_.at_infinity == Slopes{0, 0} && slope(40) > 1e-10L ? 1e17 : 40)) continue;
    if (std::fabs(z) > 1e150) continue;
    const auto expect = [&](double factor, double decay, Real exact, const char* what) {
      const Real product = factor * std::exp(-static_cast<Real>(decay));
      if (std::fabs(exact) < 1e-4900L) return;
      ASSERT_NEAR(static_cast<double>(product / exact), 1, 4e-16 * (10 + decay)) << what << " at " << z;
    };
    expect(all.tail_value[i], all.tail_value_decay[i], value(z), "value");
    expect(all.tail_slope[i], all.tail_slope_decay[i], slope(z), "slope");
  }
}

INSTANTIATE_TEST_SUITE_P(All, Definition, ::testing::ValuesIn(texts()), [](const auto& test) {
  std::string name = test.param;
  std::erase(name, ')');
  std::ranges::replace_if(
      name, [](char c) { return c == '(' || c == '.'; }, '_');
  return name;
});

}  // namespace
}  // namespace varprop::test
