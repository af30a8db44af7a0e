#include "driver/init/init_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/json.hpp"
#include "core/text/terminal_text.hpp"
#include "core/text/words.hpp"
#include "driver/init/framework_lines.hpp"

namespace varprop::driver {

InitAnswer answer_to(const InitQuery& query) {
  const theory::InfiniteWidthPredictor predict(query.activation, query.input_mean_square);
  const Family family{predict, query.weights, query.bias_variance, query.width, query.depth};
  InitAnswer answer{query, hold(family), {}};
  if (query.choice) {
    const theory::Variances variances{query.choice->weight_variance, query.bias_variance};
    answer.chosen = look_at(family, variances.weight);
    answer.chi = predict(variances, predict.first_q(variances)).chi;
  }
  return answer;
}

namespace {

InitRecipe recipe_of(const InitQuery& query, double weight_variance) {
  return {query.activation, query.weights, weight_variance, query.bias_variance, query.width};
}

std::string init_title(const InitQuery& query) {
  std::string text =
      fmt::format("{}, {} weights, bias_variance {:.6g}, width {}, depth {}", query.activation.text(),
                  word_of(query.weights), query.bias_variance, query.width, query.depth);
  if (query.input_mean_square != 1) text += ", input_mean_square " + shortest(query.input_mean_square);
  return text;
}

std::string init_line(const std::string& key, const std::string& value, const std::string& meaning) {
  return fmt::format("{:<17} {:<16} {}\n", key, value, meaning);
}

/// Significant digits that matter through this depth.
int digits_for(int depth) {
  return std::max(6, 4 + static_cast<int>(std::ceil(std::log10(depth))));
}

std::string number_text_for(int depth, double x) {
  return fmt::format("{:.{}g}", x, digits_for(depth));
}

/// A weight variance as people of the frameworks count it.
std::string units_of(const InitRecipe& recipe, int depth) {
  const auto text_of = [depth](double x) { return number_text_for(depth, x); };
  std::string text = init_line("gain", text_of(recipe.gain()), "its root, of xavier_ and orthogonal_");
  text += init_line("std", text_of(recipe.standard_deviation()), "of every weight, the gain over sqrt(n)");
  if (recipe.weights == WeightDistribution::uniform || recipe.weights == WeightDistribution::gaussian)
    text += init_line("bound", text_of(recipe.bound()), "of uniform weights of this std");
  const std::string_view law = keras_distribution(recipe.weights);
  if (!law.empty())
    text += fmt::format("{:<17} scale={}, mode=\"fan_in\", distribution=\"{}\"\n", "VarianceScaling",
                        text_of(recipe.weight_variance), law);
  return text;
}

/// Whose numbers these are.
std::string source_text(Evidence source, std::int64_t networks, theory::TotalsOf of) {
  if (source == Evidence::simulation) return fmt::format("By a simulation of {} networks", networks);
  switch (of) {
    case theory::TotalsOf::width_exactly:
      return "By theory, exact for this width";
    case theory::TotalsOf::width:
      return "By theory, an estimate for this width";
    case theory::TotalsOf::infinite_width:
      break;
  }
  return "By theory of infinite width, since nothing is known of this width";
}

/// Where the first layer matters.
std::string first_layer_text(const ThroughDepth& networks) {
  const bool out = std::abs(networks.first_layer) > std::log(stable_factor);
  if (!networks.from_first_layer && !(out && std::abs(networks.signal) < std::log(stable_factor))) return "";
  return fmt::format(
      " The first layer, the weight variance times the input's mean square, changes it by {}{}.",
      factor_text(networks.first_layer), networks.from_first_layer ? ", which is not counted" : "");
}

/// "the signal's variance changes by … from the first to the last of 24 layers, …".
std::string changes_text(const ThroughDepth& networks, int depth) {
  return fmt::format(
      "the signal's variance changes by {} from the first to the last of {} layers, and a squared gradient "
      "by "
      "{} on the way down, {:.4g} a layer; by F = {:g} this is {}.{}",
      factor_text(networks.signal), depth, factor_text(networks.gradient()),
      std::exp(networks.gradient() / (depth - 1)), stable_factor, regime_clause(networks.judged),
      first_layer_text(networks));
}

std::string remedies_text(const Remedies& remedies) {
  std::vector<std::string> all;
  if (remedies.depth) all.push_back(fmt::format("at most {} layers", *remedies.depth));
  if (remedies.width) all.push_back(fmt::format("a width of {}", *remedies.width));
  if (remedies.bias_variance)
    all.push_back(fmt::format("a bias variance of {}", shortest(*remedies.bias_variance)));
  return all.empty() ? "" : " What would hold: " + join(all, ", or ") + ".";
}

std::string why_not_held(const Holding& holding) {
  return fmt::format("No weight variance holds signal and gradient through this depth: {}.{}", holding.why,
                     remedies_text(holding.remedies));
}

/// What is best for other questions.
std::string others_text(const Holding& holding, int depth) {
  std::string text;
  if (holding.gradient_alone)
    text +=
        fmt::format(" The gradient alone is held at {}.", number_text_for(depth, *holding.gradient_alone));
  if (holding.limit)
    text += fmt::format(" Best at infinite width is {}.", number_text_for(depth, *holding.limit));
  return text;
}

std::string holding_text(const InitAnswer& answer) {
  const Holding& holding = answer.holding;
  const ThroughDepth& best = *holding.best;
  std::string text = fmt::format(
      "{}: at {} {}", source_text(holding.source, holding.networks, best.judged.totals.of),
      number_text_for(answer.query.depth, best.weight_variance), changes_text(best, answer.query.depth));
  if (!holding.stable)
    text += fmt::format(" Nothing is stable: {}.{}", holding.why, remedies_text(holding.remedies));
  return wrapped(text + others_text(holding, answer.query.depth));
}

std::string holding_block(const InitAnswer& answer) {
  const Holding& holding = answer.holding;
  if (!holding.best) return wrapped(why_not_held(holding));
  const double weight_variance = holding.best->weight_variance;
  const int digits = digits_for(answer.query.depth);
  const std::string give = holding.error ? fmt::format(", give or take {:.2g}", *holding.error) : "";
  std::string text = init_line("weight_variance", number_text_for(answer.query.depth, weight_variance),
                               "times fan-in: holds signal and gradient best" + give);
  if (holding.stable)
    text += init_line(
        "stable",
        fmt::format("{:.{}g} to {:.{}g}", holding.stable->low, digits - 2, holding.stable->high, digits - 2),
        "the range that holds them within F");
  return text + units_of(recipe_of(answer.query, weight_variance), answer.query.depth) + "\n" +
         holding_text(answer);
}

std::string choice_block(const InitAnswer& answer) {
  const InitChoice& choice = *answer.query.choice;
  const LookedAt& chosen = *answer.chosen;
  std::string text = choice.text + "\n" +
                     init_line("weight_variance", number_text_for(answer.query.depth, choice.weight_variance),
                               "times fan-in") +
                     units_of(recipe_of(answer.query, choice.weight_variance), answer.query.depth) +
                     init_line("chi", fmt::format("{:.4g}", answer.chi),
                               "of a squared gradient per layer in the end, at infinite width") +
                     "\n";
  std::string verdict =
      fmt::format("{}: {}", source_text(chosen.source, chosen.count, chosen.networks.judged.totals.of),
                  changes_text(chosen.networks, answer.query.depth));
  if (!choice.note.empty()) verdict += " " + choice.note;
  return text + wrapped(verdict) + "\n\nWhat holds best\n";
}

std::string indented(const std::string& program) {
  std::string text = "    ";
  for (const char c : program) {
    text += c;
    if (c == '\n') text += "    ";
  }
  return text.substr(0, text.size() - 4);
}

/// The line that tells one of torch's programs from another.
std::string weight_line(const std::string& program) {
  const auto begin = program.find("torch.nn.init.");
  return program.substr(begin, program.find('\n', begin) - begin);
}

std::string programs_block(const InitAnswer& answer) {
  if (!answer.holding.best) return "";
  const InitRecipe recipe = recipe_of(answer.query, answer.holding.best->weight_variance);
  const auto torch = torch_lines(recipe), keras = keras_lines(recipe), jax = jax_lines(recipe);
  std::string text = "\n\nPyTorch, for a model of linear layers\n" + indented(torch.front());
  for (std::size_t i = 1; i < torch.size(); ++i)
    text += (i == 1 ? "  or, for the weights\n    " : "    ") + weight_line(torch[i]) + "\n";
  text += "Keras\n" + (keras.empty() ? "    has no initializer of this law\n" : indented(keras.front()));
  return text + "JAX\n" + indented(jax.front());
}

}  // namespace

std::string init_page(const InitAnswer& answer) {
  std::string text = init_title(answer.query) + "\n\n";
  if (answer.query.choice) text += choice_block(answer);
  text += holding_block(answer) + programs_block(answer);
  if (text.back() == '\n') text.pop_back();
  return text;
}

namespace {

/// json[key] = null, and json[key + "_reason"] why.
void put_null(Json& json, const std::string& key, const std::string& why) {
  json[key] = nullptr;
  json[key + "_reason"] = why;
}

void put_units(Json& json, const InitRecipe& recipe) {
  json["weight_variance"] = recipe.weight_variance;
  json["gain"] = recipe.gain();
  json["std"] = recipe.standard_deviation();
  json["bound"] = recipe.bound();
  const auto scaling = [&](std::string_view law) {
    return law.empty() ? Json(nullptr)
                       : Json{{"scale", recipe.weight_variance}, {"mode", "fan_in"}, {"distribution", law}};
  };
  json["keras_variance_scaling"] = scaling(keras_distribution(recipe.weights));
  json["jax_variance_scaling"] = scaling(jax_distribution(recipe.weights));
}

void put_changes(Json& json, const ThroughDepth& networks, Evidence source, std::int64_t count, int depth) {
  const auto& [forward, backward, of] = networks.judged.totals;
  json["source"] = word_of(source);
  if (source == Evidence::simulation) json["networks"] = count;
  json["totals_of"] = word_of(of);
  json["regime"] = word_of(networks.judged.regime);
  json["forward_change"] = networks.signal;
  json["forward_total"] = networks.from_first_layer ? networks.signal + networks.first_layer : forward.mean;
  json["counted_from"] = networks.from_first_layer ? "first_layer" : "input";
  json["backward_total"] = backward.mean;
  json["backward_rate"] = backward.mean / (depth - 1);
  json["share_in_range"] = std::min(forward.share_in_range, backward.share_in_range);
}

Json json_of(const InitQuery& query) {
  return {{"activation", query.activation.text()},
          {"weights", word_of(query.weights)},
          {"bias_variance", query.bias_variance},
          {"width", query.width},
          {"depth", query.depth},
          {"input_mean_square", query.input_mean_square}};
}

void put_stable(Json& json, const Holding& holding) {
  if (holding.stable) {
    json["stable_low"] = holding.stable->low;
    json["stable_high"] = holding.stable->high;
    return;
  }
  for (const char* key : {"stable_low", "stable_high"}) put_null(json, key, holding.why);
  Json remedies = Json::object();
  if (holding.remedies.depth) remedies["depth"] = *holding.remedies.depth;
  if (holding.remedies.width) remedies["width"] = *holding.remedies.width;
  if (holding.remedies.bias_variance) remedies["bias_variance"] = *holding.remedies.bias_variance;
  json["remedies"] = remedies;
}

void put_holding(Json& json, const InitAnswer& answer) {
  const Holding& holding = answer.holding;
  if (!holding.best) {
    for (const char* key : {"weight_variance", "gain", "std", "bound"}) put_null(json, key, holding.why);
    put_stable(json, holding);
    json["lines"] = Json{{"torch", Json::array()}, {"keras", Json::array()}, {"jax", Json::array()}};
    return;
  }
  const InitRecipe recipe = recipe_of(answer.query, holding.best->weight_variance);
  put_units(json, recipe);
  if (holding.error) json["weight_variance_error"] = *holding.error;
  if (holding.limit) json["weight_variance_limit"] = *holding.limit;
  if (holding.gradient_alone) json["gradient_weight_variance"] = *holding.gradient_alone;
  put_stable(json, holding);
  put_changes(json, *holding.best, holding.source, holding.networks, answer.query.depth);
  json["lines"] =
      Json{{"torch", torch_lines(recipe)}, {"keras", keras_lines(recipe)}, {"jax", jax_lines(recipe)}};
}

Json json_of_choice(const InitAnswer& answer) {
  const InitChoice& choice = *answer.query.choice;
  const LookedAt& chosen = *answer.chosen;
  Json json{{"text", choice.text}};
  put_units(json, recipe_of(answer.query, choice.weight_variance));
  json["chi"] = answer.chi;
  put_changes(json, chosen.networks, chosen.source, chosen.count, answer.query.depth);
  json["note"] = choice.note;
  return json;
}

}  // namespace

std::string init_json(const InitAnswer& answer) {
  Json json = json_of(answer.query);
  put_holding(json, answer);
  if (answer.query.choice) json["choice"] = json_of_choice(answer);
  return json.dump(2);
}

}  // namespace varprop::driver
