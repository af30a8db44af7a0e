// A chapter of the explanation: paragraphs, small tables and histograms, whatever they are drawn with.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "driver/explain/measurement.hpp"

namespace varprop {

/// Built from top to bottom. Every number that stands in a measured row is kept as a Measurement too, so that
/// no number is shown without its test.
class Chapter {
 public:
  struct Paragraph {
    std::string text;
  };
  /// Cells are text; the first column is set to the left, the others to the right.
  struct Table {
    std::vector<std::string> columns;
    std::vector<std::vector<std::string>> rows;
  };
  /// Counts in bins of equal width.
  struct Histogram {
    std::string title;
    double first;                      ///< lower end of the first bin
    double width;                      ///< of a bin
    std::vector<std::int64_t> counts;  ///< per bin
    std::vector<std::string> labels;   ///< of the bins; empty: a bin has none
  };
  using Block = std::variant<Paragraph, Table, Histogram>;

  explicit Chapter(std::string title) : title_(std::move(title)) {}

  void say(std::string text) { blocks_.emplace_back(Paragraph{std::move(text)}); }

  /// Begins a table of plain text.
  void begin_table(std::vector<std::string> columns);
  void add_row(std::vector<std::string> cells);

  /// Begins a table whose rows end in a measured number: `labels`, then `what` was measured, its error,
  /// exact.
  void begin_measured_table(std::vector<std::string> labels, std::string what = "measured");
  void add_measured_row(std::vector<std::string> labels, Measurement measurement);

  void draw(Histogram histogram) { blocks_.emplace_back(std::move(histogram)); }

  const std::string& title() const { return title_; }
  const std::vector<Block>& blocks() const { return blocks_; }
  const std::vector<Measurement>& measurements() const { return measurements_; }

 private:
  std::string title_;
  std::vector<Block> blocks_;
  std::vector<Measurement> measurements_;
};

}  // namespace varprop
