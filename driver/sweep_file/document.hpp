// A sweep file's TOML with the values of --set and --engine laid over it, and the sentences about keys that
// do not exist.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "driver/sweep_file/resolve_sweep.hpp"
#include "driver/sweep_file/setting.hpp"

namespace varprop::driver {

/// The name of a setting: section "" holds the keys above the first section.
struct KeyName {
  std::string section;
  std::string name;
  friend bool operator==(const KeyName&, const KeyName&) = default;
};

/// "grid.width", or "title".
std::string text_of(const KeyName& key);

/// The settings of one sweep, parsed but not yet understood. Neither copied nor moved: settings point into
/// it.
class Document {
 public:
  /// Throws InputError for text that is no TOML, keys that are not among `known`, keys given twice.
  Document(const SweepText& text, const std::vector<KeyName>& known);
  Document(const Document&) = delete;
  Document& operator=(const Document&) = delete;

  /// The setting with this name, the last flag first, then the file; nothing where it was not given.
  std::optional<Setting> find(const KeyName& key) const;

  /// Where a missing key would belong: its section's header, or the file's start.
  std::string place_of_section(const std::string& section) const;

 private:
  struct Override {
    Source source;
    KeyName key;
    toml::table table;  ///< one entry: "value"
  };

  void refuse_unknown_keys(const std::vector<KeyName>& known) const;
  void add_override(const std::string& argument, const std::vector<KeyName>& known);
  void add_engine(const std::string& word);

  Source file_;
  toml::table table_;
  std::vector<Override> overrides_;
};

}  // namespace varprop::driver
