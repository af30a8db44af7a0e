// Manual pages and completions say what the command line has, all of it.
#include <gtest/gtest.h>

#include <algorithm>

#include "driver/command_line/command.hpp"
#include "driver/command_line/installed_pages.hpp"
#include "driver/commands/commands.hpp"

namespace varprop::driver {
namespace {

class Pages : public testing::Test {
 protected:
  std::unique_ptr<const Program> program_ = all_commands("");
  Program reference_ = without_hidden(*program_);

  const Command& command(const std::string& name) const {
    return *std::find_if(reference_.commands.begin(), reference_.commands.end(),
                         [&](const auto& c) { return c.name == name; });
  }
  const Argument& option(const std::string& of, const std::string& name) const {
    const auto& options = command(of).options;
    return *std::find_if(options.begin(), options.end(), [&](const Argument& o) {
      return std::find(o.names.begin(), o.names.end(), name) != o.names.end();
    });
  }
};

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST_F(Pages, TheReferenceKnowsWhatAValueIs) {
  EXPECT_EQ(option("sweep", "--output").names, (std::vector<std::string>{"-o", "--output"}));
  EXPECT_EQ(option("sweep", "--output").kind(), ValueKind::file);
  EXPECT_EQ(option("sweep", "--output").extension(), "h5");
  EXPECT_EQ(option("analyze", "--output").kind(), ValueKind::directory);
  EXPECT_EQ(option("sweep", "--engine").words, words_of<Engine>());
  EXPECT_EQ(option("verify", "--progress").words, words_of<ProgressMode>());
  EXPECT_EQ(option("theory", "--activation").words, activation_names());
  EXPECT_EQ(option("theory", "--weights").words, words_of<WeightDistribution>());
  EXPECT_EQ(option("theory", "--weight-variance").words.at(3), "he");
  EXPECT_EQ(option("plan", "--set").words.at(1), "grid.activation=");
  EXPECT_TRUE(option("plan", "--set").is_repeatable);
  EXPECT_FALSE(option("sweep", "--output").is_repeatable);
  EXPECT_EQ(option("sweep", "--threads").kind(), ValueKind::text);
  EXPECT_EQ(option("status", "--json").value, "");
  EXPECT_EQ(option("sweep", "--resume").excluded, (std::vector<std::string>{"--overwrite"}));
  EXPECT_EQ(command("sweep").positionals.at(0).extension(), "toml");
  EXPECT_TRUE(command("merge").positionals.at(1).is_repeatable);
  EXPECT_EQ(command("help").positionals.at(0).words.at(0), "sweep");
}

TEST_F(Pages, EveryOptionStandsOnEveryPage) {
  const std::string bash = bash_completion(reference_), zsh = zsh_completion(reference_),
                    fish = fish_completion(reference_);
  for (const Command& each : reference_.commands) {
    const std::string page = man_page(reference_, each);
    for (const Argument& known : program_->find(each.name).options) {
      const std::string name = known.names.back();
      const bool hidden = known.is_hidden;
      EXPECT_EQ(contains(page, "\\fB" + roff_text(name) + "\\fR"), !hidden) << each.name << name;
      EXPECT_EQ(contains(bash, name), !hidden) << each.name << name;
      EXPECT_EQ(contains(zsh, name), !hidden) << each.name << name;
      EXPECT_EQ(contains(fish, " -l " + name.substr(2)), !hidden) << each.name << name;
      if (!hidden) {
        EXPECT_TRUE(contains(page, roff_text(known.description))) << name;
      }
    }
  }
}

TEST_F(Pages, AManualPageHasItsSectionsInOrder) {
  const std::string page = man_page(reference_, command("sweep"));
  std::size_t last = 0;
  for (const char* section :
       {".TH VARPROP\\-SWEEP 1", ".SH NAME\nvarprop\\-sweep \\- Simulates", ".SH SYNOPSIS", ".SH DESCRIPTION",
        ".SH OPTIONS", ".SH EXAMPLES", ".SH SEE ALSO"}) {
    const auto found = page.find(section);
    ASSERT_NE(found, std::string::npos) << section << "\n" << page;
    EXPECT_GE(found, last) << section;
    last = found;
  }
  EXPECT_TRUE(contains(man_page(reference_, reference_.self), "\\fBvarprop\\-sweep\\fR(1)"));
}

TEST(FooterText, IsParagraphsListsAndExamples) {
  const FooterText footer = parse_footer(
      "Some words\nof two lines:\n  one   the first\n        of all\n  two   the second\nMore:\n  no terms "
      "here\n"
      "    at all\n\nExamples:\n  varprop a\n  varprop b");
  ASSERT_EQ(footer.description.size(), 2u);
  EXPECT_EQ(footer.description[0].text, "Some words of two lines:");
  ASSERT_EQ(footer.description[0].terms.size(), 2u);
  EXPECT_EQ(footer.description[0].terms[0], (std::pair<std::string, std::string>{"one", "the first of all"}));
  EXPECT_EQ(footer.description[1].text, "More:");
  EXPECT_EQ(footer.description[1].lines, (std::vector<std::string>{"no terms here", "  at all"}));
  EXPECT_EQ(footer.examples, (std::vector<std::string>{"varprop a", "varprop b"}));
}

TEST(Roff, NoLineIsARequestUnlessItIsMeantToBe) {
  EXPECT_EQ(roff_line(".so x"), "\\&.so x");
  EXPECT_EQ(roff_line("a -o b\\n"), "a \\-o b\\en");
}

}  // namespace
}  // namespace varprop::driver
