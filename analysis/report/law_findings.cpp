#include "analysis/report/finding_kinds.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "analysis/report/named_point.hpp"
#include "analysis/report/plain_reason.hpp"
#include "core/text.hpp"

namespace varprop {

namespace {

constexpr std::size_t most_critical = 2;

/// One law for each activation: the one whose interval is the narrowest.
std::vector<const Law*> headlines_of(const std::vector<Law>& critical) {
  std::vector<const Law*> headlines;
  const auto width = [](const Law& law) {
    return law.interval ? (law.interval->high - law.interval->low) / *law.estimate : INFINITY;
  };
  for (const Law& law : critical) {
    if (headlines.empty() || !(headlines.back()->point.activation == law.point.activation))
      headlines.push_back(&law);
    else if (width(law) < width(*headlines.back()))
      headlines.back() = &law;
  }
  return headlines;
}

}  // namespace

void add_critical(Sentences& said, const AnalysisSummary& summary) {
  const auto headlines = headlines_of(summary.critical_variances);
  for (std::size_t i = 0; i < std::min(headlines.size(), most_critical); ++i) {
    const Law& law = *headlines[i];
    std::string sentence =
        fmt::format("Gradients of {} neither vanish nor explode at weight variance {:.4g}",
                    named_point(law.point, summary.sweep.grid, law.applies), *law.estimate);
    if (!law.applies[width_axis]) sentence += " in the limit of infinite width";
    if (law.interval)
      sentence += fmt::format(" (95 % interval {:.4g} to {:.4g})", law.interval->low, law.interval->high);
    if (law.theory) sentence += fmt::format("; theory says {:.4g}", *law.theory);
    said.push_back(sentence + ".");
  }
}

void add_agreement(Sentences& said, const PointGrid& grid) {
  constexpr double two_sided = 1.96;
  constexpr std::int64_t least_rates = 20;
  std::int64_t rates = 0, near = 0;
  FreeAxes every{};
  every.fill(true);
  grid.for_each_member(every, {}, [&](const PointAnalysis& analysis) {
    const auto& expected = analysis.theory.backward_rate_n;
    if (!analysis.backward || !analysis.backward->rate || !expected) return;
    const auto z = z_score(parameter_of(*analysis.backward->rate), *expected);
    if (z) ++rates, near += std::abs(*z) < two_sided;
  });
  if (rates < least_rates) return;
  said.push_back(fmt::format(
      "Of {} measured rates of the gradient, {} agree with theory at their width: it lies in their 95 % "
      "interval.",
      rates, share_text(near, rates)));
}

void add_laws(Sentences& said, const std::vector<Law>& laws) {
  if (laws.empty()) return;
  std::int64_t holding = 0;
  std::map<std::string, std::int64_t> refusals;
  for (const Law& law : laws) law.holds() ? ++holding : ++refusals[law.refusal];
  const auto commonest = std::max_element(refusals.begin(), refusals.end(),
                                          [](const auto& a, const auto& b) { return a.second < b.second; });
  std::string sentence = fmt::format(
      "Of {} that laws were fitted for (rates, lengths, critical variances: laws.csv), {} the tests",
      counted(static_cast<std::int64_t>(laws.size()), "number"),
      holding == 0   ? "none passes"
      : holding == 1 ? "1 passes"
                     : fmt::format("{} pass", holding));
  if (commonest != refusals.end()) {
    sentence += fmt::format("; the commonest reason to refuse one ({} of {}): {}", commonest->second,
                            static_cast<std::int64_t>(laws.size()) - holding, plain_reason(commonest->first));
  }
  said.push_back(sentence + ".");
}

}  // namespace varprop
