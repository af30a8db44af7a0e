// Committing units: first the rows, then, when those are on the disk, the states that vouch for them.
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>

#include "core/errors.hpp"
#include "core/storage/file_descriptor.hpp"
#include "core/storage/hdf5.hpp"
#include "core/storage/results_implementation.hpp"

namespace varprop {

namespace {

/// Records in slot order; a run of them is a run of neighbours in the file.
using Records = std::vector<const Record*>;
using Run = std::span<const Record* const>;

/// Writes to a file that was removed or replaced would succeed for ever and be lost.
void require_same_file(const std::filesystem::path& path, int descriptor, std::int64_t size) {
  struct stat named {
  }, open{};
  const bool same = ::stat(path.c_str(), &named) == 0 && ::fstat(descriptor, &open) == 0 &&
                    named.st_dev == open.st_dev && named.st_ino == open.st_ino;
  if (same && open.st_size < size) {
    throw SystemError(path.string() + " was cut short while the sweep wrote to it: it is damaged.");
  }
  if (same) return;
  throw SystemError(
      fmt::format("{} was moved, removed or replaced while the sweep wrote to it: what was committed "
                  "before is in the file that bore this name.",
                  path.string()));
}

class Commit {
 public:
  Commit(ResultsFile::Implementation& file, std::span<const Record> records) : file_(file) {
    for (const Record& record : records) {
      VARPROP_EXPECT(record.state != UnitState::pending);
      require_held(record.unit);
      all_.push_back(&record);
    }
    std::sort(all_.begin(), all_.end(), [](const Record* a, const Record* b) { return a->unit < b->unit; });
    std::copy_if(all_.begin(), all_.end(), std::back_inserter(done_),
                 [](const Record* r) { return r->state == UnitState::done; });
  }

  void write_rows() const {
    for (const Run run : runs(done_)) {
      for (std::size_t d = 0; d < file_.rows.size(); ++d) write_dataset(d, run);
    }
  }

  void write_states() const {
    for (const Run run : runs(done_)) {
      write_slots<double>(file_.wall_seconds, run, [](const Record& r) { return r.wall_seconds; });
    }
    for (const Run run : runs(all_)) {
      write_slots<std::uint8_t>(file_.state, run,
                                [](const Record& r) { return static_cast<std::uint8_t>(r.state); });
    }
  }

 private:
  /// Checked in every build: it would overwrite the slot of another unit.
  void require_held(Unit unit) const {
    const std::int64_t slot = file_.sweep.slot(unit);
    if (file_.units.holds(slot)) return;
    throw ContractViolation(
        fmt::format("the unit in slot {} of the sweep was to be written to {}, which holds {}: "
                    "this is a defect of varprop, please report it",
                    slot, file_.path.string(), text_of(file_.units.shard())));
  }

  std::int64_t position(const Record* record) const {
    return file_.units.position(file_.sweep.slot(record->unit));
  }

  std::vector<Run> runs(const Records& records) const {
    std::vector<Run> found;
    for (std::size_t begin = 0, end = 0; begin < records.size(); begin = end) {
      const std::int64_t first = position(records[begin]);
      const auto next = [&] { return first + static_cast<std::int64_t>(end - begin); };
      for (end = begin + 1; end < records.size() && position(records[end]) == next();) ++end;
      found.push_back(Run(records).subspan(begin, end - begin));
    }
    return found;
  }

  std::vector<Box> boxes(Run run) const {
    return file_.boxes(position(run.front()), static_cast<std::int64_t>(run.size()));
  }

  template <class T, class Value>
  void write_slots(const hdf5::DatasetHandle& dataset, Run run, Value&& value) const {
    std::vector<T> values;
    for (const Record* record : run) values.push_back(value(*record));
    std::span<const T> rest(values);
    for (const Box& box : boxes(run)) {
      hdf5::write_box<T>(dataset, box, rest.first(box.size()));
      rest = rest.subspan(box.size());
    }
  }

  template <class T>
  void write_dataset_as(std::size_t d, Run run) const {
    const std::int64_t length = file_.layout.length(d);
    std::vector<T> values;
    values.reserve(run.size() * static_cast<std::size_t>(length));
    for (const Record* record : run) {
      VARPROP_EXPECT(record->values.size() == static_cast<std::size_t>(file_.layout.size()));
      const auto begin = record->values.begin() + file_.layout.offset(d);
      std::transform(begin, begin + length, std::back_inserter(values),
                     [](double x) { return static_cast<T>(x); });
    }
    std::span<const T> rest(values);
    for (const Box& slots : boxes(run)) {
      const Box box = slots.times(static_cast<std::uint64_t>(length));
      hdf5::write_box<T>(file_.rows[d], box, rest.first(box.size()));
      rest = rest.subspan(box.size());
    }
  }

  void write_dataset(std::size_t d, Run run) const {
    const bool whole = file_.layout.datasets()[d].element == Element::int32;
    whole ? write_dataset_as<std::int32_t>(d, run) : write_dataset_as<double>(d, run);
  }

  ResultsFile::Implementation& file_;
  Records all_, done_;
};

}  // namespace

void ResultsFile::commit(std::span<const Record> records) {
  if (records.empty()) return;
  hdf5::require_memory();
  require_same_file(path(), hdf5::descriptor(implementation_->file), implementation_->size_at_opening);
  implementation_->lock.require_sole_writer(path());
  try {
    const Commit commit(*implementation_, records);
    commit.write_rows();
    hdf5::flush_to_disk(implementation_->file);
    commit.write_states();
    hdf5::flush_to_disk(implementation_->file);
  } catch (const SystemError& error) {
    throw SystemError(
        fmt::format("{}: {}. What was committed before is safe, and the same command goes on from there.",
                    path().string(), error.what()));
  }
}

}  // namespace varprop
