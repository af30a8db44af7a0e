#include "core/record/record_bytes.hpp"

#include <cstring>
#include <type_traits>

#include "core/contracts.hpp"

namespace varprop {

namespace {

class Writer {
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

class Reader {
 public:
  explicit Reader(const std::vector<std::byte>& bytes) : bytes_(bytes) {}

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

std::vector<std::byte> to_bytes(const std::vector<std::int64_t>& slots) {
  Writer writer;
  writer.sequence(slots);
  return std::move(writer.bytes);
}

std::vector<std::int64_t> slots_from_bytes(const std::vector<std::byte>& bytes) {
  return Reader(bytes).sequence<std::vector<std::int64_t>>();
}

std::vector<std::byte> to_bytes(const std::vector<Record>& records) {
  Writer writer;
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
  Reader reader(bytes);
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
