// Text made fit for a person's terminal: what comes from elsewhere (files, paths, logs, arguments), and
// paragraphs.
#pragma once

#include <cstddef>
#include <cstdio>
#include <string>
#include <string_view>

namespace varprop {

/// Colours of a terminal's own palette.
enum class TerminalColour { plain, red = 31, green, yellow, blue, magenta };

/// The text between the sequences that colour it and end that.
std::string in_colour(std::string_view text, TerminalColour colour);

/// Whether the stream is a terminal whose user wants colours: not where NO_COLOR says otherwise
/// (no-color.org) or TERM is dumb or missing.
bool shows_colours(std::FILE* stream);

/// The text with its control characters written out, "\\u001b" for an escape, so that it cannot drive the
/// terminal that it is shown on; line ends and tabs stay. UTF-8 stays as it is, but for the control
/// characters U+0080 to U+009F; so do bytes that are no UTF-8, unless a terminal might take them for those.
/// JSON stays what it was. Where colours are `kept`, so are the sequences of in_colour().
enum class Colours { written_out, kept };
std::string for_terminal(std::string_view text, Colours colours = Colours::written_out);

/// for_terminal() with the line ends written out too, "\\n": for what stands in a line of its own, such as a
/// sentence that quotes a damaged file.
std::string on_one_line(std::string_view text);

/// A text of more than `most` bytes without its middle, the length of which it names; cut between characters.
std::string without_middle(std::string_view text, std::size_t most);

/// "varprop: SENTENCE" on the standard error: one line, fit for a terminal and no flood.
void print_error_line(std::string_view sentence);

/// How many characters a UTF-8 text has, not how many bytes.
std::size_t character_count(const std::string& text);

/// The words of a text in lines of at most `width` characters.
std::string wrapped(const std::string& text, std::size_t width = 80);

}  // namespace varprop
