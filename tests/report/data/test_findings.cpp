// What is said of an analysis whose truth is known, and what is not.
#include "report/data/findings.hpp"

#include <gtest/gtest.h>

#include "analysis/results/rates.hpp"
#include "tests/analysis/synthetic_points.hpp"

namespace varprop::report {
using namespace theory;
using namespace analysis;
namespace {

using namespace synthetic;

/// An analyzed sweep of ReLU networks whose regimes are set by hand.
struct Example {
  Sweep sweep;
  Predictions predictions{NetworkSettings{}};
  std::vector<PointAnalysis> points;
  std::vector<Law> laws;

  explicit Example(const std::function<void(PointAnalysis&)>& measure,
                   std::vector<std::int32_t> depths = {10, 100})
      : sweep(relu_sweep({1, 1.5, 2, 2.5, 3}, {64, 256}, std::move(depths))) {
    sweep.replicas = 64;
    points = points_of(sweep, predictions, measure);
  }

  std::vector<std::string> said(std::int64_t done = -1) const {
    const PointGrid grid(sweep, points);
    AnalysisSummary summary = start_summary(sweep, {}, 100);
    summary.batches_done = done < 0 ? sweep.unit_count() : done;
    for (const PointAnalysis& analysis : points) add_point(summary, analysis);
    add_laws(summary, laws);
    return findings(grid, summary, laws);
  }

  std::string all() const { return join(said(), "\n"); }
};

Regime regime_at(const Point& point, double low, double high) {
  const double variance = point.weight_variance.value();
  return variance < low ? Regime::vanishing : variance > high ? Regime::exploding : Regime::stable;
}

TEST(Findings, CountRegimesByActivation) {
  const Example example([](PointAnalysis& a) { a.regime = regime_at(a.point, 1.9, 2.1); });
  EXPECT_NE(example.all().find("Of 20 relu points, 20 % are stable, 40 % vanishing and 40 % exploding."),
            std::string::npos)
      << example.all();
}

TEST(Findings, SayThatASweepIsNotDone) {
  const Example example([](PointAnalysis& a) {
    if (a.point.depth.value() == 10) a.regime = Regime::stable;
    if (a.point.depth.value() == 100) a.batches_done = 0;
  });
  const auto said = example.said(7);
  EXPECT_EQ(
      said.front(),
      "This is a part of the sweep: 7 of 320 batches are done, and 10 of 20 points have no result yet.");
}

TEST(Findings, SayNothingOfNothing) {
  const Example example([](PointAnalysis&) {});
  const auto said = example.said(0);
  ASSERT_EQ(said.size(), 1u) << join(said, "\n");
}

TEST(Findings, TellTheWidestBandOfTheDeepest) {
  const Example example([](PointAnalysis& a) {
    const bool deep = a.point.depth.value() == 100, wide = a.point.width.value() == 256;
    a.regime = deep ? regime_at(a.point, wide ? 1.4 : 1.9, 2.1) : Regime::stable;
  });
  EXPECT_NE(example.all().find(
                "Of the deepest networks (100 layers) the widest stable band of weight variances is that "
                "of relu networks with width 256: 1.5 to 2."),
            std::string::npos)
      << example.all();
}

TEST(Findings, ABandHasNoGaps) {
  const Example example([](PointAnalysis& a) {
    const double variance = a.point.weight_variance.value();
    a.regime = variance == 1 || variance == 3 ? Regime::stable : Regime::erratic;
  });
  EXPECT_NE(example.all().find("none is stable at more than single weight variances"), std::string::npos)
      << example.all();
}

TEST(Findings, SayWhereNoDeepNetworkIsStable) {
  const Example example([](PointAnalysis& a) { a.regime = Regime::exploding; });
  EXPECT_NE(example.all().find(
                "None of the deepest networks (100 layers) is stable at a weight variance of the grid."),
            std::string::npos)
      << example.all();
  const Example part([](PointAnalysis& a) {
    if (a.point.width.value() == 64) a.regime = Regime::exploding;
  });
  EXPECT_NE(part.all().find("None of the deepest networks (100 layers) has so far been found stable"),
            std::string::npos);
}

TEST(Findings, CountCausesOfWhatLeavesItsRange) {
  const Example example([](PointAnalysis& a) {
    a.regime = regime_at(a.point, 1.9, 2.1);
    if (a.regime != Regime::stable) a.cause = a.point.width.value() == 64 ? Cause::finite_width : Cause::rate;
    if (a.regime == Regime::vanishing && a.point.width.value() == 64) a.cause = Cause::rate;
  });
  EXPECT_NE(
      example.all().find(
          "Of the 16 points that vanish or explode, 12 do so layer by layer, at the rate of infinitely wide "
          "networks and 4 only because their width is finite."),
      std::string::npos)
      << example.all();
}

TEST(Findings, WarnOfFormatsThatStableNetworksLeave) {
  const auto leaves = [](Regime regime) {
    return Example([regime](PointAnalysis& a) {
      a.regime = regime;
      if (a.point.depth.value() == 100 && a.point.width.value() == 256) a.exits[1].layer[1][1] = 37;
    });
  };
  EXPECT_NE(
      leaves(Regime::stable)
          .all()
          .find("In fp16 the gradient rounds to 0 at 5 of the points that are stable (5 of all), such as "
                "relu networks with weight variance 1, width 256 and depth 100, from layer 37 downwards."),
      std::string::npos)
      << leaves(Regime::stable).all();
  EXPECT_NE(leaves(Regime::exploding)
                .all()
                .find("In fp16 the gradient rounds to 0 at 5 points, none of them stable"),
            std::string::npos);
}

TEST(Findings, TellCriticalVariancesWithIntervalAndTheory) {
  Example example([](PointAnalysis& a) { a.regime = Regime::stable; });
  Law law{.law = LawName::critical_weight_variance,
          .form = "zero",
          .parameter = "weight_variance",
          .point = example.points[0].point};
  law.applies.fill(true);
  law.applies[weight_variance_axis] = law.applies[depth_axis] = false;
  law.estimate = 2.0823;
  law.interval = Interval{2.0808, 2.0838};
  law.theory = 2.0818;
  Law refused = law;
  refused.point.width = Width(256);
  refused.refusal = Reason::not_told_from_0;
  example.laws = {law, refused};
  EXPECT_NE(example.all().find("Gradients of relu networks with width 64 neither vanish nor explode at "
                               "weight variance 2.082 (95 % "
                               "interval 2.081 to 2.084); theory says 2.082."),
            std::string::npos)
      << example.all();
  EXPECT_NE(example.all().find(
                "Of 2 numbers that laws were fitted for (rates, lengths, critical variances: "
                "laws.csv), 1 passes the tests; the commonest reason to refuse one (1 of 1): not told "
                "from 0."),
            std::string::npos);
  example.laws = {refused};
  EXPECT_EQ(example.all().find("neither vanish nor explode"), std::string::npos)
      << "a refused law is no finding";
}

TEST(Findings, CountOneAsOne) {
  Sweep sweep = relu_sweep({3}, {64}, {1});
  sweep.batches = 1;
  Predictions predictions{NetworkSettings{}};
  const auto points = points_of(sweep, predictions, [](PointAnalysis& a) {
    a.regime = Regime::exploding;
    a.cause = Cause::transient;
  });
  AnalysisSummary summary = start_summary(sweep, {}, 100);
  summary.batches_done = 1;
  add_point(summary, points[0]);
  summary.missing["backward_rate"][Reason::window_near_ends] = 1;
  const Law refused{.law = LawName::drift,
                    .form = "line",
                    .parameter = "A",
                    .point = points[0].point,
                    .refusal = Reason::window_near_ends};
  const std::string said = join(findings(PointGrid(sweep, points), summary, {refused}), "\n");
  for (const char* sentence :
       {"The one relu point is exploding.",
        "The one point that vanishes or explodes does so in the first layers already",
        "Of 1 number that laws were fitted for (rates, lengths, critical variances: laws.csv), none passes "
        "the "
        "tests; the commonest reason to refuse one (1 of 1): the networks are too shallow"}) {
    EXPECT_NE(said.find(sentence), std::string::npos) << sentence << "\n" << said;
  }
  const std::string notes = join(missing_notes(summary), "\n");
  EXPECT_NE(notes.find("backward_rate is empty at 1 point: the networks are too shallow"), std::string::npos)
      << notes;
  EXPECT_EQ((said + notes).find("6 xi_q"), std::string::npos) << "lengths are named in words";
}

TEST(Findings, AreFew) {
  Example example([](PointAnalysis& a) {
    a.regime = regime_at(a.point, 1.4, 2.1);
    a.cause = Cause::rate;
    a.exits[1].layer[1][1] = 3;
    a.backward->rate = Estimate{*a.theory.backward_rate_n, 0.01, 7};
  });
  EXPECT_LE(example.said(1).size(), 8u);
  EXPECT_NE(
      example.all().find("Of 20 measured rates of the gradient, 100 % agree with theory at their width: "
                         "it lies in their 95 % interval."),
      std::string::npos)
      << example.all();
}

}  // namespace
}  // namespace varprop::report
