#include "driver/commands/shard_text.hpp"

#include <charconv>
#include <string_view>

#include "core/contracts.hpp"

namespace varprop {

namespace {

/// A whole number from 1 on, or 0.
std::int32_t count_of(std::string_view digits) {
  std::int32_t count = 0;
  const char* const end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, count);
  return error == std::errc{} && stop == end && count > 0 ? count : 0;
}

}  // namespace

Shard parse_shard(const std::string& text) {
  const auto slash = std::min(text.find('/'), text.size());
  const std::string_view all(text);
  const Shard shard{count_of(all.substr(0, slash)),
                    slash < text.size() ? count_of(all.substr(slash + 1)) : 0};
  validate(shard.number > 0 && shard.number <= shard.count,
           "a shard is I/N, the I-th of N, I from 1 to N, such as 2/4.");
  return shard;
}

}  // namespace varprop
