// The laws of a whole sweep: every row of laws.csv, with what speaks for it.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/depth_laws/depth_law.hpp"
#include "analysis/points/point_grid.hpp"
#include "analysis/points/predictions.hpp"
#include "analysis/statistics/estimate.hpp"
#include "core/network/axes.hpp"
#include "core/sweep/measures.hpp"

namespace varprop::analysis {

/// The laws that are looked for.
enum class LawName {
  critical_weight_variance,
  correlation_length,
  fluctuation,
  drift,
  width,
  forward_depth,
  backward_depth,
  ntk_fluctuation,
  correlation_fixed_point,
  correlation_depth,
  stream_growth,
  gradient_exponent,
  rank_collapse
};

}  // namespace varprop::analysis

template <>
struct varprop::EnumWords<varprop::analysis::LawName> {
  static constexpr std::string_view noun = "law";
  static constexpr std::array words{
      std::pair{analysis::LawName::critical_weight_variance, std::string_view("critical_weight_variance")},
      std::pair{analysis::LawName::correlation_length, std::string_view("correlation_length")},
      std::pair{analysis::LawName::fluctuation, std::string_view("fluctuation")},
      std::pair{analysis::LawName::drift, std::string_view("drift")},
      std::pair{analysis::LawName::width, std::string_view("width")},
      std::pair{analysis::LawName::forward_depth, std::string_view("forward_depth")},
      std::pair{analysis::LawName::backward_depth, std::string_view("backward_depth")},
      std::pair{analysis::LawName::ntk_fluctuation, std::string_view("ntk_fluctuation")},
      std::pair{analysis::LawName::correlation_fixed_point, std::string_view("correlation_fixed_point")},
      std::pair{analysis::LawName::correlation_depth, std::string_view("correlation_depth")},
      std::pair{analysis::LawName::stream_growth, std::string_view("stream_growth")},
      std::pair{analysis::LawName::gradient_exponent, std::string_view("gradient_exponent")},
      std::pair{analysis::LawName::rank_collapse, std::string_view("rank_collapse")}};
};

namespace varprop::analysis {

/// One measured number of a law's chart, beside what theory has there.
struct LawMark {
  Point point;
  AxisSet known{};  ///< along which it was measured at one value
  double x;
  double y;
  std::optional<Interval> interval{};  ///< 95 %
  std::optional<double> exact{};       ///< theory's y
};

/// One parameter of one law. Where the law holds it carries what its chart shows: marks and the fitted curve.
struct Law {
  LawName law;
  std::string_view form;       ///< of the curve: exponential, power, …; see docs/estimators.md
  std::string_view parameter;  ///< of the curve; empty where none was looked for
  Point point;                 ///< what the law is of, along the axes that apply
  AxisSet applies{};
  GridIndices place{};  ///< where the point stands in the grid
  std::optional<double> estimate{};
  std::optional<Interval> interval{};  ///< 95 %
  std::optional<double> theory{};
  std::optional<double> z{};         ///< the estimate's distance to theory as a normal deviate
  std::int64_t points = 0;           ///< that were fitted: points of the sweep, or layers of a depth law
  std::optional<Interval> window{};  ///< of the law's variable
  std::optional<double> goodness{};  ///< p-value of what the curve leaves behind
  std::optional<theory::Reason> refusal{};  ///< why the law does not hold
  std::vector<LawMark> marks{};             ///< of a law across widths
  std::function<double(double x)> curve{};

  bool holds() const { return !refusal; }
  /// "holds", or "refused: " and why.
  std::string verdict() const { return verdict_of(refusal); }
};

/// Where a law is drawn.
enum class LawChart { none, depth, width };

/// A law that is looked for: in every group of points that differ along the free axes only, if `needs` was
/// measured.
/// Which networks a law is of.
enum class LawOf { plain_networks, streams, all_networks };

struct LawDeclaration {
  LawName name;
  AxisSet free;
  Quantity needs;
  std::vector<Law> (*fit)(const PointGrid& grid, const GridIndices& origin, Predictions& predictions);
  LawChart chart;
  std::string_view chart_title;  ///< what is drawn against what
  LawOf of = LawOf::plain_networks;
};

/// All laws, in the order of LawName and of laws.csv.
std::span<const LawDeclaration> all_laws();
const LawDeclaration& declaration_of(LawName name);

/// A law of the group of points at `origin`: the coordinates along the free axes do not apply.
Law law_of(const PointGrid& grid, LawName name, std::string_view form, std::string_view parameter,
           const AxisSet& free, const GridIndices& origin);

/// Gives a law its estimate and interval, and the distance to `theory`, which itself neglects so much.
void set_estimate(Law& law, const Estimate& parameter, std::optional<double> theory, double neglected = 0);

/// The same for the logarithm of the law's parameter: estimate, interval and theory are exponentials of it.
void set_log_estimate(Law& law, const Estimate& logarithm, std::optional<double> log_theory,
                      double neglected = 0);

/// The row of one parameter of a law in depth.
Law row_of(const PointAnalysis& analysis, LawName name, const GridIndices& place, const DepthLaw& depth_law,
           const LawParameter& parameter);

/// Refuses a law whose data speak against it: the estimate goes.
void refuse(Law& law, theory::Reason reason);

/// All laws in the order of LawName; within a law in the order of the grid.
std::vector<Law> find_laws(const PointGrid& grid, Predictions& predictions);

}  // namespace varprop::analysis
