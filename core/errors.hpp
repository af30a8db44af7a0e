// The exceptions that end a command, each tied to one exit code, and four contract words. expect: a
// precondition. assert: in the middle. ensure: a postcondition. validate: input from outside, always checked.
// The first three vanish unless the build sets VARPROP_CONTRACTS.
#pragma once

#include <stdexcept>
#include <string>

namespace varprop {

/// Bad usage or input: the user can mend it. Nothing has been written. Exit code 2.
class InputError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The outside world failed: a disk, a file, a lock, a launcher. Exit code 1.
class SystemError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The codes that `varprop` returns (docs/running.md explains them to users).
enum class ExitCode : int {
  complete = 0,
  failure = 1,
  bad_input = 2,
  some_points_failed = 3,
  stopped_early = 75,
};

/// The code that the exception being handled ends a command with.
inline ExitCode exit_code_of_exception() {
  try {
    throw;
  } catch (const InputError&) {
    return ExitCode::bad_input;
  } catch (...) {
    return ExitCode::failure;
  }
}

/// A broken contract: a defect of the program, never of its input.
class ContractViolation : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

[[noreturn]] inline void report_contract_violation(const char* word, const char* condition, const char* file,
                                                   int line) {
  throw ContractViolation(std::string(file) + ":" + std::to_string(line) + ": " + word + " (" + condition +
                          ") does not hold: this is a defect of varprop, please report it");
}

/// Throws InputError with `sentence` unless `condition` holds.
inline void validate(bool condition, const std::string& sentence) {
  if (!condition) throw InputError(sentence);
}

}  // namespace varprop

#if defined(VARPROP_CONTRACTS)
#define VARPROP_CONTRACT_(word, condition) \
  ((condition) ? void(0) : ::varprop::report_contract_violation(word, #condition, __FILE__, __LINE__))
#else
#define VARPROP_CONTRACT_(word, condition) void(0)
#endif
#define VARPROP_EXPECT(condition) VARPROP_CONTRACT_("expect", condition)
#define VARPROP_ASSERT(condition) VARPROP_CONTRACT_("assert", condition)
#define VARPROP_ENSURE(condition) VARPROP_CONTRACT_("ensure", condition)
