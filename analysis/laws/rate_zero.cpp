#include "analysis/laws/rate_zero.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <map>

#include "analysis/depth_laws/depth_law.hpp"
#include "analysis/statistics/least_squares.hpp"
#include "analysis/statistics/refusals.hpp"

namespace varprop::analysis {

namespace {

constexpr std::size_t most_on_a_side = 5;
constexpr double clear_sign = 2;         // standard errors
constexpr double good_enough = 0.05;     // p-value of a window that is taken
constexpr double largest_step = 0.35;    // in x, between neighbouring weight variances of a window
constexpr double small_step = 0.1;       // over which no curve bends much
constexpr std::size_t least_tested = 4;  // places: a parabola through fewer is not told from another curve

/// How badly a change of sign after the place `last_negative` fits: squares of rates of the wrong sign.
double misfit(const std::vector<RatePoint>& rates, std::size_t last_negative) {
  double sum = 0;
  for (const RatePoint& point : rates) {
    const double z = point.rate / point.error;
    const double wrong = point.place <= last_negative ? std::max(z, 0.0) : std::max(-z, 0.0);
    sum += wrong * wrong;
  }
  return sum;
}

/// The places that have rates, ascending.
std::vector<std::size_t> places_of(const std::vector<RatePoint>& rates) {
  std::vector<std::size_t> places;
  for (const RatePoint& point : rates) {
    if (places.empty() || places.back() != point.place) places.push_back(point.place);
  }
  return places;
}

bool clear_sides(const std::vector<RatePoint>& rates, std::size_t last_negative) {
  const auto side = [&](bool upper) {
    return std::any_of(rates.begin(), rates.end(), [&](const RatePoint& point) {
      const double z = point.rate / point.error;
      return (point.place > last_negative) == upper && (upper ? z : -z) > clear_sign;
    });
  };
  return side(false) && side(true);
}

double degrees_of(const std::vector<RatePoint>& rates) {
  double degrees = 0;
  for (const RatePoint& point : rates) degrees += point.degrees;
  return degrees;
}

/// The root of β_0 + β_1 x + β_2 x² nearest to 0, where the curve rises.
double rising_root(const Eigen::VectorXd& beta) {
  const double c = beta[0], b = beta[1], a = beta.size() > 2 ? beta[2] : 0;
  const double discriminant = b * b - 4 * a * c;
  if (!(b > 0) || discriminant < 0) return std::numeric_limits<double>::quiet_NaN();
  return -2 * c / (b + std::sqrt(discriminant));
}

/// The zero of one window's curve; the curve is a parabola, or a line through two weight variances.
theory::ValueOrReason<RateZero> zero_in(const std::vector<RatePoint>& window, double center) {
  const auto count = static_cast<Eigen::Index>(window.size());
  const Eigen::Index terms = places_of(window).size() > 2 ? 3 : 2;
  Eigen::MatrixXd X(count, terms);
  Eigen::VectorXd y(count), e(count);
  for (Eigen::Index i = 0; i < count; ++i) {
    const RatePoint& point = window[static_cast<std::size_t>(i)];
    for (Eigen::Index k = 0; k < terms; ++k) X(i, k) = std::pow(point.x - center, k);
    y[i] = point.rate;
    e[i] = point.error;
  }
  const LinearFit fit = fit_linear(X, y, e);
  const double x = rising_root(fit.beta);
  const double low = window.front().x, high = window.back().x;
  if (!(center + x >= low && center + x <= high)) return theory::Reason::no_clear_zero;
  Eigen::VectorXd powers(terms);
  for (Eigen::Index k = 0; k < terms; ++k) powers[k] = std::pow(x, k);
  const double slope = fit.beta[1] + (terms > 2 ? 2 * fit.beta[2] * x : 0);
  const double error = std::sqrt(powers.dot(fit.covariance * powers)) / slope;
  const double degrees = degrees_of(window);
  return RateZero{{center + x, error, degrees},
                  slope,
                  static_cast<std::int64_t>(count),
                  {std::exp(low), std::exp(high)},
                  goodness_of(fit, degrees)};
}

/// The rates at up to `side` places on either side of the change of sign after places[split].
std::vector<RatePoint> window_of(const std::vector<RatePoint>& rates, const std::vector<std::size_t>& places,
                                 std::size_t split, std::size_t side) {
  const std::size_t first = places[split + 1 >= side ? split + 1 - side : 0];
  const std::size_t last = places[std::min(places.size() - 1, split + side)];
  std::vector<RatePoint> window;
  std::copy_if(rates.begin(), rates.end(), std::back_inserter(window),
               [&](const RatePoint& point) { return first <= point.place && point.place <= last; });
  return with_pooled_errors(std::move(window));
}

/// Position among `places` of the last weight variance with a falling gradient.
std::size_t change_of_sign(const std::vector<RatePoint>& rates, const std::vector<std::size_t>& places) {
  std::size_t best = 0;
  for (std::size_t i = 1; i + 1 < places.size(); ++i) {
    if (misfit(rates, places[i]) < misfit(rates, places[best])) best = i;
  }
  return best;
}

double x_at(const std::vector<RatePoint>& rates, std::size_t place) {
  return std::find_if(rates.begin(), rates.end(), [&](const RatePoint& p) { return p.place == place; })->x;
}

/// The places about the change of sign whose neighbours are near enough to interpolate between, in order.
std::vector<std::size_t> connected_places(const std::vector<RatePoint>& rates,
                                          const std::vector<std::size_t>& places, std::size_t split) {
  const auto near = [&](std::size_t i) {
    return x_at(rates, places[i + 1]) - x_at(rates, places[i]) <= largest_step;
  };
  std::size_t first = split, last = split + 1;
  while (first > 0 && near(first - 1)) --first;
  while (last + 1 < places.size() && near(last)) ++last;
  return {places.begin() + static_cast<std::ptrdiff_t>(first),
          places.begin() + static_cast<std::ptrdiff_t>(last) + 1};
}

theory::ValueOrReason<RateZero> widest_window(const std::vector<RatePoint>& rates,
                                              const std::vector<std::size_t>& places, std::size_t split) {
  const double center = 0.5 * (x_at(rates, places[split]) + x_at(rates, places[split + 1]));
  const std::size_t narrowest = places.size() > 2 ? 2 : 1;
  theory::ValueOrReason<RateZero> zero = theory::Reason::no_clear_zero;
  for (std::size_t side = most_on_a_side; side >= narrowest; --side) {
    zero = zero_in(window_of(rates, places, split, side), center);
    const double enough = side == narrowest ? least_goodness : good_enough;
    if (zero && zero->goodness.value_or(1) >= enough) return zero;
  }
  if (zero) return theory::Reason::no_parabola;
  return zero;
}

/// What the straight line between the two neighbours of the zero says otherwise is not known of the curve
/// between them, where it is more than noise alone lets the two differ by, √(Var line − Var curve).
void widen_by_interpolation(Estimate& x, const theory::ValueOrReason<RateZero>& line) {
  if (!line || !x.error || !line->x.error) return;
  const double variance = *x.error * *x.error, difference = line->x.value - x.value;
  const double noise = std::max(*line->x.error * *line->x.error - variance, 0.0);
  if (std::abs(difference) > largest_shift * std::sqrt(noise))
    x.error = std::sqrt(variance + difference * difference);
}

}  // namespace

std::vector<RatePoint> with_pooled_errors(std::vector<RatePoint> rates) {
  std::map<std::size_t, std::pair<double, double>> squares;  // kind → sum, count
  for (const RatePoint& point : rates) {
    auto& [sum, count] = squares[point.kind];
    sum += point.error * point.error;
    count += 1;
  }
  for (RatePoint& point : rates) {
    const auto& [sum, count] = squares[point.kind];
    point.error = std::sqrt(sum / count);
  }
  return rates;
}

theory::ValueOrReason<RateZero> find_rate_zero(const std::vector<RatePoint>& rates) {
  const auto places = places_of(rates);
  if (places.size() < 2)
    return theory::Reason(theory::Reason::few_weight_variances, static_cast<double>(places.size()));
  const std::size_t split = change_of_sign(rates, places);
  if (!clear_sides(rates, places[split])) {
    return theory::Reason::no_change_of_sign;
  }
  if (places[split + 1] != places[split] + 1) {
    return theory::Reason::no_rate_beside_change;
  }
  const double below = x_at(rates, places[split]), above = x_at(rates, places[split + 1]);
  if (above - below > largest_step)
    return theory::Reason(theory::Reason::far_apart_about_change, std::exp(below), std::exp(above));
  const auto connected = connected_places(rates, places, split);
  if (connected.size() < least_tested && above - below > small_step)
    return theory::Reason(theory::Reason::few_places_about_change, std::exp(below), std::exp(above));
  std::vector<RatePoint> fitted;
  std::copy_if(rates.begin(), rates.end(), std::back_inserter(fitted), [&](const RatePoint& rate) {
    return connected.front() <= rate.place && rate.place <= connected.back();
  });
  if (!clear_sides(fitted, places[split])) return theory::Reason::no_clear_zero;
  const auto same = std::find(connected.begin(), connected.end(), places[split]);
  const auto at = static_cast<std::size_t>(same - connected.begin());
  const auto line = zero_in(window_of(rates, connected, at, 1), 0.5 * (below + above));
  return widest_window(rates, connected, at).transform([&](RateZero zero) {
    if (above - below > small_step) widen_by_interpolation(zero.x, line);
    return zero;
  });
}

}  // namespace varprop::analysis
