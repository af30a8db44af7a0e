// varprop's commands: what each is asked for, and what it does. Plain values in, an exit code out.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/errors.hpp"
#include "core/network/axes.hpp"
#include "driver/command_line/command.hpp"
#include "driver/explain/explanation.hpp"
#include "driver/merge/merge_results.hpp"
#include "driver/run/run_sweep.hpp"
#include "driver/schedule/division.hpp"
#include "driver/verify/verification.hpp"
#include "report/analyze.hpp"

namespace varprop::driver {

/// The program with all its commands, in the order of the help page. `command_line`: as it was typed, for the
/// provenance of what is written. Parsing fills options that live as long as the program.
std::unique_ptr<const Program> all_commands(const std::string& command_line);

/// Their declarations, each in a file of its name.
Command sweep_command(const std::string& command_line);
Command plan_command();
Command status_command();
Command verify_command();
Command analyze_command();
Command merge_command(const std::string& command_line);
Command theory_command();
Command init_command();
Command explain_command();
/// Explains the commands that `program` has by now, which must outlive it.
Command help_command(const Program& program);

/// How a command that does something tells what came of it.
struct AnswerOptions {
  bool json = false;   ///< one JSON object on the standard output, for programs
  bool quiet = false;  ///< nothing but what went wrong
};

/// Fills a results file, as one of the ranks that a launcher started, if it did.
ExitCode run_sweep_in_world(const SweepOptions& options, const AnswerOptions& answer = {});

struct PlanOptions {
  std::filesystem::path sweep_file;
  std::vector<std::string> overrides;  ///< arguments of --set
  std::string engine;                  ///< argument of --engine; empty: the sweep file's
  int ranks = 1;
  int threads = 0;                  ///< of every rank; 0: the cores of this process
  std::optional<SampleSize> pilot;  ///< units to time on this machine
  std::optional<double> pace;       ///< for tests: what a predicted second takes; else probed or piloted
  bool json = false;                ///< for programs
};

/// Prints what the sweep would take; runs nothing of it but the pilot, writes no file.
ExitCode run_plan(const PlanOptions& options);

struct StatusOptions {
  std::filesystem::path results;
  bool json = false;  ///< for programs
};

/// Prints how far the sweep is; complete, whatever that is.
ExitCode run_status(const StatusOptions& options);
/// Prints the JSON of status: what came of a command that wrote this file.
void print_status_json(const std::filesystem::path& results);

/// Prints what was compared; some_points_failed where anything differs.
ExitCode run_verify(const VerifyOptions& options, const AnswerOptions& answer = {});

/// Reads the results, writes the tables, prints the summary.
ExitCode run_analyze(const report::AnalyzeOptions& options, const AnswerOptions& answer = {});

/// Merges, on the first rank alone.
ExitCode run_merge(const MergeOptions& options, const AnswerOptions& answer = {});

struct TheoryOptions {
  std::string preset;           ///< a recipe, for what is not given; empty: none
  std::string activation;       ///< empty: the preset's
  std::string weight_variance;  ///< a number or a name; empty: not given, or the preset's
  std::string bias_variance;    ///< a number or a name; empty: 0
  WeightDistribution weights = WeightDistribution::gaussian;
  std::optional<std::int64_t> width;                ///< n
  std::optional<int> depth;                         ///< L
  std::optional<double> input_correlation;          ///< c_0
  std::optional<VarianceScaling> variance_scaling;  ///< nothing: fan_in, or the preset's
  BiasScaling bias_scaling = BiasScaling::none;
  std::optional<double> input_mean_square;  ///< E|x|²/n; nothing: 1, or the preset's
  std::optional<AttentionMask> attention_mask;
  /// Coordinates along the newer axes, as far as they are given; each gives its own to a point.
  std::vector<std::function<void(Point&)>> coordinates;
  std::vector<std::string> of_blocks;  ///< options that plain layers have no place for
  AttentionScale attention_scale = AttentionScale::sqrt;
  bool curve = false;                  ///< the edge of chaos instead of a point
  std::vector<double> bias_variances;  ///< of the curve; empty: the default ones
  bool json = false;                   ///< for programs
};

/// Prints the prediction. Simulates nothing, reads and writes no file.
ExitCode run_theory(const TheoryOptions& options);

/// Texts that are empty are not given. At most one of the choices may be.
struct InitOptions {
  std::string activation;
  std::optional<std::int64_t> width;          ///< n; required
  std::optional<int> depth;                   ///< L; required
  std::optional<WeightDistribution> weights;  ///< nothing: gaussian, or what the choice has
  std::string bias_variance;                  ///< an expression or a name
  double input_mean_square = 1;               ///< E|x|²/n
  /// A choice to judge: expressions of numbers, and lines of frameworks.
  std::string weight_variance, gain, std, bound, torch, keras, jax;
  bool json = false;  ///< for programs
};

/// Prints which weight variance holds networks of this depth, and what a choice does. May simulate for a
/// second or two; reads and writes no file.
ExitCode run_init(const InitOptions& options);

struct ExplainOptions {
  ExplainSetting setting;
  bool json = false;      ///< the measured numbers for programs
  std::string directory;  ///< for explain.html; empty: none is written
};

/// Simulates for some seconds, then prints the story, and writes its page where one is asked for.
ExitCode run_explain(const ExplainOptions& options);

}  // namespace varprop::driver
