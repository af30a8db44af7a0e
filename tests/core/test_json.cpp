// What is printed is what nlohmann-json prints, to the byte; what is read is what it reads. Seen red: members
// put in front, pairs taken for members whatever they begin with, lines broken within what is empty, doubles
// with six digits, bytes that are no text left out, half a text taken for JSON, every name found, a copy that
// takes what it copies, and texts before truths.
#include "core/json.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <limits>
#include <nlohmann/json.hpp>
#include <random>
#include <set>

#include "core/errors.hpp"

namespace varprop {
namespace {

TEST(Json, KeepsTheOrderOfMembers) {
  Json json{{"zeta", 1}, {"alpha", {{"b", true}, {"a", nullptr}}}};
  json["mu"] = "x";
  json["zeta"] = 2;
  json.update({{"alpha", 0}, {"beta", Json::object()}});
  EXPECT_EQ(json.dump(), R"({"zeta":2,"alpha":0,"mu":"x","beta":{}})");
  EXPECT_EQ(Json::parse(R"({"b":1,"a":2,"b":3})").dump(), R"({"b":3,"a":2})");
}

TEST(Json, TellsObjectsFromArraysInBraces) {
  EXPECT_EQ(Json({1, 2.5, "a"}).dump(), R"([1,2.5,"a"])");
  EXPECT_EQ(Json({{"a", 1}, {"b", 2}}).dump(), R"({"a":1,"b":2})");
  EXPECT_EQ(Json({{"a", 1}, {2, "b"}}).dump(), R"([["a",1],[2,"b"]])");
  EXPECT_EQ(Json::array({{"a", 1}, {"b", 2}}).dump(), R"([["a",1],["b",2]])");
  EXPECT_EQ(Json(std::vector<std::string>{"a", "b"}).dump(), R"(["a","b"])");
  EXPECT_EQ(Json(Json::Array{1, nullptr}).dump(), "[1,null]");
}

TEST(Json, PrintsOnOneLineOrIndented) {
  const Json json{{"a", {1, 2}}, {"b", Json::array()}, {"c", Json::object()}, {"d", {{"e", "f"}}}};
  EXPECT_EQ(json.dump(), R"({"a":[1,2],"b":[],"c":{},"d":{"e":"f"}})");
  EXPECT_EQ(json.dump(2), R"({
  "a": [
    1,
    2
  ],
  "b": [],
  "c": {},
  "d": {
    "e": "f"
  }
})");
}

TEST(Json, PrintsNumbersAsShortAsTheyReadBack) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(Json({1e300, 0.1, 1e-7, 100.0, -0.0, 1e14, 1e15, 5e-324}).dump(),
            "[1e+300,0.1,1e-07,100.0,-0.0,100000000000000.0,1e+15,5e-324]");
  EXPECT_EQ(Json({UINT64_MAX, INT64_MIN, 0, -1}).dump(), "[18446744073709551615,-9223372036854775808,0,-1]");
  EXPECT_EQ(Json({std::nan(""), infinity, -infinity}).dump(), "[null,null,null]");
}

TEST(Json, EscapesTextAndReplacesBytesThatAreNoText) {
  EXPECT_EQ(Json("\"\\/\b\t\n\x01\x7f σ").dump(), "\"\\\"\\\\/\\b\\t\\n\\u0001\x7f σ\"");
  EXPECT_EQ(Json("a\xff\xc3").dump(), "\"a\xEF\xBF\xBD\xEF\xBF\xBD\"");
  EXPECT_EQ(Json({{"\xff", 1}}).dump(), "{\"\xEF\xBF\xBD\":1}");
}

Json made_of(std::mt19937_64& random, int depth) {
  switch (random() % (depth > 0 ? 8 : 6)) {
    case 0:
      return nullptr;
    case 1:
      return random() % 2 == 0;
    case 2:
      return static_cast<std::int64_t>(random());
    case 3:
      return static_cast<std::uint64_t>(random());
    case 4:
      return std::bit_cast<double>(random());
    case 5:
      return std::string(1, static_cast<char>(random() % 256)) + "x";
    default:
      break;
  }
  Json json = random() % 2 == 0 ? Json::array() : Json::object();
  for (auto left = random() % 5; left > 0; --left) {
    if (json.is_array()) json.push_back(made_of(random, depth - 1));
    if (json.is_object()) json["k" + std::to_string(left)] = made_of(random, depth - 1);
  }
  return json;
}

TEST(Json, PrintsAndReadsAsTheLibraryDoes) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 2000; ++i) {
    const std::string text = made_of(random, 4).dump();
    const auto theirs = nlohmann::ordered_json::parse(text);
    EXPECT_EQ(theirs.dump(), text);
    EXPECT_EQ(Json::parse(text).dump(), text);
    EXPECT_EQ(Json::parse(text).dump(2), theirs.dump(2));
  }
}

TEST(Json, RefusesWhatIsNotJson) {
  for (const char* text : {"", "{", "[1,]", "{\"a\" 1}", "1e400", "nul", "1 2", "\"\xff\"", "{\"a\":1}x"}) {
    EXPECT_THROW(Json::parse(text), InputError) << text;
    EXPECT_FALSE(Json::try_parse(text)) << text;
  }
  EXPECT_EQ(Json::try_parse(" [1] "), Json({1}));
}

// Seen red: without the limit this ends by a stack overflow.
TEST(Json, RefusesWhatIsTooDeepForAStack) {
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_EQ(Json::parse(nested(500)).dump(), nested(500));
  EXPECT_THROW(Json::parse(nested(501)), InputError);
  EXPECT_FALSE(Json::try_parse(nested(1'000'000)));
}

TEST(Json, GivesWhatItHolds) {
  const Json json =
      Json::parse(R"({"text":"a","whole":-3,"large":18446744073709551615,"real":0.5,"yes":true})");
  EXPECT_EQ(json["text"].get<std::string>(), "a");
  EXPECT_EQ(json["whole"].get<int>(), -3);
  EXPECT_EQ(json["large"].get<std::uint64_t>(), UINT64_MAX);
  EXPECT_EQ(json["real"].get<double>(), 0.5);
  EXPECT_TRUE(json["yes"].get<bool>());
  EXPECT_TRUE(json["whole"].is_integer() && !json["real"].is_integer() && json["real"].is_floating());
  EXPECT_THROW(json["text"].get<double>(), std::bad_variant_access);
  EXPECT_EQ(json.size(), 5u);
  EXPECT_FALSE(json.contains("none"));
  EXPECT_TRUE(json["none"]["of it"].is_null()) << "what is not there is null, all the way down";
}

TEST(Json, CopiesAreApart) {
  Json one{{"a", {1, 2}}};
  Json other = one;
  other["a"].push_back(3);
  EXPECT_EQ(one["a"].size(), 2u);
  one = std::move(other);
  EXPECT_EQ(one.dump(), R"({"a":[1,2,3]})");
}

TEST(Json, HasAnOrder) {
  EXPECT_EQ(Json(1), 1.0);
  EXPECT_EQ(Json(1u), 1);
  EXPECT_NE(Json("1"), 1);
  EXPECT_LT(Json(2), 2.5);
  const std::set<Json> all{"b", 2, 1.5, nullptr, "a", {1}, 2, nullptr, true};
  EXPECT_EQ(Json(Json::Array(all.begin(), all.end())).dump(), R"([null,true,1.5,2,[1],"a","b"])");
}

}  // namespace
}  // namespace varprop
