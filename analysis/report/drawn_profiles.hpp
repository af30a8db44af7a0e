// The profiles that a report draws: some of the points, some of their layers.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "analysis/point_analysis.hpp"
#include "analysis/report/grid_choice.hpp"
#include "analysis/report/histogram.hpp"

namespace varprop {

/// One quantity of one point, an element for each drawn layer up to its depth; NaN where there is none.
struct DrawnProfile {
  std::vector<double> mean;  ///< ⟨ln X_l⟩
  std::vector<double> low;   ///< ends of its 95 % interval, by Student's law over batches
  std::vector<double> high;
  std::vector<double> sd;  ///< standard deviation of ln X_l over networks
};

struct DrawnPoint {
  Point point;
  /// By position in positive_quantities; none where not measured or nothing is done.
  std::array<std::optional<DrawnProfile>, positive_quantities.size()> profiles{};
  Histogram forward_last{};    ///< ln q_L of single networks
  Histogram backward_first{};  ///< ln g_1
};

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
  void add(PointIndex index, const PointResults& results, const PooledProfiles& pooled);

  const GridChoice& choice() const { return choice_; }
  const std::vector<std::int32_t>& layers() const { return layers_; }
  /// By position in the choice.
  const std::vector<DrawnPoint>& points() const { return points_; }

 private:
  DrawnProfile draw(const PointResults& results, const QuantityResults& quantity,
                    const PooledProfile& pooled) const;

  const Sweep& sweep_;
  GridChoice choice_;
  std::vector<std::int32_t> layers_;
  std::vector<DrawnPoint> points_;
};

}  // namespace varprop
