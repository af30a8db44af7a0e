#include "driver/theory/theory_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/text/terminal_text.hpp"
#include "core/text/words.hpp"

namespace varprop::driver {

namespace {
/// One predicted number, as the page and the JSON object have it.
struct PredictedQuantity {
  std::string key;
  std::string meaning;  ///< for people
  theory::ValueOrReason<double> value;
  /// Absolute, by the quadrature's own estimate; it means nothing where the value is missing.
  std::optional<double> error{};
  bool quiet = false;    ///< where it does not exist the page has no line for it
  bool on_page = true;   ///< else only the JSON object has it
  double neglected = 0;  ///< size of the orders in 1/n that it has not; 0 where it is exact
};
using Quantities = std::vector<PredictedQuantity>;

Quantities limits(const Prediction& prediction) {
  const theory::PointTheory& theory = prediction.theory;
  const theory::PointUncertainty& error = prediction.uncertainty;
  return {
      {"q_star", "q*, where the variance of the signal settles", theory.limit.q_star, error.limit.q_star},
      {"chi", "factor of a squared gradient per layer, going down", theory.limit.chi, error.limit.chi},
      {"chi_q", "dq'/dq at q*", theory.limit.chi_q, error.limit.chi_q},
      {"xi_q", "layers in which q comes nearer to q* by e", theory.limit.xi_q, error.limit.xi_q},
      {"c_star", "c*, where the correlation of two inputs settles", theory.correlation.c_star, error.c_star},
      {"xi_c", "layers in which two signals come nearer to that by e", theory.correlation.xi_c, error.xi_c},
      {"critical_weight_variance", "where chi = 1, with this bias variance",
       prediction.critical_weight_variance, error.critical_weight_variance},
      {"kappa_1", "times 1/n: what width n adds to ln chi",
       theory.correction.transform([](const theory::GradientCorrection& c) { return c.kappa_1; }),
       error.correction.kappa_1},
      {"fluctuation", "times L/n: Var ln g_1",
       theory.correction.transform([](const theory::GradientCorrection& c) { return c.fluctuation; }),
       error.correction.fluctuation},
      {"theory_backward_rate", "ln chi: change of ln g per layer, going down", theory.backward_rate},
  };
}

void add_power_laws(Quantities& all, const theory::ValueOrReason<theory::CriticalDecay>& decay) {
  const auto add = [&](const char* key, const char* meaning, double theory::CriticalDecay::*member) {
    all.push_back(
        {.key = key,
         .meaning = meaning,
         .value = decay.transform([member](const theory::CriticalDecay& law) { return law.*member; }),
         .quiet = true});
  };
  add("forward_exponent", "p of q_l = C/l^p", &theory::CriticalDecay::exponent);
  add("forward_coefficient", "C of q_l = C/l^p", &theory::CriticalDecay::coefficient);
  add("backward_exponent", "p of g_1 ~ 1/L^p", &theory::CriticalDecay::gradient_exponent);
}

/// A quantity that is known to first order in 1/n only.
PredictedQuantity with_neglected(PredictedQuantity quantity, double neglected) {
  if (!quantity.value || neglected == 0) return quantity;
  quantity.neglected = neglected;
  quantity.meaning += fmt::format(", give or take {:.2g}: the orders beyond 1/n", neglected);
  return quantity;
}

/// The page has them where neurons can be dead.
void add_dead_networks(Quantities& all, const Prediction& prediction) {
  if (!prediction.query.width) return;
  const auto& shares = *prediction.dead;
  const std::vector<double>& dead = prediction.activations->dead;
  const bool may_die = std::ranges::any_of(dead, [](double share) { return share > 0; });
  const auto add = [&](const char* key, const char* meaning, double theory::DeadShares::*which) {
    all.push_back(
        {.key = key,
         .meaning = meaning,
         .value = shares.transform([which](const theory::DeadShares& share) { return share.*which; }),
         .quiet = true,
         .on_page = may_die});
  };
  add("forward_extinct_share", "share of networks whose signal is exactly 0 at layer L",
      &theory::DeadShares::signal);
  add("backward_extinct_share", "share of networks whose gradient is exactly 0 at layer 1",
      &theory::DeadShares::gradient);
}

/// The diagonal of the neural tangent kernel.
void add_tangent_kernel(Quantities& all, const Prediction& prediction) {
  const theory::TangentKernelTheory& kernel = *prediction.tangent_kernel;
  using Value = theory::ValueOrReason<double>;
  const bool has_width = prediction.query.width.has_value();
  all.push_back({"ntk_weight_log_limit", "ln of the NTK's part of the weights, sum of |dl/dW|^2 over layers",
                 has_width ? Value(kernel.limit.log_weight) : Value(theory::Reason::no_width)});
  all.push_back(
      {"ntk_bias_log_limit", "ln of its part of the biases, sum of |dl/db|^2", kernel.limit.log_bias});
  if (has_width)
    all.push_back({"ntk_ratio", "E Theta^2/(E Theta)^2 of the former, over networks of this width",
                   kernel.log_ratio.transform([](double log_ratio) { return std::exp(log_ratio); })});
}

void add_through_depth(Quantities& all, const Prediction& prediction) {
  const theory::NetworkLaw& law = prediction.through_depth->network;
  const auto root = [](double variance) { return std::sqrt(variance); };
  const double square = prediction.query.input_mean_square;
  const std::string inputs = square == 1 ? "n" : shortest(square) + " n";
  all.push_back(with_neglected(
      {"forward_log_mean", fmt::format("<ln q_L>, for inputs with |x|^2 = {}", inputs), law.forward_mean},
      law.forward_neglected));
  all.push_back({"forward_log_deviation", "standard deviation of ln q_L over networks",
                 law.forward_variance.transform(root)});
  all.push_back(with_neglected({"backward_log_mean", "<ln g_1>", law.backward_mean}, law.backward_neglected));
  all.push_back({"backward_log_deviation", "standard deviation of ln g_1 over networks",
                 law.backward_variance.transform(root)});
  all.push_back({"forward_log_limit", "ln q_L of infinite width", prediction.limit_law->forward_mean});
  all.push_back({"backward_log_limit", "ln g_1 of infinite width, of the averaged partial Jacobian norm",
                 prediction.limit_law->backward_mean});
  add_tangent_kernel(all, prediction);
  add_dead_networks(all, prediction);
}

/// All in the order of the page.
Quantities quantities_of(const Prediction& prediction) {
  Quantities all = limits(prediction);
  add_power_laws(all, prediction.theory.decay);
  if (prediction.query.width) {
    all.push_back(with_neglected(
        {"theory_backward_rate_n", "the same at this width", prediction.theory.backward_rate_n},
        prediction.theory.backward_rate_neglected));
    all.push_back({"critical_weight_variance_n", "where that is 0, with this bias variance",
                   *prediction.critical_weight_variance_n});
  }
  if (prediction.through_depth) add_through_depth(all, prediction);
  return all;
}

}  // namespace

void put_reasoned(Json& json, const std::string& key, const theory::ValueOrReason<double>& value) {
  json[key] = nullptr;
  if (!value) {
    json[key + "_reason"] = value.why();
  } else if (std::isfinite(*value)) {
    json[key] = *value;
  } else {
    json[key + "_reason"] = *value > 0 ? "infinite: beyond the range of doubles"
                                       : "minus infinity: a logarithm beyond the range of doubles";
  }
}

Json json_of(const std::vector<theory::CriticalPoint>& points) {
  Json list = Json::array();
  for (const theory::CriticalPoint& point : points) {
    list.push_back({{"bias_variance", point.bias_variance},
                    {"weight_variance", point.weight_variance},
                    {"q_star", point.q},
                    {"chi_q", point.chi_q},
                    {"reached", point.reached}});
  }
  return list;
}

namespace {

std::string title(const TheoryQuery& query) {
  std::string text =
      fmt::format("{}, {} weights, weight_variance {}, bias_variance {}", query.activation.text(),
                  word_of(query.weights), shortest(query.weight_variance), shortest(query.bias_variance));
  if (query.width) text += fmt::format(", width {}", *query.width);
  if (query.depth) text += fmt::format(", depth {}", *query.depth);
  if (query.variance_scaling != VarianceScaling::fan_in)
    text += fmt::format(", variance_scaling {}", word_of(query.variance_scaling));
  if (query.bias_scaling != BiasScaling::none)
    text += fmt::format(", bias_scaling {}", word_of(query.bias_scaling));
  if (query.input_mean_square != 1)
    text += fmt::format(", input_mean_square {}", shortest(query.input_mean_square));
  return text;
}

std::string line(const std::string& key, const std::string& value, const std::string& meaning) {
  return fmt::format("{:<27}{:<13} {}\n", key, value, meaning);
}

std::string quantity_line(const PredictedQuantity& quantity) {
  if (!quantity.on_page || (!quantity.value && quantity.quiet)) return "";
  if (quantity.value) return line(quantity.key, fmt::format("{:.6g}", *quantity.value), quantity.meaning);
  return fmt::format("{:<27}{}\n", quantity.key, "none: " + quantity.value.why());
}

std::string list_line(const std::string& key, const std::vector<double>& values, const std::string& meaning) {
  std::vector<std::string> texts;
  for (const double x : values) texts.push_back(fmt::format("{:.6g}", x));
  if (texts.size() < 2) return "";
  return fmt::format("{:<27}{}: {}\n", key, meaning, join(texts));
}

/// At most twelve layers, the first and the last among them.
std::vector<std::size_t> shown_layers(std::size_t depth) {
  constexpr std::size_t most = 12;
  std::vector<std::size_t> layers;
  const std::size_t count = std::min(most, depth);
  for (std::size_t k = 0; k < count; ++k) {
    layers.push_back(count < 2 ? 1 : 1 + k * (depth - 1) / (count - 1));
  }
  return layers;
}

/// The decimal exponent may lie beyond the range of doubles.
std::string power_text(double log_x) {
  if (std::isinf(log_x)) return log_x > 0 ? "infinite" : "0";
  const double decades = log_x / std::log(10.0);
  if (std::abs(decades) < 300) return fmt::format("{:.5g}", std::exp(log_x));
  if (std::abs(decades) >= 1e15) return fmt::format("e^{:.4g}", log_x);
  const double exponent = std::floor(decades);
  return fmt::format("{:.3f}e{:.0f}", std::pow(10.0, decades - exponent), exponent);
}

std::string profile_table(const Prediction& prediction) {
  if (!prediction.through_depth) return "";
  const auto& [log_profile, network, pair] = *prediction.through_depth;
  const std::vector<double> distances = pair ? pair->log_distance : std::vector<double>();
  std::string text =
      fmt::format("\n{:>8}  {:>14}{}\n", "layer", "q", distances.empty() ? "" : "    correlation");
  for (const std::size_t l : shown_layers(log_profile.size())) {
    text += fmt::format("{:>8}  {:>14}", l, power_text(log_profile[l - 1]));
    if (l <= distances.size()) text += fmt::format("  {:>13.8g}", 1 - std::exp(distances[l - 1]));
    text += "\n";
  }
  return text;
}

Json json_of(const TheoryQuery& query) {
  Json json{{"activation", query.activation.text()},
            {"weights", word_of(query.weights)},
            {"weight_variance", query.weight_variance},
            {"bias_variance", query.bias_variance}};
  if (query.width) json["width"] = *query.width;
  if (query.depth) json["depth"] = *query.depth;
  if (query.input_correlation) json["input_correlation"] = *query.input_correlation;
  if (query.variance_scaling != VarianceScaling::fan_in)
    json["variance_scaling"] = word_of(query.variance_scaling);
  if (query.bias_scaling != BiasScaling::none) json["bias_scaling"] = word_of(query.bias_scaling);
  if (query.input_mean_square != 1) json["input_mean_square"] = query.input_mean_square;
  return json;
}

void put_profile(Json& json, const Prediction& prediction) {
  if (!prediction.through_depth) return;
  const auto& [log_profile, network, pair] = *prediction.through_depth;
  json["forward_profile"] = Json::array();
  for (const double log_q : log_profile) json["forward_profile"].push_back(std::exp(log_q));
  json["forward_log_profile"] = log_profile;
  const LayerActivations& layers = *prediction.activations;
  json["activations_profile"] = Json::array();
  for (const double log_a : layers.log_mean_square) json["activations_profile"].push_back(std::exp(log_a));
  json["activations_log_profile"] = layers.log_mean_square;
  json["saturated_profile"] = layers.saturated;
  json["dead_profile"] = layers.dead;
  if (!pair) return;
  json["correlation_profile"] = Json::array();
  for (const double x : pair->log_distance) json["correlation_profile"].push_back(1 - std::exp(x));
  json["correlation_log_distance_profile"] = pair->log_distance;
  json["gradient_correlation_profile"] = gradient_correlations(*pair, log_profile.size());
}

/// json[key] = null, and json[key + "_reason"] why.
void put_missing(Json& json, const std::string& key, const std::string& why) {
  json[key] = nullptr;
  json[key + "_reason"] = why;
}

void put_judgement(Json& json, const Prediction& prediction) {
  constexpr const char* regime = "regime";
  constexpr const char* nearest = "nearest_stable_weight_variance";
  if (!prediction.judged) {
    for (const char* key : {regime, nearest})
      put_missing(json, key, "it depends on the depth, and no depth is given");
    return;
  }
  const DepthVerdict& judged = *prediction.judged;
  const auto& [forward, backward, of] = judged.here.totals;
  json[regime] = word_of(judged.here.regime);
  put_reasoned(json, "forward_total", forward.mean);
  put_reasoned(json, "backward_total", backward.mean);
  if (prediction.query.width && of == theory::TotalsOf::infinite_width) {
    for (const char* key : {"forward_total_error", "backward_total_error", "share_in_range"})
      put_missing(json, key, "the totals are of infinite width: what this width adds is not known");
  } else {
    json["forward_total_error"] = forward.error;
    json["backward_total_error"] = backward.error;
    json["share_in_range"] = std::min(forward.share_in_range, backward.share_in_range);
  }
  json["totals_of"] = word_of(of);
  if (judged.nearest_stable) {
    json[nearest] = *judged.nearest_stable / prediction.query.unit();
  } else {
    put_missing(json, nearest, judged.why_none);
  }
}

std::string judgement_lines(const Prediction& prediction) {
  if (!prediction.judged) return "";
  const DepthVerdict& judged = *prediction.judged;
  const std::string nearest =
      judged.nearest_stable
          ? line("nearest_stable", fmt::format("{:.6g}", *judged.nearest_stable / prediction.query.unit()),
                 "the nearest weight variance that holds this depth")
          : fmt::format("{:<27}none: {}\n", "nearest_stable", judged.why_none);
  return line("regime", std::string(word_of(judged.here.regime)),
              fmt::format("by F = {:g} ({})", stable_factor, word_of(judged.here.totals.of))) +
         nearest;
}

}  // namespace

std::string theory_page(const Prediction& prediction) {
  std::string text = title(prediction.query) + "\n\n";
  text += line("phase", std::string(word_of(prediction.phase)), "chi below, at or above 1");
  for (const PredictedQuantity& quantity : quantities_of(prediction)) text += quantity_line(quantity);
  text += judgement_lines(prediction);
  text += list_line("fixed points", prediction.theory.limit.fixed_points, "all q with q' = q");
  text += list_line("correlations", prediction.theory.correlation.fixed_points, "all c with c' = c");
  text += profile_table(prediction);
  return text + "\n" + wrapped(verdict(prediction));
}

std::string theory_json(const Prediction& prediction) {
  Json json = json_of(prediction.query), errors = Json::object();
  json["phase"] = word_of(prediction.phase);
  for (const PredictedQuantity& quantity : quantities_of(prediction)) {
    put_reasoned(json, quantity.key, quantity.value);
    if (quantity.neglected > 0) json[quantity.key + "_neglected"] = quantity.neglected;
    if (quantity.error) errors[quantity.key] = quantity.value ? Json(*quantity.error) : Json(nullptr);
  }
  put_judgement(json, prediction);
  json["errors"] = std::move(errors);
  json["fixed_points"] = prediction.theory.limit.fixed_points;
  json["correlation_fixed_points"] = prediction.theory.correlation.fixed_points;
  json["critical_points"] = json_of(prediction.critical_points);
  put_profile(json, prediction);
  json["verdict"] = verdict(prediction);
  return json.dump(2);
}

}  // namespace varprop::driver
