// Text from elsewhere (files, paths, logs, arguments) made fit for a person's terminal.
#pragma once

#include <string>
#include <string_view>

namespace varprop {

/// The text with its control characters written out, "\\u001b" for an escape, so that it cannot drive the
/// terminal that it is shown on; line ends and tabs stay. UTF-8 stays as it is, but for the control
/// characters U+0080 to U+009F; so do bytes that are no UTF-8, unless a terminal might take them for those.
/// JSON stays what it was.
std::string for_terminal(std::string_view text);

/// for_terminal() with the line ends written out too, "\\n": for what stands in a line of its own, such as a
/// sentence that quotes a damaged file.
std::string on_one_line(std::string_view text);

/// A text of more than `most` bytes without its middle, the length of which it names; cut between characters.
std::string without_middle(std::string_view text, std::size_t most);

/// "varprop: SENTENCE" on the standard error: one line, fit for a terminal and no flood.
void print_error_line(std::string_view sentence);

}  // namespace varprop
