// From templates to specifications.
#include "report/data/chart_filling.hpp"

#include <gtest/gtest.h>

namespace varprop::report {
using namespace theory;
using namespace analysis;
namespace {

Point point_of(const char* activation, double weight, std::int64_t width) {
  return {Activation::parse(activation),
          WeightDistribution::gaussian,
          WeightVariance(weight),
          BiasVariance(0),
          Width(width),
          Depth(8)};
}

struct Example {
  std::vector<ReportAxis> axes_;
  Picture picture{};
  ReportTables tables;

  Example() {
    Sweep sweep;
    sweep.grid.activation = {Activation::parse("tanh"), Activation::parse("relu")};
    sweep.grid.weights = {WeightDistribution::gaussian};
    for (const double x : {1.0, 2.0, 3.0}) sweep.grid.weight_variance.emplace_back(x);
    sweep.grid.bias_variance = {BiasVariance(0)};
    for (const std::int64_t n : {16, 64, 256}) sweep.grid.width.emplace_back(n);
    sweep.grid.depth = {Depth(8)};
    axes_ = report_axes(sweep.grid, GridChoice(sweep.shape(), 1000));
    picture = picture_of(axes_, sweep.measures);
    ReportTable cells({"x_low", "x_high", "y_low", "y_high", "backward_rate"});
    for (std::int64_t p = 0; p < sweep.point_count(); ++p) {
      cells.add(sweep.point(PointIndex(p)), every_axis,
                {0.5, 3.5, 8.0, 512.0, p == 3 ? Json(nullptr) : Json(0.1)});
    }
    ReportTable laws({"law", "estimate"});
    laws.add(point_of("tanh", 1, 16), every_axis, {"rate", 1});
    laws.add(point_of("tanh", 1, 64), every_axis, {"exponent", 1});
    laws.add(point_of("tanh", 2, 16), every_axis, {"rate", 1});
    tables.emplace("cells", cells);
    tables.emplace("depth_laws", laws);
    tables.emplace("width_laws", ReportTable({"law"}));
    tables.emplace("edge", ReportTable({"kind"}));
    for (auto& [name, table] : tables) table.tell_along(file_axes(sweep.grid));
  }

  Json filled(const Json& chart) const {
    return filled_chart(chart, chart_placeholders(Sweep{}, axes_, picture, tables), axes_, tables);
  }
};

TEST(Placeholders, AreValuesAloneAndTextWithin) {
  const Placeholders values{{"x", "width"}, {"domain", {1, 2}}, {"cap", 0.25}, {"none", nullptr}};
  EXPECT_EQ(with_placeholders("@domain@", values), Json({1, 2}));
  EXPECT_EQ(with_placeholders("@none@", values), Json(nullptr));
  EXPECT_EQ(with_placeholders("datum.@x@ < @cap@", values), "datum.width < 0.25");
  EXPECT_EQ(with_placeholders({{"a", {"@x@", 3, true}}}, values), Json({{"a", {"width", 3, true}}}));
}

TEST(Placeholders, LeaveOtherTextAlone) {
  const Placeholders values{{"x", "width"}};
  for (const char* text : {"", "@", "@@", "a@b", "@unknown@", "@ x@", "mail@x.org"}) {
    EXPECT_EQ(with_placeholders(text, values), text);
  }
  EXPECT_EQ(with_placeholders("@y@x@", values), "@ywidth") << "an @ that begins nothing";
}

TEST(Charts, KnowThePicture) {
  const Example example;
  const Json chart = example.filled({{"x", "@x@"},
                                     {"label", "@y_label@"},
                                     {"scale", "@y_scale@"},
                                     {"domain", "@x_domain@"},
                                     {"ticks", "@y_ticks@"},
                                     {"cap", "@rate_cap@"},
                                     {"laws", "@depth_law_choices@"},
                                     {"first", "@first_depth_law@"},
                                     {"none", "@first_width_law@"}});
  EXPECT_EQ(
      chart.dump(),
      R"({"x":"weight_variance","label":"width n","scale":"log","domain":[0.5,3.5],"ticks":[16,64,256],)"
      R"("cap":0.1,"laws":["rate","exponent"],"first":"rate","none":""})");
}

TEST(Charts, GetASelectorForWhatTheyDoNotShow) {
  const Example example;
  const Json chart = example.filled({{"usermeta", {{"shows", {"@x@", "@y@"}}}},
                                     {"data", {{"name", "cells"}}},
                                     {"transform", {{{"filter", "@slice@"}}}}});
  ASSERT_EQ(chart["params"].size(), 1u) << "activation; the other axes have one value or are shown";
  EXPECT_EQ(
      chart["params"][0].dump(),
      R"({"name":"slice_activation","value":"tanh","bind":{"input":"select","options":["tanh","relu"],"name":"activation φ "}})");
  EXPECT_EQ(chart["transform"][0]["filter"],
            "(datum.activation == null || datum.activation == slice_activation)");
}

TEST(Charts, OfferOnlyWhatTheirTablesHave) {
  const Example example;
  const Json chart =
      example.filled({{"usermeta", {{"shows", Json::array()}}}, {"data", {{"name", "depth_laws"}}}});
  std::map<std::string, Json> options;
  for (const Json& param : chart["params"])
    options[param["name"].get<std::string>()] = param["bind"]["options"];
  EXPECT_EQ(options.size(), 2u);
  EXPECT_EQ(options["slice_weight_variance"].dump(), "[1.0,2.0]");
  EXPECT_EQ(options["slice_width"].dump(), "[16,64]");
}

TEST(Charts, WithoutAnythingToChooseShowAllRows) {
  const Example example;
  const Json chart = example.filled({{"data", {{"name", "edge"}}}, {"transform", {{{"filter", "@slice@"}}}}});
  EXPECT_FALSE(chart.contains("params"));
  EXPECT_EQ(chart["transform"][0]["filter"], "true");
}

TEST(Charts, DropLayersOfEmptyTables) {
  const Example example;
  const Json chart = example.filled({{"layer",
                                      {{{"data", {{"name", "cells"}}}, {"mark", "rect"}},
                                       {{"data", {{"name", "edge"}}}, {"mark", "line"}},
                                       {{"mark", "rule"}}}}});
  ASSERT_EQ(chart["layer"].size(), 2u);
  EXPECT_EQ(chart["layer"][1]["mark"], "rule");
}

TEST(Charts, AloneHaveTheirDataAndLook) {
  const Example example;
  const Json chart = standalone_chart(example.filled({{"data", {{"name", "depth_laws"}}}}), example.tables,
                                      {{"font", "serif"}});
  EXPECT_EQ(chart["config"]["font"], "serif");
  ASSERT_EQ(chart["datasets"].size(), 1u);
  EXPECT_EQ(
      chart["datasets"]["depth_laws"][1].dump(),
      R"({"activation":"tanh","weights":"gaussian","weight_variance":1.0,"bias_variance":0.0,"width":64,"depth":8,"law":"exponent","estimate":1})");
}

}  // namespace
}  // namespace varprop::report
