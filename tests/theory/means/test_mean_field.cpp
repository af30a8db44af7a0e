// V, D and V' against closed forms, from q = 1e-300 to 1e300.
#include "core/errors.hpp"
#include "theory/means/mean_field.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <numbers>

namespace varprop::theory {
namespace {

using std::numbers::pi;

struct ClosedForm {
  std::string activation;
  std::function<double(double)> V, D;
};

/// asin(q/(1+q)) loses digits near 1: π/2 − 2 asin(√((1−x)/2)) there.
double asin_near_one(double x, double one_minus_x) {
  return x < 0.5 ? std::asin(x) : pi / 2 - 2 * std::asin(std::sqrt(one_minus_x / 2));
}

double gelu_V(double q) {
  const double angle = asin_near_one(q / (1 + q), 1 / (1 + q));
  return q / 4 + q / (2 * pi) * angle + q / (1 + q) * q / (pi * std::sqrt(1 + 2 * q));
}

double erf_V(double q) {
  return 2 / pi * asin_near_one(2 * q / (1 + 2 * q), 1 / (1 + 2 * q));
}

double sin_V(double q) {
  return -0.5 * std::expm1(-2 * q);
}

std::vector<ClosedForm> closed_forms() {
  return {
      {"abs", [](double q) { return q; }, [](double) { return 1.0; }},
      {"sin", sin_V, [](double q) { return 1 - sin_V(q); }},
      {"sin(30)", [](double q) { return sin_V(900 * q); },
       [](double q) { return 900 * (1 - sin_V(900 * q)); }},
      {"sin(0.01)", [](double q) { return sin_V(0.01 * 0.01 * q); },
       [](double q) { return 0.01 * 0.01 * (1 - sin_V(0.01 * 0.01 * q)); }},
      {"linear", [](double q) { return q; }, [](double) { return 1.0; }},
      {"relu", [](double q) { return q / 2; }, [](double) { return 0.5; }},
      {"leaky_relu(0.2)", [](double q) { return 0.52 * q; }, [](double) { return 0.52; }},
      {"leaky_relu(-3)", [](double q) { return 5 * q; }, [](double) { return 5.0; }},
      {"erf", erf_V, [](double q) { return 4 / pi / std::sqrt(1 + 4 * q); }},
      {"gelu", gelu_V, {}},
  };
}

std::vector<double> all_sizes() {
  std::vector<double> q;
  for (int exponent = -300; exponent <= 300; exponent += exponent >= -6 && exponent < 6 ? 1 : 7) {
    q.push_back(1.7 * std::pow(10.0, std::min(exponent, 299)));
  }
  return q;
}

TEST(MeanField, MeetsTheClosedFormsAtEverySize) {
  for (const auto& form : closed_forms()) {
    const MeanField field(Activation::parse(form.activation));
    for (const double q : all_sizes()) {
      EXPECT_NEAR(field.V(q).value / form.V(q), 1, 1e-13) << form.activation << " V(" << q << ")";
      if (!form.D) continue;
      EXPECT_NEAR(field.D(q).value / form.D(q), 1, 1e-13) << form.activation << " D(" << q << ")";
    }
  }
}

TEST(MeanField, HardTanhMeetsItsClosedForms) {
  const MeanField field(Activation::parse("hard_tanh"));
  for (const double q : all_sizes()) {
    const double inside = std::erf(1 / std::sqrt(2 * q));
    EXPECT_NEAR(field.D(q).value / inside, 1, 1e-13) << q;
    if (q < 1e-300 || q > 30) continue;  // the closed form of V cancels
    const double density = std::exp(-0.5 / q) / std::sqrt(2 * pi * q);
    const double V = q * (inside - 2 * density) + std::erfc(1 / std::sqrt(2 * q));
    EXPECT_NEAR(field.V(q).value / V, 1, 2e-13) << q;
  }
}

/// R(z) = exp(z²/2) Φ(−z).
double scaled_tail(double z) {
  return 0.5 * std::exp(0.5 * z * z) * std::erfc(z / std::numbers::sqrt2);
}

/// Positive half: slope s. Negative half: E (e^x − 1)² = R(2√q) − 2R(√q) + ½ and E e^{2x} = R(2√q).
TEST(MeanField, EluAndSeluMeetTheirClosedForms) {
  struct Case {
    const char* activation;
    double slope, alpha;
  };
  for (const auto& [activation, slope, alpha] :
       {Case{"elu", 1, 1}, Case{"elu(0.3)", 1, 0.3}, Case{"selu", 1.0507009873554805, 1.6732632423543772}}) {
    const MeanField field(Activation::parse(activation));
    for (const double q : {0.01, 0.3, 1.0, 5.0, 80.0}) {
      const double z = std::sqrt(q), far = scaled_tail(2 * z), bent = far - 2 * scaled_tail(z) + 0.5;
      EXPECT_NEAR(field.V(q).value / (slope * slope * (q / 2 + alpha * alpha * bent)), 1, 1e-12)
          << activation;
      EXPECT_NEAR(field.D(q).value / (slope * slope * (0.5 + alpha * alpha * far)), 1, 1e-13) << activation;
    }
  }
}

/// celu(α) sees √q/α as ELU sees √q.
TEST(MeanField, CeluMeetsItsClosedForm) {
  for (const double alpha : {0.01, 0.3, 1.0, 100.0}) {
    const MeanField field(Activation::parse("celu(" + std::to_string(alpha) + ")"));
    for (const double s : {0.1, 0.7, 2.0, 6.0}) {  // √q/α
      const double q = s * s * alpha * alpha, bent = scaled_tail(2 * s) - 2 * scaled_tail(s) + 0.5;
      EXPECT_NEAR(field.V(q).value / (q / 2 + alpha * alpha * bent), 1, 1e-12) << alpha << " " << q;
      EXPECT_NEAR(field.D(q).value / (0.5 + scaled_tail(2 * s)), 1, 1e-13) << alpha << " " << q;
    }
  }
}

TEST(MeanField, PowersAreThoseOfTheMomentsOfANormal) {
  const MeanField field(Activation::parse("relu2"));
  for (const double q : {1e-150, 1e-3, 1.0, 7.0, 1e150}) {
    EXPECT_NEAR(field.V(q).value / (1.5 * q * q), 1, 1e-14) << q;
    EXPECT_NEAR(field.D(q).value / (2 * q), 1, 1e-14) << q;
    EXPECT_NEAR(field.V_prime(q).value / (3 * q), 1, 1e-14) << q;
  }
}

/// With Q the normal's upper tail, p its density, at z = k/√q.
TEST(MeanField, ActivationsWithTwoKinksMeetTheirClosedForms) {
  const MeanField relu6(Activation::parse("relu6")), hardsigmoid(Activation::parse("hardsigmoid"));
  const MeanField softshrink(Activation::parse("softshrink(2)")), hardswish(Activation::parse("hardswish"));
  const auto Q = [](double z) { return 0.5 * std::erfc(z / std::numbers::sqrt2); };
  const auto p = [](double z) { return std::exp(-0.5 * z * z) / std::sqrt(2 * pi); };
  for (const double q : {0.5, 2.0, 10.0, 400.0}) {
    const double root = std::sqrt(q), of_6 = 6 / root, of_3 = 3 / root, of_2 = 2 / root;
    EXPECT_NEAR(relu6.V(q).value / (q * (0.5 - Q(of_6) - of_6 * p(of_6)) + 36 * Q(of_6)), 1, 1e-12) << q;
    EXPECT_NEAR(relu6.D(q).value / (0.5 - Q(of_6)), 1, 1e-13) << q;
    const double inside = 1 - 2 * Q(of_3);
    EXPECT_NEAR(hardsigmoid.D(q).value / (inside / 36), 1, 1e-13) << q;
    EXPECT_NEAR(hardsigmoid.V(q).value / ((q * (inside - 2 * of_3 * p(of_3)) + 9 * inside) / 36 + Q(of_3)), 1,
                1e-12)
        << q;
    // dV/dq of the line above: E φ'² and the kinks, of which that at −3 has φ = 0
    EXPECT_NEAR(hardsigmoid.V_prime(q).value / (inside / 36 - p(of_3) / (6 * root)), 1, 1e-11) << q;
    EXPECT_NEAR(softshrink.D(q).value / (2 * Q(of_2)), 1, 1e-12) << q;
    EXPECT_NEAR(softshrink.V(q).value / (2 * ((q + 4) * Q(of_2) - 2 * root * p(of_2))), 1, 1e-11) << q;
    EXPECT_NEAR(
        hardswish.D(q).value / ((4 * q * (0.5 * inside - of_3 * p(of_3)) + 4.5 * inside) / 18 + Q(of_3)), 1,
        1e-12)
        << q;
  }
}

/// 10 and 18 deviations out: what is beyond the kinks is all there is.
TEST(MeanField, AnActivationOfTailsAloneIsSeenHoweverFarOutTheyBegin) {
  const MeanField softshrink(Activation::parse("softshrink(2)"));
  for (const double q : {0.06, 0.04, 0.012}) {
    const double z = 2 / std::sqrt(q), Q = 0.5 * std::erfc(z / std::numbers::sqrt2);
    const double p = std::exp(-0.5 * z * z) / std::sqrt(2 * pi);
    EXPECT_NEAR(softshrink.D(q).value / (2 * Q), 1, 1e-12) << q;
    EXPECT_NEAR(softshrink.V(q).value / (2 * q * ((1 + z * z) * Q - z * p)), 1, 1e-9) << q;
  }
}

/// E f(√q Z) by the trapezoidal rule, which for analytic f converges faster than any power.
template <class F>
double trapezoidal_mean(double q, const F& f) {
  constexpr double step = 0.01;
  double sum = 0;
  for (int i = -1200; i <= 1200; ++i)
    sum += std::exp(-0.5 * step * i * step * i) * f(std::sqrt(q) * step * i);
  return sum * step / std::sqrt(2 * pi);
}

TEST(MeanField, SmoothActivationsMeetTheTrapezoidalRule) {
  const auto squared = [](double x) { return x * x; };
  const auto sigmoid = [](double x) { return 1 / (1 + std::exp(-x)); };
  const MeanField arctan(Activation::parse("arctan")), logistic(Activation::parse("sigmoid"));
  const MeanField silu(Activation::parse("silu")), softplus(Activation::parse("softplus"));
  const MeanField mish(Activation::parse("mish")), quick_gelu(Activation::parse("quick_gelu"));
  const MeanField gelu_tanh(Activation::parse("gelu_tanh"));
  for (const double q : {0.01, 0.7, 4.0, 90.0}) {
    const auto expect = [&](double value, auto f) {
      EXPECT_NEAR(value / trapezoidal_mean(q, f), 1, 1e-13) << q;
    };
    expect(arctan.V(q).value, [&](double x) { return squared(std::atan(x)); });
    expect(arctan.D(q).value, [&](double x) { return squared(1 / (1 + x * x)); });
    expect(logistic.V(q).value, [&](double x) { return squared(sigmoid(x)); });
    expect(logistic.D(q).value, [&](double x) { return squared(sigmoid(x) * sigmoid(-x)); });
    expect(silu.V(q).value, [&](double x) { return squared(x * sigmoid(x)); });
    expect(silu.D(q).value, [&](double x) { return squared(sigmoid(x) * (1 + x * sigmoid(-x))); });
    expect(softplus.V(q).value, [&](double x) { return squared(std::log1p(std::exp(x))); });
    expect(softplus.D(q).value, [&](double x) { return squared(sigmoid(x)); });
    expect(mish.V(q).value, [&](double x) { return squared(x * std::tanh(std::log1p(std::exp(x)))); });
    expect(quick_gelu.V(q).value, [&](double x) { return squared(x * sigmoid(1.702 * x)); });
    expect(gelu_tanh.V(q).value,
           [&](double x) { return squared(x * sigmoid(std::sqrt(8 / pi) * (x + 0.044715 * x * x * x))); });
  }
}

TEST(MeanField, SoftsignAndArctanMeetTheirTails) {
  for (const double q : {1e30, 1e120, 1e300}) {  // ∫ (1+|x|)⁻⁴ = 2/3, ∫ (1+x²)⁻² = π/2
    const double density = 1 / std::sqrt(2 * pi) / std::sqrt(q);
    EXPECT_NEAR(MeanField(Activation::parse("softsign")).D(q).value / (2.0 / 3 * density), 1, 1e-13) << q;
    EXPECT_NEAR(MeanField(Activation::parse("arctan")).D(q).value / (pi / 2 * density), 1, 1e-13) << q;
  }
}

TEST(MeanField, DerivativeOfVOfTheSineFallsToZero) {
  const MeanField field(Activation::parse("sin"));
  for (const double q : {1e-300, 1e-3, 1.0, 9.0, 39.0, 41.0, 1e5, 1e300}) {
    EXPECT_NEAR(field.V_prime(q).value, std::exp(-2 * q), 1e-15) << q;
  }
}

TEST(MeanField, GeluMeetsThePublishedValue) {
  EXPECT_NEAR(MeanField(Activation::parse("gelu")).V(1.7).value, 0.7717012125, 5e-11);
}

TEST(MeanField, TanhMeetsItsLimits) {
  const MeanField field(Activation::parse("tanh"));
  for (const double q : {1e-300, 1e-150, 1e-12}) {
    EXPECT_NEAR(field.V(q).value / (q * (1 - 2 * q)), 1, 1e-13) << q;
    EXPECT_NEAR(field.D(q).value, 1 - 2 * q, 1e-13) << q;
  }
  // ∫ sech⁴ = 4/3 and ∫ (1 − tanh²) = 2, seen through the normal density at 0.
  for (const double q : {1e30, 1e120, 1e300}) {
    const double density = 1 / std::sqrt(2 * pi) / std::sqrt(q);
    EXPECT_NEAR(field.D(q).value / (4.0 / 3 * density), 1, 1e-13) << q;
    EXPECT_NEAR(field.V(q).value, 1 - 2 * density, 1e-13) << q;
  }
}

TEST(MeanField, DerivativeOfVAgreesWithDifferences) {
  for (const std::string& name : activation_names()) {
    const MeanField field(Activation::parse(name));
    for (const double q : {1e-6, 0.03, 0.4, 1.0, 7.0, 250.0, 1e6}) {
      if (field.facts().value_at_zero != 0 && q < 0.01) continue;  // the difference is below V's rounding
      if (field.facts().oscillates() && q > 1) continue;           // likewise
      if (field.V(q).value < 1e-250) continue;                     // softshrink is silent
      const double h = 1e-3 * q;
      const auto V = [&](double at) { return field.V(at).value; };
      const double difference = (8 * (V(q + h) - V(q - h)) - (V(q + 2 * h) - V(q - 2 * h))) / (12 * h);
      EXPECT_NEAR(field.V_prime(q).value / difference, 1, 1e-9) << name << " at " << q;
    }
  }
}

TEST(MeanField, AtZeroTakesTheLimitFromAbove) {
  for (const std::string& name : activation_names()) {
    const MeanField field(Activation::parse(name));
    EXPECT_EQ(field.V(0).value, field.facts().value_at_zero * field.facts().value_at_zero) << name;
    EXPECT_NEAR(field.D(0).value, field.D(1e-30).value, 1e-13) << name;
    EXPECT_NEAR(field.V_prime(0).value, field.V_prime(1e-30).value, 1e-13) << name;
  }
}

TEST(MeanField, StatesItsError) {
  for (const std::string& name : activation_names()) {
    const MeanField field(Activation::parse(name));
    for (const double q : all_sizes()) {
      const Integral V = field.V(q), D = field.D(q);
      if (V.value < 1e-250 || V.value > 1e305) continue;  // squares, and softshrink in its silence
      EXPECT_LT(V.error, 1e-7 * V.value) << name << " V(" << q << ")";
      EXPECT_LT(D.error, 1e-7 * D.value) << name << " D(" << q << ")";
      EXPECT_GT(V.error, 0) << name;
    }
  }
}

#if defined(VARPROP_CONTRACTS)
TEST(MeanField, RefusesWhatIsNoVariance) {
  const MeanField field(Activation::parse("tanh"));
  EXPECT_THROW(field.V(-1), ContractViolation);
  EXPECT_THROW(field.D(NAN), ContractViolation);
}
#endif

/// Seen by z ~ 1/√q only: V' → q^(−3/2)/(2√(2π)) ∫ φ(1−φ) dx, and that integral is 1. (E φ'² + φφ'' would be
/// a difference of numbers 1/q times as large.)
TEST(MeanField, SlopeOfSigmoidKeepsItsDigitsWhereItSaturates) {
  const MeanField sigmoid(Activation::parse("sigmoid"));
  for (const double q : {1e12, 1e15, 1e30, 1e100, 1e180}) {
    const double limit = std::pow(q, -1.5) / (2 * std::sqrt(2 * std::numbers::pi));
    EXPECT_NEAR(sigmoid.V_prime(q).value / limit, 1, 1e-11) << q;
  }
}

}  // namespace
}  // namespace varprop::theory
