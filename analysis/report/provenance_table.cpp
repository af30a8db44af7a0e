#include "analysis/report/provenance_table.hpp"

#include <fmt/format.h>

#include "core/build_info.hpp"
#include "core/text.hpp"

namespace varprop {

namespace {

std::string measures_text(const Sweep& sweep) {
  std::vector<std::string> words;
  for (const Quantity quantity : sweep.measures) words.emplace_back(word_of(quantity));
  return join(words);
}

}  // namespace

Json provenance_json(const ResultsFile& results, const AnalysisSettings& settings) {
  const Sweep& sweep = results.sweep();
  const Provenance origin = results.provenance();
  Json pairs = Json::array();
  const auto add = [&pairs](const char* what, std::string value) {
    if (!value.empty()) pairs.push_back(Json::array({what, std::move(value)}));
  };
  add("results file", results.path().filename().string());
  add("identity", results.identity());
  add("numerics version", std::to_string(results.numerics_version()));
  add("made by", origin.program);
  add("command", origin.command_line);
  add("host", origin.host);
  add("date", origin.date);
  add("seed", std::to_string(sweep.seed));
  add("networks",
      fmt::format("{} a point, in {}", sweep.replicas, counted(sweep.batches, "batch", "batches")));
  add("engine", std::string(word_of(sweep.ensemble.engine)));
  add("variance scaling", std::string(word_of(sweep.ensemble.variance_scaling)));
  add("input", std::string(word_of(sweep.ensemble.input)));
  add("measured", measures_text(sweep));
  add("analyzed by", fmt::format("varprop {} (commit {})", program_version(), git_commit()));
  add("factor F of a stable change", shortest(settings.factor));
  add("factor of the trainable depth", shortest(settings.trainable_depth_factor));
  add("loss scale", shortest(settings.gradient_scale.loss_scale));
  add("norm of the output gradient", shortest(settings.gradient_scale.output_gradient_norm));
  add("sweep file", origin.sweep_file);
  return pairs;
}

}  // namespace varprop
