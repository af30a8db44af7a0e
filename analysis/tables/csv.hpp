// Comma-separated tables (RFC 4180).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/storage/replacement.hpp"

namespace varprop::analysis {

/// A field as it stands in the file: quoted where it holds a comma, a quote or a line break.
std::string csv_field(std::string_view text);

/// The shortest text that reads back as exactly `x`; empty for NaN.
std::string csv_number(double x);

/// Writes a table into a staged file. Throws SystemError where the disk refuses.
class CsvWriter {
 public:
  explicit CsvWriter(StagedFile file) : text_(std::move(file)) {}

  void write_row(const std::vector<std::string>& fields);
  /// Nothing more comes.
  void close() { text_.close(); }

 private:
  StagedText text_;
};

}  // namespace varprop::analysis
