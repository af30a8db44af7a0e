// The sentence about a key that does not exist: the nearest that does, where it belongs, which there are.
#pragma once

#include <string>
#include <vector>

#include "driver/sweep_file/document.hpp"

namespace varprop {

/// "unknown key." with the nearest key of the same section, or the section where a key of that name belongs.
std::string unknown_key_sentence(const KeyName& key, const std::vector<KeyName>& known);

/// "unknown section." with the nearest known one.
std::string unknown_section_sentence(const std::string& section, const std::vector<KeyName>& known);

/// "this is a section" of one that is to be given as a whole by --set, with the keys that can be.
std::string whole_section_sentence(const std::string& section, const std::vector<KeyName>& known);

/// The sections of `known`, each once, in order; without the unnamed one.
std::vector<std::string> sections_of(const std::vector<KeyName>& known);

}  // namespace varprop
