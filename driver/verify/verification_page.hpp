// What a verification found, for a person.
#pragma once

#include <string>

#include "driver/verify/verification.hpp"

namespace varprop {

/// Lines for a terminal, without the last line end; a long list of differences is cut and says so.
std::string verification_page(const Verification& verification);

}  // namespace varprop
