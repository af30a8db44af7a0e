// One value of a sweep file, or of --set, and where it stands.
#pragma once

#include <toml++/toml.h>

#include <memory>
#include <string>

namespace varprop::driver {

/// Where settings come from: a file, whose values have lines and columns, or a flag.
struct Source {
  std::string name;  ///< the file's name, or the flag as typed: --set grid.width=[0]
  bool is_file = true;
};

/// "FILE:line:column", or the flag.
std::string place_of(const Source& source, const toml::source_position& position);

/// A number as a person would type it: whole ones in digits ("1000000000"), as far as doubles hold each.
std::string typed_number(double x);

/// A view of a TOML value with its key; the Document it is from must outlive it.
class Setting {
 public:
  Setting(std::string key, const Source& source, const toml::node& node)
      : key_(std::move(key)), source_(&source), node_(&node) {}

  const std::string& key() const { return key_; }  ///< "grid.width"
  const toml::node& node() const { return *node_; }

  /// A value inside this one: an element of a list, an entry of a range.
  Setting part(const toml::node& node) const { return {key_, *source_, node}; }

  /// Throws InputError "PLACE: key: problem". The problem is a sentence: what is wrong; what is allowed.
  [[noreturn]] void refuse(const std::string& problem) const;

  /// The value as a person would type it, without its middle where it is long.
  std::string shown() const;

  /// The value if it is text; refused otherwise, `allowed` saying what is.
  std::string text(const std::string& allowed) const;

 private:
  std::string key_;
  const Source* source_;
  const toml::node* node_;
};

}  // namespace varprop::driver
