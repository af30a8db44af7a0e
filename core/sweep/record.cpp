#include "core/sweep/record.hpp"

#include <algorithm>
#include <cstring>
#include <limits>
#include <type_traits>

#include "core/errors.hpp"

namespace varprop {

namespace {

/// Calls f(profile) for all profiles that the sweep measures, in the order of their declarations.
template <class F>
void for_each_profile(const Sweep& sweep, F f) {
  for (const Measure& measure : all_measures) {
    if (sweep.measures_quantity(measure.quantity))
      std::for_each(measure.profiles.begin(), measure.profiles.end(), f);
  }
}

template <class Statistics>
void add_statistics(const Sweep& sweep, const Profile& profile, const Statistics& statistics,
                    std::vector<Dataset>& all) {
  for (const auto& statistic : statistics) {
    if (statistic.since > sweep.format) continue;
    all.push_back({std::string(profile.name).append(statistic.suffix), statistic.element, RowAxis::layer,
                   std::string(statistic.meaning).append(" of ").append(profile.definition)});
  }
}

class ByteWriter {
 public:
  template <class T>
  void value(const T& x) {
    static_assert(std::is_trivially_copyable_v<T>);
    raw(&x, sizeof x);
  }
  template <class Container>
  void sequence(const Container& all) {
    value(static_cast<std::uint64_t>(all.size()));
    raw(all.data(), all.size() * sizeof(*all.data()));
  }
  std::vector<std::byte> bytes;

 private:
  void raw(const void* from, std::size_t size) {
    if (size == 0) return;
    const std::size_t at = bytes.size();
    bytes.resize(at + size);
    std::memcpy(bytes.data() + at, from, size);
  }
};

class ByteReader {
 public:
  explicit ByteReader(const std::vector<std::byte>& bytes) : bytes_(bytes) {}

  template <class T>
  T value() {
    T x{};
    raw(&x, sizeof x);
    return x;
  }
  template <class Container>
  Container sequence() {
    Container all;
    all.resize(static_cast<std::size_t>(value<std::uint64_t>()));
    raw(all.data(), all.size() * sizeof(*all.data()));
    return all;
  }

 private:
  void raw(void* to, std::size_t size) {
    VARPROP_EXPECT(at_ + size <= bytes_.size());
    if (size > 0) std::memcpy(to, bytes_.data() + at_, size);
    at_ += size;
  }

  const std::vector<std::byte>& bytes_;
  std::size_t at_ = 0;
};

}  // namespace

double fill_value(Element element) {
  return element == Element::int32 ? -1.0 : std::numeric_limits<double>::quiet_NaN();
}

std::vector<Dataset> datasets(const Sweep& sweep) {
  std::vector<Dataset> all;
  for_each_profile(sweep, [&](const Profile& profile) {
    if (profile.kind == ProfileKind::positive) add_statistics(sweep, profile, positive_statistics, all);
    if (profile.kind == ProfileKind::overlap) add_statistics(sweep, profile, overlap_statistics, all);
  });
  for_each_profile(sweep, [&](const Profile& profile) {
    if (profile.of_replicas.empty()) return;
    all.push_back({std::string(profile.of_replicas), Element::float64, RowAxis::replica,
                   std::string(profile.of_replicas_meaning)});
  });
  return all;
}

std::int64_t row_length(const Sweep& sweep, RowAxis axis) {
  return axis == RowAxis::layer ? static_cast<std::int64_t>(sweep.layers.size()) : sweep.replicas_per_batch();
}

RecordLayout::RecordLayout(const Sweep& sweep) : datasets_(varprop::datasets(sweep)), offsets_{0} {
  for (const Dataset& dataset : datasets_)
    offsets_.push_back(offsets_.back() + row_length(sweep, dataset.row_axis));
}

std::optional<std::size_t> RecordLayout::position(std::string_view name) const {
  const auto found =
      std::find_if(datasets_.begin(), datasets_.end(), [&](const Dataset& d) { return d.name == name; });
  if (found == datasets_.end()) return std::nullopt;
  return static_cast<std::size_t>(found - datasets_.begin());
}

std::size_t RecordLayout::find(std::string_view name) const {
  const auto found = position(name);
  VARPROP_EXPECT(found.has_value());
  return *found;
}

std::vector<double> RecordLayout::empty_values() const {
  std::vector<double> values(static_cast<std::size_t>(size()));
  for (std::size_t d = 0; d < datasets_.size(); ++d) {
    std::fill_n(values.begin() + offset(d), length(d), fill_value(datasets_[d].element));
  }
  return values;
}

std::vector<std::byte> to_bytes(const std::vector<std::int64_t>& slots) {
  ByteWriter writer;
  writer.sequence(slots);
  return std::move(writer.bytes);
}

std::vector<std::int64_t> slots_from_bytes(const std::vector<std::byte>& bytes) {
  return ByteReader(bytes).sequence<std::vector<std::int64_t>>();
}

std::vector<std::byte> to_bytes(const std::vector<Record>& records) {
  ByteWriter writer;
  writer.value(static_cast<std::uint64_t>(records.size()));
  for (const Record& record : records) {
    writer.value(record.unit);
    writer.value(record.state);
    writer.value(record.wall_seconds);
    writer.sequence(record.failure);
    writer.sequence(record.values);
  }
  return std::move(writer.bytes);
}

std::vector<Record> records_from_bytes(const std::vector<std::byte>& bytes) {
  ByteReader reader(bytes);
  std::vector<Record> records(static_cast<std::size_t>(reader.value<std::uint64_t>()));
  for (Record& record : records) {
    record.unit = reader.value<Unit>();
    record.state = reader.value<UnitState>();
    record.wall_seconds = reader.value<double>();
    record.failure = reader.sequence<std::string>();
    record.values = reader.sequence<std::vector<double>>();
  }
  return records;
}

}  // namespace varprop
