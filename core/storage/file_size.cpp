#include "core/storage/file_size.hpp"

#include <fmt/format.h>
#include <sys/statvfs.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <limits>
#include <optional>

#include "core/errors.hpp"
#include "core/storage/companion_paths.hpp"
#include "core/storage/file_descriptor.hpp"
#include "core/storage/results_schema.hpp"

namespace varprop {

namespace {

/// The root's attributes, the headers of about thirty datasets, and the lists that tie scales to them.
constexpr double metadata_allowance = 128 * 1024;
/// Every coordinate stands in the canonical text too, and text also beside its scale.
constexpr double bytes_of_text = 32;

bool fits(const Sweep& sweep, const HeldUnits& units, double room) {
  return predicted_file_size(sweep, units) <= room;
}

Sweep with_layers(Sweep sweep, std::int64_t layers) {
  sweep.layers.resize(static_cast<std::size_t>(layers));
  return sweep;
}

/// Fewer layers than the two ends of every depth cannot be recorded.
bool recordable(const Sweep& sweep, std::int64_t layers) {
  try {
    recorded_layers(sweep.grid.depth, layers);
    return true;
  } catch (const InputError&) {
    return false;
  }
}

/// The largest output.layers with which the file fits.
std::optional<std::int64_t> fitting_layers(const Sweep& sweep, const HeldUnits& units, double room) {
  std::int64_t low = 0, high = static_cast<std::int64_t>(sweep.layers.size());
  while (low < high) {
    const std::int64_t middle = (low + high + 1) / 2;
    fits(with_layers(sweep, middle), units, room) ? low = middle : high = middle - 1;
  }
  if (low < 1 || !recordable(sweep, low)) return std::nullopt;
  return low;
}

/// The largest number of batches, a divisor of the replicas, with which the file fits.
std::optional<std::int32_t> fitting_batches(Sweep sweep, double room) {
  for (std::int32_t batches = sweep.batches - 1; batches >= 1; --batches) {
    sweep.batches = batches;
    if (sweep.replicas / batches > std::numeric_limits<std::int32_t>::max()) break;
    if (sweep.replicas % batches == 0 && fits(sweep, HeldUnits(sweep), room)) return batches;
  }
  return std::nullopt;
}

std::string remedy(const Sweep& sweep, const HeldUnits& units, double room) {
  const auto layers = fitting_layers(sweep, units, room);
  if (!units.whole()) {
    return (layers ? fmt::format("layers = {} would fit; so", *layers) : "So") +
           " may a shard of more, smaller ones.";
  }
  const auto batches = fitting_batches(sweep, room);
  if (layers && batches) return fmt::format("layers = {} or batches = {} would fit.", *layers, *batches);
  if (layers) return fmt::format("layers = {} would fit.", *layers);
  if (batches) return fmt::format("batches = {} would fit.", *batches);
  return "Neither fewer layers nor fewer batches are enough: make the grid smaller or take fewer replicas.";
}

double array_bytes(const Variable& variable, const std::vector<Dimension>& lengths) {
  double bytes = static_cast<double>(bytes_of(variable.type));
  for (const std::uint64_t length : extents(variable, lengths)) bytes *= static_cast<double>(length);
  return bytes;
}

bool runs_over(const Variable& variable, const char* dimension) {
  return std::find(variable.dimensions.begin(), variable.dimensions.end(), dimension) !=
         variable.dimensions.end();
}

/// The share of an array over points and layers that lies beyond the points' depths.
double share_beyond_depth(const Sweep& sweep) {
  const auto recorded = [&](Depth depth) {
    return static_cast<double>(std::upper_bound(sweep.layers.begin(), sweep.layers.end(), depth.value()) -
                               sweep.layers.begin());
  };
  const Grid& grid = sweep.grid;
  double within = 0, points = 0;
  if (grid.is_product()) {
    for (const Depth depth : grid.depth) within += recorded(depth), ++points;
  } else {
    for (std::int64_t i = 0; i < grid.listed.size(); ++i, ++points)
      within += recorded(grid.depth[grid.listed[i][axis_position<Depth>]]);
  }
  return 1 - within / (points * static_cast<double>(sweep.layers.size()));
}

/// `remedy` says what would help where there is only so much room.
void require_room(const std::filesystem::path& results, double needed, double largest,
                  const std::function<std::string(double room)>& remedy) {
  if (needed > largest) {
    throw InputError(fmt::format("{} would take {}, more than --max-file-size ({}). {}", results.string(),
                                 bytes_text(needed), bytes_text(largest), remedy(largest)));
  }
  const double free = free_space(results);
  const double room = usable_share_of_free_space * free;
  if (needed <= room) return;
  throw InputError(fmt::format("{} would take {}, more than {:.0f} % of the {} that are free. {}",
                               results.string(), bytes_text(needed), 100 * usable_share_of_free_space,
                               bytes_text(free), remedy(room)));
}

}  // namespace

std::string bytes_text(double bytes) {
  static constexpr std::array units{"bytes", "kB", "MB", "GB", "TB", "PB", "EB"};
  std::size_t unit = 0;
  for (; bytes >= 999.95 && unit + 1 < units.size(); ++unit) bytes /= 1000;
  return fmt::format("{:.4g} {}", bytes, units[unit]);
}

double predicted_file_size(const Sweep& sweep) {
  return predicted_file_size(sweep, HeldUnits(sweep));
}

double predicted_file_size(const Sweep& sweep, const HeldUnits& units) {
  const auto lengths = dimensions(sweep, units);
  double total = metadata_allowance;
  for (const Dimension& dimension : lengths) total += bytes_of_text * static_cast<double>(dimension.length);
  for (const Variable& variable : variables(sweep, units)) total += array_bytes(variable, lengths);
  return total;
}

double padding_bytes(const Sweep& sweep) {
  const HeldUnits units(sweep);
  const auto lengths = dimensions(sweep, units);
  double total = 0;
  for (const Variable& variable : variables(sweep, units)) {
    if (!variable.is_scale() && runs_over(variable, "layer")) total += array_bytes(variable, lengths);
  }
  return total * share_beyond_depth(sweep);
}

double free_space(const std::filesystem::path& results) {
  struct statvfs status {};
  const std::filesystem::path folder = folder_of(results);
  if (::statvfs(folder.c_str(), &status) != 0) {
    throw SystemError(
        fmt::format("cannot find the free space of the folder {}: {}.", folder.string(), system_reason()));
  }
  return static_cast<double>(status.f_bavail) * static_cast<double>(status.f_frsize);
}

void require_room(const Sweep& sweep, const HeldUnits& units, const std::filesystem::path& results,
                  double largest) {
  require_room(results, predicted_file_size(sweep, units), largest,
               [&](double room) { return remedy(sweep, units, room); });
}

void require_room_for_parts(const Sweep& sweep, const std::filesystem::path& results, double largest) {
  const double needed = predicted_file_size(sweep);
  require_room(results, needed, largest, [&](double room) {
    const std::string settled = "The parts have settled its layers and batches: ";
    if (room == largest)
      return settled + fmt::format("allow it with --max-file-size {:.0f}.", std::ceil(needed));
    const double missing = needed / usable_share_of_free_space - free_space(results);
    return settled + fmt::format("make {} more free in {}, or merge to another disk.", bytes_text(missing),
                                 folder_of(results).string());
  });
}

}  // namespace varprop
