// What an open results file consists of. Private to the ResultsFile.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/storage/file_descriptor.hpp"
#include "core/storage/hdf5.hpp"
#include "core/storage/results_file.hpp"
#include "core/storage/results_schema.hpp"
#include "core/storage/writer_lock.hpp"

namespace varprop {

struct ResultsFile::Implementation {
  std::filesystem::path path;
  hdf5::FileHandle file;
  Sweep sweep;
  HeldUnits units;
  std::string identity;
  int numerics_version;
  std::int64_t size_at_opening;  ///< bytes of the whole file; it never shrinks
  RecordLayout layout;
  hdf5::DatasetHandle state;
  hdf5::DatasetHandle wall_seconds;
  std::vector<hdf5::DatasetHandle> rows;  ///< one per dataset of the layout
  FileDescriptor own_descriptor = {};     ///< of the same file, beside HDF5's: it carries the lock
  ResultsLock lock = {};                  ///< held where the file is open for writing

  /// Extents of the slots: the grid's and the number of batches; of a shard the number of units.
  hdf5::Extents slot_extents() const {
    if (!units.whole()) return {static_cast<std::uint64_t>(units.count())};
    hdf5::Extents extents = grid_extents(sweep.grid);
    extents.push_back(static_cast<std::uint64_t>(sweep.batches));
    return extents;
  }

  /// The slots of `count` units from a position on, as boxes.
  std::vector<Box> boxes(std::int64_t position, std::int64_t count) const {
    return slot_boxes(slot_extents(), static_cast<std::uint64_t>(position),
                      static_cast<std::uint64_t>(count));
  }
};

}  // namespace varprop
