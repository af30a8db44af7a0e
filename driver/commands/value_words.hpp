// The words that an option's value may be, kept with the option: shells complete them.
#pragma once

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

#include "core/point/choices.hpp"
#include "driver/commands/parsed_option.hpp"

namespace varprop {

/// Lets shells offer these words as the option's value; other values stay allowed. A word that ends in "="
/// waits for more. Words are free of spaces.
CLI::Option* offer_words(CLI::Option* option, const std::vector<std::string>& words);

/// What offer_words() said of the option; nothing where it said nothing.
std::vector<std::string> offered_words(CLI::Option& option);

/// An option whose value is one word out of the list of E.
template <class E>
CLI::Option* add_choice_option(CLI::App& command, const std::string& name, E& target,
                               const std::string& description) {
  return offer_words(add_parsed_option(command, name, target, choice_of<E>, description), words_of<E>());
}

}  // namespace varprop
