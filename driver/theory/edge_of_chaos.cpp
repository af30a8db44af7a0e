#include "driver/theory/edge_of_chaos.hpp"

#include <fmt/format.h>

#include <set>
#include <string>

#include "core/text/terminal_text.hpp"
#include "driver/theory/theory_page.hpp"
#include "theory/finite_width/finite_width.hpp"

namespace varprop::driver {

EdgeOfChaos edge_of_chaos(const EdgeQuery& query) {
  const theory::InfiniteWidthPredictor predict(query.activation, query.input_mean_square);
  EdgeOfChaos edge{query, predict.mean_field().facts().homogeneous(), {}, half_stable_points(predict)};
  for (const double bias : query.bias_variances) {
    EdgeRow row{bias, critical_weight_variance(predict, bias), critical_points(predict, bias), std::nullopt};
    if (query.width) {
      row.critical_weight_variance_n =
          critical_weight_variance_at_width(predict, query.weights, bias, *query.width);
    }
    edge.rows.push_back(row);
  }
  return edge;
}

namespace {

std::string column(const std::string& text) {
  return fmt::format("{:>16}", text);
}
std::string column(double x) {
  return fmt::format("{:>16.8g}", x);
}

std::string width_column(const EdgeRow& row) {
  if (!row.critical_weight_variance_n) return "";
  return *row.critical_weight_variance_n ? column(**row.critical_weight_variance_n) : column("none");
}

std::string header(const EdgeOfChaos& edge) {
  std::string text = column("bias_variance") + column("weight_variance") + column("q_star") + column("chi_q");
  if (edge.query.width) text += column(fmt::format("at width {}", *edge.query.width));
  return text + "\n";
}

std::string point_line(const theory::CriticalPoint& point, const std::string& at_width) {
  return column(point.bias_variance) + column(point.weight_variance) + column(point.q) + column(point.chi_q) +
         at_width + (point.reached ? "" : "  not reached") + "\n";
}

std::string row_lines(const EdgeRow& row, bool homogeneous) {
  if (homogeneous) {
    return column(row.bias_variance) + column(*row.critical_weight_variance) + column("-") + column(1.0) +
           width_column(row) + "\n";
  }
  if (row.points.empty()) return column(row.bias_variance) + column("none") + "\n";
  std::string text;
  for (const theory::CriticalPoint& point : row.points) {
    text += point_line(point, &point == &row.points.front() ? width_column(row) : "");
  }
  return text;
}

/// Why a row says "none" at the width asked for; each reason once.
std::string reasons_at_width(const EdgeOfChaos& edge) {
  std::set<std::string> reasons;
  for (const EdgeRow& row : edge.rows) {
    const auto& critical = row.critical_weight_variance_n;
    if (!row.points.empty() && critical && !*critical) reasons.insert(critical->why());
  }
  std::string text;
  for (const std::string& reason : reasons) {
    text += fmt::format(" \"none\" at width {}: {}.", *edge.query.width, reason);
  }
  return text;
}

std::string meaning(const EdgeOfChaos& edge) {
  std::string text = "On these points chi = 1: a gradient neither vanishes nor explodes.";
  if (edge.homogeneous) {
    return text +
           " A homogeneous activation without bias keeps its variance there; with one the variance grows by "
           "the "
           "bias variance a layer, and there is no q*.";
  }
  text += fmt::format(
      " \"Not reached\": a network that starts at q_1 = weight_variance{} + bias_variance settles "
      "elsewhere.",
      edge.query.input_mean_square == 1 ? "" : " times " + shortest(edge.query.input_mean_square));
  for (const theory::CriticalPoint& point : edge.half_stable) {
    text += fmt::format(
        " At bias_variance {:.8g}, weight_variance {:.9g} the fixed point q = {:.9g} is half-stable: chi_q = "
        "1 too.",
        point.bias_variance, point.weight_variance, point.q);
  }
  text += reasons_at_width(edge);
  bool none = true;
  for (const EdgeRow& row : edge.rows) none = none && row.points.empty();
  return none ? "There is no edge of chaos here: chi = 1 at no fixed point with these bias variances." : text;
}

Json row_json(const EdgeRow& row) {
  Json json{{"bias_variance", row.bias_variance}};
  put_reasoned(json, "critical_weight_variance", row.critical_weight_variance);
  if (row.critical_weight_variance_n)
    put_reasoned(json, "critical_weight_variance_n", *row.critical_weight_variance_n);
  json["points"] = json_of(row.points);
  return json;
}

}  // namespace

std::string edge_page(const EdgeOfChaos& edge) {
  std::string text = fmt::format("{}, {} weights: the edge of chaos\n\n{}", edge.query.activation.text(),
                                 word_of(edge.query.weights), header(edge));
  for (const EdgeRow& row : edge.rows) text += row_lines(row, edge.homogeneous);
  return text + "\n" + wrapped(meaning(edge));
}

std::string edge_json(const EdgeOfChaos& edge) {
  Json json{{"activation", edge.query.activation.text()}, {"weights", word_of(edge.query.weights)}};
  if (edge.query.width) json["width"] = *edge.query.width;
  if (edge.query.input_mean_square != 1) json["input_mean_square"] = edge.query.input_mean_square;
  json["curve"] = Json::array();
  for (const EdgeRow& row : edge.rows) json["curve"].push_back(row_json(row));
  json["half_stable_points"] = json_of(edge.half_stable);
  return json.dump(2);
}

}  // namespace varprop::driver
