#include "driver/verify/verification_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>

#include "core/text.hpp"

namespace varprop {

namespace {

constexpr std::size_t most_lines = 20;

/// A number as text; its bits too where the text would be that of another number.
std::string number_text(double x) {
  return std::isnan(x) ? fmt::format("nan (0x{:016x})", std::bit_cast<std::uint64_t>(x)) : shortest(x);
}

std::string row_text(const RowDifference& row) {
  return fmt::format("{} ({}{}: {} in the file, {} computed{})", row.dataset, row.place,
                     row.beyond ? ", beyond the point's depth" : "", number_text(row.stored),
                     number_text(row.computed),
                     row.numbers > 1 ? fmt::format("; {} numbers in all", row.numbers) : "");
}

std::string unit_text(const UnitDifference& unit) {
  std::vector<std::string> rows;
  for (const RowDifference& row : unit.rows) rows.push_back(row_text(row));
  return fmt::format("\n  batch {} of the point {}: {}", unit.batch, unit.point,
                     unit.failure.empty() ? join(rows) : "it fails now: " + unit.failure);
}

std::string damage_text(const Verification& verification) {
  std::string text;
  for (const std::string& name : verification.damaged) {
    text += fmt::format("\n  the dataset {} is not what the sweep says", name);
  }
  return text;
}

std::string differences_text(const Verification& verification) {
  std::string text;
  const std::size_t shown = std::min(verification.differences.size(), most_lines);
  for (std::size_t i = 0; i < shown; ++i) text += unit_text(verification.differences[i]);
  if (shown < verification.differences.size()) {
    text += fmt::format("\n  ({} more units)", verification.differences.size() - shown);
  }
  return text;
}

}  // namespace

std::string verification_page(const Verification& verification) {
  const std::string what =
      fmt::format("{}: compared {} of {} (sample seed {}), {} in {}", verification.results.string(),
                  verification.compared, counted(verification.done, "done unit"), verification.seed,
                  counted(verification.numbers, "number"), counted(verification.datasets, "dataset"));
  if (verification.done == 0) {
    return fmt::format("{}: no unit is done yet, so that there is nothing to compare.",
                       verification.results.string());
  }
  if (verification.equal()) return what + ": every bit is the same.";
  const std::int64_t units = std::ssize(verification.differences);
  const std::string differing = counted(units, "unit differs", "units differ");
  return what + fmt::format(": {}.", differing) + damage_text(verification) + differences_text(verification);
}

}  // namespace varprop
