// The profiles that a report draws: some of the points, some of their layers, how single networks scatter;
// and the two forms that they are shown in, compact for the page, as rows for a chart that stands alone.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "analysis/points/point_analysis.hpp"
#include "analysis/points/predictions.hpp"
#include "report/data/report_grid.hpp"
#include "report/data/report_table.hpp"

namespace varprop::report {

/// Numbers as they stand in a report.
Json rounded_numbers(const std::vector<double>& values);

/// Equal bins over the values that are not NaN.
struct Histogram {
  double low = 0;   ///< lower end of the first bin
  double high = 0;  ///< upper end of the last bin
  std::vector<std::int64_t> counts;
  double mean = 0;           ///< of the values
  double extinct_share = 0;  ///< values that are NaN, of all; not in the counts
  /// Networks a bin by the exact law, at places evenly spaced from low to high; empty where none is known.
  std::vector<double> exact{};

  double bin_width() const { return (high - low) / static_cast<double>(counts.size()); }
  Json json() const;
};

/// A histogram of a sample. Bins of 2·IQR/∛count (Freedman & Diaconis 1981), from 1 to 40 of them; where all
/// values are one, a bin of width 1 about it. Without counts where no value is there. Infinite values stand
/// in no bin, and make the mean infinite.
Histogram histogram_of(std::span<const double> sample);

/// One quantity of one point, an element for each drawn layer up to its depth; NaN where there is none.
struct DrawnProfile {
  std::vector<double> mean;  ///< ⟨ln X_l⟩
  std::vector<double> low;   ///< ends of its 95 % interval, by Student's law over batches
  std::vector<double> high;
  std::vector<double> sd;  ///< standard deviation of ln X_l over networks
  /// Of overlaps, whose theory comes with them: infinite width, and width n; empty where there is none.
  std::vector<double> theory{}, theory_n{};
};

struct DrawnPoint {
  Point point;
  /// By position in positive_quantities; none where not measured or nothing is done.
  std::array<std::optional<DrawnProfile>, positive_quantities.size()> profiles{};
  /// Of two inputs, where simulated, by position in overlap_profiles().
  std::vector<DrawnProfile> overlaps{};
  Histogram forward_last{};    ///< ln q_L of single networks
  Histogram backward_first{};  ///< ln g_1
};

/// A profile of two inputs: an overlap c_l, or the logarithm of its distance from 1.
struct OverlapProfile {
  std::size_t overlap;  ///< position in all_overlaps
  bool distance;
  std::string name;  ///< "correlation_log_distance"
  std::string title, logarithm;
};
/// Those of a sweep: none where no two inputs were simulated.
std::vector<OverlapProfile> overlap_profiles(const Sweep& sweep);

/// At most `most` of the recorded layers, those of every depth evenly spaced, both ends included; more where
/// there are more depths than that.
std::vector<std::int32_t> drawn_layers(const std::vector<std::int32_t>& recorded,
                                       const std::vector<std::int32_t>& depths, std::size_t most);

/// Takes the profiles of the drawn points out of a sweep's results as they are read: bounded memory, however
/// many points.
class DrawnProfiles {
 public:
  /// Of the points of a report.
  DrawnProfiles(const Sweep& sweep, const GridChoice& report);

  /// Hears of every point of the sweep; keeps those that are drawn.
  void add(PointIndex index, const analysis::PointResults& results, const analysis::PooledProfiles& pooled);

  const GridChoice& choice() const { return choice_; }
  const std::vector<std::int32_t>& layers() const { return layers_; }
  /// By position in the choice.
  const std::vector<DrawnPoint>& points() const { return points_; }

 private:
  DrawnProfile draw(const analysis::PointResults& results, const analysis::QuantityResults& quantity,
                    const analysis::PooledProfile& pooled) const;
  DrawnProfile draw(const analysis::PointResults& results, const OverlapProfile& profile,
                    const analysis::PooledOverlap& pooled) const;

  const Sweep& sweep_;
  GridChoice choice_;
  std::vector<std::int32_t> layers_;
  std::vector<DrawnPoint> points_;
};

/// What a chart of one point may be of, and the title that it has then.
struct TitledChoice {
  std::string name;
  std::string title;
};
/// The quantities that a profile can be of, and the numbers of single networks that a histogram can be of.
std::vector<TitledChoice> profile_choices(const Sweep& sweep);
std::vector<TitledChoice> histogram_choices(const Sweep& sweep);

/// The object `profiles` of docs/report-format.md. `report` numbers the points.
Json profiles_json(const Sweep& sweep, const DrawnProfiles& drawn, const analysis::ProfileTheory& theory,
                   const GridChoice& report);

/// Rows of some of the drawn points, `most` of them at most: a row for each quantity and layer.
ReportTable profile_table(const Sweep& sweep, const DrawnProfiles& drawn,
                          const analysis::ProfileTheory& theory, const GridChoice& report, std::size_t most);

/// The same: a row for each bin.
ReportTable histogram_table(const DrawnProfiles& drawn, const GridChoice& report, std::size_t most);
/// And of the exact laws over them.
ReportTable exact_law_table(const DrawnProfiles& drawn, const GridChoice& report, std::size_t most);

}  // namespace varprop::report
