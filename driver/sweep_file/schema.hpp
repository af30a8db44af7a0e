// The JSON Schema of sweep files, for editors: completion, hover texts and errors while one is typed.
#pragma once

#include <vector>

#include "core/json.hpp"
#include "core/network/axis.hpp"
#include "core/text/words.hpp"

namespace varprop::driver {

/// One of these words.
Json schema_of_words(const std::vector<std::string>& words);
/// A number within the limits.
Json schema_of_number(const Limits& limits);
/// One value of this kind or a list of them; of numbers a range { from, to, count, scale } as well.
Json schema_of_values(Json one, bool with_range);

/// A sweep file as a whole (draft-07, which editors of TOML know), from the table of its keys.
Json sweep_file_schema();

}  // namespace varprop::driver
