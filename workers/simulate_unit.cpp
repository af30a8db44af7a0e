#include "workers/simulate_unit.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <new>
#include <stdexcept>
#include <string>

#include "workers/engines.hpp"

namespace varprop::workers {

namespace {

double ln_or_nan(const Magnitude& x) {
  return x.zero() ? std::numeric_limits<double>::quiet_NaN() : x.ln();
}

/// The rows of a profile's statistics, as far as the layout has them.
template <class Measured, class Statistics>
void write_layers(const Measured& measured, const Statistics& statistics, const RecordLayout& layout,
                  std::vector<double>& values) {
  for (const auto& statistic : statistics) {
    const auto dataset = layout.position(std::string(measured.profile.name).append(statistic.suffix));
    if (!dataset) continue;
    const auto first = values.begin() + layout.offset(*dataset) + static_cast<std::ptrdiff_t>(measured.first);
    std::transform(measured.layers.begin(), measured.layers.end(), first, statistic.of);
  }
}

}  // namespace

BatchStatistics::BatchStatistics(const Sweep& sweep, const RecordLayout& layout, const Point& point)
    : sweep_(sweep),
      layout_(layout),
      L_(point.depth.value()),
      block_(point.block),
      first_layer_(has_stream(point.block) ? 0 : 1) {
  for (const Measure& measure_ : all_measures) {
    if (!sweep.measures_quantity(measure_.quantity)) continue;
    for (const Profile& profile : measure_.profiles) measure(profile);
  }
}

std::pair<std::size_t, std::size_t> BatchStatistics::recorded_from(std::int32_t first) const {
  const auto begin = std::lower_bound(sweep_.layers.begin(), sweep_.layers.end(), first);
  const auto end = std::upper_bound(begin, sweep_.layers.end(), L_);
  return {static_cast<std::size_t>(begin - sweep_.layers.begin()), static_cast<std::size_t>(end - begin)};
}

void BatchStatistics::measure(const Profile& profile) {
  const auto first_layer = first_layer_of(profile, block_);
  if (!first_layer) return;
  const auto [first, recorded] = recorded_from(*first_layer);
  switch (profile.kind) {
    case ProfileKind::positive:
      positives_.push_back(
          {profile, reading_of(profile, positive_readings), first, std::vector<LogMoments>(recorded), {}});
      positives_.back().of_replicas.reserve(static_cast<std::size_t>(sweep_.replicas_per_batch()));
      return;
    case ProfileKind::overlap:
      overlaps_.push_back(
          {profile, reading_of(profile, overlap_readings), first, std::vector<OverlapMoments>(recorded)});
      return;
    case ProfileKind::total:
      totals_.push_back({profile, reading_of(profile, total_readings), {}});
      totals_.back().of_replicas.reserve(static_cast<std::size_t>(sweep_.replicas_per_batch()));
  }
}

void BatchStatistics::add(const NetworkSample& sample) {
  for (Positive& measured : positives_) add(measured, sample);
  for (Overlap& measured : overlaps_) add(measured, sample);
  for (Total& measured : totals_) measured.of_replicas.push_back(ln_or_nan(measured.at(sample)));
}

void BatchStatistics::add(Positive& measured, const NetworkSample& sample) const {
  for (std::size_t i = 0; i < measured.layers.size(); ++i) {
    measured.layers[i].add(measured.at(sample, layer_index(measured.first + i)));
  }
  if (measured.profile.of_replicas.empty()) return;
  const std::size_t end =
      measured.profile.travel == Travel::up ? static_cast<std::size_t>(L_ - first_layer_) : 0;
  measured.of_replicas.push_back(ln_or_nan(measured.at(sample, end)));
}

void BatchStatistics::add(Overlap& measured, const NetworkSample& sample) const {
  for (std::size_t i = 0; i < measured.layers.size(); ++i) {
    const auto& cosine = measured.at(sample, layer_index(measured.first + i));
    if (!cosine) {
      ++measured.layers[i].without;
      continue;
    }
    measured.layers[i].values.add(cosine->value);
    measured.layers[i].distances.add(cosine->distance);
  }
}

std::vector<double> BatchStatistics::values() const {
  auto values = layout_.empty_values();
  for (const Positive& measured : positives_) {
    require_numbers(measured);
    write_layers(measured, positive_statistics, layout_, values);
    if (!measured.profile.of_replicas.empty()) write_replicas(measured.profile, measured.of_replicas, values);
  }
  for (const Overlap& measured : overlaps_) write_layers(measured, overlap_statistics, layout_, values);
  for (const Total& measured : totals_) write_replicas(measured.profile, measured.of_replicas, values);
  return values;
}

void BatchStatistics::write_replicas(const Profile& profile, const std::vector<double>& of_replicas,
                                     std::vector<double>& values) const {
  std::ranges::copy(of_replicas, values.begin() + layout_.offset(layout_.find(profile.of_replicas)));
}

/// A NaN that counts as a living network is a defect of ours: better a failed unit than a wrong one. Infinity
/// is none: a signal may explode beyond every magnitude.
void BatchStatistics::require_numbers(const Positive& measured) const {
  for (std::size_t i = 0; i < measured.layers.size(); ++i) {
    if (measured.layers[i].count() == 0 || !std::isnan(measured.layers[i].log_mean())) continue;
    throw std::logic_error(std::string(measured.profile.name) + " of layer " +
                           std::to_string(sweep_.layers[measured.first + i]) +
                           " is not a number: a defect of varprop, please report it");
  }
}

Record UnitSimulator::operator()(Unit unit, const StopFlag& stop) const {
  Record record{unit, UnitState::done, 0, {}, {}};
  const auto start = std::chrono::steady_clock::now();
  try {
    record.values = simulate(unit, stop);
  } catch (const Stopped&) {
    throw;
  } catch (const std::bad_alloc&) {
    throw;  // it is not the unit's fault
  } catch (const std::exception& error) {
    record.state = UnitState::failed;
    record.failure = error.what();
  }
  record.wall_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return record;
}

std::vector<double> UnitSimulator::simulate(Unit unit, const StopFlag& stop) const {
  const Point point = sweep_.point(unit.point);
  const PointSeed seed{sweep_.seed, hash_text(canonical_text(point, sweep_.network))};
  const auto engine = make_engine(point, sweep_.network, seed);
  NetworkSample sample(point);
  if (sweep_.measures_quantity(Quantity::activations)) sample.ask_for_activations();
  BatchStatistics statistics(sweep_, layout_, point);
  const std::int64_t count = sweep_.replicas_per_batch();
  const std::int64_t first = unit.batch.value() * count;
  for (std::int64_t replica = first; replica < first + count; ++replica) {
    engine->simulate(static_cast<std::uint32_t>(replica), sample, stop);
    statistics.add(sample);
  }
  return statistics.values();
}

}  // namespace varprop::workers
