#include "driver/theory/theory_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>

namespace varprop::driver {

namespace {

std::string signal_sentence(const Prediction& prediction) {
  const auto& q_star = prediction.theory.limit.q_star;
  const auto& decay = prediction.theory.decay;
  if (q_star && *q_star > 0) return fmt::format("The signal settles at a variance of {:.4g}", *q_star);
  if (decay) return fmt::format("The signal dies out slowly, as 1/l^{:.3g}", decay->exponent);
  const theory::Reason no_length = prediction.theory.limit.transient.reason();
  if (no_length == theory::Reason::grows_ever_faster) return "The signal grows faster than exponentially";
  if (no_length == theory::Reason::falls_ever_faster) return "The signal dies out faster than exponentially";
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

/// The sentence as a clause: "the signal dies out".
std::string in_the_end(std::string sentence) {
  if (!sentence.empty()) sentence.front() = static_cast<char>(std::tolower(sentence.front()));
  return sentence;
}

/// "by e every 15.8 layers".
std::string pace(double rate) {
  return fmt::format("by e every {:.3g} layers", 1 / std::abs(rate));
}

/// Of the rate alone: the words of regimes are for a depth, where one is given.
std::string gradient_verb(const Prediction& prediction, bool grows) {
  if (prediction.judged) return grows ? "grows" : "fades";
  return grows ? "explodes" : "vanishes";
}

std::string gradient_at_infinite_width(const Prediction& prediction) {
  const auto& rate = prediction.theory.backward_rate;
  const auto& decay = prediction.theory.decay;
  if (!rate && rate.reason() == theory::Reason::grows_ever_faster) return "the gradient explodes with it";
  if (!rate && rate.reason() == theory::Reason::falls_ever_faster) return "the gradient vanishes with it";
  if (!rate) return "the gradient vanishes at once";
  switch (prediction.phase) {
    case theory::Phase::ordered:
      return "the gradient " + gradient_verb(prediction, false) + ", " + pace(*rate);
    case theory::Phase::chaotic:
      return "the gradient " + gradient_verb(prediction, true) + ", " + pace(*rate);
    case theory::Phase::critical:
      break;
  }
  if (decay)
    return fmt::format("the gradient {} slowly, as 1/L^{:.3g}", gradient_verb(prediction, false),
                       decay->gradient_exponent);
  return "the gradient holds";
}

/// What finite networks do comes first where it is known; the limit beside it.
std::string gradient_clause(const Prediction& prediction) {
  const std::string limit = gradient_at_infinite_width(prediction);
  if (!prediction.query.width) return limit;
  const auto& rate = prediction.theory.backward_rate_n;
  if (!rate) return limit + " (infinite width)";
  const std::string change = std::abs(*rate) <= theory::critical_tolerance
                                 ? "holds"
                                 : gradient_verb(prediction, *rate > 0) + ", " + pace(*rate);
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

std::string spread_clause(const theory::TotalLaw& gradient) {
  if (!(gradient.variance > 0) || std::isinf(gradient.variance)) return "";
  return fmt::format(" (one network in three strays by more than e^{:.2g})", std::sqrt(gradient.variance));
}

/// Whose numbers these are.
std::string source_clause(const Prediction& prediction, theory::TotalsOf of) {
  const auto& width = prediction.query.width;
  if (of == theory::TotalsOf::width_exactly) return "";
  if (of == theory::TotalsOf::width) return fmt::format(", by an estimate for width {}", *width);
  return width ? ", at infinite width: of this width nothing is known" : ", at infinite width";
}

/// Of one layer there is nothing to say of the gradient: there g_1 = g_L = 1.
std::string depth_sentence(const Prediction& prediction) {
  const auto& [forward, backward, of] = prediction.judged->here.totals;
  const int depth = *prediction.query.depth;
  if (depth == 1)
    return fmt::format("One layer changes the signal by a factor {}", factor_text(forward.mean));
  return fmt::format(
      "Through {} layers a squared gradient changes by a factor {}{}{}, the signal's variance by {}{}", depth,
      factor_text(backward.mean), spread_clause(backward), transient_clause(prediction, backward.mean),
      factor_text(forward.mean), source_clause(prediction, of));
}

/// What holds the depth asked for.
std::string advice_for_depth(const Prediction& prediction) {
  const DepthVerdict& judged = *prediction.judged;
  if (judged.here.regime == analysis::Regime::stable || judged.first_layer) return "";
  if (!judged.nearest_stable)
    return fmt::format(" No weight variance near holds these layers: {}.", judged.why_none);
  const double nearest = *judged.nearest_stable / prediction.query.unit();
  const auto& [forward, backward, of] = judged.there->totals;
  return fmt::format(
      " The nearest weight variance that holds these layers is {:.6g}, {:.3g} times this one: there the "
      "gradient "
      "changes by {}, the signal by {}.",
      nearest, nearest / prediction.query.weight_variance, factor_text(backward.mean),
      factor_text(forward.mean));
}

/// Where all that is wrong is the first layer.
std::string first_layer_sentence(const Prediction& prediction) {
  const auto& first = prediction.judged->first_layer;
  if (!first) return "";
  return fmt::format(
      " The first layer alone changes the signal's variance by {}, being the weight variance times the "
      "input's "
      "mean square; from there on these layers are stable.",
      factor_text(*first));
}

std::string verdict_of_depth(const Prediction& prediction) {
  return fmt::format("{}: by F = {:g} {}.{}{} In ever deeper networks: {}; {}.", depth_sentence(prediction),
                     stable_factor, regime_clause(prediction.judged->here), first_layer_sentence(prediction),
                     advice_for_depth(prediction), in_the_end(signal_sentence(prediction)),
                     gradient_clause(prediction));
}

std::string advice(const Prediction& prediction) {
  const auto& critical = prediction.critical_weight_variance;
  const bool holds = prediction.phase == theory::Phase::critical;
  if (!critical) return holds ? "" : fmt::format(" No weight variance holds it here: {}.", critical.why());
  std::string text;
  if (!holds) {
    text = fmt::format(" The nearest weight variance that holds it{} is {:.6g}, {:.3g} times this one.",
                       prediction.query.width ? " at infinite width" : "", *critical,
                       *critical / prediction.query.weight_variance);
  }
  const bool growing =
      prediction.query.activation.facts().homogeneous() && prediction.query.bias_variance > 0;
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
  if (prediction.judged) return verdict_of_depth(prediction);
  std::string text = signal_sentence(prediction) + "; " + gradient_clause(prediction) + ".";
  text += advice(prediction);
  if (prediction.query.width) text += advice_at_width(prediction);
  return text;
}

}  // namespace varprop::driver
