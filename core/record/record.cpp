#include "core/record/record.hpp"

#include <algorithm>
#include <limits>

#include "core/contracts.hpp"

namespace varprop {

namespace {

void add_layer_datasets(Quantity quantity, std::vector<Dataset>& all) {
  const std::string x(word_of(quantity));
  const std::string of = " of " + std::string(definition(quantity));
  all.push_back({x + "_log_mean", Element::float64, RowAxis::layer,
                 "mean over the batch's non-extinct replicas of the natural logarithm" + of});
  all.push_back({x + "_log_variance", Element::float64, RowAxis::layer,
                 "unbiased variance over the batch's non-extinct replicas of the natural logarithm" + of});
  all.push_back({x + "_log_of_mean", Element::float64, RowAxis::layer,
                 "natural logarithm of the arithmetic mean over the batch's replicas" + of});
  all.push_back(
      {x + "_extinct", Element::int32, RowAxis::layer, "number of the batch's replicas with a zero" + of});
}

void add_alikeness_datasets(Alikeness alikeness, std::vector<Dataset>& all) {
  const std::string x(word_of(alikeness));
  const std::string of = " of " + std::string(definition(alikeness));
  const std::string distance = " of the natural logarithm of its distance from 1,";
  all.push_back({x + "_mean", Element::float64, RowAxis::layer, "mean over the batch's replicas" + of});
  all.push_back({x + "_variance", Element::float64, RowAxis::layer,
                 "unbiased variance over the batch's replicas" + of});
  all.push_back({x + "_log_distance_mean", Element::float64, RowAxis::layer, "mean" + distance + of});
  all.push_back(
      {x + "_log_distance_variance", Element::float64, RowAxis::layer, "unbiased variance" + distance + of});
}

}  // namespace

double fill_value(Element element) {
  return element == Element::int32 ? -1.0 : std::numeric_limits<double>::quiet_NaN();
}

std::vector<Dataset> datasets(const Sweep& sweep) {
  std::vector<Dataset> all;
  for (const Quantity quantity : positive_quantities) {
    if (sweep.measures_quantity(quantity)) add_layer_datasets(quantity, all);
  }
  if (sweep.measures_quantity(Quantity::correlation)) {
    for (const Alikeness alikeness : all_alikenesses) add_alikeness_datasets(alikeness, all);
  }
  if (sweep.measures_quantity(Quantity::forward)) {
    all.push_back({"forward_last", Element::float64, RowAxis::replica, "ln q_L of every replica"});
  }
  if (sweep.measures_quantity(Quantity::backward)) {
    all.push_back({"backward_first", Element::float64, RowAxis::replica, "ln g_1 of every replica"});
  }
  return all;
}

std::int64_t row_length(const Sweep& sweep, RowAxis axis) {
  return axis == RowAxis::layer ? static_cast<std::int64_t>(sweep.layers.size()) : sweep.replicas_per_batch();
}

RecordLayout::RecordLayout(const Sweep& sweep) : datasets_(varprop::datasets(sweep)), offsets_{0} {
  for (const Dataset& dataset : datasets_)
    offsets_.push_back(offsets_.back() + row_length(sweep, dataset.row_axis));
}

std::size_t RecordLayout::find(const std::string& name) const {
  const auto found =
      std::find_if(datasets_.begin(), datasets_.end(), [&](const Dataset& d) { return d.name == name; });
  VARPROP_EXPECT(found != datasets_.end());
  return static_cast<std::size_t>(found - datasets_.begin());
}

std::vector<double> RecordLayout::empty_values() const {
  std::vector<double> values(static_cast<std::size_t>(size()));
  for (std::size_t d = 0; d < datasets_.size(); ++d) {
    std::fill_n(values.begin() + offset(d), length(d), fill_value(datasets_[d].element));
  }
  return values;
}

}  // namespace varprop
