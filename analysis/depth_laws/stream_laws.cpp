#include "analysis/depth_laws/stream_laws.hpp"

#include <algorithm>
#include <cmath>

#include "analysis/statistics/least_squares.hpp"

namespace varprop::analysis {

namespace {

using Limit = theory::ValueOrReason<theory::StreamProfiles>;

Window whole_window(const PointResults& results) {
  return {0, results.layers.size() - 1};
}

/// A profile of theory at the layers of a law, as one batch.
ProfileMatrix profile_of_theory(const std::vector<double>& all, const Eigen::VectorXd& layers) {
  ProfileMatrix matrix{layers, Eigen::MatrixXd(1, layers.size())};
  for (Eigen::Index i = 0; i < layers.size(); ++i)
    matrix.values(0, i) = all[static_cast<std::size_t>(layers[i])];
  return matrix;
}

/// What infinite width leaves out, relative to what it says.
double neglected_share(const Point& point) {
  const auto n = static_cast<double>(std::min(point.width.value(), hidden_width(point)));
  return 10 / n + (point.tokens.value() > 1 ? 1.0 / point.heads.value() : 0);
}

double slope_between_ends(const ProfileMatrix& profiles) {
  const Eigen::Index last = profiles.size() - 1;
  return (profiles.values.col(last) - profiles.values.col(0)).mean() /
         (profiles.layers[last] - profiles.layers[0]);
}

void set_theory(LawParameter& parameter, double value, const Point& point) {
  parameter.theory = value;
  parameter.neglected = std::abs(value) * neglected_share(point);
}

DepthLaw rate_law(const ProfileMatrix& profiles, const std::vector<double>* theory, const Point& point) {
  LawParameter rate = exponential_rate(profiles);
  if (theory && profiles.size() > 1)
    set_theory(rate, slope_between_ends(profile_of_theory(*theory, profiles.layers)), point);
  return {DepthForm::exponential, {std::move(rate)}};
}

DepthLaw refused_stream_law(DepthForm form, DepthParameter parameter, theory::Reason reason) {
  return {form, {LawParameter{.name = parameter, .refusal = reason}}};
}

/// exp⟨ln q⟩, in units of what it is at the first recorded layer.
ProfileMatrix in_units_of_first(const ProfileMatrix& profiles, double log_unit) {
  return {profiles.layers, (profiles.values.array() - log_unit).exp().matrix()};
}

DepthLaw increment_law(const ProfileMatrix& profiles, const std::vector<double>* theory, const Point& point) {
  const double log_unit = profiles.batches() > 0 ? profiles.values.col(0).mean() : 0,
               unit = std::exp(log_unit);
  LawParameter increment = exponential_rate(in_units_of_first(profiles, log_unit));
  increment.name = DepthParameter::increment;
  if (increment.estimate) {
    increment.estimate->value *= unit;
    if (increment.estimate->error) *increment.estimate->error *= unit;
  }
  if (theory && profiles.size() > 1) {
    const auto limit = in_units_of_first(profile_of_theory(*theory, profiles.layers), 0);
    set_theory(increment, slope_between_ends(limit), point);
  }
  return {DepthForm::linear, {std::move(increment)}};
}

DepthLaw growth_law(const PointResults& results, const Limit& limit) {
  const Point& point = results.point;
  if (behind_activation(point.norm))
    return refused_stream_law(DepthForm::none, DepthParameter::none, theory::Reason::norm_holds_q);
  const auto profiles = profile_matrix(results, *results.of(Quantity::forward), whole_window(results));
  const auto* theory = limit ? &limit->log_q : nullptr;
  return before_activation(point.norm) ? increment_law(profiles, theory, point)
                                       : rate_law(profiles, theory, point);
}

/// q_l/q_{l−1} − 1 and g_{l−1}/g_l − 1, a row for each batch, a column for each pair of neighbouring layers.
struct BlockGains {
  Eigen::VectorXd layers;
  Eigen::MatrixXd signal, gradient;

  double slope(Eigen::Index first, Eigen::Index count) const {
    const Eigen::VectorXd x = signal.colwise().mean().transpose().segment(first, count);
    const Eigen::VectorXd y = gradient.colwise().mean().transpose().segment(first, count);
    return x.dot(y) / x.squaredNorm();
  }
};

BlockGains block_gains(const ProfileMatrix& log_q, const ProfileMatrix& log_g) {
  std::vector<Eigen::Index> upper;
  for (Eigen::Index i = 1; i < log_q.size(); ++i) {
    if (log_q.layers[i] == log_q.layers[i - 1] + 1) upper.push_back(i);
  }
  const auto count = static_cast<Eigen::Index>(upper.size());
  BlockGains gains{Eigen::VectorXd(count), Eigen::MatrixXd(log_q.batches(), count),
                   Eigen::MatrixXd(log_q.batches(), count)};
  for (Eigen::Index k = 0; k < count; ++k) {
    const Eigen::Index i = upper[static_cast<std::size_t>(k)];
    gains.layers[k] = log_q.layers[i];
    gains.signal.col(k) = (log_q.values.col(i) - log_q.values.col(i - 1)).array().exp() - 1;
    gains.gradient.col(k) = (log_g.values.col(i - 1) - log_g.values.col(i)).array().exp() - 1;
  }
  return gains;
}

ProfileMatrix as_one_batch(const ProfileMatrix& profiles, const Eigen::VectorXd& values) {
  return {profiles.layers, values.transpose()};
}

/// The slope of the mean profiles, and its jackknife pseudo-values over batches: the noise of a batch's own
/// q_l/q_{l−1} would make the slope of every batch too small, by a share that more batches do not mend.
struct Slopes {
  BlockGains mean;
  std::vector<double> pseudo_values{};
};

Slopes slopes_of(const ProfileMatrix& log_q, const ProfileMatrix& log_g) {
  const auto all_of = [](const BlockGains& gains) { return gains.slope(0, gains.layers.size()); };
  Slopes slopes{block_gains(as_one_batch(log_q, log_q.mean()), as_one_batch(log_g, log_g.mean()))};
  const auto B = static_cast<double>(log_q.batches());
  const double all = all_of(slopes.mean);
  for (Eigen::Index b = 0; B > 1 && b < log_q.batches(); ++b) {
    const auto others = [&](const ProfileMatrix& profiles) {
      return as_one_batch(profiles, (B * profiles.mean() - profiles.values.row(b).transpose()) / (B - 1));
    };
    slopes.pseudo_values.push_back(B * all - (B - 1) * all_of(block_gains(others(log_q), others(log_g))));
  }
  if (slopes.pseudo_values.empty()) slopes.pseudo_values = {all};
  return slopes;
}

/// What the slope leaves behind that bends with l.
std::optional<double> leftover_of_slope(const BlockGains& gains, double slope) {
  const Eigen::VectorXd x = gains.signal.colwise().mean().transpose();
  const Eigen::MatrixXd residuals = gains.gradient - slope * gains.signal;
  const Eigen::VectorXd ones = Eigen::VectorXd::Ones(gains.layers.size());
  const Eigen::MatrixXd contrasts = residuals * leftover_contrasts(x, ones, gains.layers);
  return hotelling_p_value(contrasts, relative_rounding * gains.gradient.cwiseAbs().maxCoeff());
}

DepthLaw kappa_law(const PointResults& results, const Limit& limit) {
  const Point& point = results.point;
  LawParameter kappa{.name = DepthParameter::kappa};
  const auto law = [&] { return DepthLaw{DepthForm::linear, {kappa}}; };
  if (point.skip != Skip(1)) return refuse(kappa, theory::Reason::skip_is_not_1), law();
  const ProfileMatrix log_q = profile_matrix(results, *results.of(Quantity::forward), whole_window(results));
  const ProfileMatrix log_g = profile_matrix(results, *results.of(Quantity::backward), whole_window(results));
  if (log_q.batches() == 0 || log_q.batches() != log_g.batches())
    return refuse(kappa, theory::Reason::all_extinct), law();
  const BlockGains gains = block_gains(log_q, log_g);
  kappa.points = gains.layers.size();
  if (kappa.points < 4)
    return refuse(kappa, {theory::Reason::few_layers, static_cast<double>(kappa.points)}), law();
  kappa.window_low = gains.layers[0] - 1, kappa.window_high = gains.layers[kappa.points - 1];
  const double change = log_q.mean()[log_q.size() - 1] - log_q.mean()[0];
  const Slopes slopes = slopes_of(log_q, log_g);
  kappa.estimate = *mean_of(slopes.pseudo_values, least_error);
  kappa.goodness = leftover_of_slope(gains, kappa.estimate->value);
  if (limit) {
    const BlockGains exact = block_gains(profile_of_theory(limit->log_q, log_q.layers),
                                         profile_of_theory(limit->log_g, log_q.layers));
    set_theory(kappa, exact.slope(0, kappa.points), point);
    kappa.neglected += neglected_share(point) * exact.signal.cwiseAbs().sum() / exact.signal.squaredNorm();
  }
  if (std::abs(change) < least_log_change) refuse(kappa, {theory::Reason::small_change, change});
  const Eigen::Index half = kappa.points / 2;
  judge(kappa, {slopes.mean.slope(0, half), slopes.mean.slope(half, kappa.points - half)});
  return law();
}

/// Of the blocks behind the first norm.
DepthLaw gradient_law(const PointResults& results, const Limit& limit) {
  if (!behind_activation(results.point.norm)) return kappa_law(results, limit);
  const std::size_t first = results.layers.front() == 0 ? 1 : 0;
  if (first >= results.layers.size())
    return refused_stream_law(DepthForm::exponential, DepthParameter::rate, theory::Reason::few_layers);
  const auto profiles =
      profile_matrix(results, *results.of(Quantity::backward), {first, results.layers.size() - 1});
  DepthLaw law = rate_law(profiles, limit ? &limit->log_g : nullptr, results.point);
  LawParameter& rate = law.parameters.front();
  if (rate.estimate) rate.estimate->value = -rate.estimate->value;
  if (rate.theory) rate.theory = -*rate.theory;
  rate.neglected += neglected_share(results.point);
  return law;
}

DepthLaw collapse_law(const PointResults& results, const OverlapResults& correlation, const Limit& limit) {
  if (before_activation(results.point.norm)) {
    const auto window = power_window(results.layers, results.point.depth.value());
    if (!window) return refused_stream_law(DepthForm::power, DepthParameter::exponent, window.reason());
    return {DepthForm::power, {power_exponent(profile_matrix(results, correlation.distance, *window))}};
  }
  const auto profiles = profile_matrix(results, correlation.distance, whole_window(results));
  const bool known = limit && !limit->log_distance.empty();
  return rate_law(profiles, known ? &limit->log_distance : nullptr, results.point);
}

}  // namespace

StreamLaws stream_laws(const PointResults& results, const Limit& limit) {
  StreamLaws laws;
  const bool forward = results.of(Quantity::forward).has_value();
  const bool backward = results.of(Quantity::backward).has_value();
  if (forward) laws.growth = growth_law(results, limit);
  if (backward && (forward || behind_activation(results.point.norm)))
    laws.gradient = gradient_law(results, limit);
  const auto& correlation = results.overlaps[position_of_overlap("correlation")];
  if (correlation && results.point.tokens.value() > 1)
    laws.collapse = collapse_law(results, *correlation, limit);
  return laws;
}

}  // namespace varprop::analysis
