#include "driver/verify/unit_comparison.hpp"

#include <fmt/format.h>

#include <bit>

#include "core/contracts.hpp"

namespace varprop {

namespace {

bool same_bits(double a, double b) {
  return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}

class Comparison {
 public:
  Comparison(const Sweep& sweep, const RecordLayout& layout, const Record& stored, const Record& computed)
      : sweep_(sweep),
        layout_(layout),
        stored_(stored.values),
        computed_(computed.values),
        depth_(sweep.point(stored.unit.point).depth) {}

  std::vector<RowDifference> rows() const {
    std::vector<RowDifference> different;
    for (std::size_t d = 0; d < layout_.datasets().size(); ++d) compare(d, different);
    return different;
  }

 private:
  void compare(std::size_t d, std::vector<RowDifference>& different) const {
    std::int64_t numbers = 0;
    for (std::int64_t i = 0; i < layout_.length(d); ++i) {
      const auto at = static_cast<std::size_t>(layout_.offset(d) + i);
      if (same_bits(stored_[at], computed_[at])) continue;
      if (numbers++ == 0) different.push_back(first_of(d, i, stored_[at], computed_[at]));
    }
    if (numbers > 0) different.back().numbers = numbers;
  }

  RowDifference first_of(std::size_t d, std::int64_t i, double stored, double computed) const {
    const Dataset& dataset = layout_.datasets()[d];
    if (dataset.row_axis == RowAxis::replica) {
      return {dataset.name, fmt::format("replica {}", i + 1), false, stored, computed, 1};
    }
    const std::int32_t layer = sweep_.layers[static_cast<std::size_t>(i)];
    return {dataset.name, fmt::format("layer {}", layer), layer > depth_.value(), stored, computed, 1};
  }

  const Sweep& sweep_;
  const RecordLayout& layout_;
  const std::vector<double>& stored_;
  const std::vector<double>& computed_;
  Depth depth_;
};

}  // namespace

std::optional<UnitDifference> compare_unit(const Sweep& sweep, const RecordLayout& layout,
                                           const Record& stored, const Record& computed) {
  VARPROP_EXPECT(stored.unit == computed.unit && stored.state == UnitState::done);
  UnitDifference difference{canonical_text(sweep.point(stored.unit.point), sweep.ensemble),
                            stored.unit.batch.value() + 1,
                            computed.failure,
                            {}};
  if (computed.state == UnitState::failed) return difference;
  difference.rows = Comparison(sweep, layout, stored, computed).rows();
  if (difference.rows.empty()) return std::nullopt;
  return difference;
}

}  // namespace varprop
