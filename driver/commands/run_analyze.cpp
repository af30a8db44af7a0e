// A TEMPORARY STUB, for this branch only: to call analysis/analyze.hpp when it comes.
#include "driver/commands/analyze_command.hpp"

namespace varprop {

ExitCode run_analyze(const AnalyzeCommand&) { throw SystemError("this build cannot analyze yet."); }

}  // namespace varprop
