#include "driver/run/setup.hpp"

#include <nlohmann/json.hpp>

namespace varprop {

namespace {

Bytes bytes_of(const std::string& text) {
  const auto* const begin = reinterpret_cast<const std::byte*>(text.data());
  return {begin, begin + text.size()};
}

std::string to_text(const Bytes& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

Bytes setup_to_bytes(const SweepText& text) {
  // Binary (CBOR): a sweep file may hold any bytes that toml++ lets through.
  const auto cbor = nlohmann::json::to_cbor({text.file_name, text.file_text, text.overrides, text.engine});
  return bytes_of({cbor.begin(), cbor.end()});
}

SweepText setup_from_bytes(const Bytes& bytes) {
  const auto all = nlohmann::json::from_cbor(to_text(bytes));
  return {all.at(0), all.at(1), all.at(2), all.at(3)};
}

Bytes verdict_to_bytes(ExitCode code) {
  return bytes_of(std::to_string(static_cast<int>(code)));
}

ExitCode verdict_from_bytes(const Bytes& bytes) {
  return static_cast<ExitCode>(std::stoi(to_text(bytes)));
}

}  // namespace varprop
