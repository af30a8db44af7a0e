// Syntax, unknown keys and sections, overrides.
#include "driver/sweep_file/document.hpp"

#include <gtest/gtest.h>

#include "tests/driver/sweep_file/sweep_examples.hpp"

namespace varprop::driver {
namespace {

void expect_start(const std::string& sentence, const std::string& start) {
  EXPECT_EQ(sentence.substr(0, start.size()), start);
}

TEST(Document, SyntaxErrorsNameLineAndColumn) {
  expect_start(refusal("[grid]\nwidth = \n"),
               "s.toml:2:9: syntax: Error while parsing key-value pair: expected value");
  expect_start(refusal("[grid\n"), "s.toml:1:6: syntax: ");
  expect_start(refusal("[grid]\nwidth = 1\nwidth = 2\n"), "s.toml:3:9: syntax: ");
}

TEST(Document, NumbersBeyondTomlAreToldAboutQuotes) {
  EXPECT_NE(refusal(small_file() + "seed = 18446744073709551615").find("may stand in quotes"),
            std::string::npos);
}

TEST(Document, FilesThatAreNoTextAreNamedAsWhatTheyAre) {
  expect_start(refusal(""), "s.toml:1:1: the sweep file is empty");
  expect_start(refusal(" \n\n"), "s.toml:1:1: the sweep file is empty");
  expect_start(refusal("# only a comment\n"), "s.toml:1:1: grid.activation: this key is missing");
  expect_start(refusal(std::string("\x89HDF\r\n\x1a\n and more", 17)), "s.toml:1:1: this is an HDF5 file");
  expect_start(refusal(std::string("[grid]\nab\0c", 11)), "s.toml:2:3: this is a binary file");
  expect_start(refusal("title = \"\xff\xfe\"\n"), "s.toml:1:");
}

TEST(Document, UnknownKeysAreAnsweredWithTheNearestOfTheirSection) {
  EXPECT_EQ(
      refusal(with_line(4, "widht = 8")),
      "s.toml:4:1: grid.widht: unknown key. Did you mean \"width\"? Known in [grid]: activation, weights, "
      "weight_variance, bias_variance, width, depth, block, norm, skip, branch_scale, branch_power, "
      "hidden_ratio, output_ratio, query_ratio, value_ratio, attention_output_ratio, heads, tokens, keep, "
      "shape, input_width, output_width, zip, points.");
}

TEST(Document, KeysOfAnotherSectionAreSentThere) {
  expect_start(refusal(with_line(5, "depth = 4\nreplicas = 3")),
               "s.toml:6:1: grid.replicas: unknown key. It belongs in [simulation].");
  expect_start(refusal("width = 3\n" + small_file()),
               "s.toml:1:1: width: unknown key. It belongs in [grid].");
  expect_start(refusal(small_file() + "[output]\ntitle = \"x\"\n"),
               "s.toml:9:1: output.title: unknown key. It belongs above the first section.");
}

TEST(Document, TheFirstOfSeveralUnknownKeysIsNamed) {
  expect_start(refusal(small_file() + "zz = 1\naa = 2\n"), "s.toml:8:1: simulation.zz: ");
}

TEST(Document, UnknownSectionsAreAnsweredWithTheNearest) {
  EXPECT_EQ(
      refusal(small_file() + "[outptu]\nlayers = 3\n"),
      "s.toml:8:2: unknown section [outptu]. Did you mean \"output\"? Sections: grid, simulation, output.");
  EXPECT_EQ(
      refusal("grid = 3\n"),
      "s.toml:1:1: grid: this is a section; it is opened by [grid], or by [[grid]] where there are several.");
}

TEST(Overrides, ReplaceAndAddKeysAndTheLastWins) {
  const Sweep sweep = resolved(small_file(), {"grid.width=[64,128]", " grid.depth = 7 ", "simulation.seed=5",
                                              "simulation.seed=6", "title=\"x\""});
  EXPECT_EQ(sweep.grid.width.size(), 2u);
  EXPECT_EQ(sweep.grid.depth[0].value(), 7);
  EXPECT_EQ(sweep.seed, 6u);
  EXPECT_EQ(sweep.title, "x");
}

TEST(Overrides, AreNamedInTheirErrors) {
  EXPECT_EQ(refusal(small_file(), {"grid.width=[0]"}),
            "--set grid.width=[0]: 0 is not allowed; allowed: a whole number from 1 to 1099511627776.");
  expect_start(refusal(small_file(), {"grid.width"}), "--set grid.width: a key and a value are needed");
  expect_start(refusal(small_file(), {"grid.widht=3"}),
               "--set grid.widht=3: unknown key. Did you mean \"width\"?");
  expect_start(refusal(small_file(), {"gird.width=3"}), "--set gird.width=3: unknown section [gird].");
  expect_start(refusal(small_file(), {"width=3"}), "--set width=3: unknown key. It belongs in [grid].");
  expect_start(refusal(small_file(), {"grid={}"}),
               "--set grid={}: this is a section, and --set gives one key at a time, such as --set "
               "grid.activation=VALUE. Keys of [grid]: activation, weights,");
  expect_start(refusal(small_file(), {"grid.width=[1"}), "--set grid.width=[1: syntax: ");
  expect_start(refusal(small_file(), {"grid.width="}), "--set grid.width=: syntax: ");
  expect_start(refusal(small_file(), {"grid.width=1\ndepth=2"}),
               "--set grid.width=1\ndepth=2: one value is needed");
}

TEST(Overrides, TextWithoutQuotesIsToldAboutThem) {
  EXPECT_EQ(refusal(small_file(), {"grid.activation=relu"}),
            "--set grid.activation=relu: text stands in quotes, kept from the shell by another pair: "
            "--set 'grid.activation=\"relu\"'.");
}

TEST(Overrides, TheEngineFlagOutranksThemAll) {
  const SweepText text{"s.toml", small_file(), {"simulation.engine=\"conditional\""}, "dense"};
  EXPECT_EQ(resolve_sweep(text).network.engine, Engine::dense);
  EXPECT_EQ(refusal(small_file(), {}, "desne"),
            "--engine desne: unknown engine \"desne\". Did you mean \"dense\"? Known: auto, radial, "
            "conditional, gram, deferred, dense.");
}

}  // namespace
}  // namespace varprop::driver
