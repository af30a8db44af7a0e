#include "driver/theory/theory_page.hpp"

#include <fmt/format.h>

#include <cmath>

namespace varprop::driver {

namespace {

std::string signal_sentence(const Prediction& prediction) {
  const auto& q_star = prediction.theory.limit.q_star;
  const auto& decay = prediction.theory.decay;
  if (q_star && *q_star > 0) return fmt::format("The signal settles at a variance of {:.4g}", *q_star);
  if (decay) return fmt::format("The signal dies out slowly, as 1/l^{:.3g}", decay->exponent);
  if (q_star) return "The signal dies out";
  if (q_star.reason() == theory::Reason::q_grows) return "The signal grows without bound";
  switch (prediction.phase) {
    case theory::Phase::ordered:
      return "The signal vanishes with depth";
    case theory::Phase::critical:
      return "The signal keeps its variance";
    case theory::Phase::chaotic:
      return "The signal explodes with depth";
  }
  return "";
}

/// "by e every 15.8 layers".
std::string pace(double rate) {
  return fmt::format("by e every {:.3g} layers", 1 / std::abs(rate));
}

std::string gradient_at_infinite_width(const Prediction& prediction) {
  const auto& rate = prediction.theory.backward_rate;
  const auto& decay = prediction.theory.decay;
  if (!rate) return "the gradient vanishes at once";
  switch (prediction.phase) {
    case theory::Phase::ordered:
      return "the gradient vanishes, " + pace(*rate);
    case theory::Phase::chaotic:
      return "the gradient explodes, " + pace(*rate);
    case theory::Phase::critical:
      break;
  }
  if (decay) return fmt::format("the gradient vanishes slowly, as 1/L^{:.3g}", decay->gradient_exponent);
  return "the gradient holds";
}

/// What finite networks do comes first where it is known; the limit beside it.
std::string gradient_clause(const Prediction& prediction) {
  const std::string limit = gradient_at_infinite_width(prediction);
  if (!prediction.query.width) return limit;
  const auto& rate = prediction.theory.backward_rate_n;
  if (!rate) return limit + " (infinite width)";
  const std::string change = std::abs(*rate) <= theory::critical_tolerance ? "holds"
                             : *rate < 0                                   ? "vanishes, " + pace(*rate)
                                                                           : "explodes, " + pace(*rate);
  return fmt::format("at width {} the gradient {} (at infinite width {})", *prediction.query.width, change,
                     limit);
}

/// Where a total is made in the first layers rather than at the rate of the many.
std::string transient_clause(const Prediction& prediction, double total) {
  const auto& at_width =
      prediction.query.width ? prediction.theory.backward_rate_n : prediction.theory.backward_rate;
  if (!at_width) return "";
  const double steady = *at_width * (*prediction.query.depth - 1);
  const bool differs = std::abs(total - steady) > 0.5 && std::abs(total - steady) > 0.5 * std::abs(total);
  return differs ? ", mostly in the layers where the signal is still settling" : "";
}

/// "e^4.574 = 96.9", and the power alone where no double holds the number.
std::string factor_text(double logarithm) {
  const double factor = std::exp(logarithm);
  const std::string power = fmt::format("e^{:.4g}", logarithm);
  return std::isnormal(factor) ? fmt::format("{} = {:.3g}", power, factor) : power;
}

/// Of one layer there is nothing to say: there g_1 = g_L = 1.
std::string depth_sentence(const Prediction& prediction) {
  const auto& mean = prediction.through_depth->network.backward_mean;
  if (!mean || *prediction.query.depth == 1) return "";
  const double total = *mean;
  const auto& variance = prediction.through_depth->network.backward_variance;
  const std::string spread =
      variance && *variance > 0
          ? fmt::format(" (one network in three strays by more than e^{:.2g})", std::sqrt(*variance))
          : "";
  return fmt::format(" Through {} layers a squared gradient changes by a factor {}{}{}.",
                     *prediction.query.depth, factor_text(total), transient_clause(prediction, total),
                     spread);
}

std::string advice(const Prediction& prediction) {
  const auto& critical = prediction.critical_weight_variance;
  const theory::Variances& here = prediction.query.variances;
  const bool holds = prediction.phase == theory::Phase::critical;
  if (!critical) return holds ? "" : fmt::format(" No weight variance holds it here: {}.", critical.why());
  std::string text;
  if (!holds) {
    text =
        fmt::format(" The nearest weight variance that holds it{} is {:.6g}, {:.3g} times this one.",
                    prediction.query.width ? " at infinite width" : "", *critical, *critical / here.weight);
  }
  const bool growing = prediction.query.activation.facts().homogeneous() && here.bias > 0;
  return text +
         (growing ? " There the signal has no q*: its variance grows by the bias variance a layer." : "");
}

std::string advice_at_width(const Prediction& prediction) {
  const auto& critical = *prediction.critical_weight_variance_n;
  const bool holds_while_growing =
      prediction.phase == theory::Phase::critical && !prediction.theory.backward_rate_n;
  return critical && !holds_while_growing
             ? fmt::format(" At this width the weight variance that holds it is {:.6g}.", *critical)
             : "";
}

}  // namespace

std::string verdict(const Prediction& prediction) {
  std::string text = signal_sentence(prediction) + "; " + gradient_clause(prediction) + ".";
  if (prediction.query.depth) text += depth_sentence(prediction);
  text += advice(prediction);
  if (prediction.query.width) text += advice_at_width(prediction);
  return text;
}

}  // namespace varprop::driver
