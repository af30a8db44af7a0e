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

class Document;

/// [grid], or one of several [[grid]]: the axes of some of the sweep's points.
class GridTable {
 public:
  GridTable(const Document& document, const Source& file, const toml::table* table)
      : document_(&document), file_(&file), table_(table) {}

  const Document& document() const { return *document_; }
  /// The setting with this name: of a flag, which speaks of every table, else of this one, else of the
  /// preset.
  std::optional<Setting> find(const std::string& name) const;
  /// Refuses the table as a whole: "PLACE: grid: problem".
  [[noreturn]] void refuse(const std::string& problem) const;
  /// Where it begins.
  std::string place() const;

 private:
  const Document* document_;
  const Source* file_;
  const toml::table* table_;  ///< none: all of it comes from flags
};

/// The settings of one sweep, parsed but not yet understood. Neither copied nor moved: settings point into
/// it.
class Document {
 public:
  /// Throws InputError for text that is no TOML, keys that are not among `known`, keys given twice.
  Document(const SweepText& text, const std::vector<KeyName>& known);
  Document(const Document&) = delete;
  Document& operator=(const Document&) = delete;

  /// The setting with this name, the last flag first, then the file, then the preset that it names; nothing
  /// where it was not given. Those of the grid: grid_tables().
  std::optional<Setting> find(const KeyName& key) const;
  /// The last flag that gives this key.
  std::optional<Setting> find_flag(const KeyName& key) const;
  /// What the preset says of it.
  std::optional<Setting> find_in_preset(const KeyName& key) const;
  /// At least one.
  std::vector<GridTable> grid_tables() const;

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
  void take_preset();

  Source file_;
  toml::table table_;
  std::vector<Override> overrides_;
  Source preset_source_;
  toml::table preset_;
};

}  // namespace varprop::driver
