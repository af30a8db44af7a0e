// `varprop analyze`.
#include <fmt/format.h>

#include <memory>
#include <optional>
#include <sstream>

#include "analysis/terminal/summary.hpp"
#include "core/errors.hpp"
#include "core/text/words.hpp"
#include "driver/command_line/command_line.hpp"
#include "driver/commands/commands.hpp"
#include "driver/commands/options.hpp"
#include "driver/run/progress.hpp"

namespace varprop::driver {

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
    "               layers that leave fp64 to fp8, what to change\n"
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

std::string analyze_footer() {
  std::string text = files;
  for (const auto& [regime, word] : EnumWords<analysis::Regime>::words)
    text += fmt::format("  {:<11} {}\n", word, meaning_of(regime));
  return text + example;
}

std::string text_of(const analysis::AnalysisSummary& summary, bool coloured) {
  std::ostringstream stream;
  print_summary(summary, stream, coloured);
  std::string text = stream.str();
  text.erase(text.find_last_not_of('\n') + 1);
  return text;
}

}  // namespace

Command analyze_command() {
  const auto options = std::make_shared<report::AnalyzeOptions>();
  const auto answer = std::make_shared<AnswerOptions>();
  Command command("analyze", "Says which points vanish, stay stable or explode.",
                  "varprop analyze RESULTS.h5 -o DIR [options]");
  command.positional("RESULTS.h5", "what `varprop sweep` wrote", into(options->results)).required();
  add_directory_option(command, "where report and tables go", into(options->directory)).required();
  command.option("--factor", "F", "F: how much change is too much (" + shortest(options->factor) + ")",
                 parsed(options->factor, parse_factor));
  command.option("--trainable-depth-factor", "K",
                 "k: how many xi_c deep can be trained (" + shortest(options->trainable_depth_factor) + ")",
                 parsed(options->trainable_depth_factor, parse_positive));
  command.option("--loss-scale", "S", "what gradients are multiplied with (1)",
                 parsed(options->gradient_scale.loss_scale, parse_positive));
  command.option("--output-gradient-norm", "G", "norm of the loss's gradient at the output (1)",
                 parsed(options->gradient_scale.output_gradient_norm, parse_positive));
  command.flag("--figures", "also draw the charts as pictures (node draws)", options->figures);
  add_answer_options(command, *answer);
  command.footer = analyze_footer();
  command.run = [options, answer] { return run_analyze(*options, *answer); };
  return command;
}

ExitCode run_analyze(const report::AnalyzeOptions& options, const AnswerOptions& answer) {
  if (!speaks()) return ExitCode::complete;
  report::AnalyzeOptions heard = options;
  std::optional<Progress> progress(answer.quiet ? ProgressMode::none : ProgressMode::automatic);
  heard.progress = [&](std::string_view doing, double share) { progress->update(doing, share); };
  const analysis::AnalysisSummary summary = analyze(heard);
  progress.reset();  // its bar goes before the summary comes
  if (answer.json) {
    print_out(summary_json(summary));
  } else if (!answer.quiet) {
    const bool coloured = shows_colours(stdout);
    print_out(text_of(summary, coloured), coloured ? Colours::kept : Colours::written_out);
  }
  return ExitCode::complete;
}

}  // namespace varprop::driver
