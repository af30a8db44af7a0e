#include "analysis/results/point_results.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/errors.hpp"
#include "core/math/moments.hpp"

namespace varprop::analysis {

std::span<const double> profile(const PointResults& results, const QuantityResults& quantity,
                                std::int32_t batch) {
  VARPROP_EXPECT(batch >= 0 && batch < results.batches_done);
  const std::size_t layers = results.layers.size();
  return std::span(quantity.log_mean).subspan(static_cast<std::size_t>(batch) * layers, layers);
}

namespace {

constexpr std::int64_t block_bytes = std::int64_t{8} << 20;  // of each dataset

/// One dataset's rows of a block of points.
struct RowsOfBlock {
  std::vector<double> values;
  std::int64_t row_length;

  std::span<const double> row(std::int64_t row) const {
    return std::span(values).subspan(static_cast<std::size_t>(row * row_length),
                                     static_cast<std::size_t>(row_length));
  }
};

/// Whether layers of this kind have the quantity.
bool is_of(Quantity quantity, Block block) {
  if (quantity == Quantity::branch_gradient) return has_stream(block);
  return quantity != Quantity::activations || has_activation(block);
}

/// Whether it is of layers of weights alone, not of the input of a stream.
bool begins_behind_input(Quantity quantity) {
  return quantity != Quantity::forward && quantity != Quantity::backward;
}

void append(std::vector<double>& rows, std::span<const double> row) {
  rows.insert(rows.end(), row.begin(), row.end());
}

}  // namespace

PointReader::PointReader(const ResultsFile& file) : file_(file), states_(file.states()) {
  VARPROP_ENSURE(static_cast<std::int64_t>(states_.size()) == file.sweep().unit_count());
}

std::int64_t PointReader::block_size() const {
  const Sweep& sweep = file_.sweep();
  const std::int64_t row = std::max(row_length(sweep, RowAxis::layer), row_length(sweep, RowAxis::replica));
  return std::max<std::int64_t>(1, block_bytes / (8 * row * sweep.batches));
}

std::vector<PointResults> PointReader::read(PointIndex first, std::int64_t count) const {
  std::vector<PointResults> points;
  points.reserve(static_cast<std::size_t>(count));
  for (std::int64_t p = 0; p < count; ++p) points.push_back(empty_point(PointIndex(first.value() + p)));
  if (!anything_done(first, count)) return points;
  for (const Quantity quantity : positive_quantities) {
    if (file_.sweep().measures_quantity(quantity)) read_quantity(quantity, first, points);
  }
  if (file_.sweep().measures_quantity(Quantity::groups)) {
    for (const MatrixRole role : matrices_of(file_.sweep().grid.block)) read_group(role, first, points);
  }
  for (std::size_t i = 0; i < all_totals.size(); ++i) {
    if (file_.sweep().measures_quantity(all_totals[i].quantity)) read_total(i, first, points);
  }
  if (file_.sweep().measures_quantity(Quantity::correlation)) {
    for (std::size_t i = 0; i < all_overlaps.size(); ++i) read_overlap(i, first, points);
  }
  return points;
}

PointResults PointReader::empty_point(PointIndex index) const {
  const Sweep& sweep = file_.sweep();
  PointResults results{.point = sweep.point(index)};
  const auto begin = states_.begin() + sweep.slot({index, BatchIndex(0)});
  results.batches_done = static_cast<std::int32_t>(std::count(begin, begin + sweep.batches, UnitState::done));
  const auto beyond = std::upper_bound(sweep.layers.begin(), sweep.layers.end(), results.point.depth.value());
  const std::int32_t first = has_stream(results.point.block) ? 0 : 1;
  results.layers.assign(std::lower_bound(sweep.layers.begin(), beyond, first), beyond);
  for (const Quantity quantity : positive_quantities) {
    if (sweep.measures_quantity(quantity) && is_of(quantity, results.point.block))
      results.of(quantity).emplace();
  }
  for (std::size_t i = 0; i < matrix_roles; ++i) {
    if (sweep.measures_quantity(Quantity::groups) &&
        has_matrix(results.point.block, static_cast<MatrixRole>(i)))
      results.groups.values[i].emplace();
  }
  for (std::size_t i = 0; i < all_totals.size(); ++i) {
    if (sweep.measures_quantity(all_totals[i].quantity)) results.totals[i].emplace();
  }
  if (sweep.measures_quantity(Quantity::correlation)) {
    for (auto& overlap : results.overlaps) overlap.emplace();
  }
  return results;
}

bool PointReader::anything_done(PointIndex first, std::int64_t count) const {
  const std::int64_t batches = file_.sweep().batches;
  const auto begin = states_.begin() + first.value() * batches;
  return std::find(begin, begin + count * batches, UnitState::done) != begin + count * batches;
}

void PointReader::read_logarithms(const std::string& name, bool begins_behind_input, const OwnRows& own,
                                  PointIndex first, std::vector<PointResults>& points) const {
  const auto read_layers = [&](const char* suffix, std::vector<double> QuantityResults::*rows) {
    read_rows(name + suffix, RowAxis::layer, first, points,
              [&](PointResults& results, std::span<const double> row) {
                if (QuantityResults* const to = own(results)) append(to->*rows, layers_of(results, row));
              });
  };
  read_layers("_log_mean", &QuantityResults::log_mean);
  read_layers("_log_variance", &QuantityResults::log_variance);
  read_layers("_log_of_mean", &QuantityResults::log_of_mean);
  read_layers("_extinct", &QuantityResults::extinct);
  for (PointResults& results : points) {
    const QuantityResults* const rows = own(results);
    if (!rows) continue;
    std::vector<double> counts = rows->extinct;
    const bool no_input = results.layers.front() == 0 && begins_behind_input;
    for (std::size_t i = 0; no_input && i < counts.size(); i += results.layers.size()) {
      if (counts[i] == fill_value(Element::int32)) counts[i] = 0;
    }
    demand_counts(name + "_extinct", counts);
  }
}

void PointReader::read_quantity(Quantity quantity, PointIndex first,
                                std::vector<PointResults>& points) const {
  const auto own = [quantity](PointResults& results) {
    auto& rows = results.of(quantity);
    return rows ? &*rows : nullptr;
  };
  read_logarithms(std::string(word_of(quantity)), begins_behind_input(quantity), own, first, points);
  const std::string at_end(measure_of(quantity).first().of_replicas);
  if (at_end.empty()) return;
  read_rows(at_end, RowAxis::replica, first, points, [&](PointResults& results, std::span<const double> row) {
    if (QuantityResults* const rows = own(results)) append(rows->at_end, row);
  });
}

void PointReader::read_group(MatrixRole role, PointIndex first, std::vector<PointResults>& points) const {
  const auto own = [role](PointResults& results) {
    auto& rows = results.groups[role];
    return rows ? &*rows : nullptr;
  };
  const std::string name(GroupsMeasure::profiles.at(static_cast<std::size_t>(role)).name);
  read_logarithms(name, true, own, first, points);
}

namespace {

/// Of a file that does not count: where there is a mean, every network was in it.
std::vector<double> counts_by(const std::vector<double>& means, std::int32_t replicas) {
  std::vector<double> counts;
  for (const double mean : means) counts.push_back(std::isnan(mean) ? replicas : 0);
  return counts;
}

}  // namespace

void PointReader::read_overlap(std::size_t overlap, PointIndex first,
                               std::vector<PointResults>& points) const {
  const std::string name(all_overlaps[overlap]->name);
  const auto read_layers = [&](const std::string& dataset, const auto& rows_of) {
    read_rows(dataset, RowAxis::layer, first, points,
              [&](PointResults& results, std::span<const double> row) {
                append(rows_of(*results.overlaps[overlap]), layers_of(results, row));
              });
  };
  using Overlap = OverlapResults;
  read_layers(
      name + "_mean", [](Overlap & x) -> auto& { return x.mean; });
  read_layers(
      name + "_variance", [](Overlap & x) -> auto& { return x.variance; });
  read_layers(
      name + "_log_distance_mean", [](Overlap & x) -> auto& { return x.distance.log_mean; });
  read_layers(
      name + "_log_distance_variance", [](Overlap & x) -> auto& { return x.distance.log_variance; });
  const bool counted = file_.sweep().format >= format_of_counts;
  if (counted) {
    read_layers(
        name + "_extinct", [](Overlap & x) -> auto& { return x.extinct; });
    read_layers(
        name + "_log_distance_extinct", [](Overlap & x) -> auto& { return x.distance.extinct; });
  }
  for (PointResults& results : points) {
    Overlap& rows = *results.overlaps[overlap];
    rows.counted = counted;
    if (!counted) {
      rows.extinct = counts_by(rows.mean, file_.sweep().replicas_per_batch());
      rows.distance.extinct = counts_by(rows.distance.log_mean, file_.sweep().replicas_per_batch());
    }
    demand_counts(name + "_extinct", rows.extinct);
    demand_counts(name + "_log_distance_extinct", rows.distance.extinct);
  }
}

void PointReader::read_total(std::size_t total, PointIndex first, std::vector<PointResults>& points) const {
  read_rows(std::string(all_totals[total].profile->of_replicas), RowAxis::replica, first, points,
            [&](PointResults& results, std::span<const double> row) { append(*results.totals[total], row); });
}

std::span<const double> PointReader::layers_of(const PointResults& results,
                                               std::span<const double> row) const {
  const auto& layers = file_.sweep().layers;
  const auto first = std::lower_bound(layers.begin(), layers.end(), results.layers.front());
  return row.subspan(static_cast<std::size_t>(first - layers.begin()), results.layers.size());
}

void PointReader::demand_counts(const std::string& dataset, std::span<const double> counts) const {
  const std::int64_t replicas = file_.sweep().replicas_per_batch();
  for (const double count : counts) {
    validate(0 <= count && count <= static_cast<double>(replicas),
             fmt::format("{} is damaged: {} holds {}; it counts replicas, of which a batch has {}.",
                         file_.path().string(), dataset, count, replicas));
  }
}

void PointReader::read_rows(const std::string& dataset, RowAxis axis, PointIndex first,
                            std::vector<PointResults>& points,
                            const std::function<void(PointResults&, std::span<const double>)>& take) const {
  const Sweep& sweep = file_.sweep();
  const auto count = static_cast<std::int64_t>(points.size());
  const RowsOfBlock block{file_.read(dataset, first, count), row_length(sweep, axis)};
  const std::int64_t first_slot = first.value() * sweep.batches;
  for (std::int64_t row = 0; row < count * sweep.batches; ++row) {
    if (states_[static_cast<std::size_t>(first_slot + row)] != UnitState::done) continue;
    take(points[static_cast<std::size_t>(row / sweep.batches)], block.row(row));
  }
}

namespace {

constexpr double none_alive = std::numeric_limits<double>::quiet_NaN();

/// ln of the mean over `count` batches of exp(x_b), NaN standing for exp(x_b) = 0.
class LogMeanOfExponentials {
 public:
  void add(double x) {
    if (std::isnan(x) || largest_ == HUGE_VAL) return;
    if (x > largest_) {
      sum_ = sum_ * std::exp(largest_ - x) + 1;
      largest_ = x;
    } else {
      sum_ += std::exp(x - largest_);
    }
  }
  double value(std::int32_t count) const { return sum_ > 0 ? largest_ + std::log(sum_ / count) : none_alive; }

 private:
  double largest_ = -std::numeric_limits<double>::infinity();
  double sum_ = 0;
};

}  // namespace

PooledProfile pool_batches(const PointResults& results, const QuantityResults& quantity,
                           std::int32_t replicas_per_batch) {
  const std::size_t layers = results.layers.size();
  const std::size_t rows = layers * static_cast<std::size_t>(results.batches_done);
  VARPROP_EXPECT(quantity.log_mean.size() == rows && quantity.log_variance.size() == rows &&
                 quantity.log_of_mean.size() == rows && quantity.extinct.size() == rows);
  PooledProfile pooled;
  for (std::size_t i = 0; i < layers; ++i) {
    Moments moments;
    LogMeanOfExponentials log_of_mean;
    std::int32_t extinct = 0;
    bool infinite = false;
    bool is_there = true;
    for (std::size_t at = i; at < rows; at += layers) {
      is_there = is_there && quantity.extinct[at] >= 0;
      const auto dead = is_there ? static_cast<std::int32_t>(quantity.extinct[at]) : replicas_per_batch;
      moments.merge({replicas_per_batch - dead, quantity.log_mean[at], quantity.log_variance[at]});
      log_of_mean.add(quantity.log_of_mean[at]);
      extinct += dead;
      infinite = infinite || quantity.log_mean[at] == HUGE_VAL;
    }
    pooled.log_mean.push_back(infinite ? HUGE_VAL : moments.mean());
    pooled.log_variance.push_back(infinite ? none_alive : moments.variance());
    pooled.log_of_mean.push_back(log_of_mean.value(results.batches_done));
    pooled.extinct.push_back(is_there ? extinct : -1);
  }
  return pooled;
}

namespace {

/// The moments of one layer over all batches.
varprop::Moments pooled_moments(const std::vector<double>& mean, const std::vector<double>& variance,
                                const std::vector<double>& extinct, std::size_t layer, std::size_t layers,
                                std::int32_t replicas) {
  varprop::Moments moments;
  for (std::size_t at = layer; at < mean.size(); at += layers)
    moments.merge({replicas - static_cast<std::int32_t>(extinct[at]), mean[at], variance[at]});
  return moments;
}

std::int32_t sum_of_batches(const std::vector<double>& counts, std::size_t layer, std::size_t layers) {
  double sum = 0;
  for (std::size_t at = layer; at < counts.size(); at += layers) sum += counts[at];
  return static_cast<std::int32_t>(sum);
}

}  // namespace

PooledOverlap pool_batches(const OverlapResults& overlap, std::size_t layers,
                           std::int32_t replicas_per_batch) {
  const QuantityResults& distance = overlap.distance;
  VARPROP_EXPECT(overlap.extinct.size() == overlap.mean.size() &&
                 distance.extinct.size() == distance.log_mean.size());
  PooledOverlap pooled;
  for (std::size_t i = 0; i < layers; ++i) {
    const Moments c =
        pooled_moments(overlap.mean, overlap.variance, overlap.extinct, i, layers, replicas_per_batch);
    const Moments log_distance = pooled_moments(distance.log_mean, distance.log_variance, distance.extinct, i,
                                                layers, replicas_per_batch);
    pooled.mean.push_back(c.mean());
    pooled.variance.push_back(c.variance());
    pooled.log_distance_mean.push_back(log_distance.mean());
    pooled.log_distance_variance.push_back(log_distance.variance());
    if (!overlap.counted) continue;
    pooled.extinct.push_back(sum_of_batches(overlap.extinct, i, layers));
    pooled.log_distance_extinct.push_back(sum_of_batches(distance.extinct, i, layers));
  }
  return pooled;
}

bool reliable_mean(double log_variance, double networks) {
  return std::sqrt(std::expm1(log_variance) / networks) < largest_relative_error;
}

}  // namespace varprop::analysis
