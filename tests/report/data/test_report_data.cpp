// The object that a page embeds, made of a results file whose truth is known.
#include "report/data/report_data.hpp"

#include <gtest/gtest.h>

#include <regex>

#include "core/text/words.hpp"
#include "report/analyze.hpp"
#include "report/data/report_assets.hpp"
#include "report/data/tables.hpp"
#include "tests/analysis/synthetic_file.hpp"

namespace varprop::report {
using namespace theory;
using namespace analysis;
namespace {

using namespace synthetic;

/// The data of an analysis's report; read out of its charts where there is no page.
class Report {
 public:
  template <class F>
  Report(const Sweep& sweep, F is_done) {
    analyze({results_file(scratch_, sweep, is_done), scratch_.path(), 100});
  }
  Json chart(const std::string& name) const {
    return Json::parse(scratch_.read("charts/" + name + ".vl.json"));
  }
  /// Nothing where the program was built without npm.
  std::optional<Json> page() const {
    const std::string html = scratch_.read("report.html");
    const std::string begin = R"(<script type="application/json" data-key=")";
    std::map<std::string, std::string> texts;
    for (auto at = html.find(begin); at != std::string::npos; at = html.find(begin, at + 1)) {
      const auto key = at + begin.size(), from = html.find("\">", key) + 2;
      const std::string name = html.substr(key, from - 2 - key);
      texts[name] += html.substr(from, html.find("</script>", from) - from);
    }
    if (texts.empty()) return std::nullopt;
    Json data;
    for (const auto& [name, text] : texts) data[name] = Json::parse(text);
    return data;
  }
  const TemporaryFolder& scratch() const { return scratch_; }

 private:
  TemporaryFolder scratch_;
};

#define VARPROP_NEEDS_PAGE(report)                                                   \
  if (page_template().empty()) GTEST_SKIP() << "this varprop was built without npm"; \
  const Json data = *report.page()

TEST(ReportData, HasAnElementForEveryPoint) {
  const Sweep sweep = small_sweep();
  const Report report(sweep, every_unit);
  VARPROP_NEEDS_PAGE(report);
  EXPECT_EQ(data["format"], report_format_version);
  EXPECT_EQ(data["title"], "r") << "the name of the file, for want of a title";
  for (const auto& [name, column] : data["points"].items()) EXPECT_EQ(column.size(), 8u) << name;
  ASSERT_EQ(data["columns"].size(), data["points"].size());
  const Json& regimes = data["points"]["regime"];
  const auto words = words_of<Regime>();
  for (std::size_t p = 0; p < 8; ++p)
    EXPECT_EQ(words[regimes[p].get<std::size_t>()], p % 2 == 0 ? "stable" : "vanishing") << p;
  EXPECT_NEAR(data["points"]["backward_rate"][1].get<double>(), backward_step + 0.001, 1e-6);
  EXPECT_FALSE(data["points"].contains("xi_q")) << "columns without a value are left out";
}

TEST(ReportData, HasNullsWhereNothingIsDone) {
  const Report report(small_sweep(), [](Unit unit) { return unit.point.value() == 5; });
  VARPROP_NEEDS_PAGE(report);
  EXPECT_EQ(data["progress"].dump(), R"({"points":8,"batches":24,"done":3,"failed":0})");
  EXPECT_TRUE(data["points"]["regime"][0].is_null());
  EXPECT_EQ(data["points"]["regime"][5], 3);
  EXPECT_TRUE(data["profiles"]["forward"]["mean"][0].is_null());
  EXPECT_EQ(data["profiles"]["forward"]["mean"][5].size(), data["profiles"]["layers"].size());
  EXPECT_TRUE(data["profiles"]["histograms"]["backward_first"][0].is_null());
  EXPECT_NE(data["findings"][0].get<std::string>().find(
                "3 of 24 batches are done, and 7 of 8 points have no result yet"),
            std::string::npos);
}

TEST(ReportData, LeavesOutWhatWasNotMeasured) {
  Sweep sweep = small_sweep();
  sweep.measures = {Quantity::forward};
  const Report report(sweep, every_unit);
  VARPROP_NEEDS_PAGE(report);
  EXPECT_TRUE(data["profiles"].contains("forward"));
  EXPECT_FALSE(data["profiles"].contains("backward"));
  EXPECT_FALSE(data["profiles"]["histograms"].contains("backward_first"));
  EXPECT_FALSE(data["points"].contains("backward_rate"));
  EXPECT_EQ(data["picture"]["quantity"], "forward") << "colours are those of what there is";
  for (const Json& change : data["tables"]["cells"]["forward_change"]) EXPECT_FALSE(change.is_null());
  EXPECT_NE(data["notes"].dump().find("backward was not measured."), std::string::npos);
}

TEST(ReportData, CannotEndItsElement) {
  Sweep sweep = small_sweep();
  sweep.title = "</script><script>alert(1)</script><!-- & \" \\ \xff \u2028";
  const Report report(sweep, every_unit);
  VARPROP_NEEDS_PAGE(report);
  EXPECT_EQ(data["title"], "</script><script>alert(1)</script><!-- & \" \\ \uFFFD \u2028");
  EXPECT_EQ(report.scratch().read("report.html").find("alert(1)<"), std::string::npos);
}

TEST(ReportData, OfOnePointAndOneBatch) {
  Sweep sweep = small_sweep();
  sweep.grid.activation = {Activation::parse("tanh")};
  sweep.grid.weight_variance = {WeightVariance(2)};
  sweep.grid.depth = {Depth(10)};
  sweep.batches = 1;
  sweep.replicas = 4;
  sweep.layers = recorded_layers(sweep.grid.depth, 256);
  const Report report(sweep, every_unit);
  VARPROP_NEEDS_PAGE(report);
  EXPECT_EQ(data["picture"].dump(),
            R"({"x":"weight_variance","y":"bias_variance","quantity":"backward","regime":"regime"})");
  EXPECT_EQ(data["tables"]["cells"]["point"].dump(), "[0]");
  EXPECT_TRUE(data["profiles"]["forward"]["low"][0][0].is_null());
  EXPECT_NE(data["notes"].dump().find("Fewer than 3 batches"), std::string::npos);
}

TEST(Charts, StandByThemselves) {
  const Report report(small_sweep(), every_unit);
  for (const auto& [name, text] : chart_templates()) {
    const Json chart = report.chart(std::string(name));
    ASSERT_TRUE(chart.contains("datasets")) << name;
    for (const std::string& table : tables_of(chart))
      EXPECT_TRUE(chart["datasets"].contains(table)) << name << table;
    Json alone = chart;
    alone["datasets"] = nullptr;
    const std::string dumped = alone.dump();
    EXPECT_FALSE(std::regex_search(dumped, std::regex("@[a-z_]+@"))) << name << ": " << dumped;
  }
}

TEST(Points, HaveMainColumnsThatExist) {
  std::size_t main = 0;
  for (const PointColumn& column : point_columns()) {
    main += column.essential;
    EXPECT_FALSE(column.essential && column.exit.has_value());
  }
  EXPECT_EQ(main, 14u);  // one of streams alone
}

TEST(Page, HasItsDataInItsPlace) {
  EXPECT_EQ(page_with("<a>@DATA@</a>", "{}"), "<a>{}</a>");
  EXPECT_EQ(script_text({{"a", "</script>&"}}), R"({"a":"\u003c/script\u003e\u0026"})");
  EXPECT_EQ(data_elements({{"a", 1}, {"b", "<"}}),
            "<script type=\"application/json\" data-key=\"a\">1</script>\n"
            "<script type=\"application/json\" data-key=\"b\">\"\\u003c\"</script>");
  std::string long_text;  // of characters of two bytes, one of which would be cut by a limit in bytes
  while (long_text.size() < 1'200'000) long_text += "\u03c3";
  const std::string elements = data_elements({{"a", long_text}});
  const std::string begin = R"(<script type="application/json" data-key="a">)", end = "</script>";
  std::string joined;
  int pieces = 0;
  for (std::size_t at = 0; at < elements.size(); ++pieces) {
    ASSERT_EQ(elements.substr(at, begin.size()), begin);
    const std::size_t from = at + begin.size(), to = elements.find(end, from);
    EXPECT_NE(static_cast<unsigned char>(elements[from]) & 0xC0u, 0x80u) << "a character is cut";
    joined += elements.substr(from, to - from);
    at = to + end.size() + 1;
  }
  EXPECT_EQ(pieces, 3);
  EXPECT_EQ(Json::parse(joined), long_text);
}

TEST(Analyze, RefusesWhereItsReportCannotBe) {
  const TemporaryFolder scratch;
  const fs::path results = results_file(scratch, small_sweep(), every_unit);
  const auto refused = [&] {
    EXPECT_THROW(analyze({results, scratch.path() / "out", 100}), InputError);
    EXPECT_FALSE(fs::exists(scratch.path() / "out/points.csv"));
    fs::remove_all(scratch.path() / "out");
  };
  fs::create_directories(scratch.path() / "out/report.html");
  refused();
  fs::create_directories(scratch.path() / "out");
  scratch.write("out/charts", "mine");
  refused();
  fs::create_directories(scratch.path() / "out/charts/profile.vl.json");
  refused();
  fs::create_directories(scratch.path() / "out");
  fs::create_hard_link(results, scratch.path() / "out/report.html");
  refused();
}

}  // namespace
}  // namespace varprop::report
