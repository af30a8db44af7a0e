#include "driver/theory/theory_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/text.hpp"
#include "driver/theory/theory_values.hpp"
#include "driver/theory/verdict.hpp"
#include "driver/theory/wrapped_text.hpp"

namespace varprop {

namespace {

std::string title(const TheoryQuery& query) {
  std::string text =
      fmt::format("{}, {} weights, weight_variance {}, bias_variance {}", query.activation.text(),
                  word_of(query.weights), shortest(query.variances.weight), shortest(query.variances.bias));
  if (query.width) text += fmt::format(", width {}", *query.width);
  if (query.depth) text += fmt::format(", depth {}", *query.depth);
  return text;
}

std::string line(const std::string& key, const std::string& value, const std::string& meaning) {
  return fmt::format("{:<27}{:<13} {}\n", key, value, meaning);
}

std::string quantity_line(const PredictedQuantity& quantity) {
  if (!quantity.value && quantity.quiet) return "";
  if (quantity.value) return line(quantity.key, fmt::format("{:.6g}", *quantity.value), quantity.meaning);
  return fmt::format("{:<27}{}\n", quantity.key, "none: " + quantity.value.reason());
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
  const double decades = log_x / std::log(10.0);
  if (std::abs(decades) < 300) return fmt::format("{:.5g}", std::exp(log_x));
  const double exponent = std::floor(decades);
  return fmt::format("{:.3f}e{:.0f}", std::pow(10.0, decades - exponent), exponent);
}

std::string profile_table(const Prediction& prediction) {
  if (prediction.log_profile.empty()) return "";
  const auto& distances = prediction.correlation_distances;
  std::string text =
      fmt::format("\n{:>8}  {:>14}{}\n", "layer", "q", distances.empty() ? "" : "    correlation");
  for (const std::size_t l : shown_layers(prediction.log_profile.size())) {
    text += fmt::format("{:>8}  {:>14}", l, power_text(prediction.log_profile[l - 1]));
    if (l <= distances.size()) text += fmt::format("  {:>13.8g}", 1 - distances[l - 1]);
    text += "\n";
  }
  return text;
}

Json json_of(const TheoryQuery& query) {
  Json json{{"activation", query.activation.text()},
            {"weights", word_of(query.weights)},
            {"weight_variance", query.variances.weight},
            {"bias_variance", query.variances.bias}};
  if (query.width) json["width"] = *query.width;
  if (query.depth) json["depth"] = *query.depth;
  if (query.input_correlation) json["input_correlation"] = *query.input_correlation;
  return json;
}

void put_profile(Json& json, const Prediction& prediction) {
  if (prediction.log_profile.empty()) return;
  json["forward_profile"] = Json::array();
  for (const double log_q : prediction.log_profile) json["forward_profile"].push_back(std::exp(log_q));
  json["forward_log_profile"] = prediction.log_profile;
  if (prediction.correlation_distances.empty()) return;
  json["correlation_profile"] = Json::array();
  for (const double distance : prediction.correlation_distances) {
    json["correlation_profile"].push_back(1 - distance);
  }
}

}  // namespace

std::string theory_page(const Prediction& prediction) {
  std::string text = title(prediction.query) + "\n\n";
  text += line("phase", std::string(word_of(prediction.phase)), "chi below, at or above 1");
  for (const PredictedQuantity& quantity : prediction.quantities) {
    text += quantity_line(quantity);
  }
  text += list_line("fixed points", prediction.fixed_points, "all q with q' = q");
  text += list_line("correlations", prediction.correlation_fixed_points, "all c with c' = c");
  text += profile_table(prediction);
  return text + "\n" + wrapped(verdict(prediction));
}

std::string theory_json(const Prediction& prediction) {
  Json json = json_of(prediction.query);
  json["phase"] = word_of(prediction.phase);
  for (const PredictedQuantity& quantity : prediction.quantities)
    put_reasoned(json, quantity.key, quantity.value);
  json["errors"] = Json::object();
  for (const PredictedQuantity& error : prediction.errors) {
    json["errors"][error.key] = nullptr;
    if (prediction[error.key]) json["errors"][error.key] = *error.value;
  }
  json["fixed_points"] = prediction.fixed_points;
  json["correlation_fixed_points"] = prediction.correlation_fixed_points;
  json["critical_points"] = json_of(prediction.critical_points);
  put_profile(json, prediction);
  json["verdict"] = verdict(prediction);
  return json.dump(2);
}

}  // namespace varprop
