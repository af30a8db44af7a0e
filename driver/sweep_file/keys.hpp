// Every key of a sweep file, declared once: reading, suggestions, help and docs follow this table.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/json.hpp"
#include "core/sweep/sweep.hpp"
#include "driver/sweep_file/document.hpp"

namespace varprop::driver {

/// A sweep being put together: what its settings say before they are looked at side by side.
struct SweepDraft {
  Sweep sweep;
  std::optional<std::int64_t> layer_limit;  ///< at most so many recorded layers; nothing: all
  double input_correlation = 0;             ///< counts where the correlation is measured
};

/// Whether a sweep file must name a key.
enum class Presence { required, optional };

/// One key of a sweep file.
struct Key {
  KeyName name;
  Presence presence;
  std::string default_value;  ///< TOML that is read where the key is not given; empty: nothing is read
  std::string allowed;        ///< what its value may be
  std::string meaning;
  Json schema;  ///< the same for editors (driver/sweep_file/schema.hpp)
  /// Empty for keys of the grid, which are read together (driver/sweep_file/grid_reader.hpp).
  std::function<void(const Setting&, const Document&, SweepDraft&)> read;
};

/// All keys, in the order of documentation.
const std::vector<Key>& sweep_file_keys();

/// Their names.
std::vector<KeyName> names_of_keys();

/// The keys as a screenful for a help page: one line a section, required keys with a star.
std::string sweep_file_help();

/// The keys as the Markdown table of docs/sweep-file.md.
std::string sweep_file_table();

}  // namespace varprop::driver
