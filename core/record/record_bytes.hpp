// Units and records as bytes between ranks. Both ends are the same program on like machines: plain memory
// images.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/record/record.hpp"

namespace varprop {

/// Slots (Sweep::slot) of the units that a process is to do.
std::vector<std::byte> to_bytes(const std::vector<std::int64_t>& slots);
std::vector<std::int64_t> slots_from_bytes(const std::vector<std::byte>& bytes);

/// Records that a process has finished.
std::vector<std::byte> to_bytes(const std::vector<Record>& records);
std::vector<Record> records_from_bytes(const std::vector<std::byte>& bytes);

}  // namespace varprop
