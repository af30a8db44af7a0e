#include "analysis/tables/tables.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "analysis/points/advice.hpp"
#include "core/network/axes.hpp"
#include "core/storage/analysis_file.hpp"

namespace varprop::analysis {

namespace {

using Kind = PointColumn::Kind;

constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

double value_of(const std::optional<double>& x) {
  return x.value_or(nothing);
}
double value_of(const theory::ValueOrReason<double>& x) {
  return x ? *x : nothing;
}
template <class E>
double value_of(const std::optional<E>& word) requires std::is_enum_v<E> {
  return word ? static_cast<double>(*word) : nothing;
}

PointColumn number(std::string name, std::string meaning, std::function<double(const PointAnalysis&)> value) {
  return {std::move(name), std::move(meaning), Kind::number, std::move(value)};
}

/// A column that reports of very large grids show, too.
PointColumn essential(PointColumn column, bool is_essential = true) {
  column.essential = is_essential;
  return column;
}

PointColumn labelled(PointColumn column, std::string label) {
  column.label = std::move(label);
  return column;
}

/// A column of sweeps with a residual stream alone.
PointColumn of_streams(PointColumn column) {
  column.of_streams = true;
  return column;
}

/// A column whose words are those of an enum, whose values count from 0.
template <class E>
PointColumn word(std::string name, std::string meaning,
                 std::function<std::optional<E>(const PointAnalysis&)> value) {
  return {std::move(name), std::move(meaning), Kind::word,
          [value = std::move(value)](const PointAnalysis& analysis) { return value_of(value(analysis)); },
          words_of<E>()};
}

std::vector<PointColumn> theory_columns() {
  return {
      word<theory::Phase>("phase", "ordered, critical or chaotic: chi below, at or above 1, infinite width",
                          [](const PointAnalysis& a) {
                            return a.theory.phase ? std::optional(*a.theory.phase) : std::nullopt;
                          }),
      number("q_star", "q*, where the forward variance settles, infinite width",
             [](const PointAnalysis& a) { return value_of(a.theory.limit.q_star); }),
      number("chi", "factor of a squared gradient norm per layer going down, infinite width",
             [](const PointAnalysis& a) { return a.theory.limit.chi; }),
      number("xi_q", "layers in which q comes nearer to q* by e, infinite width",
             [](const PointAnalysis& a) { return value_of(a.theory.limit.xi_q); }),
      number("c_star", "where the correlation of two inputs settles, infinite width",
             [](const PointAnalysis& a) { return value_of(a.theory.correlation.c_star); }),
      number("xi_c", "layers in which it comes nearer by e, infinite width",
             [](const PointAnalysis& a) { return value_of(a.theory.correlation.xi_c); }),
      number("trainable_depth", "k xi_c, how deep such a network can be trained",
             [](const PointAnalysis& a) { return value_of(a.trainable_depth); }),
      number("theory_forward_rate_n", "change of <ln q> per layer at width n where nothing holds q",
             [](const PointAnalysis& a) { return value_of(a.theory.forward_rate_n); }),
      number("theory_backward_rate", "ln chi, infinite width",
             [](const PointAnalysis& a) { return value_of(a.theory.backward_rate); }),
      essential(labelled(number("theory_backward_rate_n", "change of <ln g> per layer going down at width n",
                                [](const PointAnalysis& a) { return value_of(a.theory.backward_rate_n); }),
                         "theory at this width"))};
}

/// What is measured of one direction.
class DirectionColumns {
 public:
  DirectionColumns(std::string name, std::string total, Quantity quantity,
                   std::optional<Direction> PointAnalysis::*direction,
                   theory::ValueOrReason<double> theory::PointTheory::*theory)
      : name_(std::move(name)),
        total_(std::move(total)),
        quantity_(quantity),
        direction_(direction),
        theory_(theory) {}

  std::vector<PointColumn> operator()() const {
    std::vector<PointColumn> columns = rate_columns();
    for (auto&& some : {total_columns(), network_columns()})
      columns.insert(columns.end(), some.begin(), some.end());
    return columns;
  }

 private:
  bool up() const { return quantity_ == Quantity::forward; }
  std::string symbol() const { return up() ? "q" : "g"; }
  /// It is the gradient that a network trains by.
  bool trains() const { return quantity_ == Quantity::backward; }

  std::vector<PointColumn> rate_columns() const {
    const std::string meaning =
        "change of <ln " + symbol() + "> per layer going " + (up() ? "up" : "down") + ", over the window";
    const auto value = [](const Estimate& rate, const theory::PointTheory&) { return rate.value; };
    const auto error = [](const Estimate& rate, const theory::PointTheory&) { return value_of(rate.error); };
    const auto z = [theory = theory_, up = up()](const Estimate& rate, const theory::PointTheory& at) {
      const theory::ValueOrReason<double>& expected = at.*theory;
      return expected ? value_of(z_score(rate, *expected,
                                         up ? at.forward_rate_neglected : at.backward_rate_neglected))
                      : nothing;
    };
    return {
        essential(labelled(rate_column("_rate", meaning, value), "ln " + symbol() + " per layer"), trains()),
        labelled(rate_column("_rate_error", "its standard error over batches", error),
                 trains() ? "its error" : ""),
        rate_column("_rate_z", "its distance to theory at width n as a normal deviate", z)};
  }

  std::vector<PointColumn> total_columns() const {
    const auto low = [](const Estimate& total) {
      const auto interval = confidence_interval(total);
      return interval ? interval->low : nothing;
    };
    const auto high = [](const Estimate& total) {
      const auto interval = confidence_interval(total);
      return interval ? interval->high : nothing;
    };
    const auto variance = [](const Estimate& total) {
      return total.error ? *total.error * *total.error * (total.degrees_of_freedom + 1) : nothing;
    };
    return {
        essential(labelled(total_column("_total", total_, [](const Estimate& total) { return total.value; }),
                           "ln " + symbol() + " in all")),
        total_column("_total_low", "lower end of its 95 % interval", low),
        total_column("_total_high", "upper end of its 95 % interval", high),
        total_column("_variance", "variance over networks of ln " + symbol() + " at the end of its travel",
                     variance)};
  }

  /// How single networks fare.
  std::vector<PointColumn> network_columns() const {
    const auto regime = [direction = direction_](const PointAnalysis& a) {
      return a.*direction ? (*(a.*direction)).regime : std::nullopt;
    };
    return {
        column("_extinct_share", "share of networks whose " + symbol() + " became exactly 0",
               [](const Direction& d) { return d.extinct_share; }),
        essential(labelled(column("_share_in_range",
                                  "share of networks whose " + symbol() + " changes by less than F",
                                  [](const Direction& d) { return d.share_in_range; }),
                           trains() ? "networks in range" : ""),
                  trains()),
        essential(word<Regime>(name_ + "_regime", "regime of " + symbol() + " through the depth", regime))};
  }

  /// Of a direction that was measured and has a done batch.
  PointColumn column(const char* suffix, std::string meaning, double (*value)(const Direction&)) const {
    return number(name_ + suffix, std::move(meaning),
                  [direction = direction_, value](const PointAnalysis& a) {
                    const auto& measured = a.*direction;
                    return measured && measured->regime ? value(*measured) : nothing;
                  });
  }
  PointColumn total_column(const char* suffix, std::string meaning, double (*value)(const Estimate&)) const {
    return number(name_ + suffix, std::move(meaning),
                  [direction = direction_, value](const PointAnalysis& a) {
                    const auto& measured = a.*direction;
                    return measured && measured->total ? value(*measured->total) : nothing;
                  });
  }
  template <class F>
  PointColumn rate_column(const char* suffix, std::string meaning, F value) const {
    return number(name_ + suffix, std::move(meaning),
                  [direction = direction_, value](const PointAnalysis& a) {
                    const auto& measured = a.*direction;
                    return measured && measured->rate ? value(*measured->rate, a.theory) : nothing;
                  });
  }

  std::string name_;
  std::string total_;
  Quantity quantity_;
  std::optional<Direction> PointAnalysis::*direction_;
  theory::ValueOrReason<double> theory::PointTheory::*theory_;
};

std::vector<PointColumn> verdict_columns() {
  return {
      essential(
          word<Regime>("regime", "the severer of the two", [](const PointAnalysis& a) { return a.regime; })),
      essential(
          word<Cause>("cause", "what the regime comes from", [](const PointAnalysis& a) { return a.cause; })),
      essential(labelled(
          number("nearest_stable_weight_variance",
                 "the weight variance to change to: the nearest stable one of the grid, "
                 "else the critical one of theory",
                 [](const PointAnalysis& a) { return a.nearest_stable ? a.nearest_stable->value : nothing; }),
          "stable at weight variance")),
      word<StableSource>("nearest_stable_source", "where it is from",
                         [](const PointAnalysis& a) {
                           return a.nearest_stable ? std::optional(a.nearest_stable->source) : std::nullopt;
                         }),
      of_streams(
          essential(labelled(number("nearest_stable_branch_scale",
                                    "of a stream, the branch scale to change to: the nearest stable one "
                                    "of the grid, else theory's",
                                    [](const PointAnalysis& a) {
                                      return a.stable_branch_scale ? a.stable_branch_scale->value : nothing;
                                    }),
                             "stable at branch scale"))),
      of_streams(word<StableSource>("nearest_stable_branch_scale_source", "where it is from",
                                    [](const PointAnalysis& a) {
                                      return a.stable_branch_scale
                                                 ? std::optional(a.stable_branch_scale->source)
                                                 : std::nullopt;
                                    })),
      labelled(number("stable_bias_variance", "the nearest bias variance of the grid with which it is stable",
                      [](const PointAnalysis& a) { return value_of(a.stable_bias_variance); }),
               "stable at bias variance"),
      labelled(number("stable_width",
                      "the width from which it is or would be stable; where not its width makes it vanish or "
                      "explode, at another weight variance",
                      [](const PointAnalysis& a) { return value_of(a.stable_width); }),
               "stable from width"),
      labelled(number("stable_depth", "the depth up to which it is or would be stable",
                      [](const PointAnalysis& a) { return value_of(a.stable_depth); }),
               "stable to depth"),
      essential(word<Remedy>(
          "remedy", "what to change where it is not stable, the first that is known to help", remedy_of))};
}

std::vector<PointColumn> weight_gradient_columns() {
  return {
      number("weight_gradient_spread", "largest less smallest <ln omega_l> over layers",
             [](const PointAnalysis& a) { return a.weight_gradient ? a.weight_gradient->spread : nothing; }),
      number("gradient_over_weight", "rms weight gradient over rms weight, geometric mean over layers",
             [](const PointAnalysis& a) {
               return a.weight_gradient ? std::exp(a.weight_gradient->log_share) : nothing;
             })};
}

/// How far networks are apart where they reach the layer that a column tells.
PointColumn spread_of_exit(const PointColumn& layer) {
  PointColumn column{layer.name + "_spread", "standard deviation over networks of that layer, in layers",
                     Kind::number, [at = *layer.exit](const PointAnalysis& a) {
                       const double spread = a.exits[at.quantity].spread[at.format][at.exit];
                       return spread > 0 ? spread : nothing;
                     }};
  column.needs = layer.needs;
  return column;
}

/// First layers that leave the formats, for every quantity.
std::vector<PointColumn> exit_columns() {
  std::vector<PointColumn> columns;
  for (std::size_t q = 0; q < positive_quantities.size(); ++q) {
    const std::string quantity(word_of(positive_quantities[q]));
    for (std::size_t f = 0; f < number_formats.size(); ++f) {
      for (std::size_t e = 0; e < range_exits.size(); ++e) {
        const std::string format(number_formats[f].name), exit(range_exits[e].name);
        columns.push_back({quantity + "_" + format + "_" + exit + "_layer",
                           "first layer along travel whose entries in " + format + " are " +
                               std::string(range_exits[e].meaning),
                           Kind::whole,
                           [q, f, e](const PointAnalysis& a) {
                             const std::optional<std::int32_t> layer = a.exits[q].layer[f][e];
                             return layer ? static_cast<double>(*layer) : nothing;
                           },
                           {},
                           {},
                           false,
                           FormatExit{q, f, e},
                           positive_quantities[q]});
        if (range_exits[e].exit == RangeExit::overflow) columns.push_back(spread_of_exit(columns.back()));
      }
    }
  }
  return columns;
}

std::vector<PointColumn> all_point_columns() {
  std::vector<PointColumn> columns;
  const auto add = [&columns](std::vector<PointColumn> some) {
    columns.insert(columns.end(), some.begin(), some.end());
  };
  columns.push_back(essential({"batches_done", "batches that the results are from", Kind::whole,
                               [](const PointAnalysis& a) { return static_cast<double>(a.batches_done); }}));
  add(verdict_columns());
  add(DirectionColumns("forward", "<ln q_L> - <ln(|x|^2/n)>", Quantity::forward, &PointAnalysis::forward,
                       &theory::PointTheory::forward_rate_n)());
  add(DirectionColumns("backward", "<ln g_1>; the mean of g_1 is the averaged partial Jacobian norm (APJN)",
                       Quantity::backward, &PointAnalysis::backward,
                       &theory::PointTheory::backward_rate_n)());
  add(theory_columns());
  add(weight_gradient_columns());
  add(exit_columns());
  add(columns_of_newer_measures());
  for (PointColumn& column : columns) {
    if (!column.label.empty()) continue;
    column.label = column.name;
    std::replace(column.label.begin(), column.label.end(), '_', ' ');
  }
  return columns;
}

}  // namespace

bool PointColumn::stands(const Sweep& sweep) const {
  if (of_streams && std::ranges::none_of(sweep.grid.block, has_stream)) return false;
  return !needs || sweep.has_place_for(*needs);
}

std::string PointColumn::text(const PointAnalysis& analysis) const {
  const double x = value(analysis);
  if (std::isnan(x)) return "";
  return kind == Kind::word ? words[static_cast<std::size_t>(x)]
                            : shortest(x);  // "inf" as analysis.h5 has it
}

double PointColumn::stored(const PointAnalysis& analysis) const {
  const double x = value(analysis);
  return kind == Kind::word ? x + 1 : x;  // NaN stays
}

Variable PointColumn::variable() const {
  switch (kind) {
    case Kind::number:
      return {name, StoredType::float64, point_dimensions(), "1", meaning, nothing, true, {}};
    case Kind::whole:
      return {name, StoredType::int32, point_dimensions(), "1", meaning, -1, true, {}};
    case Kind::word:
      break;
  }
  std::vector<Flag> flags{{0, "none"}};
  for (std::string meaning_of : words) {
    std::replace(meaning_of.begin(), meaning_of.end(), ' ', '_');
    flags.push_back({static_cast<std::uint8_t>(flags.size()), std::move(meaning_of)});
  }
  return {name, StoredType::uint8, point_dimensions(), "", meaning, 0, false, std::move(flags)};
}

const std::vector<PointColumn>& point_columns() {
  static const std::vector<PointColumn> columns = all_point_columns();
  return columns;
}

std::vector<PointColumn> point_columns(const Sweep& sweep) {
  std::vector<PointColumn> columns = point_columns();
  std::erase_if(columns, [&](const PointColumn& column) { return !column.stands(sweep); });
  return columns;
}

std::vector<std::string> point_header(const std::vector<PointColumn>& columns, const AxisSet& along) {
  std::vector<std::string> names;
  std::size_t i = 0;
  for_each_axis([&](const auto& axis) {
    if (along[i++]) names.emplace_back(axis.name);
  });
  for (const auto& column : columns) names.push_back(column.name);
  return names;
}

std::vector<std::string> point_row(const PointAnalysis& analysis, const std::vector<PointColumn>& columns,
                                   const AxisSet& along) {
  std::vector<std::string> fields;
  std::size_t i = 0;
  for_each_axis([&](const auto& axis) {
    if (along[i++]) fields.push_back(coordinate_text(analysis.point.*axis.value));
  });
  for (const auto& column : columns) fields.push_back(column.text(analysis));
  return fields;
}

}  // namespace varprop::analysis
