// The declarations of the measures, and the datasets that follow from them. Seen red: with datasets of a
// newer format than the sweep's, with the statistics of a profile in another order.
#include "core/sweep/measures.hpp"

#include <gtest/gtest.h>

#include <set>

#include "core/sweep/record.hpp"

namespace varprop {
namespace {

std::vector<std::string> names_of(const Sweep& sweep) {
  std::vector<std::string> names;
  for (const Dataset& dataset : datasets(sweep)) names.push_back(dataset.name);
  return names;
}

TEST(Measures, AreFoundByTheirQuantityAndWord) {
  for (const Measure& measure : all_measures) {
    EXPECT_EQ(measure_of(measure.quantity).name, measure.name);
    EXPECT_EQ(choice_of<Quantity>(measure.name), measure.quantity);
    EXPECT_FALSE(measure.profiles.empty());
  }
  EXPECT_EQ(symbol(Quantity::weight_gradient), "ω_l");
}

TEST(Measures, OfPositiveNumbersComeInOrder) {
  ASSERT_GE(positive_quantities.size(), 3u);
  EXPECT_EQ(positive_quantities[0], Quantity::forward);
  EXPECT_EQ(positive_quantities[1], Quantity::backward);
  EXPECT_EQ(positive_quantities[2], Quantity::weight_gradient);
}

TEST(Measures, GiveTheDatasetsOfTheirSweep) {
  Sweep sweep;
  sweep.measures = {Quantity::forward, Quantity::correlation};
  const std::vector<std::string> expected{"forward_log_mean",
                                          "forward_log_variance",
                                          "forward_log_of_mean",
                                          "forward_extinct",
                                          "correlation_mean",
                                          "correlation_variance",
                                          "correlation_log_distance_mean",
                                          "correlation_log_distance_variance",
                                          "gradient_correlation_mean",
                                          "gradient_correlation_variance",
                                          "gradient_correlation_log_distance_mean",
                                          "gradient_correlation_log_distance_variance",
                                          "forward_last"};
  EXPECT_EQ(names_of(sweep), expected);
}

/// Files say since 1.2 what the means of overlaps are over.
TEST(Measures, OfOverlapsCountWhereTheFormatDoes) {
  Sweep sweep;
  sweep.measures = {Quantity::correlation};
  EXPECT_EQ(names_of(sweep).size(), 8u);
  sweep.format = newest_dataset_of(measure_of(Quantity::correlation));
  EXPECT_EQ(sweep.format, (FormatVersion{1, 2}));
  const auto names = names_of(sweep);
  ASSERT_EQ(names.size(), 12u);
  EXPECT_EQ(names[4], "correlation_extinct");
  EXPECT_EQ(names[11], "gradient_correlation_log_distance_extinct");
  EXPECT_EQ(newest_dataset_of(measure_of(Quantity::forward)), first_format);
  EXPECT_EQ(all_overlaps.at(position_of_overlap("gradient_correlation"))->symbol, "γ_l");
}

TEST(Measures, OfWholeNetworksHaveNothingButTheirReplicas) {
  Sweep sweep;
  sweep.measures = {Quantity::ntk};
  sweep.layers = {1, 2, 3};
  sweep.replicas = 64;
  EXPECT_EQ(names_of(sweep), (std::vector<std::string>{"ntk_weight", "ntk_bias"}));
  EXPECT_EQ(RecordLayout(sweep).size(), 2 * 4);
  EXPECT_EQ(position_of_total("ntk_bias"), 1u);
  EXPECT_EQ(all_totals[1].quantity, Quantity::ntk);
  EXPECT_EQ(std::ranges::find(positive_quantities, Quantity::ntk), positive_quantities.end());
}

/// What is newer than the first format has a place in tables only where it was measured.
TEST(Measures, OfOlderSweepsLeaveNoPlaceForNewerOnes) {
  Sweep sweep;
  sweep.measures = {Quantity::forward};
  EXPECT_TRUE(sweep.has_place_for(Quantity::backward));
  EXPECT_FALSE(sweep.has_place_for(Quantity::activations));
  EXPECT_FALSE(sweep.has_place_for(Quantity::correlation));
  EXPECT_EQ(sweep.told_quantities().size(), 3u);
  sweep.measures = {Quantity::forward, Quantity::activations};
  EXPECT_TRUE(sweep.has_place_for(Quantity::activations));
  EXPECT_EQ(sweep.told_quantities().back(), Quantity::activations);
}

TEST(Measures, GiveNoDatasetThatTheFormatDoesNotHave) {
  Sweep sweep;
  for (const Measure& measure : all_measures) sweep.measures.push_back(measure.quantity);
  sweep.format = {0, 9};
  EXPECT_EQ(names_of(sweep),
            (std::vector<std::string>{"forward_last", "backward_first", "ntk_weight", "ntk_bias"}));
}

TEST(Measures, NameNoDatasetTwice) {
  Sweep sweep;
  for (const Measure& measure : all_measures) sweep.measures.push_back(measure.quantity);
  const auto names = names_of(sweep);
  EXPECT_EQ(std::set<std::string>(names.begin(), names.end()).size(), names.size());
}

}  // namespace
}  // namespace varprop
