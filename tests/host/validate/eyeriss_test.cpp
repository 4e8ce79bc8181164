#include "host/validate/eyeriss.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <vector>

#include "host/import/sizes.h"
#include "sim/config/array_file.h"

namespace systol {
namespace {

TEST(Eyeriss, EnergiesPerMacArePowerTimesTimeOverMacs) {
  const double published[] = {13.0, 12.5, 9.7, 8.4, 7.9};  // to a tenth, worked out by hand
  ASSERT_EQ(eyeriss_layers().size(), std::size(published));
  ASSERT_EQ(eyeriss_files().size(), std::size(published));
  for (std::size_t i = 0; i < std::size(published); ++i) {
    EXPECT_NEAR(eyeriss_layers()[i].picojoules_per_mac(), published[i], 0.05);
  }
}

TEST(Eyeriss, RanksAreComparedAndNotSizes) {
  const double falling[] = {9, 7, 5, 3, 1};
  const double steeper[] = {900, 70, 6, 5, 4};
  const double rising[] = {1, 2, 3, 4, 5};
  const double swapped[] = {9, 7, 5, 1, 3};  // two neighbours: 1 - 6 x 2 / (5 x 24)
  EXPECT_DOUBLE_EQ(rank_correlation(falling, steeper), 1);
  EXPECT_DOUBLE_EQ(rank_correlation(falling, rising), -1);
  EXPECT_DOUBLE_EQ(rank_correlation(falling, swapped), 0.9);
}

TEST(Eyeriss, InputsHaveTheirShareOfZeros) {
  const Graph graph = dense_from_sizes("1000x1");
  const std::vector<float> values = sparse_inputs(graph, 10, 0.7, 1);
  ASSERT_EQ(values.size(), 10'000U);
  // Within five standard deviations of 7,000, each of sqrt(10,000 x 0.7 x 0.3) = 46.
  EXPECT_NEAR(static_cast<double>(std::count(values.begin(), values.end(), 0.0F)), 7000, 230);
  EXPECT_EQ(sparse_inputs(graph, 10, 0.7, 1), values);
}

/// The same layer five times: only zeros and the published times differ, by which leakage and
/// clocks are charged. CONV2 took the most time for a MAC, and CONV5 less than CONV4, which has
/// more zeros.
TEST(Eyeriss, EnergyFallsAsZerosRiseAndTimeFalls) {
  const ArrayConfig array = load_array_config(std::filesystem::path(SYSTOL_SOURCE_DIR) /
                                              "configs/validation/eyeriss/array.yaml");
  const std::vector<Graph> layers(5, dense_from_sizes("1024x32"));
  const std::vector<EnergyComparison> rows = compare_eyeriss(layers, array);
  ASSERT_EQ(rows.size(), 5U);
  EXPECT_LT(rows[1].ours, std::min(1.0, rows[0].ours));  // CONV3 below CONV1 and CONV2
  EXPECT_LT(rows[2].ours, rows[1].ours);                 // CONV4
  EXPECT_LT(rows[3].ours, rows[1].ours);                 // CONV5
  const std::vector<double> published = {13.0, 12.5, 9.7, 8.4, 7.9};
  const std::vector<double> ours = {1, rows[0].ours, rows[1].ours, rows[2].ours, rows[3].ours};
  EXPECT_DOUBLE_EQ(rows[4].ours, rank_correlation(published, ours));
}

}  // namespace
}  // namespace systol
