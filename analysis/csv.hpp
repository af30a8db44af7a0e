// Comma-separated tables (RFC 4180), written whole or not at all.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

namespace varprop {

/// A field as it stands in the file: quoted where it holds a comma, a quote or a line break.
std::string csv_field(std::string_view text);

/// The shortest text that reads back as exactly `x`; empty for NaN.
std::string csv_number(double x);

/// Writes a table under a temporary name beside `path`; commit() gives it its name. Without commit() it is
/// removed. Throws SystemError where the disk refuses.
class CsvWriter {
 public:
  explicit CsvWriter(std::filesystem::path path);
  ~CsvWriter();
  CsvWriter(const CsvWriter&) = delete;
  CsvWriter& operator=(const CsvWriter&) = delete;

  /// The name beside `path` under which this process writes.
  static std::filesystem::path temporary_name(const std::filesystem::path& path);

  void write_row(const std::vector<std::string>& fields);
  void commit();

 private:
  [[noreturn]] void fail() const;

  std::filesystem::path path_;
  std::filesystem::path temporary_;
  std::ofstream stream_;
  bool committed_ = false;
};

}  // namespace varprop
