#include "core/sweep/differences.hpp"

#include <map>
#include <set>
#include <sstream>

namespace varprop {

namespace {

/// A sweep's canonical text by key.
std::map<std::string, std::string> settings_of(const Sweep& sweep) {
  std::map<std::string, std::string> settings;
  std::istringstream lines(canonical_text(sweep));
  for (std::string line; std::getline(lines, line);) {
    const auto end_of_key = line.find(' ');
    settings[line.substr(0, end_of_key)] = line.substr(end_of_key);
  }
  return settings;
}

}  // namespace

std::vector<std::string> differences(const Sweep& a, const Sweep& b) {
  const auto left = settings_of(a), right = settings_of(b);
  std::set<std::string> keys;
  for (const auto& [key, value] : left) {
    if (const auto other = right.find(key); other == right.end() || other->second != value) keys.insert(key);
  }
  for (const auto& [key, value] : right) {
    if (!left.contains(key)) keys.insert(key);
  }
  return {keys.begin(), keys.end()};
}

}  // namespace varprop
