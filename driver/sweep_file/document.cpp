#include "driver/sweep_file/document.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/errors.hpp"
#include "core/text/terminal_text.hpp"
#include "core/text/words.hpp"

namespace varprop::driver {

namespace {

std::vector<std::string> names_in(const std::string& section, const std::vector<KeyName>& known) {
  std::vector<std::string> names;
  for (const KeyName& key : known) {
    if (key.section == section) names.push_back(key.name);
  }
  return names;
}

std::string section_text(const std::string& section) {
  return section.empty() ? "above the first section" : fmt::format("in [{}]", section);
}

/// The key of any section that this one is meant to be: of the same name, else of the nearest.
std::string hint(const KeyName& key, const std::vector<KeyName>& known) {
  const auto same =
      std::find_if(known.begin(), known.end(), [&](const KeyName& k) { return k.name == key.name; });
  if (same != known.end()) return fmt::format(" It belongs {}.", section_text(same->section));
  const std::string near = suggestion(key.name, names_in(key.section, known));
  if (!near.empty()) return near;
  std::vector<std::string> everywhere;
  for (const KeyName& k : known) everywhere.push_back(k.name);
  const auto nearest = nearest_word(key.name, everywhere);
  if (!nearest) return "";
  const auto home =
      std::find_if(known.begin(), known.end(), [&](const KeyName& k) { return k.name == *nearest; });
  return fmt::format(" Did you mean \"{}\" {}?", *nearest, section_text(home->section));
}

/// "unknown key." with the nearest key of the same section, or the section where a key of that name belongs.
std::string unknown_key_sentence(const KeyName& key, const std::vector<KeyName>& known) {
  return fmt::format("unknown key.{} Known {}: {}.", hint(key, known), section_text(key.section),
                     join(names_in(key.section, known)));
}

/// "this is a section" of one that is to be given as a whole by --set, with the keys that can be.
std::string whole_section_sentence(const std::string& section, const std::vector<KeyName>& known) {
  const auto names = names_in(section, known);
  return fmt::format(
      "this is a section, and --set gives one key at a time, such as --set {}.{}=VALUE. Keys of [{}]: {}.",
      section, names.front(), section, join(names));
}

/// The sections of `known`, each once, in order; without the unnamed one.
std::vector<std::string> sections_of(const std::vector<KeyName>& known) {
  std::vector<std::string> sections;
  for (const KeyName& key : known) {
    const bool is_new = std::find(sections.begin(), sections.end(), key.section) == sections.end();
    if (is_new && !key.section.empty()) sections.push_back(key.section);
  }
  return sections;
}

/// "unknown section." with the nearest known one.
std::string unknown_section_sentence(const std::string& section, const std::vector<KeyName>& known) {
  const auto sections = sections_of(known);
  return fmt::format("unknown section [{}].{} Sections: {}.", section, suggestion(section, sections),
                     join(sections));
}

constexpr std::size_t longest_flag = 500;  ///< bytes of a --set argument in messages

bool is_text_byte(unsigned char c) {
  return (c >= 0x20 && c != 0x7f) || c == '\t' || c == '\n' || c == '\r';
}

void refuse_files_that_are_no_text(const SweepText& text) {
  const std::string& file = text.file_text;
  validate(file.compare(0, 8, "\x89HDF\r\n\x1a\n") != 0,
           text.file_name + ":1:1: this is an HDF5 file; a sweep file is text (TOML).");
  const auto bad = std::find_if_not(file.begin(), file.end(), is_text_byte);
  if (bad != file.end()) {
    const auto line = 1 + std::count(file.begin(), bad, '\n');
    const auto start = std::find(std::make_reverse_iterator(bad), file.rend(), '\n').base();
    throw InputError(fmt::format("{}:{}:{}: this is a binary file; a sweep file is text (TOML).",
                                 text.file_name, line, 1 + (bad - start)));
  }
  validate(file.find_first_not_of(" \t\r\n") != std::string::npos,
           text.file_name + ":1:1: the sweep file is empty; examples/ has some to start from.");
}

/// toml++'s own words do not say what to do about a number above 2⁶³ − 1.
std::string advice(std::string_view description) {
  const bool too_large = description.find("not representable") != std::string_view::npos;
  return too_large ? " A seed of up to 2^64 - 1 may stand in quotes." : "";
}

toml::table parse_file(const SweepText& text) {
  refuse_files_that_are_no_text(text);
  try {
    return toml::parse(std::string_view(text.file_text));
  } catch (const toml::parse_error& error) {
    throw InputError(fmt::format("{}: syntax: {}.{}", place_of({text.file_name}, error.source().begin),
                                 error.description(), advice(error.description())));
  }
}

/// The one value of a --set argument as a table {value = …}.
toml::table parse_value(const std::string& flag, const std::string& key, const std::string& value) {
  const bool is_word = !value.empty() && value.find_first_of("\"'[]{}=,\n") == std::string::npos &&
                       value.find_first_not_of("0123456789.+-eE_") != std::string::npos;
  try {
    toml::table table = toml::parse("value = " + value);
    validate(table.size() == 1, flag + ": one value is needed; the argument holds more.");
    return table;
  } catch (const toml::parse_error& error) {
    if (is_word) {
      throw InputError(
          fmt::format("{}: text stands in quotes, kept from the shell by another pair: --set '{}=\"{}\"'.",
                      flag, key, value));
    }
    throw InputError(
        fmt::format("{}: syntax: {}.{}", flag, error.description(), advice(error.description())));
  }
}

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(" \t");
  return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

KeyName split_key(const std::string& text) {
  const auto dot = text.find('.');
  if (dot == std::string::npos) return {"", text};
  return {text.substr(0, dot), text.substr(dot + 1)};
}

bool contains(const std::vector<KeyName>& known, const KeyName& key) {
  return std::find(known.begin(), known.end(), key) != known.end();
}

bool is_before(const toml::source_position& a, const toml::source_position& b) {
  return a.line != b.line ? a.line < b.line : a.column < b.column;
}

/// The complaint that stands first in the file.
struct FirstComplaint {
  std::optional<toml::source_position> position;
  std::string text;

  void offer(const toml::key& key, const std::string& complaint) {
    if (position && !is_before(key.source().begin, *position)) return;
    position = key.source().begin;
    text = complaint;
  }
};

bool holds_tables_only(const toml::array& array) {
  return !array.empty() && array.is_homogeneous(toml::node_type::table);
}

void check_section(const std::string& section, const toml::table& table, const std::vector<KeyName>& known,
                   FirstComplaint& complaint) {
  for (const auto& [key, node] : table) {
    const KeyName name{section, std::string(key.str())};
    if (!contains(known, name))
      complaint.offer(key, text_of(name) + ": " + unknown_key_sentence(name, known));
  }
}

}  // namespace

std::string text_of(const KeyName& key) {
  return key.section.empty() ? key.name : key.section + "." + key.name;
}

Document::Document(const SweepText& text, const std::vector<KeyName>& known)
    : file_{text.file_name, true}, table_(parse_file(text)) {
  refuse_unknown_keys(known);
  for (const std::string& argument : text.overrides) add_override(argument, known);
  if (!text.engine.empty()) add_engine(text.engine);
}

void Document::refuse_unknown_keys(const std::vector<KeyName>& known) const {
  FirstComplaint complaint;
  const auto sections = sections_of(known);
  for (const auto& [key, node] : table_) {
    const std::string name(key.str());
    const bool is_section = std::find(sections.begin(), sections.end(), name) != sections.end();
    if (is_section && node.is_table())
      check_section(name, *node.as_table(), known, complaint);
    else if (name == "grid" && node.is_array() && holds_tables_only(*node.as_array()))
      for (const toml::node& table : *node.as_array())
        check_section(name, *table.as_table(), known, complaint);
    else if (is_section)
      complaint.offer(key, fmt::format("{0}: this is a section; it is opened by [{0}]{1}.", name,
                                       name == "grid" ? ", or by [[grid]] where there are several" : ""));
    else if (contains(known, {"", name}) || name == "$schema")  // the latter is for editors
      continue;
    else if (node.is_table())
      complaint.offer(key, unknown_section_sentence(name, known));
    else
      complaint.offer(key, name + ": " + unknown_key_sentence({"", name}, known));
  }
  if (complaint.position) throw InputError(place_of(file_, *complaint.position) + ": " + complaint.text);
}

void Document::add_override(const std::string& argument, const std::vector<KeyName>& known) {
  const std::string flag = "--set " + without_middle(argument, longest_flag);
  const auto equals = argument.find('=');
  validate(equals != std::string::npos,
           flag + ": a key and a value are needed, as in --set 'grid.width=[64,128]'.");
  const KeyName key = split_key(trimmed(argument.substr(0, equals)));
  const auto sections = sections_of(known);
  const bool known_section =
      key.section.empty() || std::find(sections.begin(), sections.end(), key.section) != sections.end();
  validate(known_section, flag + ": " + unknown_section_sentence(key.section, known));
  const auto whole = std::find(sections.begin(), sections.end(), key.section.empty() ? key.name : "");
  if (whole != sections.end()) throw InputError(flag + ": " + whole_section_sentence(*whole, known));
  validate(contains(known, key), flag + ": " + unknown_key_sentence(key, known));
  toml::table table = parse_value(flag, text_of(key), trimmed(argument.substr(equals + 1)));
  overrides_.push_back({{flag, false}, key, std::move(table)});
}

void Document::add_engine(const std::string& word) {
  overrides_.push_back({{"--engine " + word, false}, {"simulation", "engine"}, toml::table{{"value", word}}});
}

std::optional<Setting> Document::find_flag(const KeyName& key) const {
  for (auto o = overrides_.rbegin(); o != overrides_.rend(); ++o) {
    if (o->key == key) return Setting(text_of(key), o->source, *o->table.get("value"));
  }
  return std::nullopt;
}

std::optional<Setting> Document::find(const KeyName& key) const {
  if (const auto flag = find_flag(key)) return flag;
  const toml::table* section = key.section.empty() ? &table_ : table_[key.section].as_table();
  const toml::node* node = section ? section->get(key.name) : nullptr;
  if (node == nullptr) return std::nullopt;
  return Setting(text_of(key), file_, *node);
}

std::vector<GridTable> Document::grid_tables() const {
  std::vector<GridTable> tables;
  if (const toml::array* const several = table_["grid"].as_array()) {
    for (const toml::node& node : *several) tables.emplace_back(*this, file_, node.as_table());
  } else {
    tables.emplace_back(*this, file_, table_["grid"].as_table());
  }
  return tables;
}

std::string Document::place_of_section(const std::string& section) const {
  const toml::node* table = section.empty() ? nullptr : table_.get(section);
  return place_of(file_, table ? table->source().begin : toml::source_position{1, 1});
}

std::optional<Setting> GridTable::find(const std::string& name) const {
  if (const auto flag = document_->find_flag({"grid", name})) return flag;
  const toml::node* const node = table_ ? table_->get(name) : nullptr;
  if (node == nullptr) return std::nullopt;
  return Setting("grid." + name, *file_, *node);
}

std::string GridTable::place() const {
  return place_of(*file_, table_ ? table_->source().begin : toml::source_position{1, 1});
}

void GridTable::refuse(const std::string& problem) const {
  throw InputError(fmt::format("{}: grid: {}", place(), problem));
}

}  // namespace varprop::driver
