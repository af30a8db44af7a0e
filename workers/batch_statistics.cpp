#include "workers/batch_statistics.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>

namespace varprop {

namespace {

const std::vector<Magnitude>& profile(const NetworkSample& sample, Quantity quantity) {
  switch (quantity) {
    case Quantity::backward:
      return sample.backward;
    case Quantity::weight_gradient:
      return sample.weight_gradient;
    case Quantity::forward:
    case Quantity::correlation:
      break;
  }
  return sample.forward;
}

const std::vector<std::optional<Cosine>>& profile(const NetworkSample& sample, Alikeness alikeness) {
  return alikeness == Alikeness::correlation ? sample.correlation : sample.gradient_correlation;
}

double ln_or_nan(const Magnitude& x) {
  return x.zero() ? std::numeric_limits<double>::quiet_NaN() : x.ln();
}

}  // namespace

BatchStatistics::BatchStatistics(const Sweep& sweep, const RecordLayout& layout, Depth L)
    : sweep_(sweep), layout_(layout) {
  forward_last_.reserve(static_cast<std::size_t>(sweep.replicas_per_batch()));
  backward_first_.reserve(static_cast<std::size_t>(sweep.replicas_per_batch()));
  const auto end = std::upper_bound(sweep.layers.begin(), sweep.layers.end(), L.value());
  const auto recorded = static_cast<std::size_t>(end - sweep.layers.begin());
  for (const Quantity quantity : positive_quantities) {
    if (sweep.measures_quantity(quantity)) {
      measured_.push_back({quantity, std::vector<LogMoments>(recorded)});
    }
  }
  if (!sweep.measures_quantity(Quantity::correlation)) return;
  for (const Alikeness alikeness : all_alikenesses) {
    cosines_.push_back({alikeness, std::vector<Moments>(recorded), std::vector<LogMoments>(recorded)});
  }
}

void BatchStatistics::add(const NetworkSample& sample) {
  for (Measured& measured : measured_) {
    const auto& all = profile(sample, measured.quantity);
    for (std::size_t i = 0; i < measured.layers.size(); ++i) {
      measured.layers[i].add(all[layer_index(i)]);
    }
  }
  for (MeasuredCosine& measured : cosines_) add_cosine(measured, sample);
  forward_last_.push_back(ln_or_nan(sample.forward.back()));
  backward_first_.push_back(ln_or_nan(sample.backward.front()));
}

void BatchStatistics::add_cosine(MeasuredCosine& measured, const NetworkSample& sample) const {
  const auto& all = profile(sample, measured.alikeness);
  for (std::size_t i = 0; i < measured.values.size(); ++i) {
    const auto& cosine = all[layer_index(i)];
    if (!cosine) continue;
    measured.values[i].add(cosine->value);
    measured.distances[i].add(cosine->distance);
  }
}

std::vector<double> BatchStatistics::values() const {
  auto values = layout_.empty_values();
  for (const Measured& measured : measured_) write_layers(measured, values);
  for (const MeasuredCosine& measured : cosines_) write_cosine(measured, values);
  if (sweep_.measures_quantity(Quantity::forward)) write_replicas("forward_last", forward_last_, values);
  if (sweep_.measures_quantity(Quantity::backward)) write_replicas("backward_first", backward_first_, values);
  return values;
}

/// Where the row of `values` begins that belongs to a statistic of a quantity.
std::vector<double>::iterator BatchStatistics::row(std::string_view quantity, const char* statistic,
                                                   std::vector<double>& values) const {
  return values.begin() + layout_.offset(layout_.find(std::string(quantity) + statistic));
}

void BatchStatistics::write_cosine(const MeasuredCosine& measured, std::vector<double>& values) const {
  const std::string_view x = word_of(measured.alikeness);
  const auto mean = row(x, "_mean", values);
  const auto variance = row(x, "_variance", values);
  const auto log_distance_mean = row(x, "_log_distance_mean", values);
  const auto log_distance_variance = row(x, "_log_distance_variance", values);
  for (std::size_t i = 0; i < measured.values.size(); ++i) {
    const auto at = static_cast<std::ptrdiff_t>(i);
    mean[at] = measured.values[i].mean();
    variance[at] = measured.values[i].variance();
    log_distance_mean[at] = measured.distances[i].log_mean();
    log_distance_variance[at] = measured.distances[i].log_variance();
  }
}

void BatchStatistics::write_layers(const Measured& measured, std::vector<double>& values) const {
  const std::string_view x = word_of(measured.quantity);
  const auto log_mean = row(x, "_log_mean", values);
  const auto log_variance = row(x, "_log_variance", values);
  const auto log_of_mean = row(x, "_log_of_mean", values);
  const auto extinct = row(x, "_extinct", values);
  for (std::size_t i = 0; i < measured.layers.size(); ++i) {
    const auto at = static_cast<std::ptrdiff_t>(i);
    require_number(measured, i);
    log_mean[at] = measured.layers[i].log_mean();
    log_variance[at] = measured.layers[i].log_variance();
    log_of_mean[at] = measured.layers[i].log_of_mean();
    extinct[at] = static_cast<double>(measured.layers[i].extinct());
  }
}

/// A NaN that counts as a living network is a defect of ours: better a failed unit than a wrong one.
void BatchStatistics::require_number(const Measured& measured, std::size_t i) const {
  if (measured.layers[i].count() == 0 || std::isfinite(measured.layers[i].log_mean())) return;
  throw std::logic_error(std::string(word_of(measured.quantity)) + " of layer " +
                         std::to_string(sweep_.layers[i]) +
                         " is not a number: a defect of varprop, please report it");
}

void BatchStatistics::write_replicas(const std::string& name, const std::vector<double>& row,
                                     std::vector<double>& values) const {
  std::copy(row.begin(), row.end(), values.begin() + layout_.offset(layout_.find(name)));
}

}  // namespace varprop
