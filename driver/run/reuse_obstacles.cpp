#include "driver/run/reuse_obstacles.hpp"

#include <fmt/format.h>

#include "core/text.hpp"

namespace varprop {

namespace {

class Obstacles {
 public:
  /// Adds "its <what> is <there>, not <here>" where the two are not the same.
  template <class T>
  void compare(std::string_view what, const T& there, const T& here) {
    if (there != here) found.push_back(fmt::format("its {} is {}, not {}", what, there, here));
  }

  std::vector<std::string> found;
};

std::string correlation_text(const Ensemble& ensemble) {
  return ensemble.input_correlation ? shortest(*ensemble.input_correlation) : "none (one input)";
}

}  // namespace

std::vector<std::string> reuse_obstacles(const ResultsFile& earlier, const Sweep& sweep, const PointMap& map,
                                         const RecordProjection& project) {
  const Sweep& old = earlier.sweep();
  Obstacles obstacles;
  obstacles.compare("numerics version", earlier.numerics_version(), numerics_version);
  obstacles.compare("seed", old.seed, sweep.seed);
  obstacles.compare("number of replicas per batch", old.replicas_per_batch(), sweep.replicas_per_batch());
  obstacles.compare("variance_scaling", word_of(old.ensemble.variance_scaling),
                    word_of(sweep.ensemble.variance_scaling));
  obstacles.compare("input", word_of(old.ensemble.input), word_of(sweep.ensemble.input));
  obstacles.compare("input_correlation", correlation_text(old.ensemble), correlation_text(sweep.ensemble));
  for (const std::string& axis : map.disjoint_axes()) {
    obstacles.found.push_back(fmt::format("its grid has no {} in common with this one", axis));
  }
  if (!project.missing_datasets().empty()) {
    obstacles.found.push_back(
        fmt::format("it has not measured all of this: {} is missing", join(project.missing_datasets())));
  }
  return std::move(obstacles.found);
}

std::string missing_layer_text(const RecordProjection& project) {
  return fmt::format("it did not record layer {}", project.missing_layer().value_or(0));
}

}  // namespace varprop
