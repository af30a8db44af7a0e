// Chapter 3: small weights times small inputs do not make the signal vanish.
#include <fmt/format.h>

#include <cmath>

#include "driver/explain/draws.hpp"
#include "driver/explain/explanation.hpp"
#include "driver/explain/measurement.hpp"

namespace varprop::driver {

namespace {

/// Of neurons with Var w = 1/n and |x|² = n: Σ over neurons of Σ_j (w_j x_j)², and of z².
struct Sums {
  std::int64_t neurons = 0;
  double products = 0;
  double z = 0;
};

Sums draw_neurons(const ExplainSetting& setting, std::int64_t n) {
  Sums sums{.neurons = 1000000 / n};
  const PointKey key = experiment_key(setting.seed, "small times small");
  RandomRow weights(key, Purpose::weight, n), input(key, Purpose::input, n);
  std::vector<double> squared_w(workers::padded(n)), squared_x(workers::padded(n));
  for (std::int64_t i = 0; i < sums.neurons; ++i) {
    const auto w = weights(i), x = input(i);
    const double k_x = 1 / workers::inner_product(x, x);  // Var w = 1/n, and x scaled to |x|² = n
    for (std::size_t j = 0; j < w.size(); ++j) squared_w[j] = w[j] * w[j], squared_x[j] = x[j] * x[j];
    const double z = workers::inner_product(w, x);
    sums.products += k_x * workers::inner_product(squared_w, squared_x);
    sums.z += k_x * z * z;
  }
  return sums;
}

/// Given x on the sphere |x|² = n, Σ_j (w_j x_j)² has mean 1 and variance 2 Σ x_j⁴/n²; E x_j⁴ = 3n/(n+2).
void tell_terms(Chapter& chapter, const ExplainSetting& setting) {
  const std::int64_t n = setting.drawn_width();
  const auto N = static_cast<double>(n);
  const Sums sums = draw_neurons(setting, n);
  chapter.begin_measured_table({"typical size (rms) of"});
  chapter.add_measured_row(
      {"one product w x"},
      measured_root("rms of one product", sums.products / static_cast<double>(sums.neurons) / N, sums.neurons,
                    {1 / N, 6 / ((N + 2) * N * N)}));
  chapter.add_measured_row({fmt::format("z, the sum of {} of them", n)},
                           measured_rms("rms of their sum", sums.z, sums.neurons, 1));
}

Measurement gain(const ExplainSetting& setting, double weight_variance, double size) {
  DrawnLayer layer({.name = fmt::format("gain {} {}", weight_variance, size),
                    .weight_variance = weight_variance,
                    .input_size = size},
                   setting.drawn_width(), setting.seed);
  const std::int64_t layers = layer_count(layer.n(), 4e6);
  const double sum = sum_of_relative_squares(layer, layers);
  return measured_rms(fmt::format("rms of z, n Var w = {}, x of size {}", weight_variance, size), sum,
                      layers * layer.n(), size * std::sqrt(weight_variance));
}

void tell_gains(Chapter& chapter, const ExplainSetting& setting) {
  chapter.begin_measured_table({"n·Var w", "√(n·Var w)", "rms of x"}, "rms of z");
  for (const double weight_variance : {0.25, 1.0, 4.0}) {
    for (const double size : {1.0, 0.01}) {
      chapter.add_measured_row(
          {number_text(weight_variance), number_text(std::sqrt(weight_variance)), number_text(size)},
          gain(setting, weight_variance, size));
    }
  }
}

}  // namespace

Chapter tell_small_times_small(const ExplainSetting& setting) {
  const std::int64_t n = setting.drawn_width();
  Chapter chapter("Small times small");
  chapter.say(fmt::format(
      "\"0.01 x 0.01 = 0.0001, so the signal must vanish.\" But only the weights are small: x has size 1. "
      "With {} inputs and Var w = 1/n a weight has the size √(1/n) = {:.3g}, and so has each product. Then "
      "{} products of both signs add up, in quadrature: √n times {:.3g} is 1.",
      n, 1 / std::sqrt(static_cast<double>(n)), n, 1 / std::sqrt(static_cast<double>(n))));
  tell_terms(chapter, setting);
  chapter.say(
      "And if x itself is small? Then z is as small as x, no smaller: 0.01, not 0.0001. A layer multiplies "
      "whatever comes in by its gain √(n·Var w). The gain does not know the size of x.");
  tell_gains(chapter, setting);
  return chapter;
}

}  // namespace varprop::driver
