#include "analysis/fixed_point_law.hpp"

#include <cmath>
#include <limits>

#include "analysis/decompositions.hpp"
#include "analysis/goodness.hpp"

namespace varprop {

namespace {

constexpr Eigen::Index least_layers = 8;
constexpr Eigen::Index least_layers_apart = 3;
constexpr double largest_distance = 0.7;  // in ln q: farther out the expansion about q* says little

/// exp of a mean of logarithms, its error to first order.
Parameter exponential_of(const Parameter& logarithm) {
  const double value = std::exp(logarithm.value);
  Parameter result{value, std::nullopt, logarithm.degrees_of_freedom};
  if (logarithm.error) result.error = value * *logarithm.error;
  return result;
}

Parameter mean_parameter(const Eigen::VectorXd& by_batch) {
  return parameter_of(*mean_of({by_batch.data(), static_cast<std::size_t>(by_batch.size())}));
}

/// The distances d_l of one profile from its own q*, from the first layer with |d| ≤ 0.7 on.
struct Approach {
  Eigen::Index first;
  Eigen::VectorXd distance;
};

Approach approach_of(const Eigen::VectorXd& log_q, Eigen::Index settled) {
  const Eigen::VectorXd distance = log_q.array() - log_q.tail(log_q.size() - settled).mean();
  Eigen::Index first = 0;
  while (first + 1 < distance.size() && std::abs(distance[first]) > largest_distance) ++first;
  return {first, distance.tail(distance.size() - first)};
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
std::vector<double> jackknife(const ProfileMatrix& approach, Eigen::Index settled, double length) {
  const auto B = static_cast<double>(approach.batches());
  const Eigen::VectorXd sum = approach.values.colwise().sum().transpose();
  std::vector<double> pseudo_values;
  for (Eigen::Index b = 0; b < approach.batches(); ++b) {
    const Eigen::VectorXd others = (sum - approach.values.row(b).transpose()) / (B - 1);
    pseudo_values.push_back(B * length - (B - 1) * length_of(approach_of(others, settled).distance));
  }
  return pseudo_values;
}

/// What every batch's pairs of layers leave behind of the map of the mean profile.
Eigen::MatrixXd leftovers(const ProfileMatrix& approach, Eigen::Index settled, const Approach& mean) {
  const Eigen::Index pairs = mean.distance.size() - 1;
  const Eigen::Vector2d map = map_of(mean.distance);
  Eigen::MatrixXd residuals(approach.batches(), pairs);
  for (Eigen::Index b = 0; b < approach.batches(); ++b) {
    const Eigen::VectorXd log_q = approach.values.row(b).transpose();
    const Eigen::VectorXd distance =
        (log_q.array() - log_q.tail(log_q.size() - settled).mean()).tail(mean.distance.size());
    residuals.row(b) = (distance.tail(pairs) - map_terms(distance) * map).transpose();
  }
  const Eigen::VectorXd ones = Eigen::VectorXd::Ones(pairs);
  return residuals * leftover_contrasts(map_terms(mean.distance), ones, approach.layers.tail(pairs));
}

bool starts_apart(const ProfileMatrix& approach, const Approach& mean) {
  const Parameter start = mean_parameter(approach.values.col(mean.first));
  return std::abs(mean.distance[0]) > std::exp(least_log_change) * start.error.value_or(0);
}

/// Leading layers whose distance stands out of the noise of their mean.
Eigen::Index layers_apart(const ProfileMatrix& approach, const Approach& mean) {
  constexpr double clear = 3;  // standard errors
  Eigen::Index count = 0;
  while (count < mean.distance.size()) {
    const double error = mean_parameter(approach.values.col(mean.first + count)).error.value_or(0);
    if (!(std::abs(mean.distance[count]) > clear * error)) break;
    ++count;
  }
  return count;
}

void measure_length(LawParameter& length, const ProfileMatrix& approach, Eigen::Index settled,
                    const Approach& mean) {
  const double xi_q = length_of(mean.distance);
  if (!(xi_q > 0)) return refuse(length, "the layers before q* do not draw nearer to it");
  const auto pseudo_values = jackknife(approach, settled, xi_q);
  const auto mean_length = mean_of(pseudo_values);  // none of a single batch
  length.estimate = mean_length ? parameter_of(*mean_length) : Parameter{xi_q, std::nullopt};
  length.goodness = hotelling_p_value(leftovers(approach, settled, mean),
                                      relative_rounding * approach.values.cwiseAbs().maxCoeff());
  const Eigen::Index half = std::max<Eigen::Index>(mean.distance.size() / 2, 4);
  judge(length, length_of(mean.distance.head(half)), xi_q);
}

}  // namespace

LawParameter fixed_point(const ProfileMatrix& settled) {
  LawParameter q_star{.name = "q_star"};
  q_star.points = settled.size();
  q_star.window_low = settled.layers[0];
  q_star.window_high = settled.layers[settled.size() - 1];
  if (settled.batches() == 0)
    return refuse(q_star, "every network of every batch is extinct in the window"), q_star;
  if (settled.size() < 4) return refuse(q_star, "fewer than 4 recorded layers in the window"), q_star;
  q_star.estimate = exponential_of(mean_parameter(settled.values.rowwise().mean()));
  const Eigen::VectorXd ones = Eigen::VectorXd::Ones(settled.size());
  q_star.goodness = hotelling_p_value(settled.values * leftover_contrasts(ones, ones, settled.layers),
                                      relative_rounding * settled.values.cwiseAbs().maxCoeff());
  const Eigen::VectorXd mean = settled.mean();
  const Eigen::Index half = settled.size() / 2;
  judge(q_star, std::exp(mean.head(half).mean()), std::exp(mean.tail(settled.size() - half).mean()));
  return q_star;
}

LawParameter approach_length(const ProfileMatrix& approach, Eigen::Index settled) {
  LawParameter length{.name = "xi_q"};
  if (approach.batches() == 0)
    return refuse(length, "every network of every batch is extinct in the window"), length;
  const Approach mean = approach_of(approach.mean(), settled);
  length.points = mean.distance.size();
  length.window_low = approach.layers[mean.first];
  length.window_high = approach.layers[approach.size() - 1];
  const bool neighbours = length.window_high - length.window_low + 1 == static_cast<double>(length.points);
  if (length.points < least_layers || !neighbours) {
    refuse(length, "fewer than 8 neighbouring layers are recorded on the way to q*");
  } else if (!starts_apart(approach, mean)) {
    refuse(length, "starts less than e standard errors away from q*");
  } else if (layers_apart(approach, mean) < least_layers_apart) {
    refuse(length, "fewer than 3 layers stand 3 standard errors apart from q*");
  } else {
    measure_length(length, approach, settled, mean);
  }
  return length;
}

}  // namespace varprop
