// Maps of words for the terminal: a letter for every weight variance, a row for every depth and width.
#pragma once

#include <cstddef>
#include <optional>
#include <ostream>
#include <span>
#include <string_view>
#include <vector>

#include "analysis/points/pairs.hpp"
#include "analysis/points/regimes.hpp"
#include "core/sweep/sweep.hpp"
#include "core/text/terminal_text.hpp"

namespace varprop::analysis {

/// A word that a point may have, and the letter that stands for it in a map.
struct MapWord {
  std::string_view word;
  char letter;
  TerminalColour colour;
};

/// What every point of a sweep has of a list of words: its place in the list; none where nothing is done.
struct WordsOfPoints {
  std::span<const MapWord> words;
  std::vector<std::optional<std::size_t>> places;
};
WordsOfPoints words_of_points(const std::vector<std::optional<Regime>>& regimes);
WordsOfPoints words_of_points(const std::vector<std::optional<DistanceRegime>>& regimes);

/// The letter of a regime; a blank where there is none.
char letter_of(std::optional<Regime> regime);
char letter_of(std::optional<DistanceRegime> regime);

/// Prints a legend and the maps: for every combination of the other axes one map with a row for every depth
/// and width and a letter for every weight variance, from left to right, beside the range of the first word.
void print_maps(const Sweep& sweep, const WordsOfPoints& points, std::ostream& out, bool coloured);

}  // namespace varprop::analysis
