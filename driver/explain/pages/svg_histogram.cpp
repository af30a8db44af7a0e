#include "driver/explain/pages/svg_histogram.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "driver/explain/pages/html_page.hpp"

namespace varprop {

namespace {

constexpr double width = 640, height = 180, margin = 24;

std::string bar(const Chapter::Histogram& histogram, std::size_t i, std::int64_t most) {
  const double step = width / static_cast<double>(histogram.counts.size());
  const double length = height * static_cast<double>(histogram.counts[i]) / static_cast<double>(most);
  return fmt::format(
      "<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\"><title>{}: {}</title></rect>\n",
      static_cast<double>(i) * step + 1, height - length, step - 2, length, html_escaped(histogram.labels[i]),
      histogram.counts[i]);
}

/// Below the bars: labels of at most four bins.
std::string axis(const Chapter::Histogram& histogram) {
  const std::size_t bins = histogram.counts.size(), stride = std::max<std::size_t>(1, bins / 4);
  const double step = width / static_cast<double>(bins);
  std::string text;
  for (std::size_t i = stride / 2; i < bins; i += stride) {
    text +=
        fmt::format("<text x=\"{:.1f}\" y=\"{:.0f}\" text-anchor=\"middle\">{}</text>\n",
                    (static_cast<double>(i) + 0.5) * step, height + 17, html_escaped(histogram.labels[i]));
  }
  return text;
}

}  // namespace

std::string svg_histogram(const Chapter::Histogram& histogram) {
  const auto most =
      std::max<std::int64_t>(1, *std::max_element(histogram.counts.begin(), histogram.counts.end()));
  std::string text = fmt::format("<svg viewBox=\"0 0 {:.0f} {:.0f}\" role=\"img\" aria-label=\"{}\">\n",
                                 width, height + margin, html_escaped(histogram.title));
  for (std::size_t i = 0; i < histogram.counts.size(); ++i) text += bar(histogram, i, most);
  return text + axis(histogram) + "</svg>\n";
}

}  // namespace varprop
