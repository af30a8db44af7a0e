#include "driver/run/setup.hpp"

#include <string>
#include <string_view>

namespace varprop {

namespace {

Bytes bytes_of(const std::string& text) {
  const auto* const begin = reinterpret_cast<const std::byte*>(text.data());
  return {begin, begin + text.size()};
}

std::string to_text(const Bytes& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// "4:tanh": a text after its length, since a sweep file may hold any bytes.
std::string piece_of(const std::string& text) {
  return std::to_string(text.size()) + ":" + text;
}

/// The first text of `pieces`, which keep the others.
std::string taken_from(std::string_view& pieces) {
  const std::size_t begin = pieces.find(':') + 1;
  const std::size_t length = std::stoull(std::string(pieces.substr(0, begin)));
  std::string text(pieces.substr(begin, length));
  pieces.remove_prefix(begin + length);
  return text;
}

}  // namespace

Bytes setup_to_bytes(const SweepText& text) {
  std::string all = piece_of(text.file_name) + piece_of(text.file_text) + piece_of(text.engine);
  for (const std::string& argument : text.overrides) all += piece_of(argument);
  return bytes_of(all);
}

SweepText setup_from_bytes(const Bytes& bytes) {
  const std::string all = to_text(bytes);
  std::string_view left = all;
  SweepText text;
  text.file_name = taken_from(left);
  text.file_text = taken_from(left);
  text.engine = taken_from(left);
  while (!left.empty()) text.overrides.push_back(taken_from(left));
  return text;
}

Bytes verdict_to_bytes(ExitCode code) {
  return bytes_of(std::to_string(static_cast<int>(code)));
}

ExitCode verdict_from_bytes(const Bytes& bytes) {
  return static_cast<ExitCode>(std::stoi(to_text(bytes)));
}

}  // namespace varprop
