// What the command line understands, says and returns.
#include "driver/command_line/command_line.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <sstream>
#include <string>
#include <vector>

#include "driver/commands/commands.hpp"

namespace varprop::driver {
namespace {

struct Outcome {
  int code;
  std::string output;
  std::string errors;
};

Outcome run(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "varprop");
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  const ExitCode code = run_command_line(static_cast<int>(arguments.size()), arguments.data(), all_commands);
  std::fflush(stdout);
  return {static_cast<int>(code), testing::internal::GetCapturedStdout(),
          testing::internal::GetCapturedStderr()};
}

void expect_usage_error(const std::vector<const char*>& arguments, const std::string& sentence) {
  const Outcome outcome = run(arguments);
  EXPECT_EQ(outcome.code, 2);
  EXPECT_EQ(outcome.errors, "varprop: " + sentence + "\n");
  EXPECT_EQ(outcome.output, "");
}

/// Every command's page, for the commands that there are.
TEST(HelpPages, FitAScreenAndEndInAnExample) {
  std::vector<std::string> commands = all_commands("")->names();
  commands.emplace_back("--help");  // twice: the program's own page
  for (const std::string& command : commands) {
    SCOPED_TRACE(command);
    const Outcome outcome = run({command.c_str(), "--help"});
    EXPECT_EQ(outcome.code, 0);
    EXPECT_EQ(outcome.errors, "");
    std::istringstream lines(outcome.output);
    std::string line, last;
    int count = 0;
    for (; std::getline(lines, line); last = line) {
      ++count;
      EXPECT_LE(line.size(), 80u) << line;
    }
    EXPECT_GE(count, command == "help" ? 10 : 20);
    EXPECT_LE(count, 60);
    EXPECT_TRUE(last.starts_with("  ")) << last;
    EXPECT_NE(last.find("varprop "), std::string::npos) << last;
  }
}

TEST(HelpCommand, PrintsThePageThatTheOptionPrints) {
  EXPECT_EQ(run({"help"}).output, run({"--help"}).output);
  for (const std::string& command : all_commands("")->names()) {
    EXPECT_EQ(run({"help", command.c_str()}).output, run({command.c_str(), "--help"}).output) << command;
  }
  EXPECT_EQ(run({"help", "sweep"}).code, 0);
  expect_usage_error({"help", "swep"},
                     "unknown command \"swep\". Did you mean \"sweep\"? Commands: sweep, plan, status, "
                     "verify, analyze, merge, theory, init, explain, help. See varprop --help.");
  expect_usage_error({"help", "sweep", "plan"}, "unknown argument \"plan\". See varprop help --help.");
}

TEST(CommandLine, TellsItsVersion) {
  const Outcome outcome = run({"--version"});
  EXPECT_EQ(outcome.code, 0);
  EXPECT_EQ(outcome.output.substr(0, 8), "varprop ");
  EXPECT_NE(outcome.output.find("commit"), std::string::npos);
  for (const char* fact : {"compiler ", "build ", "-ffp-contract=off", "contracts o", "SIMD ", "AVX2",
                           "; Highway 1.", "MPI ", "HDF5 ", "Boost "}) {
    EXPECT_NE(outcome.output.find(fact), std::string::npos) << fact << " in " << outcome.output;
  }
}

TEST(CommandLine, RefusesWhatItDoesNotKnowWithTheNearest) {
  expect_usage_error(
      {},
      "a command is needed: sweep, plan, status, verify, analyze, merge, theory, init, explain, help. See "
      "varprop --help.");
  expect_usage_error({"swep"},
                     "unknown command \"swep\". Did you mean \"sweep\"? Commands: sweep, plan, status, "
                     "verify, analyze, merge, theory, init, explain, help. See "
                     "varprop --help.");
  EXPECT_EQ(run({""}).errors.find("varprop: unknown command \"\". Commands: sweep, plan"), 0u);
  expect_usage_error({"dance", "x.toml"},
                     "unknown command \"dance\". Commands: sweep, plan, status, verify, analyze, merge, "
                     "theory, init, explain, help. See "
                     "varprop --help.");
  expect_usage_error({"sweep", "x.toml", "--outptu", "r.h5"},
                     "unknown option \"--outptu\". Did you mean \"--output\"? See varprop sweep --help.");
  expect_usage_error({"sweep", "a", "b", "-o", "c"}, "unknown argument \"b\". See varprop sweep --help.");
  expect_usage_error({"sweep", "a", "-o", "c", "--shrad", "1/4"},
                     "unknown option \"--shrad\". Did you mean \"--shard\"? See varprop sweep --help.");
}

/// Seen red with positionals that take one value each.
TEST(CommandLine, TakesAsManyPartsAsThereAre) {
  const Outcome outcome = run({"merge", "no-such-folder/out.h5", "a.h5", "b.h5", "c.h5"});
  EXPECT_EQ(outcome.errors.find("unknown argument"), std::string::npos) << outcome.errors;
  expect_usage_error({"sweep", "x", "-o", "r", "--reuse", "a.h5", "b.h5"},
                     "unknown argument \"b.h5\". See varprop sweep --help.");
}

TEST(CommandLine, SaysWhatAnOptionWithoutItsValueWants) {
  expect_usage_error({"sweep", "x", "-o"},
                     "--output: 1 required RESULTS.h5 missing. See varprop sweep --help.");
  expect_usage_error({"plan", "x", "--threads"}, "--threads: 1 required N missing. See varprop plan --help.");
}

TEST(CommandLine, NamesWhatIsMissing) {
  expect_usage_error({"sweep", "x.toml"}, "--output is required. See varprop sweep --help.");
  expect_usage_error({"sweep", "-o", "r.h5"}, "SWEEP.toml is required. See varprop sweep --help.");
  expect_usage_error({"analyze", "r.h5"}, "--output is required. See varprop analyze --help.");
}

TEST(CommandLine, ChecksValuesBeforeAnythingRuns) {
  expect_usage_error({"sweep", "x", "-o", "r", "--threads", "0"},
                     "--threads: Value 0 not in range 1 to 65536. See varprop sweep --help.");
  expect_usage_error(
      {"sweep", "x", "-o", "r", "--progress", "bra"},
      "--progress bra: unknown progress mode \"bra\". Did you mean \"bar\"? Known: auto, bar, log, none.");
  expect_usage_error(
      {"sweep", "x", "-o", "r", "--max-file-size", "2XB"},
      "--max-file-size 2XB: \"2XB\" is no size; allowed are sizes such as 500MB, 20GB, 1.5TB or 64GiB.");
  expect_usage_error({"sweep", "x", "-o", "r", "--resume", "--overwrite"},
                     "--resume excludes --overwrite. See varprop sweep --help.");
  expect_usage_error({"plan", "x", "--ranks", "0"},
                     "--ranks: Value 0 not in range 1 to 1000000. See varprop plan --help.");
  expect_usage_error(
      {"plan", "x", "--pilot", "0%"},
      "--pilot 0%: \"0%\" is no sample; allowed are a share above 0 % to 100 %, such as 1%, and a "
      "number of units from 1, such as 200.");
  expect_usage_error({"verify", "r", "--seed", "-1"},
                     "--seed -1: a seed is a whole number from 0 to 18446744073709551615.");
  for (const char* command : {"analyze", "explain"}) {
    std::vector<const char*> arguments{command, "-o", ""};
    if (command == std::string("analyze")) arguments.push_back("r");
    expect_usage_error(arguments, std::string("--output: the name of the directory is empty. See varprop ") +
                                      command + " --help.");
  }
  expect_usage_error({"analyze", "r", "-o", "d", "--factor", "nan"},
                     "--factor nan: a factor is a number above 1 and below 1e300.");
}

/// Seen red with an input correlation allowed where no depth is given.
TEST(CommandLine, SaysWhatTheoryMayBeAskedFor) {
  const auto refuse = [](std::vector<const char*> more, const std::string& sentence) {
    std::vector<const char*> arguments{"theory", "--activation", "tanh"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    expect_usage_error(arguments, sentence);
  };
  refuse({}, "--weight-variance is required (or --preset, or --curve). See varprop theory --help.");
  refuse({"--weight-variance", "-1"},
         "--weight-variance -1: allowed is a finite number above 0, or a name (lecun, glorot, xavier, he, "
         "kaiming, torch).");
  refuse({"--weight-variance", "hee"},
         "--weight-variance hee: unknown name. Did you mean \"he\"? Allowed is a finite number above 0, or a "
         "name "
         "(lecun, glorot, xavier, he, kaiming, torch).");
  refuse({"--weight-variance", "nan"},
         "--weight-variance nan: allowed is a finite number above 0, or a name (lecun, glorot, xavier, he, "
         "kaiming, torch).");
  refuse({"--weight-variance", "1e301"},
         "--weight-variance 1e301: theory is computed for variances from 1e-300 to 1e300.");
  refuse({"--weight-variance", "1e400"},
         "--weight-variance 1e400: this number is out of range. Theory is computed for variances from 1e-300 "
         "to 1e300.");
  refuse({"--weight-variance", "1", "--bias-variance", "torch"},
         "--bias-variance torch: this is 0.3333333333333333/n, so --width is needed.");
  refuse({"--weight-variance", "1", "--width", "0.5"},
         "--width 0.5: allowed is a whole number from 1 to 1099511627776.");
  refuse({"--weight-variance", "1", "--input-correlation", "2"},
         "--input-correlation 2: a correlation is a number from -1 to 1.");
  refuse({"--weight-variance", "1", "--input-correlation", "0.2"}, "--input-correlation needs --depth.");
  refuse({"--weight-variance", "1", "--curve"},
         "--curve finds weight variances: it takes no --weight-variance.");
  refuse({"--curve", "--range", "1:0:3"},
         "--range 1:0:3: a range is FROM:TO:COUNT, such as 0:1:21, with 0 <= FROM < TO and COUNT from 2 to "
         "1000.");
  expect_usage_error(
      {"theory", "--activation", "tahn", "--weight-variance", "1"},
      "--activation tahn: unknown activation \"tahn\". Did you mean \"tanh\"? Known activations: "
      "linear, relu, leaky_relu, abs, tanh, erf, sigmoid, hard_tanh, softsign, arctan, sin, elu, "
      "selu, gelu, silu, softplus, mish, gelu_tanh, quick_gelu, hardswish, hardsigmoid, relu6, relu2, celu, "
      "softshrink.");
}

TEST(CommandLine, CapitalsAreForgivenInNames) {
  const auto of = [](const char* activation) {
    return run({"theory", "--activation", activation, "--weight-variance", "1", "--json"});
  };
  EXPECT_NE(of("ReLU").output.find("\"relu\""), std::string::npos) << of("ReLU").output;
  EXPECT_NE(of("LeakyReLU").output.find("\"leaky_relu(0.01)\""), std::string::npos);
  EXPECT_NE(of("TAHN").errors.find("Did you mean \"tanh\"?"), std::string::npos) << of("TAHN").errors;
}

TEST(CommandLine, OtherRanksAreSilentAboutBadUsage) {
  ::setenv("OMPI_COMM_WORLD_RANK", "3", 1);
  ::setenv("OMPI_COMM_WORLD_SIZE", "4", 1);
  const Outcome outcome = run({"swep"});
  ::unsetenv("OMPI_COMM_WORLD_RANK");
  ::unsetenv("OMPI_COMM_WORLD_SIZE");
  EXPECT_EQ(outcome.code, 2);
  EXPECT_EQ(outcome.errors, "");
}

Outcome run_guarded(const std::function<ExitCode()>& command) {
  testing::internal::CaptureStderr();
  const ExitCode code = guarded(command);
  return {static_cast<int>(code), "", testing::internal::GetCapturedStderr()};
}

TEST(Guarded, TurnsExceptionsIntoExitCodesAndSentences) {
  EXPECT_EQ(run_guarded([] { return ExitCode::stopped_early; }).code, 75);
  EXPECT_EQ(run_guarded([]() -> ExitCode { throw InputError("a"); }).code, 2);
  const Outcome failed = run_guarded([]() -> ExitCode { throw SystemError("the disk is full."); });
  EXPECT_EQ(failed.code, 1);
  EXPECT_EQ(failed.errors, "varprop: the disk is full.\n");
  EXPECT_EQ(
      run_guarded([]() -> ExitCode { throw std::bad_alloc(); }).errors,
      "varprop: this process is out of memory. Let it have more (ulimit -v, or --mem of its job); fewer "
      "threads need less. Results that were committed before are safe.\n");
}

TEST(Guarded, AFailureOfOneRankNamesIt) {
  ::setenv("OMPI_COMM_WORLD_RANK", "3", 1);
  ::setenv("OMPI_COMM_WORLD_SIZE", "4", 1);
  const Outcome failed = run_guarded([]() -> ExitCode { throw SystemError("the disk is full."); });
  ::unsetenv("OMPI_COMM_WORLD_RANK");
  ::unsetenv("OMPI_COMM_WORLD_SIZE");
  EXPECT_EQ(failed.errors, "varprop: rank 3: the disk is full.\n");
}

}  // namespace
}  // namespace varprop::driver
