#include "driver/verify/verification.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/contracts.hpp"
#include "core/parallel/backoff.hpp"
#include "core/random/choose.hpp"
#include "core/simd/target.hpp"
#include "core/storage/results_file.hpp"
#include "driver/run/compute_pool.hpp"
#include "driver/run/cores.hpp"
#include "driver/run/cost_model.hpp"
#include "driver/run/progress.hpp"
#include "driver/verify/unit_comparison.hpp"
#include "workers/simulate_unit.hpp"

namespace varprop {

namespace {

constexpr std::size_t units_ahead = 1024;  ///< in the pool at a time: records are large

void require_numerics(const ResultsFile& file) {
  validate(file.numerics_version() == numerics_version,
           fmt::format(
               "{} was computed by numerics version {}, and this varprop computes version {}, whose numbers "
               "are others: verify it with the varprop that made it.",
               file.path().string(), file.numerics_version(), numerics_version));
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
    ComputePool pool(UnitSimulator(sweep_), threads);
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

}  // namespace

Verification verify(const VerifyOptions& options) {
  const ResultsFile file(options.results, ResultsFile::Access::read);
  require_numerics(file);
  require_simd_target();
  const auto states = file.states();
  Verification result{options.results, options.seed, file.units().count(), 0, 0, 0, 0, {}, {}};
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

}  // namespace varprop
