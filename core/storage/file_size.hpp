// How large a results file will be, and whether there is room for it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "core/sweep/sweep.hpp"

namespace varprop {

/// `--max-file-size` where it is not given.
inline constexpr std::uint64_t default_largest_file = 20'000'000'000;
/// A results file may take this share of the free space.
inline constexpr double usable_share_of_free_space = 0.9;

/// Bytes of the results file: points · batches · (84·layers + 16·replicas_per_batch + 9) for the three
/// quantities, the scales, and an allowance for the metadata. As a double: it may be beyond any integer.
double predicted_file_size(const Sweep& sweep);
/// The same of a file that holds only these units.
double predicted_file_size(const Sweep& sweep, const HeldUnits& units);

/// Bytes of it that never hold a number: recorded layers beyond a point's depth.
double padding_bytes(const Sweep& sweep);

/// "1.2 GB", "340 kB": four digits, units of 1000.
std::string bytes_text(double bytes);

/// Bytes a new file may take on the file system of `results`. Throws SystemError where its folder cannot be
/// asked.
double free_space(const std::filesystem::path& results);

/// Throws InputError where the file would be larger than `largest` bytes or than 90 % of the free space; the
/// message names the numbers and the `layers` or the `batches` that would fit; of a shard the layers. Call it
/// before the file is created.
void require_room(const Sweep& sweep, const HeldUnits& units, const std::filesystem::path& results,
                  double largest = default_largest_file);

/// The same for the file of a whole sweep whose parts are there, so that layers and batches are settled: the
/// message says how much more must be allowed or free.
void require_room_for_parts(const Sweep& sweep, const std::filesystem::path& results, double largest);

}  // namespace varprop
