// Chapter 1: how lucky −999.99 + 1000 − 100.99 + 101 = 0.02 is.
#include <fmt/format.h>

#include <array>
#include <cmath>
#include <cstdlib>
#include <vector>

#include "driver/explain/draws.hpp"
#include "driver/explain/explanation.hpp"
#include "driver/explain/measurement.hpp"

namespace varprop::driver {

namespace {

/// The four numbers in hundredths, so that their sums are exact.
constexpr std::array<int, 4> hundredths{99999, 100000, 10099, 10100};
constexpr int near_hundredths = 2;
constexpr double near = 0.02;

/// Pattern bits: 1 is a minus.
bool lands(unsigned pattern) {
  int sum = 0;
  for (std::size_t i = 0; i < hundredths.size(); ++i)
    sum += pattern >> i & 1 ? -hundredths[i] : hundredths[i];
  return std::abs(sum) <= near_hundredths;
}

int landing_patterns() {
  int count = 0;
  for (unsigned pattern = 0; pattern < 16; ++pattern) count += lands(pattern) ? 1 : 0;
  return count;
}

double root_mean_square() {
  double sum = 0;
  for (const int x : hundredths) sum += 1e-4 * x * x;
  return std::sqrt(sum / static_cast<double>(hundredths.size()));
}

Measurement random_signs(const ExplainSetting& setting) {
  constexpr std::int64_t draws = 1000, patterns_per_draw = 16;
  const Stream stream(experiment_key(setting.seed, "signs"), 0, 0, Purpose::weight);
  std::int64_t hits = 0;
  for (std::int64_t d = 0; d < draws; ++d) {
    std::uint64_t bits = stream.draw(static_cast<std::uint64_t>(d));
    for (std::int64_t i = 0; i < patterns_per_draw; ++i, bits >>= 4) hits += lands(bits & 15) ? 1 : 0;
  }
  return measured_share("your numbers, random signs", hits, draws * patterns_per_draw,
                        landing_patterns() / 16.0);
}

/// Sums of four normals of rms `size`.
struct FourTerms {
  std::int64_t sums = 0;
  std::int64_t hits = 0;  ///< |z| ≤ 0.02
  double squares = 0;     ///< Σ z²
  Chapter::Histogram histogram;
};

Chapter::Histogram empty_histogram() {
  constexpr int bins = 20;
  constexpr double first = -5000, width = 500;
  Chapter::Histogram histogram{"Where the sum of four such terms lands", first, width, {}, {}};
  histogram.counts.resize(bins);
  for (int i = 0; i < bins; ++i) {
    histogram.labels.push_back(fmt::format("{:.0f} to {:.0f}", first + i * width, first + (i + 1) * width));
  }
  return histogram;
}

void count(double z, FourTerms& result) {
  ++result.sums;
  result.squares += z * z;
  if (std::fabs(z) <= near) ++result.hits;
  const double bin = std::floor((z - result.histogram.first) / result.histogram.width);
  if (bin >= 0 && bin < static_cast<double>(result.histogram.counts.size())) {
    ++result.histogram.counts[static_cast<std::size_t>(bin)];
  }
}

FourTerms four_gaussian_terms(const ExplainSetting& setting, double size) {
  constexpr std::int64_t rows = 64, row_length = 1 << 18;
  FourTerms result{.histogram = empty_histogram()};
  RandomRow draw(experiment_key(setting.seed, "four terms"), Purpose::weight, row_length);
  for (std::int64_t row = 0; row < rows; ++row) {
    const auto terms = draw(row).first(row_length);
    for (std::size_t i = 0; i < terms.size(); i += 4) {
      count(size * ((terms[i] + terms[i + 1]) + (terms[i + 2] + terms[i + 3])), result);
    }
  }
  return result;
}

Measurement sum_of_terms(const ExplainSetting& setting, double size, std::int64_t n, std::int64_t sums) {
  RandomRow draw(experiment_key(setting.seed, fmt::format("{} terms", n)), Purpose::weight, n);
  const std::vector<double> ones(workers::padded(n), 1);
  double squares = 0;
  for (std::int64_t i = 0; i < sums; ++i) {
    const double z = workers::inner_product(draw(i), ones);
    squares += z * z;
  }
  return measured_rms(fmt::format("rms of {} terms", n), squares / static_cast<double>(n), sums,
                      size * std::sqrt(static_cast<double>(n)));
}

void tell_the_luck(Chapter& chapter, const ExplainSetting& setting, double size, FourTerms& terms) {
  const double deviation = 2 * size;  // √4 terms
  chapter.begin_measured_table({"how often is the sum within 0.02?"}, "measured");
  chapter.add_measured_row({"the four numbers, random signs"}, random_signs(setting));
  chapter.add_measured_row({fmt::format("four random terms of size {:.0f}", size)},
                           measured_share("four random terms", terms.hits, terms.sums,
                                          std::erf(near / (deviation * std::sqrt(2.0)))));
}

void tell_the_growth(Chapter& chapter, const ExplainSetting& setting, double size, const FourTerms& terms) {
  chapter.begin_measured_table({"terms", "if all had one sign"}, "rms of sum");
  const auto row = [&](std::int64_t n, Measurement m) {
    chapter.add_measured_row({std::to_string(n), fmt::format("{:.0f}", size * static_cast<double>(n))},
                             std::move(m));
  };
  row(4, measured_rms("rms of 4 terms", terms.squares / (4 * size * size), terms.sums, 2 * size));
  row(100, sum_of_terms(setting, size, 100, 40000));
  row(10000, sum_of_terms(setting, size, 10000, 2000));
}

}  // namespace

Chapter tell_your_numbers(const ExplainSetting& setting) {
  const double size = root_mean_square();
  FourTerms terms = four_gaussian_terms(setting, size);
  Chapter chapter("The learner's four numbers, and how lucky they were");
  chapter.say(fmt::format(
      "A learner objects: -999.99 + 1000 - 100.99 + 101 = 0.02. Large terms cancel, so why should weights be "
      "small? "
      "How likely is such a sum? "
      "Keep the four sizes and toss a coin for each sign. There are 16 patterns, and {} of them land within "
      "0.02 of zero. That is often, but only because the sizes were chosen in nearly equal pairs.",
      landing_patterns()));
  chapter.say(fmt::format(
      "Now take four terms that nobody chose: independent Gaussian numbers of the same typical size (root "
      "mean square, rms) {:.0f}. Their sum z is Gaussian too, and spread over thousands. The window from "
      "-0.02 to 0.02 is so narrow that z falls into it about once in 90 000 tries.",
      size));
  tell_the_luck(chapter, setting, size, terms);
  chapter.say(
      "\"Measured\" was simulated a moment ago, \"error\" is one standard error of it, and \"exact\" is what "
      "the mathematics says. So it is in every table below.");
  chapter.draw(terms.histogram);
  chapter.say(
      fmt::format("The typical size of the sum is {:.1f} x √4 = {:.0f}. Cancellation is real, but it has a "
                  "law: variances add, so n terms of both signs sum to √n times one term instead of n times. "
                  "It never brings the sum back to the size of 0.02.",
                  size, 2 * size));
  tell_the_growth(chapter, setting, size, terms);
  return chapter;
}

}  // namespace varprop::driver
