// The drawn profiles in the two forms that they are shown in: compact for the page, as rows for a chart that
// stands alone.
#pragma once

#include "analysis/report/drawn_profiles.hpp"
#include "analysis/report/profile_theory.hpp"
#include "analysis/report/report_table.hpp"

namespace varprop {

/// The object `profiles` of docs/report-format.md. `report` numbers the points.
Json profiles_json(const Sweep& sweep, const DrawnProfiles& drawn, const ProfileTheory& theory,
                   const GridChoice& report);

/// Rows of some of the drawn points, `most` of them at most: a row for each quantity and layer.
ReportTable profile_table(const Sweep& sweep, const DrawnProfiles& drawn, const ProfileTheory& theory,
                          const GridChoice& report, std::size_t most);

/// The same: a row for each bin.
ReportTable histogram_table(const DrawnProfiles& drawn, const GridChoice& report, std::size_t most);

}  // namespace varprop
