// Words that findings, tables and charts share: shares, lists, a point by its name, a quantity by what it is.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/sweep/grid.hpp"
#include "core/sweep/measures.hpp"
#include "report/data/report_table.hpp"

namespace varprop::report {

using Sentences = std::vector<std::string>;

/// "33 %"; never 0 or 100 % of what is some or not all.
std::string share_text(std::int64_t part, std::int64_t whole);
/// A clause with its capital and its full stop.
std::string as_sentence(std::string text);
/// "a, b and c".
std::string listed(const std::vector<std::string>& parts);

/// What the page and the charts call a quantity.
struct QuantityWords {
  std::string noun;       ///< "weight gradient"
  std::string logarithm;  ///< "ln ω"
  std::string title;      ///< of its profile
  std::string change;     ///< what changes per layer, as a clause; empty where it gives no colours
};

/// Of those that a reader knows by other names than the file's; of others by their declaration.
QuantityWords quantity_words(Quantity quantity);

/// "tanh networks with bias variance 0.05 and width 1024": the coordinates that are known, as far as the grid
/// has more than one value of them.
std::string named_point(const Point& point, const Grid& grid, const AxisSet& known);

}  // namespace varprop::report
