#include "analysis/results/rates.hpp"

#include <algorithm>
#include <cmath>

#include "core/errors.hpp"

namespace varprop::analysis {

namespace {

/// Why a window from `settled` on, and `distance` away from the ends, has too few layers: which condition
/// alone takes too many, else that too few of what is left are recorded.
theory::Reason why_no_window(double distance, double settled, std::int32_t depth, WindowEnds ends) {
  const double last = ends == WindowEnds::input ? depth : std::floor(depth - distance);
  const auto fits = [&](double from) { return last - std::max(1.0, std::ceil(from)) + 1 >= least_window; };
  if (!fits(distance)) return {theory::Reason::window_near_ends, distance, static_cast<double>(depth)};
  if (!fits(settled)) return {theory::Reason::window_after_onset, std::ceil(settled), last};
  return {theory::Reason::window_not_recorded, std::max(1.0, std::ceil(settled)), last};
}

}  // namespace

theory::ValueOrReason<Window> find_window(std::span<const std::int32_t> layers, std::int32_t depth,
                                          const theory::ValueOrReason<double>& transient, WindowEnds ends,
                                          double onset) {
  if (!transient) {
    const bool slow = transient.reason() == theory::Reason::chi_q_is_1;
    return slow ? theory::Reason::window_of_no_length : transient.reason();
  }
  const double distance = window_distance * *transient;
  const double settled = onset > 0 ? std::max(distance, onset + onset_distance * *transient) : distance;
  const auto near_input = [&](std::int32_t l) { return l < settled; };
  const auto far_from_output = [&](std::int32_t l) {
    return ends == WindowEnds::input || depth - l >= distance;
  };
  const auto begin = std::partition_point(layers.begin(), layers.end(), near_input);
  const auto end = std::partition_point(begin, layers.end(), far_from_output);
  if (begin == end || *(end - 1) - *begin + 1 < least_window)
    return why_no_window(distance, settled, depth, ends);
  return Window{static_cast<std::size_t>(begin - layers.begin()),
                static_cast<std::size_t>(end - layers.begin()) - 1};
}

namespace {

double end_point_slope(std::span<const std::int32_t> layers, std::span<const double> y) {
  return (y.back() - y.front()) / (layers.back() - layers.front());
}

double least_squares_slope(std::span<const std::int32_t> layers, std::span<const double> y) {
  double mean_l = 0, mean_y = 0;
  const auto count = static_cast<double>(layers.size());
  for (std::size_t i = 0; i < layers.size(); ++i) {
    mean_l += layers[i] / count;
    mean_y += y[i] / count;
  }
  double covariance = 0, variance = 0;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    covariance += (layers[i] - mean_l) * (y[i] - mean_y);
    variance += (layers[i] - mean_l) * (layers[i] - mean_l);
  }
  return covariance / variance;
}

}  // namespace

double slope(std::span<const std::int32_t> layers, std::span<const double> log_mean, Window window,
             SlopeMethod method) {
  VARPROP_EXPECT(window.first < window.last && window.last < layers.size() &&
                 layers.size() == log_mean.size());
  const std::size_t count = window.last - window.first + 1;
  const auto l = layers.subspan(window.first, count);
  const auto y = log_mean.subspan(window.first, count);
  return method == SlopeMethod::end_points ? end_point_slope(l, y) : least_squares_slope(l, y);
}

theory::ValueOrReason<Estimate> mean_slope(const PointResults& results, const QuantityResults& quantity,
                                           Window window, SlopeMethod method) {
  std::vector<double> slopes;
  const std::int32_t first = results.layers[window.first], last = results.layers[window.last];
  double largest = 0;
  for (std::int32_t batch = 0; batch < results.batches_done; ++batch) {
    const auto log_mean = profile(results, quantity, batch);
    slopes.push_back(slope(results.layers, log_mean, window, method));
    for (const std::size_t end : {window.first, window.last})
      largest = std::fmax(largest, std::abs(log_mean[end]));
  }
  if (std::isinf(largest)) return theory::Reason::grows_ever_faster;
  const auto estimate = mean_of(slopes, log_rounding(largest, last) / (last - first));
  if (!estimate) return theory::Reason::all_extinct;
  return *estimate;
}

}  // namespace varprop::analysis
