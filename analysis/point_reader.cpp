#include "analysis/point_reader.hpp"

#include <algorithm>
#include <array>

#include "core/contracts.hpp"

namespace varprop {

namespace {

constexpr std::int64_t block_bytes = std::int64_t{32} << 20;

/// The quantities that have a value at the end of their travel.
constexpr std::array travelling{Quantity::forward, Quantity::backward};

std::string end_dataset(Quantity quantity) {
  VARPROP_EXPECT(quantity == Quantity::forward || quantity == Quantity::backward);
  return quantity == Quantity::forward ? "forward_last" : "backward_first";
}

std::optional<QuantityResults> PointResults::*member_of(Quantity quantity) {
  return quantity == Quantity::forward ? &PointResults::forward : &PointResults::backward;
}

/// One dataset's rows of a block of points.
struct Block {
  std::vector<double> values;
  std::int64_t row_length;

  std::span<const double> row(std::int64_t row) const {
    return std::span(values).subspan(static_cast<std::size_t>(row * row_length),
                                     static_cast<std::size_t>(row_length));
  }
};

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
  for (const Quantity quantity : travelling) {
    if (file_.sweep().measures_quantity(quantity)) read_quantity(quantity, first, points);
  }
  return points;
}

PointResults PointReader::empty_point(PointIndex index) const {
  const Sweep& sweep = file_.sweep();
  PointResults results{.point = sweep.point(index)};
  const auto begin = states_.begin() + sweep.slot({index, BatchIndex(0)});
  results.batches_done = static_cast<std::int32_t>(std::count(begin, begin + sweep.batches, UnitState::done));
  const auto beyond = std::upper_bound(sweep.layers.begin(), sweep.layers.end(), results.point.depth.value());
  results.layers.assign(sweep.layers.begin(), beyond);
  for (const Quantity quantity : travelling) {
    if (sweep.measures_quantity(quantity)) (results.*member_of(quantity)).emplace();
  }
  return results;
}

bool PointReader::anything_done(PointIndex first, std::int64_t count) const {
  const std::int64_t batches = file_.sweep().batches;
  const auto begin = states_.begin() + first.value() * batches;
  return std::find(begin, begin + count * batches, UnitState::done) != begin + count * batches;
}

void PointReader::read_quantity(Quantity quantity, PointIndex first,
                                std::vector<PointResults>& points) const {
  const Sweep& sweep = file_.sweep();
  const auto count = static_cast<std::int64_t>(points.size());
  const Block log_mean{file_.read(std::string(word_of(quantity)) + "_log_mean", first, count),
                       row_length(sweep, RowAxis::layer)};
  const Block at_end{file_.read(end_dataset(quantity), first, count), row_length(sweep, RowAxis::replica)};
  const std::int64_t first_slot = first.value() * sweep.batches;
  for (std::int64_t row = 0; row < count * sweep.batches; ++row) {
    if (states_[static_cast<std::size_t>(first_slot + row)] != UnitState::done) continue;
    PointResults& results = points[static_cast<std::size_t>(row / sweep.batches)];
    QuantityResults& rows = *(results.*member_of(quantity));
    append(rows.log_mean, log_mean.row(row).first(results.layers.size()));
    append(rows.at_end, at_end.row(row));
  }
}

}  // namespace varprop
