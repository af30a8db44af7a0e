#include "theory/means/log_ratio.hpp"

#include <algorithm>
#include <boost/math/quadrature/gauss.hpp>
#include <boost/math/special_functions/digamma.hpp>
#include <boost/math/special_functions/polygamma.hpp>
#include <boost/math/special_functions/trigamma.hpp>
#include <cmath>
#include <map>
#include <mutex>
#include <numbers>
#include <utility>
#include <vector>

#include "core/errors.hpp"

namespace varprop::theory {

LogRatioLaw log_moments(const std::function<double(double)>& p, double last) {
  constexpr double first = -45, step = 1.0 / 32;
  double mean = 0, square = 0;
  for (double y = first; y <= last; y += step) {
    const double t = std::exp(y), power = p(t), excess = t + power;
    // e^{−t} − e^p = e^p (e^{−t−p} − 1): no cancellation where both are near each other.
    const double difference =
        std::abs(excess) < 1 ? std::exp(power) * std::expm1(-excess) : std::exp(-t) - std::exp(power);
    mean += difference;
    square -= 2 * difference * (y + std::numbers::egamma);
  }
  mean *= step;
  return {mean, square * step - mean * mean};
}

namespace {

constexpr std::int64_t largest_exact_width = std::int64_t{1} << 24;

/// ψ(x) − ln x, by its asymptotic series where the difference would cancel.
double digamma_minus_log(double x) {
  if (x < 100) return boost::math::digamma(x) - std::log(x);
  const double y = 1 / (x * x);
  return -0.5 / x - y * (1.0 / 12 - y * (1.0 / 120 - y / 252));
}

struct WeightedCount {
  double k;
  double weight;
};

/// K ~ Bin(n, ½) given K > 0, within 9.5 standard deviations (all but 1e-20), by recursion from the mode.
std::vector<WeightedCount> binomial_half(std::int64_t n) {
  const auto width = static_cast<std::int64_t>(std::ceil(9.5 * 0.5 * std::sqrt(static_cast<double>(n))));
  const std::int64_t mode = (n + 1) / 2, first = std::max<std::int64_t>(1, mode - width);
  const std::int64_t last = std::min(n, mode + width);
  std::vector<WeightedCount> law;
  double weight = 1, sum = 0;
  for (std::int64_t k = mode; k <= last; ++k) {
    law.push_back({static_cast<double>(k), weight});
    weight *= static_cast<double>(n - k) / static_cast<double>(k + 1);
  }
  weight = 1;
  for (std::int64_t k = mode - 1; k >= first; --k) {
    weight *= static_cast<double>(k + 1) / static_cast<double>(n - k);
    law.push_back({static_cast<double>(k), weight});
  }
  for (const auto& count : law) sum += count.weight;
  for (auto& count : law) count.weight /= sum;
  return law;
}

/// E ln(2χ²_k/n).
double log_mean_given(double k, double n) {
  return digamma_minus_log(0.5 * k) + std::log1p((2 * k - n) / n);
}

LogRatioLaw one_sided_log_ratio(std::int64_t width) {
  const auto n = static_cast<double>(width);
  const auto log_mean = [n](double k) { return log_mean_given(k, n); };
  const auto law = binomial_half(width);
  LogRatioLaw result{0, 0};
  for (const auto& [k, weight] : law) result.mean += weight * log_mean(k);
  for (const auto& [k, weight] : law) {
    const double deviation = log_mean(k) - result.mean;
    result.variance += weight * (boost::math::trigamma(0.5 * k) + deviation * deviation);
  }
  return result;
}

/// (1 + x)^{−½} − 1.
double inverse_root_minus_one(double x) {
  return std::expm1(-0.5 * std::log1p(x));
}

double mean_square_of(const Slopes& slopes) {
  return 0.5 * (slopes.negative * slopes.negative + slopes.positive * slopes.positive);
}

/// By the Laplace transform of S/n; s and t the squared slopes over D, whose mean is 1.
LogRatioLaw two_sided_log_ratio(double s, double t, std::int64_t width) {
  const auto n = static_cast<double>(width);
  const auto log_transform = [&](double x) {
    const double u = 2 * x / n;
    return n * std::log1p(0.5 * (inverse_root_minus_one(u * s) + inverse_root_minus_one(u * t)));
  };
  constexpr double far = 95;  // a neuron on the flatter side is felt so much later
  return log_moments(log_transform, far + std::log(std::max(s, t) / std::min(s, t)));
}

LogRatioLaw gaussian_log_ratio(const Slopes& slopes, std::int64_t width) {
  const double s = slopes.negative * slopes.negative, t = slopes.positive * slopes.positive;
  if (s == t) return linear_log_ratio(width);
  if (width > largest_exact_width) {
    const double v = (3 * slope_kurtosis(slopes) - 1) / static_cast<double>(width);
    return {-0.5 * v, v};
  }
  if (s == 0 || t == 0) return one_sided_log_ratio(width);
  const double D = 0.5 * (s + t);
  return two_sided_log_ratio(s / D, t / D, width);
}

}  // namespace

double slope_kurtosis(const Slopes& slopes) {
  const double s = slopes.negative * slopes.negative, t = slopes.positive * slopes.positive;
  return 2 * (s * s + t * t) / ((s + t) * (s + t));
}

double one_sided_fourth_cumulant(std::int64_t width) {
  VARPROP_EXPECT(width >= 1 && width <= largest_exact_width);
  const LogRatioLaw ratio = one_sided_log_ratio(width);
  double fourth_moment = 0;
  for (const auto& [k, weight] : binomial_half(width)) {
    const double d = log_mean_given(k, static_cast<double>(width)) - ratio.mean, d2 = d * d;
    const double kappa_2 = boost::math::trigamma(0.5 * k), kappa_3 = boost::math::polygamma(2, 0.5 * k);
    const double kappa_4 = boost::math::polygamma(3, 0.5 * k);
    fourth_moment +=
        weight * (kappa_4 + 3 * kappa_2 * kappa_2 + 4 * kappa_3 * d + 6 * kappa_2 * d2 + d2 * d2);
  }
  return fourth_moment - 3 * ratio.variance * ratio.variance;
}

LogRatioLaw linear_log_ratio(std::int64_t width) {
  VARPROP_EXPECT(width >= 1);
  const double half = 0.5 * static_cast<double>(width);
  return {digamma_minus_log(half), boost::math::trigamma(half)};
}

ValueOrReason<LogRatioLaw> slopes_log_ratio(const Slopes& slopes, std::int64_t width,
                                            WeightDistribution weights) {
  VARPROP_EXPECT(width >= 1);
  if (weights != WeightDistribution::gaussian && weights != WeightDistribution::orthogonal) {
    return Reason::only_gaussian_and_orthogonal;
  }
  const LogRatioLaw gaussian = gaussian_log_ratio(slopes, width);
  if (weights == WeightDistribution::gaussian) return gaussian;
  const LogRatioLaw linear = linear_log_ratio(width);
  return LogRatioLaw{gaussian.mean - linear.mean, gaussian.variance - linear.variance};
}

ValueOrReason<LogRatioLaw> exact_log_ratio(const ActivationFacts& facts, std::int64_t width,
                                           WeightDistribution weights) {
  if (!facts.homogeneous()) return Reason::only_homogeneous;
  return slopes_log_ratio(facts.at_zero, width, weights);
}

LogRatioLaw dropout_log_ratio(const Slopes& slopes, std::int64_t width, double keep) {
  VARPROP_EXPECT(width >= 1 && keep > 0 && keep <= 1);
  if (keep == 1) return gaussian_log_ratio(slopes, width);
  const auto n = static_cast<double>(width);
  if (width > largest_exact_width) {
    const double v = (3 * slope_kurtosis(slopes) / keep - 1) / n;
    return {-0.5 * v, v};
  }
  const double D = mean_square_of(slopes);
  double off = 1, flattest = 1;  // P(a neuron's term is 0), and the least squared slope over D above 0
  for (const double slope : {slopes.negative, slopes.positive}) {
    if (slope == 0) continue;
    off -= 0.5 * keep;
    flattest = std::min(flattest, slope * slope / D);
  }
  const double log_all_off = n * std::log(off), alive = -std::expm1(log_all_off);
  const auto log_transform = [&](double x) {
    double less = 0;
    for (const double slope : {slopes.negative, slopes.positive})
      less += 0.5 * keep * inverse_root_minus_one(2 * x / (n * keep) * slope * slope / D);
    const double above = n * std::log1p(less) - log_all_off;
    if (!(above > 0)) return -HUGE_VAL;  // rounding, far out
    return log_all_off + above + std::log(-std::expm1(-above)) - std::log(alive);
  };
  constexpr double far = 95;
  return log_moments(log_transform, far - std::log(flattest));
}

ValueOrReason<LogRatioLaw> normed_log_ratio(const ActivationFacts& facts, std::int64_t width) {
  if (!facts.homogeneous()) return Reason::only_homogeneous;
  const Slopes& slopes = facts.at_zero;
  const auto of_living = [](double k) {
    return LogRatioLaw{boost::math::digamma(0.5 * (k - 1)) - boost::math::digamma(0.5 * k),
                       boost::math::trigamma(0.5 * (k - 1)) + boost::math::trigamma(0.5 * k)};
  };
  if (std::abs(slopes.negative) == std::abs(slopes.positive) && width > 1)
    return of_living(static_cast<double>(width));
  if (slopes.negative != 0 && slopes.positive != 0) return Reason::other_networks;
  const auto n = static_cast<double>(width);
  if (width > largest_exact_width) return LogRatioLaw{-2 / n, 8 / n};
  LogRatioLaw law{0, 0};
  double total = 0, square = 0;
  for (const auto& [k, weight] : binomial_half(width)) {
    if (k < 2) continue;
    const LogRatioLaw given = of_living(k);
    total += weight;
    law.mean += weight * given.mean;
    law.variance += weight * given.variance;
    square += weight * given.mean * given.mean;
  }
  law.mean /= total;
  law.variance = law.variance / total + square / total - law.mean * law.mean;
  return law;
}

namespace {

/// E ln Q, and E ln|a|² of the same slopes, s₊ = 1: sums over K of Laplace transforms.
class AngleOfTwoSlopes {
 public:
  AngleOfTwoSlopes(double s_negative, std::int64_t width) : s_(s_negative), n_(static_cast<double>(width)) {
    const double log_all = std::lgamma(n_ + 1) - n_ * std::numbers::ln2;
    for (double k = 0; k <= n_; ++k) {
      const double weight = std::exp(log_all - std::lgamma(k + 1) - std::lgamma(n_ - k + 1));
      for (const auto& [beta, share] : shares_of(k))
        terms_.push_back({k, s_ / (beta + s_ * (1 - beta)), share * weight});
    }
  }

  double operator()() const {
    const double length = n_ * 0.5 * (1 + s_);
    const auto transform = [&](double t, double taken) {
      const double positive = -0.5 * std::log1p(2 * t), negative = -0.5 * std::log1p(2 * t * s_);
      double sum = 0;
      for (const Term& term : terms_) {
        const double beside = taken > 0 ? -0.5 * std::log1p(2 * t * term.across) : 0;
        sum +=
            term.weight * std::exp((term.k - taken) * positive + (n_ - term.k - taken) * negative + beside);
      }
      return std::log(sum);
    };
    const auto log_mean = [&](double taken) {
      return log_moments([&](double t) { return transform(t / length, taken); }, 95 - std::log(s_)).mean;
    };
    return log_mean(1) - log_mean(0);
  }

 private:
  struct Term {
    double k, across, weight;
  };

  /// Values of β ~ Beta(k/2, (n−k)/2) and their probabilities: of wide layers three with its variance, else
  /// by β = sin²τ, in which its density is smooth.
  std::vector<std::pair<double, double>> shares_of(double k) const {
    constexpr double wide = 48;
    const double mean = k / n_;
    if (mean == 0 || mean == 1) return {{mean, 1}};
    if (n_ > wide) {
      const double reach = std::sqrt(3 * mean * (1 - mean) / (0.5 * n_ + 1));
      const double below = std::max(mean - reach, 0.0), above = std::min(mean + reach, 1.0);
      return {{mean, 2.0 / 3}, {below, 1.0 / 6}, {above, 1.0 / 6}};
    }
    using Rule = boost::math::quadrature::gauss<double, 30>;
    std::vector<std::pair<double, double>> shares;
    double total = 0;
    for (std::size_t i = 0; i < Rule::abscissa().size(); ++i) {
      for (const double x : {Rule::abscissa()[i], -Rule::abscissa()[i]}) {
        const double tau = (1 + x) * std::numbers::pi / 4;
        const double density =
            Rule::weights()[i] * std::pow(std::sin(tau), k - 1) * std::pow(std::cos(tau), n_ - k - 1);
        shares.emplace_back(std::sin(tau) * std::sin(tau), density);
        total += density;
      }
    }
    for (auto& [beta, share] : shares) share /= total;
    return shares;
  }

  double s_, n_;
  std::vector<Term> terms_;
};

/// Some ten milliseconds, once.
double angle_of_two_slopes(double s_negative, std::int64_t width) {
  static std::mutex mutex;
  static std::map<std::pair<double, std::int64_t>, double> known;
  const std::lock_guard lock(mutex);
  const auto [place, is_new] = known.try_emplace({s_negative, width});
  if (is_new) place->second = AngleOfTwoSlopes(s_negative, width)();
  return place->second;
}

double gaussian_angle_of_two_slopes(const Slopes& slopes, std::int64_t width) {
  constexpr std::int64_t widest = 128;
  const double negative = slopes.negative * slopes.negative, positive = slopes.positive * slopes.positive;
  const double of_larger = std::min(negative, positive) / std::max(negative, positive);
  if (width <= widest) return angle_of_two_slopes(of_larger, width);
  const double M = slope_kurtosis(slopes), n = static_cast<double>(width), wide = static_cast<double>(widest);
  const double next = angle_of_two_slopes(of_larger, widest) + M / wide;
  return -M / n + next * std::pow(wide / n, 2);
}

}  // namespace

ValueOrReason<double> angle_log_ratio(const ActivationFacts& facts, std::int64_t width,
                                      WeightDistribution weights) {
  if (weights != WeightDistribution::gaussian && weights != WeightDistribution::orthogonal)
    return Reason::only_gaussian_and_orthogonal;
  if (width < 2) return Reason::shorter_than_a_layer;
  const double half = 0.5 * static_cast<double>(width);
  const double of_linear = width > largest_exact_width
                               ? -0.5 / half
                               : boost::math::digamma(half - 0.5) - boost::math::digamma(half);
  const Slopes& slopes = facts.at_zero;
  const bool one_size = std::abs(slopes.negative) == std::abs(slopes.positive);
  const bool two_sizes = !one_size && slopes.negative != 0 && slopes.positive != 0;
  const auto of_gaussian =
      two_sizes ? ValueOrReason<double>(gaussian_angle_of_two_slopes(slopes, width))
                : normed_log_ratio(facts, width).transform([](const LogRatioLaw& law) { return law.mean; });
  const double kept = weights == WeightDistribution::orthogonal ? of_linear : 0;
  return of_gaussian.transform([kept](double mean) { return mean - kept; });
}

LogRatioLaw log_gamma_law(double variance) {
  if (variance <= 0) return {0, 0};
  double shape = 1 / variance;
  LogRatioLaw law{-std::log(shape), 0};
  for (; shape < 8; ++shape) law.mean -= 1 / shape, law.variance += 1 / (shape * shape);
  const double y = 1 / (shape * shape);
  law.mean += std::log(shape) - 0.5 / shape - y * (1.0 / 12 - y / 120);
  law.variance += 1 / shape + 0.5 * y + y / shape * (1.0 / 6 - y / 30);
  return law;
}

double excess_kurtosis(WeightDistribution weights) {
  switch (weights) {
    case WeightDistribution::gaussian:
    case WeightDistribution::orthogonal:
      return 0;
    case WeightDistribution::uniform:
      return -1.2;
    case WeightDistribution::rademacher:
      return -2;
    case WeightDistribution::truncated_normal: {  // at two standard deviations
      const double density = std::exp(-2.0) / std::sqrt(2 * std::numbers::pi) / std::erf(std::sqrt(2.0));
      const double variance = 1 - 4 * density;
      return (3 - 28 * density) / (variance * variance) - 3;
    }
  }
  VARPROP_ASSERT(!"a law of weights without its kurtosis");
  return 0;
}

}  // namespace varprop::theory
