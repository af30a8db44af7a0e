#include "driver/forecast/forecast.hpp"

#include <algorithm>

#include "core/storage/file_size.hpp"
#include "core/sweep/point_words.hpp"

namespace varprop {

double Forecast::makespan() const {
  return run ? run->makespan : std::max(work.seconds / machine.cores(), work.longest_unit_seconds);
}

Forecast forecast(const Sweep& sweep, const Machine& machine, const Speed& speed) {
  const Calibration& calibration = speed.calibration;
  Forecast result{sweep.title, machine, {}, {}, {}, {}, false, {}, {}, 0, 0, speed};
  result.work = workload_of(sweep, calibration);
  const Point longest = sweep.point(result.work.longest_point);
  result.longest_point = canonical_text(longest, sweep.ensemble);
  result.longest_point_words = point_in_words(longest);
  result.memory = memory_of(sweep, machine);
  result.file_bytes = predicted_file_size(sweep);
  result.padding_bytes = padding_bytes(sweep);
  if (sweep.unit_count() > most_simulated_units) return result;
  result.run = simulate_run(sweep, calibration, machine);
  result.held_up = held_up_by_longest_unit(result.work, *result.run);
  if (result.held_up) result.remedy = find_remedy(sweep, result.work, calibration, machine, *result.run);
  return result;
}

}  // namespace varprop
