#include "analysis/depth_laws/depth_law.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "analysis/statistics/least_squares.hpp"

namespace varprop::analysis {

ProfileMatrix ProfileMatrix::columns(Eigen::Index first, Eigen::Index last) const {
  const Eigen::Index count = last - first + 1;
  return {layers.segment(first, count), values.middleCols(first, count)};
}

ProfileMatrix profile_matrix(const PointResults& results, const QuantityResults& quantity, Window window) {
  const std::size_t count = window.last - window.first + 1;
  std::vector<std::span<const double>> rows;
  for (std::int32_t batch = 0; batch < results.batches_done; ++batch) {
    const auto row = profile(results, quantity, batch).subspan(window.first, count);
    if (std::none_of(row.begin(), row.end(), [](double y) { return std::isnan(y); })) rows.push_back(row);
  }
  const auto columns = static_cast<Eigen::Index>(count);
  ProfileMatrix matrix{Eigen::VectorXd(columns),
                       Eigen::MatrixXd(static_cast<Eigen::Index>(rows.size()), columns)};
  for (Eigen::Index i = 0; i < columns; ++i) {
    matrix.layers[i] = results.layers[window.first + static_cast<std::size_t>(i)];
    for (Eigen::Index b = 0; b < matrix.batches(); ++b) {
      matrix.values(b, i) = rows[static_cast<std::size_t>(b)][static_cast<std::size_t>(i)];
    }
  }
  return matrix;
}

namespace {

double rounding_of(const ProfileMatrix& profiles) {
  return log_rounding(profiles.values.cwiseAbs().maxCoeff(), profiles.layers[profiles.size() - 1]);
}

Eigen::VectorXd end_point_slopes(const ProfileMatrix& profiles) {
  const Eigen::Index last = profiles.size() - 1;
  return (profiles.values.col(last) - profiles.values.col(0)) / (profiles.layers[last] - profiles.layers[0]);
}

theory::Reason too_few_layers(const ProfileMatrix& profiles) {
  return {theory::Reason::few_layers, static_cast<double>(profiles.size())};
}

double mean_slope_of(const ProfileMatrix& profiles) {
  return end_point_slopes(profiles).mean();
}

std::optional<double> leftover_p_value(const ProfileMatrix& profiles) {
  Eigen::MatrixXd line(profiles.size(), 2);
  const Eigen::VectorXd ones = Eigen::VectorXd::Ones(profiles.size());
  line << ones, profiles.layers;
  const Eigen::MatrixXd contrasts = profiles.values * leftover_contrasts(line, ones, profiles.layers);
  return hotelling_p_value(contrasts, relative_rounding * profiles.values.cwiseAbs().maxCoeff());
}

}  // namespace

LawParameter exponential_rate(const ProfileMatrix& profiles) {
  LawParameter rate{.name = DepthParameter::rate};
  const Eigen::Index last = profiles.size() - 1;
  rate.points = profiles.size();
  rate.window_low = profiles.layers[0];
  rate.window_high = profiles.layers[last];
  if (profiles.batches() == 0) return refuse(rate, theory::Reason::all_extinct), rate;
  if (profiles.size() < 4) return refuse(rate, too_few_layers(profiles)), rate;
  const Eigen::VectorXd slopes = end_point_slopes(profiles);
  rate.estimate = *mean_of({slopes.data(), static_cast<std::size_t>(slopes.size())},
                           rounding_of(profiles) / (rate.window_high - rate.window_low));
  rate.goodness = leftover_p_value(profiles);
  const double change = rate.estimate->value * (rate.window_high - rate.window_low);
  if (std::abs(change) < least_log_change) refuse(rate, {theory::Reason::small_change, change});
  const Eigen::Index middle = last / 2;
  judge(rate, {mean_slope_of(profiles.columns(0, middle)), mean_slope_of(profiles.columns(middle, last))});
  return rate;
}

namespace {

constexpr Eigen::Index least_power_layers = 8;  // five for the law and its contrasts, and half a window each

/// λ = ln(l_1 + l₀), l_1 the window's first layer: from half a layer to eight windows.
CurveFamily power_family(const Eigen::VectorXd& layers) {
  const double first = layers[0];
  const auto shifted = [layers, first](double lambda) -> Eigen::ArrayXd {
    return layers.array() - first + std::exp(lambda);
  };
  const auto basis = [shifted](double lambda) {
    const Eigen::ArrayXd l = shifted(lambda);
    Eigen::MatrixXd columns(l.size(), 2);
    columns << Eigen::VectorXd::Ones(l.size()), l.log();
    return columns;
  };
  const auto basis_slope = [shifted](double lambda) {
    const Eigen::ArrayXd l = shifted(lambda);
    Eigen::MatrixXd columns(l.size(), 2);
    columns << Eigen::VectorXd::Zero(l.size()), std::exp(lambda) / l;
    return columns;
  };
  return {basis, basis_slope, std::log(0.5), std::log(8 * layers[layers.size() - 1])};
}

Eigen::VectorXd octave_weights(const Eigen::VectorXd& layers) {
  return layers.cwiseInverse();
}

CurveFit fit_power(const ProfileMatrix& profiles) {
  return fit_curve(power_family(profiles.layers), profiles.mean(), octave_weights(profiles.layers));
}

double exponent_of(const ProfileMatrix& profiles) {
  return fit_power(profiles).beta[1];
}

/// The first layer at or beyond the window's geometric middle, so that each half has layers for its three
/// parameters.
Eigen::Index middle_octave(const Eigen::VectorXd& layers) {
  const double middle = std::sqrt(layers[0] * layers[layers.size() - 1]);
  const Eigen::Index at = std::lower_bound(layers.begin(), layers.end(), middle) - layers.begin();
  return std::clamp<Eigen::Index>(at, 3, layers.size() - 4);
}

/// What so few batches tell of a parameter that is no mean over them is its value alone; of fewer than 3
/// judge() has said so.
void refuse_interval_of_few(LawParameter& parameter, Eigen::Index batches) {
  if (batches < 3 || batches >= least_batches_of_length) return;
  if (parameter.estimate) parameter.estimate->error.reset();
  parameter.refusal = theory::Reason(theory::Reason::few_batches_of_length, static_cast<double>(batches));
}

void measure_exponent(LawParameter& exponent, const ProfileMatrix& profiles) {
  const CurveFit fit = fit_power(profiles);
  const Eigen::VectorXd w = octave_weights(profiles.layers);
  const Eigen::VectorXd by_batch = parameters_by_batch(fit, profiles.values, w).col(1);
  exponent.estimate = *mean_of({by_batch.data(), static_cast<std::size_t>(by_batch.size())},
                               rounding_of(profiles) / std::log(exponent.window_high / exponent.window_low));
  const Eigen::VectorXd u = (profiles.layers.array() - profiles.layers[0] + std::exp(fit.lambda)).log();
  exponent.goodness = hotelling_p_value(leftovers_by_batch(fit, profiles.values, w, u),
                                        relative_rounding * profiles.values.cwiseAbs().maxCoeff());
  const Eigen::VectorXd mean = profiles.mean();
  const double change = mean[mean.size() - 1] - mean[0];
  if (std::abs(change) < least_log_change) return refuse(exponent, {theory::Reason::small_change, change});
  if (fit.at_edge) return refuse(exponent, theory::Reason::no_power_law);
  const Eigen::Index middle = middle_octave(profiles.layers);
  judge(exponent, {exponent_of(profiles.columns(0, middle)),
                   exponent_of(profiles.columns(middle, profiles.size() - 1))});
}

}  // namespace

theory::ValueOrReason<Window> power_window(std::span<const std::int32_t> layers, std::int32_t depth) {
  const std::int32_t first = std::max(first_power_layer, (depth + 15) / 16);
  const auto begin = std::lower_bound(layers.begin(), layers.end(), first);
  const double ratio = begin == layers.end() ? 1 : static_cast<double>(layers.back()) / *begin;
  if (layers.end() - begin < least_power_layers || ratio < least_layer_ratio) {
    return theory::Reason(theory::Reason::short_power_window, static_cast<double>(layers.end() - begin),
                          ratio);
  }
  return Window{static_cast<std::size_t>(begin - layers.begin()), layers.size() - 1};
}

LawParameter power_exponent(const ProfileMatrix& profiles) {
  LawParameter exponent{.name = DepthParameter::exponent};
  exponent.points = profiles.size();
  exponent.window_low = profiles.layers[0];
  exponent.window_high = profiles.layers[profiles.size() - 1];
  if (profiles.batches() == 0) {
    refuse(exponent, theory::Reason::all_extinct);
  } else {
    measure_exponent(exponent, profiles);
    refuse_interval_of_few(exponent, profiles.batches());
  }
  return exponent;
}

namespace {

constexpr Eigen::Index least_approach_layers = 8;
constexpr Eigen::Index least_layers_apart = 3;
constexpr double largest_distance = 0.7;  // in ln q: farther out the expansion about q* says little

/// exp of a mean of logarithms, its error to first order.
Estimate exponential_of(const Estimate& logarithm) {
  const double value = std::exp(logarithm.value);
  Estimate result{value, std::nullopt, logarithm.degrees_of_freedom};
  if (logarithm.error) result.error = value * *logarithm.error;
  return result;
}

Estimate mean_parameter(const Eigen::VectorXd& by_batch, double rounding) {
  return *mean_of({by_batch.data(), static_cast<std::size_t>(by_batch.size())}, rounding);
}

/// The columns of an approach: from `settled` on q* is measured, up to `last` pairs of layers.
struct Course {
  Eigen::Index settled, last;
};

/// The distances d_l of one profile from its own q*, from the first layer with |d| ≤ 0.7 on.
struct Approach {
  Eigen::Index first;
  Eigen::VectorXd distance;
};

Approach approach_of(const Eigen::VectorXd& log_q, Course course) {
  const Eigen::VectorXd distance = log_q.array() - log_q.tail(log_q.size() - course.settled).mean();
  Eigen::Index first = 0;
  while (first < course.last && std::abs(distance[first]) > largest_distance) ++first;
  return {first, distance.segment(first, course.last + 1 - first)};
}

/// d and d² of all layers but the last: the tangent of the map.
Eigen::MatrixXd map_terms(const Eigen::VectorXd& distance) {
  const Eigen::Index pairs = distance.size() - 1;
  Eigen::MatrixXd terms(pairs, 2);
  terms << distance.head(pairs), distance.head(pairs).cwiseAbs2();
  return terms;
}

/// χ_q and c.
Eigen::Vector2d map_of(const Eigen::VectorXd& distance) {
  return least_squares_solution(map_terms(distance), distance.tail(distance.size() - 1));
}

double length_of(const Eigen::VectorXd& distance) {
  const double chi_q = map_of(distance)[0];
  return chi_q > 0 && chi_q < 1 ? -1 / std::log(chi_q) : std::numeric_limits<double>::quiet_NaN();
}

/// Pseudo-values of ξ_q over batches.
std::vector<double> jackknife(const ProfileMatrix& approach, Course course, double length) {
  const auto B = static_cast<double>(approach.batches());
  const Eigen::VectorXd sum = approach.values.colwise().sum().transpose();
  std::vector<double> pseudo_values;
  for (Eigen::Index b = 0; b < approach.batches(); ++b) {
    const Eigen::VectorXd others = (sum - approach.values.row(b).transpose()) / (B - 1);
    pseudo_values.push_back(B * length - (B - 1) * length_of(approach_of(others, course).distance));
  }
  return pseudo_values;
}

/// What every batch's pairs of layers leave behind of the map of the mean profile.
Eigen::MatrixXd leftovers(const ProfileMatrix& approach, Course course, const Approach& mean) {
  const Eigen::Index pairs = mean.distance.size() - 1;
  const Eigen::Vector2d map = map_of(mean.distance);
  Eigen::MatrixXd residuals(approach.batches(), pairs);
  for (Eigen::Index b = 0; b < approach.batches(); ++b) {
    const Eigen::VectorXd log_q = approach.values.row(b).transpose();
    const Eigen::VectorXd distance = (log_q.array() - log_q.tail(log_q.size() - course.settled).mean())
                                         .segment(mean.first, mean.distance.size());
    residuals.row(b) = (distance.tail(pairs) - map_terms(distance) * map).transpose();
  }
  const Eigen::VectorXd ones = Eigen::VectorXd::Ones(pairs);
  return residuals *
         leftover_contrasts(map_terms(mean.distance), ones, approach.layers.segment(mean.first + 1, pairs));
}

/// How many standard errors the first layer is away from q*.
double start_in_errors(const ProfileMatrix& approach, const Approach& mean) {
  return std::abs(mean.distance[0]) /
         mean_parameter(approach.values.col(mean.first), rounding_of(approach)).error.value_or(0);
}

/// Leading layers whose distance stands out of the noise of their mean.
Eigen::Index layers_apart(const ProfileMatrix& approach, const Approach& mean) {
  constexpr double clear = 3;  // standard errors
  Eigen::Index count = 0;
  while (count < mean.distance.size()) {
    const double error =
        mean_parameter(approach.values.col(mean.first + count), rounding_of(approach)).error.value_or(0);
    if (!(std::abs(mean.distance[count]) > clear * error)) break;
    ++count;
  }
  return count;
}

/// The first layer from this one on after which layers were not recorded, and the next that was.
std::optional<theory::Reason> gap_from(const Eigen::VectorXd& layers, Eigen::Index first, Eigen::Index last) {
  for (Eigen::Index i = first; i < last; ++i) {
    if (layers[i + 1] != layers[i] + 1)
      return theory::Reason(theory::Reason::layers_left_out_on_the_way, layers[i], layers[i + 1]);
  }
  return std::nullopt;
}

void measure_length(LawParameter& length, const ProfileMatrix& approach, Course course,
                    const Approach& mean) {
  const double xi_q = length_of(mean.distance);
  if (!(xi_q > 0)) return refuse(length, theory::Reason::draws_no_nearer);
  const auto pseudo_values = jackknife(approach, course, xi_q);
  const auto mean_length = mean_of(pseudo_values);  // none of a single batch
  length.estimate = mean_length ? *mean_length : Estimate{xi_q, std::nullopt};
  length.goodness = hotelling_p_value(leftovers(approach, course, mean),
                                      relative_rounding * approach.values.cwiseAbs().maxCoeff());
  const Eigen::Index half = std::max<Eigen::Index>(mean.distance.size() / 2, 4);
  judge(length, {length_of(mean.distance.head(half)), xi_q});
}

}  // namespace

LawParameter fixed_point(const ProfileMatrix& settled) {
  LawParameter q_star{.name = DepthParameter::q_star};
  q_star.points = settled.size();
  q_star.window_low = settled.layers[0];
  q_star.window_high = settled.layers[settled.size() - 1];
  if (settled.batches() == 0) return refuse(q_star, theory::Reason::all_extinct), q_star;
  if (settled.size() < 4) return refuse(q_star, too_few_layers(settled)), q_star;
  q_star.estimate = exponential_of(mean_parameter(settled.values.rowwise().mean(), rounding_of(settled)));
  const Eigen::VectorXd ones = Eigen::VectorXd::Ones(settled.size());
  q_star.goodness = hotelling_p_value(settled.values * leftover_contrasts(ones, ones, settled.layers),
                                      relative_rounding * settled.values.cwiseAbs().maxCoeff());
  const Eigen::VectorXd mean = settled.mean();
  const Eigen::Index half = settled.size() / 2;
  judge(q_star, {std::exp(mean.head(half).mean()), std::exp(mean.tail(settled.size() - half).mean())});
  return q_star;
}

LawParameter approach_length(const ProfileMatrix& approach, Eigen::Index settled,
                             std::optional<Eigen::Index> last) {
  LawParameter length{.name = DepthParameter::xi_q};
  if (approach.batches() == 0) return refuse(length, theory::Reason::all_extinct), length;
  const Course course{settled, last.value_or(approach.size() - 1)};
  const Approach mean = approach_of(approach.mean(), course);
  length.points = mean.distance.size();
  length.window_low = approach.layers[mean.first];
  length.window_high = approach.layers[course.last];
  if (length.points < least_approach_layers) {
    refuse(length, {theory::Reason::few_layers_on_the_way, static_cast<double>(length.points)});
  } else if (const auto gap = gap_from(approach.layers, mean.first, course.last)) {
    refuse(length, *gap);
  } else if (const double start = start_in_errors(approach, mean); !(start > std::exp(least_log_change))) {
    refuse(length, {theory::Reason::starts_near_q_star, start});
  } else if (const Eigen::Index apart = layers_apart(approach, mean); apart < least_layers_apart) {
    refuse(length, {theory::Reason::few_layers_apart, static_cast<double>(apart)});
  } else {
    measure_length(length, approach, course, mean);
    refuse_interval_of_few(length, approach.batches());
  }
  return length;
}

}  // namespace varprop::analysis
