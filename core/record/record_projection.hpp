// A unit's record as another sweep would have written it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/record/record.hpp"

namespace varprop {

/// Takes the rows that the sweep `to` asks for out of rows that the sweep `from` recorded: fewer datasets,
/// fewer layers. Both have the same number of replicas per batch.
class RecordProjection {
 public:
  RecordProjection(const Sweep& from, const Sweep& to);

  /// Datasets that `to` asks for and `from` does not have. Where there is one, nothing can be projected.
  const std::vector<std::string>& missing_datasets() const { return missing_datasets_; }
  /// The first layer that `to` asks for and `from` did not record; nothing where it recorded all.
  std::optional<std::int32_t> missing_layer() const { return missing_layer_; }
  /// All that `to` asks for of networks of this depth was recorded.
  bool suffices(Depth depth) const {
    return missing_datasets_.empty() && (!missing_layer_ || depth.value() < *missing_layer_);
  }

  /// Record::values in the layout of `to`, from values in the layout of `from`, of a point whose depth
  /// suffices; layers beyond it hold the fill.
  std::vector<double> operator()(const std::vector<double>& values) const;

 private:
  static constexpr std::int64_t nowhere = -1;

  RecordLayout to_layout_;
  std::vector<std::int64_t> sources_;  ///< by position in the new values: position in the old, or nowhere
  std::vector<std::string> missing_datasets_;
  std::optional<std::int32_t> missing_layer_;
};

}  // namespace varprop
