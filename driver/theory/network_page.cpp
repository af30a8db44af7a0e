#include "driver/theory/network_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/errors.hpp"
#include "core/network/engine_choice.hpp"
#include "core/text/terminal_text.hpp"
#include "driver/theory/depth_verdict.hpp"
#include "driver/theory/theory_page.hpp"

namespace varprop::driver {

namespace {

using theory::Reason;

bool of_stream(const NetworkPrediction& prediction) {
  return prediction.stream.has_value();
}

/// Two inputs are refused where no engine takes them; theory does.
void demand_network(const NetworkQuery& query) {
  NetworkSettings alone = query.settings;
  alone.input_correlation.reset();
  const auto reason = obstacle(resolve_engine(query.point, alone), query.point, alone);
  if (reason)
    throw InputError(fmt::format("there are no such networks: the {} engine {}.",
                                 word_of(resolve_engine(query.point, alone)), *reason));
  const Point& point = query.point;
  const bool plain_pair = point.block == Block::plain && query.settings.input_correlation;
  if (plain_pair)
    throw InputError(
        "theory follows two inputs through plain layers of one width without norms and dropout, "
        "and through networks with a stream.");
}

void add_stream(NetworkPrediction& prediction, const theory::MeanField& mean_field) {
  const auto& [point, settings, has_width] = prediction.query;
  const auto profiles = theory::stream_profiles(mean_field, point, settings);
  if (!profiles) throw InputError("theory does not follow these networks: " + profiles.why() + ".");
  prediction.stream = *profiles;
  prediction.log_q = profiles->log_q, prediction.log_g = profiles->log_g;
  prediction.moments = has_width ? theory::exact_stream_moments(point, settings)
                                 : theory::ValueOrReason<theory::StreamMoments>(Reason::no_width);
  prediction.nearest_branch_scale =
      theory::nearest_stable_branch_scale(mean_field, point, settings, std::log(stable_factor));
}

void add_layers(NetworkPrediction& prediction, const theory::InfiniteWidthPredictor& predict) {
  const auto& [point, settings, has_width] = prediction.query;
  const auto profiles = theory::network_profiles(predict, point, settings);
  prediction.log_q = profiles.log_q, prediction.log_g = profiles.log_g;
  prediction.layers = theory::network_theory(predict, point, settings);
  prediction.layers.correlation = theory::network_correlation(predict, point, settings);
  prediction.critical_weight_variance =
      theory::network_critical_variance(predict.mean_field(), point, settings, false);
}

/// As the analysis judges measured totals; here nothing is left to chance.
analysis::Regime regime_of_totals(double forward, double backward) {
  const auto of = [](double total) {
    return regime_of({.mean = total, .error = 0, .variance = 0, .share_in_range = 1, .extinct_share = 0});
  };
  return std::max(of(forward), of(backward));
}

}  // namespace

NetworkPrediction predict_network(const NetworkQuery& query) {
  demand_network(query);
  const theory::InfiniteWidthPredictor predict(query.point.activation, query.settings.input_mean_square);
  NetworkPrediction prediction{.query = query,
                               .log_q = {},
                               .log_g = {},
                               .stream = {},
                               .layers = theory::unknown_theory(Reason::other_networks),
                               .law = theory::network_law(predict, query.point, query.settings),
                               .critical_weight_variance = Reason::other_networks,
                               .dead = query.has_width
                                           ? theory::dead_shares(query.point)
                                           : theory::ValueOrReason<theory::DeadShares>(Reason::no_width),
                               .moments = Reason::other_networks,
                               .nearest_branch_scale = Reason::other_networks,
                               .forward_total = 0,
                               .backward_total = 0,
                               .regime = analysis::Regime::stable};
  if (has_stream(query.point.block)) {
    add_stream(prediction, predict.mean_field());
  } else {
    add_layers(prediction, predict);
  }
  const double start =
      of_stream(prediction) ? prediction.log_q.front() : std::log(query.settings.input_mean_square);
  prediction.forward_total = prediction.log_q.back() - start;
  prediction.backward_total = prediction.log_g.front();
  prediction.regime = regime_of_totals(prediction.forward_total, prediction.backward_total);
  return prediction;
}

namespace {

struct NetworkNumber {
  std::string key, meaning;
  theory::ValueOrReason<double> value;
};

std::vector<NetworkNumber> numbers_of_stream(const NetworkPrediction& prediction) {
  using Moments = theory::StreamMoments;
  const auto& moments = prediction.moments;
  return {{"kappa", "a branch's gain of a squared gradient over its gain of the signal",
           prediction.stream->kappa},
          {"forward_log_limit", "ln q_L of infinite width", prediction.log_q.back()},
          {"backward_log_limit", "ln g_0 of infinite width, of the averaged partial Jacobian norm",
           prediction.log_g.front()},
          {"forward_log_of_mean_n", "ln of the mean of q_L/q_0 at this width, exactly; the same of g_0",
           moments.transform([](const Moments& m) { return m.log_mean; })},
          {"second_moment_ratio_n", "E q_L^2/(E q_L)^2 at this width, exactly; the same of g_0",
           moments.transform([](const Moments& m) { return std::exp(m.log_square); })},
          {"nearest_stable_branch_scale", "the nearest branch scale that holds this depth",
           prediction.nearest_branch_scale}};
}

std::vector<NetworkNumber> numbers_of_layers(const NetworkPrediction& prediction) {
  const theory::PointTheory& layers = prediction.layers;
  const auto root = [](double variance) { return std::sqrt(variance); };
  using Number = theory::ValueOrReason<double>;
  const auto at_width = [&](const Number& value) {
    return prediction.query.has_width ? value : Number(Reason::no_width);
  };
  // a mean without its variance is that of infinite width
  const auto mean_of = [&](const Number& mean, const Number& variance) {
    return at_width(variance.optional() ? mean : variance);
  };
  const bool plain = prediction.query.point.norm == Norm::none;
  return {
      {"q_star", "q*, where the variance of the signal settles", layers.limit.q_star},
      {"theory_backward_rate", "ln chi: change of ln g per layer, going down", layers.backward_rate},
      {"theory_backward_rate_n", "the same at this width", at_width(layers.backward_rate_n)},
      {"c_star", "c*, where the correlation of two inputs settles, masks drawn for each",
       layers.correlation.c_star},
      {"xi_c", "layers in which it comes nearer by e", layers.correlation.xi_c},
      {"critical_weight_variance", "where chi = 1", prediction.critical_weight_variance},
      {"forward_log_limit", "ln q_L of infinite width", prediction.log_q.back()},
      {"backward_log_limit", "ln g_1 of infinite width, of the averaged partial Jacobian norm",
       prediction.log_g.front()},
      {"forward_log_mean", "<ln q_L>", mean_of(prediction.law.forward_mean, prediction.law.forward_variance)},
      {"forward_log_deviation", "standard deviation of ln q_L over networks",
       at_width(prediction.law.forward_variance.transform(root))},
      {"backward_log_mean", "<ln g_1>",
       mean_of(prediction.law.backward_mean, prediction.law.backward_variance)},
      {"backward_log_deviation", "standard deviation of ln g_1 over networks",
       at_width(prediction.law.backward_variance.transform(root))},
      {"forward_extinct_share", "share of networks whose signal is exactly 0 at layer L",
       prediction.dead.transform([](const theory::DeadShares& dead) { return dead.signal; })},
      {"backward_extinct_share", "share of networks whose gradient is exactly 0 at layer 1",
       plain ? prediction.dead.transform([](const theory::DeadShares& dead) { return dead.gradient; })
             : Number(Reason::other_networks)}};
}

std::vector<NetworkNumber> numbers_of(const NetworkPrediction& prediction) {
  return of_stream(prediction) ? numbers_of_stream(prediction) : numbers_of_layers(prediction);
}

/// Of a first block that alone makes most of the signal. A norm behind it only gives both another size.
std::string drowning_clause(const NetworkPrediction& prediction) {
  if (behind_activation(prediction.query.point.norm)) return "";
  constexpr double drowned = 4;
  const double first = prediction.log_q[1] - prediction.log_q[0];
  if (first < std::log(drowned)) return "";
  return fmt::format(" The first block alone multiplies the mean square by {}: it drowns the input.",
                     factor_text(first));
}

std::string network_verdict(const NetworkPrediction& prediction) {
  const bool stream = of_stream(prediction);
  const int L = prediction.query.point.depth.value();
  std::string text = fmt::format(
      "Through {} {} the signal's mean square changes by {}, a squared gradient on its way down by {}, at "
      "infinite width: by F = {:g} {}.",
      L, stream ? (L == 1 ? "block" : "blocks") : (L == 1 ? "layer" : "layers"),
      factor_text(prediction.forward_total), factor_text(prediction.backward_total), stable_factor,
      word_of(prediction.regime));
  if (stream) text += drowning_clause(prediction);
  if (!stream || prediction.regime == analysis::Regime::stable) return text;
  const auto& nearest = prediction.nearest_branch_scale;
  if (!nearest) return text + fmt::format(" {}.", "No branch scale near holds these blocks");
  const double here = prediction.query.point.branch_scale.value();
  return text + fmt::format(" The nearest branch_scale that holds these blocks is {:.6g}, where it is {}.",
                            *nearest, shortest(here));
}

/// At most twelve, the first and the last among them.
std::vector<std::size_t> shown_elements(std::size_t count) {
  constexpr std::size_t most = 12;
  std::vector<std::size_t> elements;
  const std::size_t shown = std::min(most, count);
  for (std::size_t k = 0; k < shown; ++k) elements.push_back(shown < 2 ? 0 : k * (count - 1) / (shown - 1));
  return elements;
}

std::string network_table(const NetworkPrediction& prediction) {
  const bool stream = of_stream(prediction);
  const bool pairs = stream && !prediction.stream->log_distance.empty();
  std::string text = fmt::format("\n{:>8}  {:>12}  {:>12}{}\n", "layer", "ln q", "ln g",
                                 pairs ? "   correlation  of gradients" : "");
  for (const std::size_t i : shown_elements(prediction.log_q.size())) {
    text += fmt::format("{:>8}  {:>12.6g}  {:>12.6g}", stream ? i : i + 1, prediction.log_q[i],
                        prediction.log_g[i]);
    if (pairs)
      text += fmt::format("  {:>12.8g}  {:>12.6g}", prediction.stream->correlation[i],
                          prediction.stream->gamma[i]);
    text += "\n";
  }
  return text;
}

/// json[key] = numbers, null where there are none.
Json list_of(const std::vector<double>& numbers) {
  Json list = Json::array();
  for (const double x : numbers) list.push_back(std::isfinite(x) ? Json(x) : Json(nullptr));
  return list;
}

std::vector<double> exponentials(const std::vector<double>& logarithms) {
  std::vector<double> numbers;
  for (const double x : logarithms) numbers.push_back(std::exp(x));
  return numbers;
}

void put_pairs(Json& json, const theory::StreamProfiles& stream) {
  if (stream.log_distance.empty()) return;
  json["correlation_profile"] = list_of(stream.correlation);
  json["correlation_log_distance_profile"] = list_of(stream.log_distance);
  json["gradient_correlation_profile"] = list_of(stream.gamma);
  json["gradient_correlation_log_distance_profile"] = list_of(stream.log_gamma_distance);
}

/// What belongs to layers of weights, from l = 0 on: null there.
void put_weights(Json& json, const NetworkPrediction& prediction) {
  const theory::StreamProfiles& stream = *prediction.stream;
  json["branch_gradient_log_profile"] = list_of(stream.log_branch_gradient);
  if (!prediction.query.has_width) return;
  json["weight_gradient_log_profile"] = list_of(stream.log_weight_gradient);
  for (std::size_t role = 0; role < matrix_roles; ++role) {
    if (!has_matrix(prediction.query.point.block, static_cast<MatrixRole>(role))) continue;
    json[fmt::format("weight_gradient_{}_log_profile", matrix_role_names[role])] =
        list_of(stream.log_groups.values[role]);
  }
}

bool is_shown(const NetworkQuery& query, std::string_view axis) {
  return query.has_width || axis != axis_of<Width>.name;
}

/// The settings that are off their defaults.
Json json_of_settings(const NetworkQuery& query) {
  const NetworkSettings &settings = query.settings, usual;
  Json json = Json::object();
  const auto add = [&](std::string_view name, auto value, auto usually) {
    if (value != usually) json[std::string(name)] = word_of(value);
  };
  if (query.point.tokens.value() > 1) json["input_correlation"] = settings.token_correlation;
  if (settings.input_correlation) json["input_correlation"] = *settings.input_correlation;
  add("variance_scaling", settings.variance_scaling, usual.variance_scaling);
  add("bias_scaling", settings.bias_scaling, usual.bias_scaling);
  add("attention_mask", settings.attention_mask, usual.attention_mask);
  add("attention_scale", settings.attention_scale, usual.attention_scale);
  if (settings.input_mean_square != 1) json["input_mean_square"] = settings.input_mean_square;
  return json;
}

/// Coordinates as a sweep file has them; what goes without saying is left out.
Json json_of_network(const NetworkQuery& query) {
  Json json;
  for_each_axis([&](const auto& axis) {
    const auto& value = query.point.*axis.value;
    if (goes_without_saying(axis, value) || !is_shown(query, axis.name)) return;
    if constexpr (NumericCoordinate<std::remove_cvref_t<decltype(value)>>)
      json[std::string(axis.name)] = value.value();
    else
      json[std::string(axis.name)] = coordinate_text(value);
  });
  json.update(json_of_settings(query));
  return json;
}

std::string network_title(const NetworkQuery& query) {
  std::string text;
  for_each_axis([&](const auto& axis) {
    const auto& value = query.point.*axis.value;
    if (goes_without_saying(axis, value) || !is_shown(query, axis.name)) return;
    const std::string written = coordinate_text(value);
    const bool speaks_for_itself = axis.name == "activation" || axis.name == "weights";
    text +=
        (text.empty() ? "" : ", ") + (speaks_for_itself ? written : fmt::format("{} {}", axis.name, written));
  });
  const Json settings = json_of_settings(query);
  for (const auto& [name, value] : settings.items())
    text += fmt::format(", {} {}", name,
                        value.is_string() ? value.get<std::string>() : shortest(value.get<double>()));
  return text;
}

}  // namespace

std::string network_page(const NetworkPrediction& prediction) {
  std::string text = wrapped(network_title(prediction.query)) + "\n\n";
  for (const NetworkNumber& number : numbers_of(prediction)) {
    text += number.value ? fmt::format("{:<29}{:<13.6g} {}\n", number.key, *number.value, number.meaning)
                         : fmt::format("{:<29}none: {}\n", number.key, number.value.why());
  }
  text += fmt::format("{:<29}{:<13} by F = {:g} (infinite width)\n", "regime", word_of(prediction.regime),
                      stable_factor);
  text += network_table(prediction);
  return text + "\n" + wrapped(network_verdict(prediction));
}

std::string network_json(const NetworkPrediction& prediction) {
  Json json = json_of_network(prediction.query);
  for (const NetworkNumber& number : numbers_of(prediction)) put_reasoned(json, number.key, number.value);
  json["regime"] = word_of(prediction.regime);
  put_reasoned(json, "forward_total", prediction.forward_total);
  put_reasoned(json, "backward_total", prediction.backward_total);
  json["totals_of"] = word_of(theory::TotalsOf::infinite_width);
  json["forward_profile"] = list_of(exponentials(prediction.log_q));
  json["forward_log_profile"] = list_of(prediction.log_q);
  json["backward_profile"] = list_of(exponentials(prediction.log_g));
  json["backward_log_profile"] = list_of(prediction.log_g);
  if (of_stream(prediction)) {
    put_pairs(json, *prediction.stream);
    put_weights(json, prediction);
  }
  json["verdict"] = network_verdict(prediction);
  return json.dump(2);
}

}  // namespace varprop::driver
