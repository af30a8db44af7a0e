#include "driver/sweep_file/unknown_key.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/text.hpp"

namespace varprop {

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

}  // namespace

std::string unknown_key_sentence(const KeyName& key, const std::vector<KeyName>& known) {
  return fmt::format("unknown key.{} Known {}: {}.", hint(key, known), section_text(key.section),
                     join(names_in(key.section, known)));
}

std::string whole_section_sentence(const std::string& section, const std::vector<KeyName>& known) {
  const auto names = names_in(section, known);
  return fmt::format(
      "this is a section, and --set gives one key at a time, such as --set {}.{}=VALUE. Keys of [{}]: {}.",
      section, names.front(), section, join(names));
}

std::vector<std::string> sections_of(const std::vector<KeyName>& known) {
  std::vector<std::string> sections;
  for (const KeyName& key : known) {
    const bool is_new = std::find(sections.begin(), sections.end(), key.section) == sections.end();
    if (is_new && !key.section.empty()) sections.push_back(key.section);
  }
  return sections;
}

std::string unknown_section_sentence(const std::string& section, const std::vector<KeyName>& known) {
  const auto sections = sections_of(known);
  return fmt::format("unknown section [{}].{} Sections: {}.", section, suggestion(section, sections),
                     join(sections));
}

}  // namespace varprop
