#include "analysis/depth_laws/depth_law.hpp"

#include <algorithm>
#include <cmath>

namespace varprop::analysis {

bool dies_by_law(const Activation& activation) {
  const ActivationFacts facts = activation.facts();
  return facts.homogeneous() && (facts.at_zero.negative == 0 || facts.at_zero.positive == 0);
}

void refuse(LawParameter& parameter, theory::Reason reason) {
  parameter.estimate.reset();
  parameter.refusal = reason;
}

double share_astray(const QuantityResults& forward, const theory::Barriers& barriers) {
  if (!barriers.any()) return 0;
  std::int64_t living = 0, astray = 0;
  for (const double log_q : forward.at_end) {
    if (std::isnan(log_q)) continue;
    ++living;
    astray += barriers.astray(log_q) ? 1 : 0;
  }
  return living == 0 ? 0 : static_cast<double>(astray) / static_cast<double>(living);
}

void judge(LawParameter& parameter, Halves halves) {
  if (!parameter.holds()) return;
  if (!parameter.estimate->has_spread() || !parameter.goodness) {
    parameter.refusal = theory::Reason::no_test;
  } else if (const auto reason = objection(*parameter.estimate, {parameter.goodness, [&] { return halves; },
                                                                 theory::Reason::profile_bends})) {
    refuse(parameter, *reason);
  }
}

namespace {

/// Recorded layers at q* that the approach is measured against: enough to know q* better than the distances
/// from it.
constexpr std::size_t settled_layers = 32;

std::optional<double> value_of(const theory::ValueOrReason<double>& theory) {
  return theory ? std::optional(*theory) : std::nullopt;
}

/// χ_q = 1 where the signal dies out: the one place of power laws.
bool dies_critically(const theory::InfiniteWidth& limit) {
  return limit.q_star && *limit.q_star == 0 && limit.transient.reason() == theory::Reason::chi_q_is_1;
}

/// Why no law is looked for where there is no transient length.
theory::Reason why_no_length(const theory::InfiniteWidth& limit) {
  const bool slow = limit.transient.reason() == theory::Reason::chi_q_is_1;
  return slow ? theory::Reason::law_of_no_length : limit.transient.reason();
}

DepthLaw refused(DepthForm form, DepthParameter parameter, theory::Reason reason) {
  return {form, {LawParameter{.name = parameter, .refusal = reason}}};
}

/// Networks that are extinct, or that ended elsewhere, are not what the law is about.
void demand_course(DepthLaw& law, const PointResults& results, const theory::PointTheory& theory,
                   double extinct_share) {
  const bool many_extinct =
      1 - extinct_share < least_share_on_course && !dies_by_law(results.point.activation);
  const auto& forward = results.of(Quantity::forward);
  const double astray = forward ? share_astray(*forward, theory.barriers) : theory.share_astray;
  for (LawParameter& parameter : law.parameters) {
    if (many_extinct && parameter.holds())
      refuse(parameter, {theory::Reason::some_extinct, 100 * extinct_share});
    if (1 - astray < least_share_on_course)  // whatever else was found of such a mixture
      refuse(parameter, theory.barriers.ends_in_two_ways(astray));
  }
}

DepthLaw power_law(const PointResults& results, const QuantityResults& quantity) {
  const Point& point = results.point;
  const std::int64_t least_width = least_width_over_depth * point.depth.value();
  if (point.width.value() < least_width) {
    return refused(DepthForm::power, DepthParameter::exponent,
                   {theory::Reason::narrow_for_its_depth, static_cast<double>(point.width.value()),
                    static_cast<double>(least_width)});
  }
  const auto window = power_window(results.layers, point.depth.value());
  if (!window) return refused(DepthForm::power, DepthParameter::exponent, window.reason());
  return {DepthForm::power, {power_exponent(profile_matrix(results, quantity, *window))}};
}

DepthLaw fixed_point_law(const PointResults& results, const theory::PointTheory& theory) {
  const theory::InfiniteWidth& limit = theory.limit;
  const auto window = find_window(results.layers, results.point.depth.value(), limit.transient,
                                  WindowEnds::input, limit.onset);
  if (!window) return refused(DepthForm::fixed_point, DepthParameter::q_star, window.reason());
  LawParameter q_star = fixed_point(profile_matrix(results, *results.of(Quantity::forward), *window));
  q_star.theory = value_of(theory.q_star_n);
  q_star.neglected = theory.log_q_star_neglected * q_star.theory.value_or(0);
  const Window approach{0, std::min(results.layers.size() - 1, window->first + settled_layers)};
  LawParameter xi_q = approach_length(profile_matrix(results, *results.of(Quantity::forward), approach),
                                      static_cast<Eigen::Index>(window->first));
  // Of infinite width; what finite width adds to it is not known, and is not small below.
  if (equal_widths(results.point) && results.point.width.value() >= least_width_of_limits)
    xi_q.theory = value_of(limit.xi_q);
  xi_q.neglected = theory.relative_xi_q_neglected * xi_q.theory.value_or(0);
  return {DepthForm::fixed_point, {std::move(q_star), std::move(xi_q)}};
}

DepthLaw exponential_law(const PointResults& results, const QuantityResults& quantity,
                         const theory::ValueOrReason<Window>& window) {
  if (!window) return refused(DepthForm::exponential, DepthParameter::rate, window.reason());
  return {DepthForm::exponential, {exponential_rate(profile_matrix(results, quantity, *window))}};
}

/// A rate along l as a rate going down.
void turn_downward(LawParameter& rate) {
  if (rate.estimate) rate.estimate->value = -rate.estimate->value;
}

}  // namespace

DepthLaw forward_depth_law(const PointResults& results, const theory::PointTheory& theory,
                           double extinct_share) {
  const theory::InfiniteWidth& limit = theory.limit;
  DepthLaw law{};
  if (dies_critically(limit)) {
    law = power_law(results, *results.of(Quantity::forward));
    if (theory.decay) law.parameters.front().theory = -theory.decay->exponent;
  } else if (!limit.transient) {
    law = refused(DepthForm::none, DepthParameter::none, why_no_length(limit));
  } else if (!limit.no_fixed_point) {
    law = fixed_point_law(results, theory);
  } else {
    law = exponential_law(results, *results.of(Quantity::forward),
                          find_window(results.layers, results.point.depth.value(), limit.transient,
                                      WindowEnds::input, limit.onset));
    law.parameters.front().theory = value_of(theory.forward_rate_n);
    law.parameters.front().neglected = theory.forward_rate_neglected;
  }
  demand_course(law, results, theory, extinct_share);
  return law;
}

DepthLaw backward_depth_law(const PointResults& results, const theory::PointTheory& theory,
                            double extinct_share) {
  const theory::InfiniteWidth& limit = theory.limit;
  DepthLaw law{};
  if (dies_critically(limit)) {
    law = power_law(results, *results.of(Quantity::backward));
    if (theory.decay) law.parameters.front().theory = theory.decay->gradient_exponent;
  } else {
    law = exponential_law(results, *results.of(Quantity::backward),
                          find_window(results.layers, results.point.depth.value(), limit.transient,
                                      WindowEnds::both, limit.onset));
    turn_downward(law.parameters.front());
    law.parameters.front().theory = value_of(theory.backward_rate_n);
    law.parameters.front().neglected = theory.backward_rate_neglected;
  }
  demand_course(law, results, theory, extinct_share);
  return law;
}

}  // namespace varprop::analysis
