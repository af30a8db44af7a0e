#include "driver/commands/value_words.hpp"

#include <algorithm>
#include <sstream>

#include "core/contracts.hpp"
#include "core/text.hpp"

namespace varprop {

namespace {

/// CLI11 keeps nothing of ours with an option but checks, which have a name and a description: this check
/// passes everything, and its description is the words.
constexpr const char* check_name = "offered words";

}  // namespace

CLI::Option* offer_words(CLI::Option* option, const std::vector<std::string>& words) {
  VARPROP_EXPECT(std::none_of(words.begin(), words.end(),
                              [](const std::string& word) { return word.find(' ') != word.npos; }));
  return option->check(CLI::Validator(join(words, " ")), check_name);
}

std::vector<std::string> offered_words(CLI::Option& option) {
  std::vector<std::string> words;
  try {
    std::istringstream text(option.get_validator(check_name)->get_description());
    for (std::string word; text >> word;) words.push_back(word);
  } catch (const CLI::OptionNotFound&) {  // how CLI11 says that there is no such check
  }
  return words;
}

}  // namespace varprop
