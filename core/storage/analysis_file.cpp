#include "core/storage/analysis_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "core/build_info.hpp"
#include "core/errors.hpp"
#include "core/storage/hdf5.hpp"
#include "core/storage/results_arrays.hpp"

namespace varprop {

namespace {

/// What runs over all axes runs over the dimensions of the grid's file.
void keep_dimensions_of(const Grid& grid, Variable& variable) {
  const std::vector<std::string> every_axis = point_dimensions();
  const auto own = std::mismatch(variable.dimensions.begin(), variable.dimensions.end(), every_axis.begin(),
                                 every_axis.end());
  if (own.second != every_axis.end()) return;
  std::vector<std::string> kept = grid_dimensions(grid);
  kept.insert(kept.end(), own.first, variable.dimensions.end());
  variable.dimensions = std::move(kept);
}

/// Scales before variables, but those of text last, as in a results file.
std::vector<Variable> with_scales(const std::vector<Variable>& variables, const Grid& grid) {
  std::vector<Variable> all = grid_coordinates(grid);
  all.push_back(layer_coordinate());
  all.insert(all.end(), variables.begin(), variables.end());
  std::stable_partition(all.begin(), all.end(), [](const Variable& v) { return v.type != StoredType::text; });
  for (Variable& variable : all) keep_dimensions_of(grid, variable);
  return all;
}

void write_attributes(const hdf5::FileHandle& file, const Sweep& sweep,
                      const std::vector<NamedAttribute>& attributes) {
  using hdf5::write_attribute;
  write_attribute(file.id(), "Conventions", "CF-1.9");
  write_attribute(file.id(), "filetype", std::string(analysis_filetype));
  const FormatVersion format = format_of(sweep.grid, analysis_format_version);
  write_attribute(file.id(), "format_version", fmt::format("{}.{}", format.major, format.minor));
  write_attribute(file.id(), "title", sweep.title);
  write_attribute(file.id(), "identity", identity(sweep));
  if (!sweep.grid.is_product()) write_attribute(file.id(), "coordinates", coordinate_names(sweep.grid));
  write_attribute(file.id(), "program_version", program_version());
  write_attribute(file.id(), "git_commit", git_commit());
  for (const auto& [name, value] : attributes) {
    std::visit([&, &key = name](const auto& x) { write_attribute(file.id(), key, x); }, value);
  }
}

template <class T>
void write_whole_numbers(const hdf5::DatasetHandle& dataset, const Box& box, std::span<const double> numbers,
                         double fill) {
  std::vector<T> whole;
  whole.reserve(numbers.size());
  for (const double x : numbers) whole.push_back(static_cast<T>(std::isnan(x) ? fill : x));
  hdf5::write_box<T>(dataset, box, whole);
}

}  // namespace

struct AnalysisFile::Implementation {
  StagedFile staged;
  hdf5::FileHandle file;
  std::map<std::string, Variable> variables;
  std::map<std::string, hdf5::DatasetHandle> datasets;
  hdf5::Extents grid;    ///< extents of the grid
  std::uint64_t layers;  ///< recorded layers
  bool closed = false;

  void create_arrays(const Sweep& sweep, const std::vector<Variable>& all) {
    grid = grid_extents(sweep.grid);
    layers = sweep.layers.size();
    const HeldUnits units(sweep);
    const auto lengths = dimensions(sweep, units);
    for (const Variable& variable : all) {
      hdf5::DatasetHandle dataset = create_described_array(file, variable, extents(variable, lengths));
      write_coordinate(dataset, variable, sweep, units);
      if (variable.is_scale()) hdf5::make_scale(dataset, variable.name);
      datasets.emplace(variable.name, std::move(dataset));
      variables.emplace(variable.name, variable);
    }
    attach_scales(datasets, all);
  }

  void create(const Sweep& sweep, const std::vector<Variable>& variables_of_it,
              const std::vector<NamedAttribute>& attributes) {
    file = hdf5::create_file(staged.path);
    write_attributes(file, sweep, attributes);
    create_arrays(sweep, with_scales(variables_of_it, sweep.grid));
    hdf5::reserve_space(file);
  }

  void discard() {
    datasets.clear();
    hdf5::abandon(std::move(file));
  }

  /// What HDF5 and the disk say, of the file as the user knows it.
  template <class Write>
  void writing(const Write& write) {
    try {
      write();
    } catch (const SystemError& error) {
      throw SystemError(fmt::format("cannot write {}: {}.", staged.final_path.string(), error.what()));
    }
  }

  void write_box(const Variable& variable, const Box& box, std::span<const double> numbers) {
    const hdf5::DatasetHandle& dataset = datasets.at(variable.name);
    switch (variable.type) {
      case StoredType::float64:
        return hdf5::write_box<double>(dataset, box, numbers);
      case StoredType::int32:
        return write_whole_numbers<std::int32_t>(dataset, box, numbers, variable.fill);
      case StoredType::uint8:
        return write_whole_numbers<std::uint8_t>(dataset, box, numbers, variable.fill);
      case StoredType::text:
        break;
    }
    VARPROP_ASSERT(!"text is written with the scales");
  }
};

std::vector<std::string> point_dimensions() {
  std::vector<std::string> names;
  for_each_axis([&](const auto& axis) { names.emplace_back(axis.name); });
  return names;
}

std::vector<std::string> profile_dimensions() {
  std::vector<std::string> names = point_dimensions();
  names.emplace_back("layer");
  return names;
}

AnalysisFile::AnalysisFile(StagedFile file, const Sweep& sweep, const std::vector<Variable>& variables,
                           const std::vector<NamedAttribute>& attributes)
    : implementation_(std::make_unique<Implementation>()) {
  Implementation& self = *implementation_;
  self.staged = std::move(file);
  try {
    self.writing([&] { self.create(sweep, variables, attributes); });
  } catch (...) {
    self.discard();
    throw;
  }
}

AnalysisFile::~AnalysisFile() {
  if (!implementation_->closed) implementation_->discard();
}

void AnalysisFile::write(const std::string& name, PointIndex first, std::span<const double> numbers) {
  Implementation& self = *implementation_;
  const Variable& variable = self.variables.at(name);
  const bool by_layer = variable.dimensions.back() == "layer";
  const std::uint64_t row = by_layer ? self.layers : 1;
  VARPROP_EXPECT(numbers.size() % row == 0);
  const auto boxes = slot_boxes(self.grid, static_cast<std::uint64_t>(first.value()), numbers.size() / row);
  for (const Box& points : boxes) {
    const Box box = by_layer ? points.times(row) : points;
    self.writing([&] { self.write_box(variable, box, numbers.first(box.size())); });
    numbers = numbers.subspan(box.size());
  }
}

void AnalysisFile::close() {
  Implementation& self = *implementation_;
  VARPROP_EXPECT(!self.closed);
  self.writing([&] {
    hdf5::flush_to_disk(self.file);
    self.datasets.clear();
    self.file.close("it");
  });
  self.closed = true;
}

}  // namespace varprop
