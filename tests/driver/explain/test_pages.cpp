// A chapter as text, as JSON and as HTML, whatever stands in it.
//
// Seen red with: columns filled up by bytes; bars of seven eighths; the seed by way of a double; the
// apostrophe left as it is; heights over one more than the most; the page copied and not renamed.
#include <gtest/gtest.h>

#include <filesystem>
#include <sstream>

#include "core/errors.hpp"
#include "core/json.hpp"
#include "core/text/terminal_text.hpp"
#include "driver/explain/explanation.hpp"
#include "driver/explain/pages.hpp"
#include "tests/fixtures/temporary_folder.hpp"

namespace varprop::driver {
namespace {

namespace fs = std::filesystem;

Explanation small_explanation() {
  Chapter chapter("Is a < b & \"c\"?");
  std::string paragraph;
  for (int i = 0; i < 40; ++i) paragraph += "√n·Var w ";
  chapter.say(paragraph);
  chapter.begin_measured_table({"σ_w²"}, "q²");
  chapter.add_measured_row({"√2"}, measured_mean("first", 1.25, 100, {1, 4}));
  chapter.add_measured_row({"long label"}, measured_share("second", 3, 10, 0.25));
  chapter.draw({"Counts of <z>", -1, 1, {2, 4}, {"-1 to 0", "0 to '1'"}});
  return {{.width = 32, .seed = 18446744073709551615u}, {chapter}};
}

std::vector<std::string> lines_of(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

bool has_line(const std::vector<std::string>& lines, const std::string& line) {
  return std::find(lines.begin(), lines.end(), line) != lines.end();
}

TEST(TerminalPage, WrapsAndAlignsByCharactersNotBytes) {
  const auto lines = lines_of(terminal_page(small_explanation()));
  std::size_t longest = 0;
  for (const std::string& line : lines) longest = std::max(longest, character_count(line));
  EXPECT_LE(longest, 80u);
  EXPECT_GE(longest, 75u);
  EXPECT_TRUE(has_line(lines, "1. Is a < b & \"c\"?"));
  EXPECT_TRUE(has_line(lines, "  σ_w²          q²  error  exact"));
  EXPECT_TRUE(has_line(lines, "  √2          1.25   0.20   1.00"));
  EXPECT_TRUE(has_line(lines, "  long label  0.30   0.14   0.25"));
}

TEST(TerminalPage, DrawsBarsInEighthsOfACharacter) {
  std::string twenty, forty;
  for (int i = 0; i < 20; ++i) twenty += "█";
  forty = twenty + twenty;
  const auto lines = lines_of(terminal_page(small_explanation()));
  EXPECT_TRUE(has_line(lines, "   -1 to 0 " + twenty));
  EXPECT_TRUE(has_line(lines, "  0 to '1' " + forty));
}

TEST(ExplanationJson, KeepsEveryNumberAndTheWholeSeed) {
  const auto json = Json::parse(explanation_json(small_explanation()));
  EXPECT_EQ(json["seed"].get<std::uint64_t>(), 18446744073709551615u);
  EXPECT_EQ(json["width"], 32);
  ASSERT_EQ(json["numbers"].size(), 2u);
  const auto& second = json["numbers"][1];
  EXPECT_EQ(second["chapter"], "Is a < b & \"c\"?");
  EXPECT_EQ(second["name"], "second");
  EXPECT_EQ(second["measured"], 0.3);
  EXPECT_EQ(second["exact"], 0.25);
  EXPECT_EQ(second["samples"], 10);
  EXPECT_EQ(second["test"], "binomial");
  EXPECT_NEAR(second["p_value"].get<double>(), 2 * 0.4744071960449219, 1e-11);  // 2 P(K ≥ 3)
  EXPECT_EQ(json["numbers"][0]["test"], "gaussian");
}

TEST(HtmlPage, EscapesWhatItIsTold) {
  EXPECT_EQ(html_escaped("a<b>&\"'√"), "a&lt;b&gt;&amp;&quot;&#39;√");
  const std::string page = html_page(small_explanation());
  EXPECT_NE(page.find("<h2>1. Is a &lt; b &amp; &quot;c&quot;?</h2>"), std::string::npos);
  EXPECT_NE(page.find("<figcaption>Counts of &lt;z&gt;</figcaption>"), std::string::npos);
  EXPECT_NE(page.find("aria-label=\"Counts of &lt;z&gt;\""), std::string::npos);
  EXPECT_NE(page.find("<title>0 to &#39;1&#39;: 4</title>"), std::string::npos);
  EXPECT_EQ(page.find("<z>"), std::string::npos);
  EXPECT_NE(page.find("<td>√2</td><td>1.25</td><td>0.20</td><td>1.00</td>"), std::string::npos);
}

TEST(SvgHistogram, DrawsBarsInProportion) {
  const std::string svg =
      svg_histogram(std::get<Chapter::Histogram>(small_explanation().chapters[0].blocks().back()));
  EXPECT_NE(svg.find("height=\"90.0\"><title>-1 to 0: 2<"), std::string::npos) << svg;
  EXPECT_NE(svg.find("height=\"180.0\"><title>0 to"), std::string::npos) << svg;
}

TEST(WritePage, LeavesTheWholePageAndNothingElse) {
  const TemporaryFolder folder;
  write_page(folder / "new", "page.html", "first");
  write_page(folder / "new", "page.html", "second");
  EXPECT_EQ(folder.read("new/page.html"), "second");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder / "new"), {}), 1);
  EXPECT_THROW(validate_page_place(folder / "new" / "page.html", "page.html"), InputError);
  EXPECT_THROW(validate_page_place(folder.path(), "new"), InputError);
  EXPECT_THROW(write_page(folder / "new" / "page.html", "page.html", "third"), SystemError);
}

}  // namespace
}  // namespace varprop::driver
