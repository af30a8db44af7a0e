#include "analysis/tables/tables.hpp"

#include <cmath>

#include "core/text/words.hpp"

namespace varprop::analysis {

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

void CsvWriter::write_row(const std::vector<std::string>& fields) {
  std::string line;
  for (const auto& field : fields) {
    if (&field != &fields.front()) line += ',';
    line += csv_field(field);
  }
  text_.write(line + '\n');
}

}  // namespace varprop::analysis
