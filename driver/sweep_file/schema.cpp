#include "driver/sweep_file/schema.hpp"

#include <limits>

#include "driver/sweep_file/keys.hpp"

namespace varprop::driver {

namespace {

Json range_schema() {
  const Json number = {{"type", "number"}};
  return {{"type", "object"},
          {"properties",
           {{"from", number},
            {"to", number},
            {"count", {{"type", "integer"}, {"minimum", 2}}},
            {"scale", schema_of_words({"linear", "log"})}}},
          {"required", Json::array({"from", "to", "count"})},
          {"additionalProperties", false}};
}

Json object_schema() {
  return {{"type", "object"}, {"properties", Json::object()}, {"additionalProperties", false}};
}

Json property_of(const Key& key) {
  Json property{{"description", key.meaning + " (" + key.allowed + ")"}};
  property.update(key.schema);
  return property;
}

/// The object that the key belongs to: the file itself, or one of its sections.
Json& home_of(const Key& key, Json& file) {
  if (key.name.section.empty()) return file;
  Json& section = file["properties"][key.name.section];
  if (section.is_null()) section = object_schema();
  return section;
}

}  // namespace

Json schema_of_words(const std::vector<std::string>& words) {
  return {{"enum", Json(words)}};
}

Json schema_of_number(const Limits& limits) {
  Json schema{{"type", limits.whole ? "integer" : "number"}};
  schema[limits.low_included ? "minimum" : "exclusiveMinimum"] = limits.low;
  if (limits.high < std::numeric_limits<double>::max()) schema["maximum"] = limits.high;
  return schema;
}

Json schema_of_values(Json one, bool with_range) {
  Json list{{"type", "array"}, {"minItems", 1}, {"items", one}};
  Json ways = Json::array();
  ways.push_back(std::move(one));
  ways.push_back(std::move(list));
  if (with_range) ways.push_back(range_schema());
  return {{"anyOf", std::move(ways)}};
}

Json sweep_file_schema() {
  Json file{{"$schema", "http://json-schema.org/draft-07/schema#"}, {"title", "varprop sweep file"}};
  file.update(object_schema());
  file["properties"]["$schema"] = {{"type", "string"}};
  Json required_axes = Json::array();
  for (const Key& key : sweep_file_keys()) {
    Json& home = home_of(key, file);
    home["properties"][key.name.name] = property_of(key);
    if (key.presence == Presence::required && key.name.section == "grid")
      required_axes.push_back(key.name.name);
    else if (key.presence == Presence::required)
      home["required"].push_back(key.name.name);
  }
  file["required"] = Json::array({"grid", "simulation"});
  const Json table = file["properties"]["grid"];
  file["properties"]["grid"] = {
      {"anyOf", Json::array({table, Json{{"type", "array"}, {"minItems", 1}, {"items", table}}})}};
  // The columns of a file of points, and presets, may stand for keys.
  const Json complete{
      {"anyOf", Json::array({Json{{"required", required_axes}}, Json{{"required", Json::array({"points"})}},
                             Json{{"type", "array"}}})}};
  const Json with_preset{{"required", Json::array({"preset"})}};
  file["anyOf"] = Json::array(
      {Json{{"properties", {{"grid", complete}}}}, Json{{"properties", {{"simulation", with_preset}}}}});
  return file;
}

}  // namespace varprop::driver
