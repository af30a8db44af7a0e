#include "analysis/depth_laws.hpp"

#include "analysis/exponential_law.hpp"
#include "analysis/fixed_point_law.hpp"
#include "analysis/power_law.hpp"

namespace varprop {

namespace {

/// Recorded layers at q* that the approach is measured against: enough to know q* better than the distances
/// from it.
constexpr std::size_t settled_layers = 32;

std::optional<double> value_of(const Reasoned<double>& theory) {
  return theory ? std::optional(*theory) : std::nullopt;
}

/// χ_q = 1 where the signal dies out: the one place of power laws.
bool dies_critically(const InfiniteWidth& limit) {
  return limit.q_star && *limit.q_star == 0 && !limit.transient;
}

DepthLaw refused(DepthForm form, std::string_view parameter, std::string reason) {
  return {form, {LawParameter{.name = parameter, .refusal = std::move(reason)}}};
}

/// Where one of the slopes is 0, as the ReLU's, networks die by law, and the law is that of the living.
bool dies_by_law(const Activation& activation) {
  const ActivationFacts facts = activation.facts();
  return facts.homogeneous() && (facts.at_zero.negative == 0 || facts.at_zero.positive == 0);
}

void demand_living(DepthLaw& law, const PointResults& results, double extinct_share) {
  if (1 - extinct_share >= least_alive_share || dies_by_law(results.point.activation)) return;
  for (LawParameter& parameter : law.parameters) {
    if (parameter.holds()) refuse(parameter, "more than 1 network in 100 is extinct");
  }
}

DepthLaw power_law(const PointResults& results, const QuantityResults& quantity) {
  const Point& point = results.point;
  if (point.width.value() < least_width_over_depth * point.depth.value()) {
    return refused(DepthForm::power, "exponent", "the width is below 32 times the depth");
  }
  const auto window = power_window(results.layers, point.depth.value());
  if (!window) return refused(DepthForm::power, "exponent", window.reason());
  return {DepthForm::power, {power_exponent(profile_matrix(results, quantity, *window))}};
}

DepthLaw fixed_point_law(const PointResults& results, const PointTheory& theory) {
  const InfiniteWidth& limit = theory.limit;
  const auto window = find_window(results.layers, results.point.depth.value(), limit.transient,
                                  WindowEnds::input, limit.onset);
  if (!window) return refused(DepthForm::fixed_point, "q_star", window.reason());
  LawParameter q_star = fixed_point(profile_matrix(results, *results.forward, *window));
  q_star.theory = value_of(theory.q_star_n);
  const Window approach{0, std::min(results.layers.size() - 1, window->first + settled_layers)};
  LawParameter xi_q = approach_length(profile_matrix(results, *results.forward, approach),
                                      static_cast<Eigen::Index>(window->first));
  xi_q.theory = value_of(limit.xi_q);
  return {DepthForm::fixed_point, {std::move(q_star), std::move(xi_q)}};
}

DepthLaw exponential_law(const PointResults& results, const QuantityResults& quantity,
                         const Reasoned<Window>& window) {
  if (!window) return refused(DepthForm::exponential, "rate", window.reason());
  return {DepthForm::exponential, {exponential_rate(profile_matrix(results, quantity, *window))}};
}

/// A rate along l as a rate going down.
void turn_downward(LawParameter& rate) {
  if (rate.estimate) rate.estimate->value = -rate.estimate->value;
}

}  // namespace

DepthLaw forward_depth_law(const PointResults& results, const PointTheory& theory, double extinct_share) {
  const InfiniteWidth& limit = theory.limit;
  DepthLaw law{};
  if (dies_critically(limit)) {
    law = power_law(results, *results.forward);
    if (theory.decay) law.parameters.front().theory = -theory.decay->exponent;
  } else if (!limit.transient) {
    law = refused(DepthForm::none, "", "no law: xi_q is " + limit.transient.reason());
  } else if (!limit.free_running) {
    law = fixed_point_law(results, theory);
  } else {
    law = exponential_law(results, *results.forward,
                          find_window(results.layers, results.point.depth.value(), limit.transient,
                                      WindowEnds::input, limit.onset));
    law.parameters.front().theory = value_of(theory.forward_rate_n);
  }
  demand_living(law, results, extinct_share);
  return law;
}

DepthLaw backward_depth_law(const PointResults& results, const PointTheory& theory, double extinct_share) {
  const InfiniteWidth& limit = theory.limit;
  DepthLaw law{};
  if (dies_critically(limit)) {
    law = power_law(results, *results.backward);
    if (theory.decay) law.parameters.front().theory = theory.decay->gradient_exponent;
  } else {
    law = exponential_law(results, *results.backward,
                          find_window(results.layers, results.point.depth.value(), limit.transient,
                                      WindowEnds::both, limit.onset));
    turn_downward(law.parameters.front());
    law.parameters.front().theory = value_of(theory.backward_rate_n);
  }
  demand_living(law, results, extinct_share);
  return law;
}

}  // namespace varprop
