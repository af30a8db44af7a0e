#include "driver/sweep_file/grid_reader.hpp"

#include <fmt/format.h>

#include "core/errors.hpp"
#include "core/sweep/listed_grid.hpp"
#include "driver/sweep_file/axis_values.hpp"
#include "driver/sweep_file/grid_points.hpp"
#include "driver/sweep_file/point_file.hpp"

namespace varprop::driver {

namespace {

/// Reads one table into the values of its axes.
class TableReader {
 public:
  TableReader(const GridTable& table, const PointFiles& files) : table_(table), files_(files) {}

  TableAxes read() {
    read_zips();
    read_point_file();
    for_each_axis([&](const auto& axis) { read_axis(axis); });
    check_zips();
    return std::move(axes_);
  }

 private:
  /// zip = [["width", "depth"]]: groups of axes by their names.
  void read_zips() {
    const auto setting = table_.find("zip");
    if (!setting) return;
    const toml::array* const groups = setting->node().as_array();
    if (groups == nullptr || groups->empty()) refuse_zip(*setting);
    for (const toml::node& group : *groups) read_zip(setting->part(group));
  }

  void read_zip(const Setting& group) {
    const toml::array* const names = group.node().as_array();
    if (names == nullptr || names->size() < 2) refuse_zip(group);
    ZippedAxes zipped;
    for (const toml::node& node : *names) {
      const Setting name = group.part(node);
      const std::size_t axis = parse_word(name, "the name of an axis", axis_named);
      if (is_zipped(axis)) name.refuse(fmt::format("{} is zipped twice.", name.shown()));
      zipped.axes.push_back(axis);
      in_zip_[axis] = true;
    }
    zip_settings_.push_back(group);
    axes_.zips.push_back(std::move(zipped));
  }

  [[noreturn]] static void refuse_zip(const Setting& setting) {
    setting.refuse(
        "axes that go together are lists of names within a list; allowed: [[\"width\", \"depth\"]].");
  }

  bool is_zipped(std::size_t axis) const { return in_zip_[axis]; }

  void read_point_file() {
    const auto setting = table_.find("points");
    if (!setting) return;
    const std::string name = setting->text("the name of a CSV file");
    const auto file = files_.find(name);
    VARPROP_EXPECT(file != files_.end());
    add_point_file(name, file->second, axes_);
    for (const std::size_t axis : axes_.zips.back().axes) in_file_[axis] = true;
    zip_settings_.push_back(*setting);
  }

  template <class Axis>
  void read_axis(const Axis& axis) {
    using T = typename Axis::value_type;
    constexpr std::size_t position = axis_position<T>;
    const auto setting = table_.find(std::string(axis.name));
    if (in_file_[position]) {
      if (setting)
        setting->refuse("the file of points has a column of this name; allowed is one of the two.");
      return;
    }
    if (!setting) return take_default(axis);
    const Repeats repeats = is_zipped(position) ? Repeats::allowed : Repeats::refused;
    if constexpr (NumericCoordinate<T>) {
      auto numbers = read_numbers(*setting, AxisReader<T>::rules(&table_));
      if (!is_zipped(position)) sort_numbers(numbers, *setting);
      axes_.numbers[position] = std::move(numbers);
      axes_.settings[position] = *setting;
    } else {
      axes_.words.*axis.values = read_words(*setting, AxisReader<T>::read_one, repeats);
    }
  }

  template <class Axis>
  void take_default(const Axis& axis) {
    using T = typename Axis::value_type;
    constexpr std::size_t position = axis_position<T>;
    if (is_zipped(position)) table_.refuse(fmt::format("zip names {}, which has no values here.", axis.name));
    if (!axis.default_value) {
      throw InputError(fmt::format("{}: grid.{}: this key is missing ({}); allowed: {}.", table_.place(),
                                   axis.name, described(axis), values_text<T>()));
    }
    if constexpr (NumericCoordinate<T>)
      axes_.numbers[position] = {{static_cast<double>(axis.default_value->value()), nullptr, nullptr}};
    else
      axes_.words.*axis.values = {*axis.default_value};
  }

  /// Axes that go together have as many values each.
  void check_zips() const {
    for (std::size_t z = 0; z < axes_.zips.size(); ++z) {
      const std::vector<std::size_t>& axes = axes_.zips[z].axes;
      for (const std::size_t axis : axes) {
        if (axes_.count(axis) == axes_.count(axes.front())) continue;
        zip_settings_[z].refuse(
            fmt::format("{} has {} and {} has {}; axes that are zipped have as many each.",
                        name_of_axis(axes.front()), values(axes.front()), name_of_axis(axis), values(axis)));
      }
    }
  }

  std::string values(std::size_t axis) const {
    return counted(static_cast<std::int64_t>(axes_.count(axis)), "value");
  }

  const GridTable& table_;
  const PointFiles& files_;
  TableAxes axes_;
  AxisSet in_zip_{}, in_file_{};
  std::vector<Setting> zip_settings_;
};

}  // namespace

Grid read_grid(const Document& document, const PointFiles& files) {
  const std::vector<GridTable> tables = document.grid_tables();
  ListedPoints points;
  for (const GridTable& table : tables) {
    TableAxes axes = TableReader(table, files).read();
    fold_constants(axes);
    if (tables.size() == 1 && axes.is_product()) return product_of(axes);
    try {
      points.append(points_of(axes));
    } catch (const PointsTooMany& error) {
      table.refuse(error.what());
    }
  }
  try {
    return grid_of(points);
  } catch (const InputError& error) {
    tables.back().refuse(error.what());
  }
}

}  // namespace varprop::driver
