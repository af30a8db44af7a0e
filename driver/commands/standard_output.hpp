// What a command answers with, on the standard output.
#pragma once

#include <string>

namespace varprop {

/// Whether this process is the one of its launcher's ranks that speaks: for commands that one process does.
bool speaks();

/// Prints the text and a line end. Throws SystemError where the standard output takes it not: a program that
/// reads it must hear of a full disk.
void print_out(const std::string& text);

}  // namespace varprop
