// Four contract words. expect: a precondition. assert: in the middle. ensure: a postcondition. validate:
// input from outside, always checked. The first three vanish unless the build sets VARPROP_CONTRACTS.
#pragma once

#include <stdexcept>
#include <string>

#include "core/errors.hpp"

namespace varprop {

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
