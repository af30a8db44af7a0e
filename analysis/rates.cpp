#include "analysis/rates.hpp"

#include "core/contracts.hpp"

namespace varprop {

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

Reasoned<MeanEstimate> mean_slope(const PointResults& results, const QuantityResults& quantity, Window window,
                                  SlopeMethod method) {
  std::vector<double> slopes;
  for (std::int32_t batch = 0; batch < results.batches_done; ++batch) {
    slopes.push_back(slope(results.layers, profile(results, quantity, batch), window, method));
  }
  const auto estimate = mean_of(slopes);
  if (!estimate) return Reasoned<MeanEstimate>::none("every network of every batch is extinct in the window");
  return *estimate;
}

}  // namespace varprop
