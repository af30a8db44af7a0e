// The whole explanation: its chapters, whatever they are drawn with, simulated there and then; and its
// numbers for programs.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "core/network/axis.hpp"
#include "driver/explain/measurement.hpp"

namespace varprop::driver {

struct ExplainSetting {
  std::int64_t width = 100;  ///< n of the reader's network
  std::uint64_t seed = 1;    ///< of all simulations

  /// n of the chapters that draw every weight of a layer, n² of them.
  std::int64_t drawn_width() const { return std::min<std::int64_t>(width, largest_drawn_width); }

  static constexpr std::int64_t largest_drawn_width = 1000;
};

/// Below 8 neurons most ReLU networks of 50 layers are dead; above, nothing new is to be seen.
inline constexpr Limits explained_widths{.low = 8, .high = 100000, .whole = true};

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

/// The chapters, in the order in which they are told. Adding one: a file in chapters/ that defines it, and
/// its name here.
Chapter tell_your_numbers(const ExplainSetting& setting);
Chapter tell_luck_everywhere(const ExplainSetting& setting);
Chapter tell_small_times_small(const ExplainSetting& setting);
Chapter tell_gradient(const ExplainSetting& setting);
Chapter tell_unknown_input(const ExplainSetting& setting);
Chapter tell_depth(const ExplainSetting& setting);
Chapter tell_relu(const ExplainSetting& setting);
Chapter tell_one_network(const ExplainSetting& setting);
Chapter tell_what_to_do(const ExplainSetting& setting);

inline constexpr std::array all_chapters{tell_your_numbers, tell_luck_everywhere, tell_small_times_small,
                                         tell_gradient,     tell_unknown_input,   tell_depth,
                                         tell_relu,         tell_one_network,     tell_what_to_do};

struct Explanation {
  ExplainSetting setting;
  std::vector<Chapter> chapters;
};

/// Simulates all chapters, some seconds. The same setting gives the same numbers.
Explanation explain(const ExplainSetting& setting);

/// All measured numbers, in the order of the chapters.
std::vector<Measurement> measurements_of(const Explanation& explanation);

/// The smallest p-value among them, at least 1 number given.
double smallest_p_value(const std::vector<Measurement>& measurements);

/// The question, and what it is answered with.
std::string opening_words(const Explanation& explanation);

/// How well the measured numbers agree with the exact ones, all together.
std::string closing_words(const Explanation& explanation);

/// One object: seed, width, and `numbers`, an array of objects with chapter, name, measured, standard_error,
/// exact, samples, test and p_value. Numbers are rounded to twelve digits, within which they are the same on
/// every machine.
std::string explanation_json(const Explanation& explanation);

}  // namespace varprop::driver
