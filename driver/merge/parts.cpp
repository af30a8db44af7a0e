#include "driver/merge/parts.hpp"

#include <fmt/format.h>

#include <set>

#include "core/contracts.hpp"
#include "core/sweep/differences.hpp"
#include "core/text.hpp"

namespace varprop {

namespace {

constexpr std::size_t most_shards_named = 20;

void require_numerics(const ResultsFile& part) {
  validate(part.numerics_version() == numerics_version,
           fmt::format("{} was made with numerics version {}, this program computes version {}: numbers of "
                       "different versions must not be mixed.",
                       part.path().string(), part.numerics_version(), numerics_version));
}

void require_same_sweep(const ResultsFile& part, const Parts& parts) {
  validate(identity(part.sweep()) == identity(parts.sweep),
           fmt::format("{} and {} are not parts of one sweep; they differ in: {}. To let a sweep grow, use "
                       "varprop sweep --reuse.",
                       parts.paths.front().string(), part.path().string(),
                       join(differences(parts.sweep, part.sweep()))));
}

/// The shards of a deal that are not among these; none where not all are of one deal, or where a part holds
/// the whole sweep.
std::vector<Shard> missing_shards(const std::vector<std::optional<Shard>>& brought) {
  std::set<std::int32_t> numbers;
  for (const auto& shard : brought) {
    if (!shard || shard->count != brought.front()->count) return {};
    numbers.insert(shard->number);
  }
  std::vector<Shard> missing;
  const std::int32_t count = brought.front()->count;
  for (std::int32_t number = 1; number <= count; ++number) {
    if (!numbers.contains(number)) missing.push_back({number, count});
  }
  return missing;
}

}  // namespace

Parts look_at_parts(const std::vector<std::filesystem::path>& paths) {
  VARPROP_EXPECT(!paths.empty());
  Parts parts{paths, {}, {}, {}};
  std::vector<std::optional<Shard>> brought;
  for (const auto& path : paths) {
    const ResultsFile part(path, ResultsFile::Access::read);
    require_numerics(part);
    Provenance origin = part.provenance();  // of all, before anything is written: the log tells of it
    if (brought.empty()) {
      parts.sweep = part.sweep();
      parts.first = std::move(origin);
    }
    require_same_sweep(part, parts);
    brought.push_back(part.units().shard());
  }
  parts.missing = missing_shards(brought);
  return parts;
}

std::string missing_text(const std::vector<Shard>& missing) {
  if (missing.empty()) return "";
  std::vector<std::string> numbers;
  for (const Shard& shard : missing) {
    if (numbers.size() < most_shards_named) numbers.push_back(std::to_string(shard.number));
  }
  const std::size_t more = missing.size() - numbers.size();
  return fmt::format("{} {}{} of {} {} missing", missing.size() == 1 ? "shard" : "shards", join(numbers),
                     more > 0 ? fmt::format(" and {} more", more) : "", missing.front().count,
                     missing.size() == 1 ? "is" : "are");
}

}  // namespace varprop
