// What a results file holds, declared once: creating, opening, sizing and the tests of docs/file-format.md
// follow it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/sweep/sweep.hpp"

namespace varprop {

/// Files of a whole sweep, and of one shard of it.
inline constexpr std::string_view results_filetype = "varprop-results";
inline constexpr std::string_view shard_filetype = "varprop-shard";

struct Dimension {
  std::string name;
  std::uint64_t length;
};

enum class StoredType { float64, int32, uint8, text };

/// One value of a variable with a word for it (CF: flag_values, flag_meanings).
struct Flag {
  std::uint8_t value;
  std::string meaning;
};

/// A root dataset.
struct Variable {
  std::string name;
  StoredType type;
  std::vector<std::string> dimensions;  ///< slowest first
  std::string units;                    ///< empty where it has none; "1" for pure numbers
  std::string long_name;
  double fill = 0;                  ///< what the array holds from the start
  bool fill_means_missing = false;  ///< the fill stands in _FillValue, so that readers hide it
  std::vector<Flag> flags;

  /// A coordinate: the scale of the dimension of its name.
  bool is_scale() const { return dimensions.size() == 1 && dimensions.front() == name; }
};

/// The dimensions that a grid's points are told along, slowest first: the axes (is_dimension() in
/// core/sweep/grid.hpp), or `point` where they are listed; their scales, or `point` and the axes as
/// coordinates along it; and the scale of the recorded layers.
std::vector<std::string> grid_dimensions(const Grid& grid);
std::vector<Variable> grid_coordinates(const Grid& grid);
Variable layer_coordinate();

/// The names of the axes where they are coordinates of listed points, for the file's attribute `coordinates`
/// (CF); empty where they are dimensions.
std::string coordinate_names(const Grid& grid);

/// The variable of a shard that says which point a unit is of.
std::string_view name_of_unit_points(const Grid& grid);

/// How long each of these dimensions is.
std::vector<std::uint64_t> grid_extents(const Grid& grid);

/// The format that a file of this grid has: `oldest`, or what the newest of its dimensions asks for.
FormatVersion format_of(const Grid& grid, FormatVersion oldest);
/// The format that the sweep's file has: its own, or what its dimensions and measures ask for.
FormatVersion format_of(const Sweep& sweep);
/// The newest format that this program reads.
FormatVersion newest_format();

/// The file's dimensions: the grid's, then batch (in a shard unit), layer, replica.
std::vector<Dimension> dimensions(const Sweep& sweep, const HeldUnits& units);

/// The root datasets in the order of their creation; text comes last (Octave stops reading there). In a shard
/// one dimension, unit, stands in the place of the grid's and batch, and point (of listed points:
/// point_of_unit) and batch say which unit it is.
std::vector<Variable> variables(const Sweep& sweep, const HeldUnits& units);

/// Lengths of a variable's dimensions.
std::vector<std::uint64_t> extents(const Variable& variable, const std::vector<Dimension>& dimensions);

/// Bytes that one element takes in the file.
std::uint64_t bytes_of(StoredType type);

}  // namespace varprop
