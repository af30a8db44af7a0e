#include "report/data/report_data.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "analysis/terminal/regime_map.hpp"
#include "core/build_info.hpp"
#include "core/errors.hpp"
#include "core/text/words.hpp"
#include "report/data/drawn_profiles.hpp"
#include "report/data/findings.hpp"
#include "report/data/report_assets.hpp"
#include "report/data/sentences.hpp"
#include "report/data/tables.hpp"

namespace varprop::report {

namespace {

std::string measures_text(const Sweep& sweep) {
  std::vector<std::string> words;
  for (const Quantity quantity : sweep.measures) words.emplace_back(word_of(quantity));
  return join(words);
}

}  // namespace

Json provenance_json(const ResultsFile& results, const analysis::AnalysisSettings& settings) {
  const Sweep& sweep = results.sweep();
  const Provenance origin = results.provenance();
  Json pairs = Json::array();
  const auto add = [&pairs](const char* what, std::string value) {
    if (!value.empty()) pairs.push_back(Json::array({what, std::move(value)}));
  };
  add("results file", results.path().filename().string());
  add("identity", results.identity());
  add("numerics version", std::to_string(results.numerics_version()));
  add("made by", origin.program);
  add("command", origin.command_line);
  add("host", origin.host);
  add("date", origin.date);
  add("seed", std::to_string(sweep.seed));
  add("networks",
      fmt::format("{} a point, in {}", sweep.replicas, counted(sweep.batches, "batch", "batches")));
  add("engine", std::string(word_of(sweep.network.engine)));
  add("variance scaling", std::string(word_of(sweep.network.variance_scaling)));
  add("bias scaling", sweep.network.bias_scaling == BiasScaling::none
                          ? ""
                          : std::string(word_of(sweep.network.bias_scaling)));
  add("input", std::string(word_of(sweep.network.input)));
  add("mean square of the input",
      sweep.network.input_mean_square == 1 ? "" : shortest(sweep.network.input_mean_square));
  add("measured", measures_text(sweep));
  add("analyzed by", fmt::format("varprop {} (commit {})", program_version(), git_commit()));
  add("factor F of a stable change", shortest(settings.factor));
  add("factor of the trainable depth", shortest(settings.trainable_depth_factor));
  add("loss scale", shortest(settings.gradient_scale.loss_scale));
  add("norm of the output gradient", shortest(settings.gradient_scale.output_gradient_norm));
  add("sweep file", origin.sweep_file);
  return pairs;
}

namespace {

constexpr std::size_t most_points = 120'000, most_cells = 30'000, most_law_points = 4'000;
constexpr std::size_t most_chart_rows = 20'000;
/// Browsers read an element piece by piece and copy what they have each time: one of 20 MB takes seconds.
constexpr std::size_t most_element_bytes = 500'000;

/// "12 of 36 weight variances, …": what an even choice has left of each axis.
std::string thinned_text(const GridChoice& all, const GridChoice& some) {
  std::vector<std::string> parts;
  std::size_t i = 0;
  for_each_axis([&](const auto& axis) {
    const std::size_t left = some.along(i).size(), were = all.along(i).size();
    ++i;
    if (left < were) parts.push_back(fmt::format("{} of {} values of {}", left, were, axis.name));
  });
  return join(parts);
}

/// Says what was thinned out, if anything.
void note_thinning(Json& notes, const char* what, const GridChoice& all, const GridChoice& some) {
  if (some.size() < all.size())
    notes.push_back(fmt::format("{} show an even choice of {} of {} points{}.", what, some.size(), all.size(),
                                all.is_product() ? ": " + thinned_text(all, some) : ""));
}

void note_columns(Json& notes, const ReportPoints& points) {
  if (points.main_columns_only)
    notes.push_back("The table has the main columns only, since the grid is large; points.csv has all.");
  if (!points.formats_left_out.empty())
    notes.push_back(fmt::format(
        "Of the floating-point formats, {} columns have too many points to be listed here, such as {}; "
        "points.csv has all.",
        points.formats_left_out.size(), points.formats_left_out.front()));
}

template <class E>
Json regimes_json() {
  Json regimes = Json::array();
  for (const auto& [regime, word] : EnumWords<E>::words) {
    regimes.push_back({{"word", word},
                       {"glyph", std::string(1, analysis::letter_of(std::optional(regime)))},
                       {"meaning", meaning_of(regime)}});
  }
  return regimes;
}

Json progress_json(const analysis::AnalysisSummary& summary) {
  return {{"points", summary.regimes.size()},
          {"batches", summary.sweep.unit_count()},
          {"done", summary.batches_done},
          {"failed", summary.batches_failed}};
}

Json quantities_json(const Sweep& sweep) {
  Json all = Json::array();
  for (const Quantity quantity : sweep.told_quantities()) {
    const QuantityWords words = quantity_words(quantity);
    all.push_back({{"name", word_of(quantity)},
                   {"noun", words.noun},
                   {"logarithm", words.logarithm},
                   {"change", words.change},
                   {"single_networks", measure_of(quantity).first().of_replicas}});
  }
  for (const OverlapProfile& profile : overlap_profiles(sweep)) {
    const bool coloured = profile.name == word_of(Quantity::correlation);
    const QuantityWords words = quantity_words(Quantity::correlation);
    all.push_back({{"name", profile.name},
                   {"noun", words.noun},
                   {"logarithm", coloured ? words.logarithm : profile.logarithm},
                   {"change", coloured ? words.change : ""},
                   {"single_networks", ""}});
  }
  return all;
}

Json axes_json(const std::vector<ReportAxis>& axes_) {
  Json all = Json::array();
  for (const ReportAxis& axis : axes_) {
    if (axis.told) all.push_back(axis.json());
  }
  return all;
}

std::string title_of(const ResultsFile& results) {
  const std::string& title = results.sweep().title;
  return title.empty() ? results.path().stem().string() : title;
}

/// Of every axis that the page speaks of, the places of the points among its values; null where they are all
/// combinations.
Json places_json(const std::vector<ReportAxis>& axes_, const GridChoice& report) {
  if (report.is_product()) return nullptr;
  Json all = Json::array();
  for (std::size_t axis = 0; axis < axes_.size(); ++axis) {
    if (!axes_[axis].told) continue;
    const auto& along = report.along(axis);
    Json places = Json::array();
    for (std::size_t k = 0; k < report.size(); ++k)
      places.push_back(std::lower_bound(along.begin(), along.end(), report[k][axis]) - along.begin());
    all.push_back(std::move(places));
  }
  return all;
}

/// Profiles and histograms as rows, few enough for a chart that stands alone.
void add_profile_tables(ReportTables& tables, const ReportSources& sources,
                        const analysis::ProfileTheory& theory, const GridChoice& report) {
  const std::size_t layers = sources.profiles.layers().size() * profile_choices(sources.grid.sweep()).size();
  const std::size_t most = std::max<std::size_t>(1, most_chart_rows / layers);
  tables.emplace("profile", profile_table(sources.grid.sweep(), sources.profiles, theory, report, most));
  tables.emplace("histogram", histogram_table(sources.profiles, report, most));
  tables.emplace("exact_law", exact_law_table(sources.profiles, report, most));
}

ReportTables tables_of_page(const ReportSources& sources, const GridChoice& report, const GridChoice& cells,
                            const GridChoice& law_points, const Picture& picture) {
  const analysis::PointGrid& grid = sources.grid;
  ReportTables tables;
  tables.emplace("cells", cells_table(grid, report, cells, picture));
  tables.emplace("critical", critical_table(sources.laws, grid.sweep().grid, picture));
  tables.emplace("trainable", trainable_table(grid, report, picture));
  tables.emplace("edge", edge_table(grid.sweep(), report, picture, sources.predictions));
  tables.emplace("maps", maps_table(grid, report, sources.predictions));
  tables.emplace("depth_laws", depth_laws_table(grid, law_points, sources.laws));
  tables.emplace("width_laws", width_laws_table(grid, law_points, sources.laws));
  return tables;
}

analysis::ProfileTheory theory_of(const ReportSources& sources) {
  std::vector<Point> points;
  for (const DrawnPoint& drawn : sources.profiles.points()) points.push_back(drawn.point);
  return {points, sources.profiles.layers(), sources.grid.sweep().network, sources.predictions};
}

/// Where a piece of UTF-8 ends that may be so long: not within a character.
std::size_t end_of_piece(const std::string& text, std::size_t longest) {
  if (longest >= text.size()) return text.size();
  while ((static_cast<unsigned char>(text[longest]) & 0xC0u) == 0x80u) --longest;
  return longest;
}

Json charts_json(const Sweep& sweep, const std::vector<ReportAxis>& axes_, const Picture& picture,
                 const ReportTables& tables) {
  const Placeholders placeholders = chart_placeholders(sweep, axes_, picture, tables);
  Json charts = Json::object();
  for (const auto& [name, text] : chart_templates())
    charts[name] = filled_chart(Json::parse(text), placeholders, axes_, tables);
  return charts;
}

/// What is missing, and what the report and its parts tell of an even choice of.
Json notes_of(const ReportSources& sources, const GridChoice& report, const GridChoice& cells,
              const GridChoice& law_points, const ReportPoints& points) {
  const Sweep& sweep = sources.grid.sweep();
  const GridChoice everything(sweep.grid, static_cast<std::size_t>(sweep.point_count()));
  Json notes = missing_notes(sources.summary);
  note_thinning(notes, "This report", everything, report);
  note_thinning(notes, "The cells of the phase diagram", report, cells);
  note_thinning(notes, "The profiles", report, sources.profiles.choice());
  note_thinning(notes, "The laws in depth and width", report, law_points);
  note_columns(notes, points);
  return notes;
}

}  // namespace

GridChoice report_choice(const Sweep& sweep) {
  return {sweep.grid, most_points};
}

ReportData report_data(const ReportSources& sources, const GridChoice& report) {
  const Sweep& sweep = sources.grid.sweep();
  const GridChoice cells = report.thinned(most_cells), law_points = report.thinned(most_law_points);
  const auto axes_ = report_axes(sweep.grid, report);
  const Picture picture = picture_of(axes_, sweep.measures);
  const bool of_pairs = picture.quantity == Quantity::correlation;
  ReportData made;
  made.tables = tables_of_page(sources, report, cells, law_points, picture);
  const auto leave_out_what_goes_without_saying = [&] {
    for (auto& [name, table] : made.tables) table.tell_along(file_axes(sweep.grid));
  };
  leave_out_what_goes_without_saying();
  Json tables = Json::object();
  for (const char* name : {"cells", "critical", "edge", "trainable", "maps", "depth_laws", "width_laws"})
    tables[name] = made.tables.at(name).by_column();
  const analysis::ProfileTheory theory = theory_of(sources);
  add_profile_tables(made.tables, sources, theory, report);
  leave_out_what_goes_without_saying();
  ReportPoints points = report_points(sources.grid, report);
  made.data = {
      {"format", report_format_version},
      {"title", title_of(sources.results)},
      {"provenance", provenance_json(sources.results, sources.settings)},
      {"findings", findings(sources.grid, sources.summary, sources.laws)},
      {"notes", notes_of(sources, report, cells, law_points, points)},
      {"progress", progress_json(sources.summary)},
      {"axes", axes_json(axes_)},
      {"places", places_json(axes_, report)},
      {"picture",
       {{"x", axes_[picture.x].name},
        {"y", axes_[picture.y].name},
        {"quantity", word_of(picture.quantity)},
        {"regime", of_pairs ? "correlation_regime" : "regime"}}},
      {"quantities", quantities_json(sweep)},
      {"regimes", of_pairs ? regimes_json<analysis::DistanceRegime>() : regimes_json<analysis::Regime>()},
      {"columns", std::move(points.columns)},
      {"points", std::move(points.points)},
      {"format_exits", std::move(points.format_exits)},
      {"profiles", profiles_json(sweep, sources.profiles, theory, report)},
      {"tables", std::move(tables)},
      {"charts", charts_json(sweep, axes_, picture, made.tables)}};
  return made;
}

std::string script_text(const Json& data) {
  const std::string text = data.dump();
  std::string escaped;
  escaped.reserve(text.size());
  for (const char c : text) {  // these stand within strings of JSON only
    if (c == '<')
      escaped += "\\u003c";
    else if (c == '>')
      escaped += "\\u003e";
    else if (c == '&')
      escaped += "\\u0026";
    else
      escaped += c;
  }
  return escaped;
}

std::string data_elements(const Json& data) {
  std::string elements;
  for (const auto& [key, value] : data.items()) {
    const std::string text = script_text(value);
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = end_of_piece(text, at + most_element_bytes);
      elements += elements.empty() ? "" : "\n";
      elements += R"(<script type="application/json" data-key=")" + key + "\">" + text.substr(at, end - at) +
                  "</script>";
      at = end;
    }
  }
  return elements;
}

std::string page_with(std::string_view page, std::string_view data) {
  constexpr std::string_view data_place = "@DATA@";
  const std::size_t place = page.find(data_place);
  VARPROP_EXPECT(place != std::string_view::npos);
  std::string whole;
  whole.reserve(page.size() + data.size());
  whole.append(page.substr(0, place)).append(data).append(page.substr(place + data_place.size()));
  return whole;
}

}  // namespace varprop::report
