#include "driver/verify/verification.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>

#include "core/errors.hpp"
#include "core/json.hpp"
#include "core/parallel/backoff.hpp"
#include "core/random/binomial_chi_squared.hpp"
#include "core/simd/target.hpp"
#include "core/storage/results_file.hpp"
#include "core/text/words.hpp"
#include "driver/run/compute_pool.hpp"
#include "driver/run/destination.hpp"
#include "driver/run/process.hpp"
#include "driver/run/progress.hpp"
#include "driver/schedule/cost.hpp"
#include "workers/simulate_unit.hpp"

namespace varprop::driver {

namespace {

constexpr std::size_t units_ahead = 1024;  ///< in the pool at a time: records are large

void require_numerics(const ResultsFile& file) {
  const auto other = other_numbers(file);
  validate(!other,
           fmt::format("{} {}, whose numbers are others: verify it with the varprop that made it. Its states "
                       "and results can be read, by status and analyze.",
                       file.path().string(), other.value_or("")));
}

std::vector<Unit> done_units(const Sweep& sweep, const std::vector<UnitState>& states,
                             const std::vector<std::int64_t>& ordinals) {
  std::vector<Unit> units;
  std::int64_t ordinal = 0;
  auto wanted = ordinals.begin();
  for (std::size_t slot = 0; slot < states.size() && wanted != ordinals.end(); ++slot) {
    if (states[slot] != UnitState::done || ordinal++ != *wanted) continue;
    units.push_back(sweep.unit(static_cast<std::int64_t>(slot)));
    ++wanted;
  }
  return units;
}

/// Keeps the pool fed and compares what it returns; this thread alone reads the file.
class Verifier {
 public:
  Verifier(const ResultsFile& file, const std::vector<Unit>& units, Progress& progress)
      : file_(file), sweep_(file.sweep()), layout_(sweep_), units_(units), progress_(progress) {
    for (const Unit unit : units_) total_seconds_ += seconds_of(unit);
  }

  std::vector<UnitDifference> run(int threads) {
    ComputePool pool(workers::UnitSimulator(sweep_), threads);
    for (Backoff backoff; compared_ < units_.size();) {
      feed(pool);
      const auto records = pool.take_finished();
      for (const Record& record : records) compare(record);
      if (records.empty()) {
        backoff.sleep();
      } else {
        backoff.reset();
      }
    }
    std::sort(found_.begin(), found_.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<UnitDifference> differences;
    for (auto& [unit, difference] : found_) differences.push_back(std::move(difference));
    return differences;
  }

 private:
  void feed(ComputePool& pool) {
    if (dealt_ - compared_ > units_ahead / 2) return;
    const std::size_t end = std::min(units_.size(), compared_ + units_ahead);
    pool.push({units_.begin() + static_cast<std::ptrdiff_t>(dealt_),
               units_.begin() + static_cast<std::ptrdiff_t>(end)});
    dealt_ = end;
  }

  void compare(const Record& record) {
    auto difference = compare_unit(sweep_, layout_, stored(record.unit), record);
    if (difference) found_.emplace_back(record.unit, *std::move(difference));
    ++compared_;
    seconds_ += seconds_of(record.unit);
    progress_.update({static_cast<std::int64_t>(compared_), static_cast<std::int64_t>(units_.size()),
                      seconds_ / total_seconds_,
                      std::chrono::duration<double>(Clock::now() - begin_).count()});
  }

  Record stored(Unit unit) const {
    return file_.read_records(file_.units().position(sweep_.slot(unit)), 1).front();
  }

  double seconds_of(Unit unit) const { return predicted_seconds(sweep_, sweep_.point(unit.point)); }

  using Clock = std::chrono::steady_clock;
  const ResultsFile& file_;
  const Sweep& sweep_;
  RecordLayout layout_;
  const std::vector<Unit>& units_;
  Progress& progress_;
  std::vector<std::pair<Unit, UnitDifference>> found_;
  std::size_t dealt_ = 0;
  std::size_t compared_ = 0;
  double seconds_ = 0;        ///< predicted, of the compared units
  double total_seconds_ = 0;  ///< predicted, of all
  Clock::time_point begin_ = Clock::now();
};

bool same_bits(double a, double b) {
  return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}

class Comparison {
 public:
  Comparison(const Sweep& sweep, const RecordLayout& layout, const Record& stored, const Record& computed)
      : sweep_(sweep),
        layout_(layout),
        stored_(stored.values),
        computed_(computed.values),
        depth_(sweep.point(stored.unit.point).depth) {}

  std::vector<RowDifference> rows() const {
    std::vector<RowDifference> different;
    for (std::size_t d = 0; d < layout_.datasets().size(); ++d) compare(d, different);
    return different;
  }

 private:
  void compare(std::size_t d, std::vector<RowDifference>& different) const {
    std::int64_t numbers = 0;
    for (std::int64_t i = 0; i < layout_.length(d); ++i) {
      const auto at = static_cast<std::size_t>(layout_.offset(d) + i);
      if (same_bits(stored_[at], computed_[at])) continue;
      if (numbers++ == 0) different.push_back(first_of(d, i, stored_[at], computed_[at]));
    }
    if (numbers > 0) different.back().numbers = numbers;
  }

  RowDifference first_of(std::size_t d, std::int64_t i, double stored, double computed) const {
    const Dataset& dataset = layout_.datasets()[d];
    if (dataset.row_axis == RowAxis::replica) {
      return {dataset.name, fmt::format("replica {}", i + 1), false, stored, computed, 1};
    }
    const std::int32_t layer = sweep_.layers[static_cast<std::size_t>(i)];
    return {dataset.name, fmt::format("layer {}", layer), layer > depth_.value(), stored, computed, 1};
  }

  const Sweep& sweep_;
  const RecordLayout& layout_;
  const std::vector<double>& stored_;
  const std::vector<double>& computed_;
  Depth depth_;
};

constexpr std::size_t most_lines = 20;

std::string row_text(const RowDifference& row) {
  return fmt::format("{} ({}{}: {} in the file, {} computed{})", row.dataset, row.place,
                     row.beyond ? ", beyond the point's depth" : "", with_bits(row.stored),
                     with_bits(row.computed),
                     row.numbers > 1 ? fmt::format("; {} numbers in all", row.numbers) : "");
}

std::string unit_text(const UnitDifference& unit) {
  std::vector<std::string> rows;
  for (const RowDifference& row : unit.rows) rows.push_back(row_text(row));
  return fmt::format("\n  batch {} of the point {}: {}", unit.batch, point_in_words(unit.point),
                     unit.failure.empty() ? join(rows) : "it fails now: " + unit.failure);
}

std::string damage_text(const Verification& verification) {
  std::string text;
  for (const std::string& name : verification.damaged) {
    text += fmt::format("\n  the dataset {} is not what the sweep says", name);
  }
  return text;
}

std::string differences_text(const Verification& verification) {
  std::string text;
  const std::size_t shown = std::min(verification.differences.size(), most_lines);
  for (std::size_t i = 0; i < shown; ++i) text += unit_text(verification.differences[i]);
  if (shown < verification.differences.size()) {
    text += fmt::format("\n  ({} more units)", verification.differences.size() - shown);
  }
  return text;
}

Json json_of(const RowDifference& row) {
  return {{"dataset", row.dataset}, {"place", row.place},       {"beyond_depth", row.beyond},
          {"stored", row.stored},   {"computed", row.computed}, {"numbers", row.numbers}};
}

Json json_of(const UnitDifference& unit, const NetworkSettings& network) {
  Json rows = Json::array();
  for (const RowDifference& row : unit.rows) rows.push_back(json_of(row));
  return {{"point", canonical_text(unit.point, network)},
          {"batch", unit.batch},
          {"failure", unit.failure},
          {"rows", std::move(rows)}};
}

}  // namespace

Verification verify(const VerifyOptions& options) {
  const ResultsFile file(options.results, ResultsFile::Access::read);
  require_numerics(file);
  require_simd_target();
  const auto states = file.states();
  Verification result{
      options.results, file.sweep().network, options.seed, file.units().count(), 0, 0, 0, 0, {}, {}};
  result.done = std::count(states.begin(), states.end(), UnitState::done);
  result.compared = options.sample.of(result.done);
  const RecordLayout layout(file.sweep());
  result.numbers = result.compared * layout.size();
  result.datasets = layout.datasets().size();
  result.damaged = file.damaged_descriptions();
  const auto units = done_units(file.sweep(), states, choose(result.compared, result.done, options.seed));
  Progress progress(options.progress);
  result.differences =
      Verifier(file, units, progress).run(options.threads > 0 ? options.threads : usable_cores().usable);
  return result;
}

std::optional<UnitDifference> compare_unit(const Sweep& sweep, const RecordLayout& layout,
                                           const Record& stored, const Record& computed) {
  VARPROP_EXPECT(stored.unit == computed.unit && stored.state == UnitState::done);
  UnitDifference difference{
      sweep.point(stored.unit.point), stored.unit.batch.value() + 1, computed.failure, {}};
  if (computed.state == UnitState::failed) return difference;
  difference.rows = Comparison(sweep, layout, stored, computed).rows();
  if (difference.rows.empty()) return std::nullopt;
  return difference;
}

std::string verification_page(const Verification& verification) {
  const std::string what =
      fmt::format("{}: compared {} of {} (sample seed {}), {} in {}", verification.results.string(),
                  verification.compared, counted(verification.done, "done unit"), verification.seed,
                  counted(verification.numbers, "number"), counted(verification.datasets, "dataset"));
  if (verification.done == 0) {
    return fmt::format("{}: no unit is done yet, so that there is nothing to compare.",
                       verification.results.string());
  }
  if (verification.equal()) return what + ": every bit is the same.";
  const std::int64_t units = std::ssize(verification.differences);
  const std::string differing = counted(units, "unit differs", "units differ");
  return what + fmt::format(": {}.", differing) + damage_text(verification) + differences_text(verification);
}

std::string verification_json(const Verification& verification) {
  Json differences = Json::array();
  for (const UnitDifference& unit : verification.differences)
    differences.push_back(json_of(unit, verification.network));
  const Json json{{"results", verification.results.string()},
                  {"sample_seed", verification.seed},
                  {"units", verification.units},
                  {"done", verification.done},
                  {"compared", verification.compared},
                  {"numbers", verification.numbers},
                  {"datasets", verification.datasets},
                  {"equal", verification.equal()},
                  {"damaged", verification.damaged},
                  {"differences", std::move(differences)}};
  return json.dump(2);
}

}  // namespace varprop::driver
