// What an analysis found, small enough for a terminal.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "analysis/laws/laws.hpp"
#include "analysis/points/advice.hpp"
#include "analysis/points/point_analysis.hpp"
#include "core/json.hpp"
#include "core/sweep/record.hpp"
#include "core/sweep/sweep.hpp"
#include "theory/networks/network_theory.hpp"

namespace varprop::analysis {

/// Points of unequal layers of which one narrow layer rules the spread over networks: it is more than half of
/// Σ 1/n_l over the hidden ones.
struct NarrowLayers {
  std::int64_t points = 0;
  std::optional<Point> example{};  ///< where its share is the largest
  theory::HiddenWidths widths{};
};

/// "one narrow layer rules the spread over networks at 3 points, …": a sentence.
std::string narrow_layer_text(const NarrowLayers& narrow);

struct AnalysisSummary {
  std::filesystem::path results;    ///< the file that was read
  std::filesystem::path directory;  ///< where the tables were written
  std::filesystem::path report;     ///< the page; empty where varprop was built without it
  std::string without_report;       ///< why there is no page
  std::string figures;              ///< what was drawn, and what was left out; empty where there are none
  Sweep sweep;
  double factor = 100;
  std::int64_t batches_done = 0;  ///< of sweep.unit_count()
  std::int64_t batches_failed = 0;
  std::int64_t batches_elsewhere = 0;                    ///< in the files of other shards
  std::optional<Shard> shard;                            ///< where the file holds only one
  std::vector<std::optional<Regime>> regimes;            ///< by point; none where no batch is done
  std::vector<std::optional<DistanceRegime>> distances;  ///< of two inputs, where they were simulated
  std::int64_t points_without_result = 0;                ///< of which no batch is done
  std::map<Remedy, std::int64_t> remedies;               ///< of the points that are not stable
  NarrowLayers narrow;
  /// Why points with results have no rate: points by column name and reason.
  std::map<std::string, std::map<theory::Reason, std::int64_t, theory::BySentence>> missing;
  /// The critical weight variances that hold: in the limit of infinite width where there is one, else at the
  /// widest.
  std::vector<Law> critical_variances;
  std::map<LawName, std::int64_t> laws_holding;  ///< rows of laws.csv
  std::map<LawName, std::int64_t> laws_refused;
};

/// A summary of no points yet.
AnalysisSummary start_summary(const Sweep& sweep, const std::vector<UnitState>& states, double factor);

/// Adds the next point, in the order of the sweep.
void add_point(AnalysisSummary& summary, const PointAnalysis& analysis);

/// Counts the laws, and takes the headlines out of them.
void add_laws(AnalysisSummary& summary, const std::vector<Law>& laws);

/// Prints the summary as plain text of at most 100 columns: how much is done, regimes by activation, maps of
/// regimes (in colours where that is asked for), what would help, critical weight variances, reasons for
/// empty rates, where the tables are.
void print_summary(const AnalysisSummary& summary, std::ostream& out, bool coloured = false);

/// The same for programs, one JSON object: counts of batches, regimes and laws; critical weight variances.
std::string summary_json(const AnalysisSummary& summary);

}  // namespace varprop::analysis
