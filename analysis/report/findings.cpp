#include "analysis/report/findings.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "analysis/report/finding_kinds.hpp"
#include "analysis/report/plain_reason.hpp"
#include "core/text.hpp"

namespace varprop {

namespace {

constexpr std::size_t most_findings = 8;

void add_progress(Sentences& said, const AnalysisSummary& summary) {
  const std::int64_t units = summary.sweep.unit_count();
  if (summary.batches_done == units) return;
  const auto points = static_cast<std::int64_t>(summary.regimes.size());
  const std::int64_t missing = std::count(summary.regimes.begin(), summary.regimes.end(), std::nullopt);
  said.push_back(fmt::format("This is a part of the sweep: {} of {} {} done, and {} of {} {} no result yet.",
                             summary.batches_done, counted(units, "batch", "batches"),
                             summary.batches_done == 1 ? "is" : "are", missing, counted(points, "point"),
                             missing == 1 ? "has" : "have"));
}

}  // namespace

std::string share_text(std::int64_t part, std::int64_t whole) {
  const double percent = 100.0 * static_cast<double>(part) / static_cast<double>(whole);
  if (part > 0 && percent < 1) return "less than 1 %";
  if (part < whole && percent > 99) return "more than 99 %";
  return fmt::format("{:.0f} %", percent);
}

std::string as_sentence(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text + ".";
}

std::string listed(const std::vector<std::string>& parts) {
  if (parts.size() < 2) return parts.empty() ? "" : parts.front();
  return join({parts.begin(), parts.end() - 1}) + " and " + parts.back();
}

std::vector<std::string> findings(const PointGrid& grid, const AnalysisSummary& summary,
                                  const std::vector<Law>& laws) {
  Sentences said;
  add_progress(said, summary);
  add_shares(said, summary);
  add_critical(said, summary);
  add_band(said, grid);
  add_causes(said, grid);
  add_formats(said, grid);
  add_laws(said, laws);
  add_agreement(said, grid);
  if (said.size() > most_findings) said.resize(most_findings);
  return said;
}

std::vector<std::string> missing_notes(const AnalysisSummary& summary) {
  Sentences notes;
  for (const Quantity quantity : positive_quantities) {
    if (!summary.sweep.measures_quantity(quantity))
      notes.push_back(fmt::format("{} was not measured.", word_of(quantity)));
  }
  if (summary.shard) {
    notes.push_back(fmt::format("The file holds {}: {} {} in others, which varprop merge joins to it.",
                                text_of(summary.shard),
                                counted(summary.batches_elsewhere, "batch", "batches"),
                                summary.batches_elsewhere == 1 ? "is" : "are"));
  }
  if (summary.sweep.batches < 3)
    notes.push_back("Fewer than 3 batches a point: means have no intervals, and no law holds.");
  for (const auto& [column, reasons] : summary.missing) {
    for (const auto& [reason, points] : reasons)
      notes.push_back(
          fmt::format("{} is empty at {}: {}.", column, counted(points, "point"), plain_reason(reason)));
  }
  return notes;
}

}  // namespace varprop
