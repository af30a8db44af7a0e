// The done batches of points as the results file holds them: read block by block, and pooled.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/network/block.hpp"
#include "core/network/point.hpp"
#include "core/storage/results_file.hpp"
#include "core/sweep/measures.hpp"

namespace varprop::analysis {

/// One quantity's rows, done batches only, in batch order. But for `at_end` row-major (batch, layer of
/// PointResults::layers), as the file's datasets X_log_mean, X_log_variance, X_log_of_mean and X_extinct.
struct QuantityResults {
  /// ⟨ln X_l⟩ over each batch's non-extinct replicas; NaN where none.
  std::vector<double> log_mean;
  /// ln X of every replica where the quantity has travelled through the whole network, ln q_L or ln g_1:
  /// row-major (batch, replica); NaN where extinct. Empty for weight gradients, which do not travel.
  std::vector<double> at_end;
  std::vector<double> log_variance{};  ///< of ln X_l over the same replicas; NaN below two
  std::vector<double> log_of_mean{};   ///< ln of the mean of X_l over all replicas; NaN where all are extinct
  std::vector<double> extinct{};       ///< replicas with X_l = 0; −1 where the quantity is not of the layer
};

/// Where a positive quantity stands among them.
constexpr std::size_t position_of(Quantity quantity) {
  return static_cast<std::size_t>(
      std::find(positive_quantities.begin(), positive_quantities.end(), quantity) -
      positive_quantities.begin());
}

/// ln X of every replica of the done batches, row-major (batch, replica): a number of whole networks, NaN
/// where it is 0.
using TotalResults = std::vector<double>;

/// One overlap's rows likewise, as the file's datasets X_mean, X_variance and X_extinct; and its distance
/// from 1, a positive number of which the mean and the spread of the logarithm are known alone.
struct OverlapResults {
  std::vector<double> mean, variance;
  std::vector<double> extinct;  ///< replicas without a cosine
  QuantityResults distance;     ///< of X_log_distance_…
  bool counted = true;  ///< whether the file says what means are over; of older files all or none is taken
};

struct PointResults {
  Point point;
  std::int32_t batches_done = 0;
  /// Recorded layers up to the point's depth, ascending: of plain networks from 1, of streams from 0.
  std::vector<std::int32_t> layers{};
  /// By position in positive_quantities; where measured.
  std::array<std::optional<QuantityResults>, positive_quantities.size()> quantities{};
  /// |∂ℓ/∂W|² of every matrix that the point's layers have; where measured.
  ByRole<std::optional<QuantityResults>> groups{};
  /// By position in all_totals; where measured.
  std::array<std::optional<TotalResults>, all_totals.size()> totals{};
  /// By position in all_overlaps; where measured.
  std::array<std::optional<OverlapResults>, all_overlaps.size()> overlaps{};

  std::optional<QuantityResults>& of(Quantity quantity) { return quantities.at(position_of(quantity)); }
  const std::optional<QuantityResults>& of(Quantity quantity) const {
    return quantities.at(position_of(quantity));
  }
};

/// ⟨ln X_l⟩ of one batch over PointResults::layers.
std::span<const double> profile(const PointResults& results, const QuantityResults& quantity,
                                std::int32_t batch);

/// Reads the points of a results file, block by block, so that memory stays bounded and reads stay large.
class PointReader {
 public:
  /// Reads the states of all units at once: what is done now is what will be read, even while the file grows.
  explicit PointReader(const ResultsFile& file);

  const std::vector<UnitState>& states() const { return states_; }

  /// Points that read() should be asked for at a time: some ten megabytes for each dataset.
  std::int64_t block_size() const;

  /// `count` points from `first` on. Throws InputError where the file counts more replicas than there are.
  std::vector<PointResults> read(PointIndex first, std::int64_t count) const;

 private:
  PointResults empty_point(PointIndex index) const;
  bool anything_done(PointIndex first, std::int64_t count) const;
  void read_group(MatrixRole role, PointIndex first, std::vector<PointResults>& points) const;
  void read_quantity(Quantity quantity, PointIndex first, std::vector<PointResults>& points) const;
  void read_overlap(std::size_t overlap, PointIndex first, std::vector<PointResults>& points) const;
  void read_total(std::size_t total, PointIndex first, std::vector<PointResults>& points) const;
  /// Of a row over all recorded layers those of the point.
  std::span<const double> layers_of(const PointResults& results, std::span<const double> row) const;
  /// The datasets name_log_mean and so on, of what `own` finds of a point, if anything.
  using OwnRows = std::function<QuantityResults*(PointResults&)>;
  void read_logarithms(const std::string& name, bool begins_behind_input, const OwnRows& own,
                       PointIndex first, std::vector<PointResults>& points) const;
  void demand_counts(const std::string& dataset, std::span<const double> counts) const;
  /// Calls take(results of the point, row) for every done batch of one dataset.
  void read_rows(const std::string& dataset, RowAxis axis, PointIndex first,
                 std::vector<PointResults>& points,
                 const std::function<void(PointResults&, std::span<const double>)>& take) const;

  const ResultsFile& file_;
  std::vector<UnitState> states_;
};

/// An element for each recorded layer of the point. The same numbers as if all networks had been one batch.
struct PooledProfile {
  std::vector<double> log_mean;      ///< ⟨ln X_l⟩ over living networks; NaN without one
  std::vector<double> log_variance;  ///< unbiased variance of ln X_l over them; NaN below two
  std::vector<double>
      log_of_mean;  ///< ln of the arithmetic mean of X_l over all networks; NaN where all are extinct
  std::vector<std::int32_t> extinct;  ///< networks with X_l = 0; −1 where the quantity is not of the layer
  /// Of the signal, where activations were measured: the shares of saturated and of dead neurons at
  /// exp⟨ln q_l⟩ (theory/means/neuron_shares.hpp); 0 where no network is alive, whose neurons have no
  /// variance.
  std::vector<double> saturated_share{}, dead_share{};
};

/// Pools batches exactly: means and variances by counts (Chan, Golub & LeVeque 1983), logarithms of means as
/// a sum of exponentials. `replicas_per_batch` R.
PooledProfile pool_batches(const PointResults& results, const QuantityResults& quantity,
                           std::int32_t replicas_per_batch);

/// The same of an overlap.
struct PooledOverlap {
  std::vector<double> mean, variance;                            ///< of c_l over networks with a cosine
  std::vector<double> log_distance_mean, log_distance_variance;  ///< of ln(1 − c_l) where c_l < 1
  /// Networks without a cosine, and without a logarithm of the distance; empty where the file does not count.
  std::vector<std::int32_t> extinct, log_distance_extinct;
  /// Infinite width: c_l and ln(1 − c_l); and ln(1 − c_l) at width n. Empty where theory has none, NaN beyond
  /// where it follows them.
  std::vector<double> theory{}, theory_log_distance{}, theory_log_distance_n{};
};
PooledOverlap pool_batches(const OverlapResults& overlap, std::size_t layers,
                           std::int32_t replicas_per_batch);

/// Of an arithmetic mean that may be believed.
inline constexpr double largest_relative_error = 0.1;

/// Whether an arithmetic mean of X may be believed: √((e^v − 1)/T) < 0.1 with v = Var ln X, T networks: the
/// relative error of a mean of log-normal numbers.
bool reliable_mean(double log_variance, double networks);

}  // namespace varprop::analysis
