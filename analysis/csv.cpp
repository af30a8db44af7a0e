#include "analysis/csv.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <cstring>

#include "core/contracts.hpp"
#include "core/text.hpp"

namespace varprop {

std::string csv_field(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + "\"";
}

std::string csv_number(double x) {
  return std::isfinite(x) ? shortest(x) : "";
}

std::filesystem::path CsvWriter::temporary_name(const std::filesystem::path& path) {
  return path.string() + fmt::format(".{}.part", ::getpid());
}

CsvWriter::CsvWriter(std::filesystem::path path) : path_(std::move(path)), temporary_(temporary_name(path_)) {
  stream_.open(temporary_, std::ios::binary | std::ios::trunc);
  if (!stream_) fail();
}

CsvWriter::~CsvWriter() {
  if (committed_) return;
  stream_.close();
  std::error_code ignored;
  std::filesystem::remove(temporary_, ignored);
}

void CsvWriter::write_row(const std::vector<std::string>& fields) {
  std::string line;
  for (const auto& field : fields) {
    if (&field != &fields.front()) line += ',';
    line += csv_field(field);
  }
  stream_ << line << '\n';
  if (!stream_) fail();
}

void CsvWriter::commit() {
  VARPROP_EXPECT(!committed_);
  stream_.close();
  if (!stream_) fail();
  std::error_code error;
  std::filesystem::rename(temporary_, path_, error);
  if (error) {
    throw SystemError(fmt::format("cannot write {}: {}.", path_.string(), error.message()));
  }
  committed_ = true;
}

void CsvWriter::fail() const {
  throw SystemError(fmt::format("cannot write {}: {}.", path_.string(), std::strerror(errno)));
}

}  // namespace varprop
