#include "driver/commands/analyze_command.hpp"

#include <fmt/format.h>

#include <sstream>

#include "analysis/summary.hpp"
#include "core/contracts.hpp"
#include "core/text.hpp"
#include "driver/commands/help_page.hpp"
#include "driver/commands/parsed_option.hpp"
#include "driver/commands/shared_options.hpp"
#include "driver/commands/standard_output.hpp"

namespace varprop {

namespace {

double parse_factor(const std::string& text) {
  const auto factor = parse_number(text);
  validate(factor && *factor > 1.0 && *factor < 1e300, "a factor is a number above 1 and below 1e300.");
  return *factor;
}

double parse_positive(const std::string& text) {
  const auto x = parse_number(text);
  validate(x && *x > 0.0 && *x < 1e300, "a number above 0 and below 1e300 is wanted.");
  return *x;
}

constexpr const char* files =
    "Writes into DIR\n"
    "  report.html  findings in words, phase diagram, profiles, laws: one page for\n"
    "               any browser; its charts as Vega-Lite in charts/\n"
    "  points.csv   a row per point: rates beside theory, totals, regimes and causes,\n"
    "               layers that leave fp32, fp16, bf16 and fp8, what to change\n"
    "  laws.csv     a row per parameter of a law: critical weight variances, widths,\n"
    "               depths, each with its interval and theory, or refused and why\n"
    "  analysis.h5  all of points.csv and the profiles, over the grid (xarray)\n"
    "  figures/     with --figures: the charts as SVG and PNG, for a paper\n"
    "The regimes, forward, backward and combined:\n";

constexpr const char* example =
    "The results file is never changed; it may still be being written.\n"
    "\n"
    "Example:\n"
    "  varprop analyze edge.h5 -o edge-analysis";

std::string footer() {
  std::string text = files;
  for (const auto& [regime, word] : Choices<Regime>::words)
    text += fmt::format("  {:<11} {}\n", word, meaning_of(regime));
  return text + example;
}

}  // namespace

CLI::App* add_analyze_command(CLI::App& app, AnalyzeOptions& options) {
  CLI::App* command = app.add_subcommand("analyze", "Says which points vanish, stay stable or explode.");
  command->formatter(std::make_shared<HelpPage>("varprop analyze RESULTS.h5 -o DIR [options]"));
  command->add_option("RESULTS.h5", options.results, "what `varprop sweep` wrote")->required();
  add_directory_option(*command, options.directory, "where report and tables go")->required();
  add_parsed_option(*command, "--factor", options.factor, parse_factor,
                    "F: how much change is too much (100)")
      ->option_text("F");
  add_parsed_option(*command, "--trainable-depth-factor", options.trainable_depth_factor, parse_positive,
                    "k: how many xi_c deep can be trained (6)")
      ->option_text("K");
  add_parsed_option(*command, "--loss-scale", options.gradient_scale.loss_scale, parse_positive,
                    "what gradients are multiplied with (1)")
      ->option_text("S");
  add_parsed_option(*command, "--output-gradient-norm", options.gradient_scale.output_gradient_norm,
                    parse_positive, "norm of the loss's gradient at the output (1)")
      ->option_text("G");
  command->add_flag("--figures", options.figures, "also draw the charts as pictures (node draws)");
  command->footer(footer());
  return command;
}

ExitCode run_analyze(const AnalyzeOptions& options) {
  if (!speaks()) return ExitCode::complete;
  std::ostringstream summary;
  print_summary(analyze(options), summary);
  std::string text = summary.str();
  text.erase(text.find_last_not_of('\n') + 1);
  print_out(text);
  return ExitCode::complete;
}

}  // namespace varprop
