#include "host/quantise/calibration.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "host/quantise/quantise.h"
#include "tests/host/graph/small_graphs.h"

namespace systol {
namespace {

/// y = 2x
Graph doubled() { return test::one_matmul({1, 1}, {2}, {0}, std::nullopt); }

/// 999 values from 0 to 1, and one of 100.
std::vector<float> with_an_outlier() {
  std::vector<float> values(1000, 100.0F);
  for (std::size_t i = 0; i < 999; ++i) {
    values[i] = static_cast<float>(i) / 999.0F;
  }
  return values;
}

std::vector<ValueRange> ranges(const std::vector<float>& inputs, Calibration calibration) {
  return calibrated_ranges(doubled(), inputs, inputs.size(), calibration);
}

TEST(Calibration, MinMaxIsTheDefaultAndTakesAll) {
  EXPECT_EQ(Calibration{}.method, CalibrationMethod::MinMax);
  const Graph graph = doubled();
  const std::vector<ValueRange> all = ranges(with_an_outlier(), {});
  EXPECT_EQ(all[index_of(graph.inputs[0])], (ValueRange{0.0F, 100.0F}));
  EXPECT_EQ(all[index_of(graph.outputs[0])], (ValueRange{0.0F, 200.0F}));
}

TEST(Calibration, APercentileIsOfEachTensor) {
  const Graph graph = doubled();
  const std::vector<ValueRange> most =
      ranges(with_an_outlier(), {CalibrationMethod::Percentile, 99.8});
  // One value at each end is left out; bins are 100/4096 wide.
  EXPECT_EQ(most[index_of(graph.inputs[0])], (ValueRange{0.0F, 41 * 100.0F / 4096}));
  EXPECT_EQ(most[index_of(graph.outputs[0])], (ValueRange{0.0F, 41 * 200.0F / 4096}));
}

/// Values that fall off exponentially, the largest of them 9.2, and one of 100.
TEST(Calibration, EntropyCutsTheOutlier) {
  std::vector<float> values(10'000, 100.0F);
  for (std::size_t i = 0; i < 9'999; ++i) {
    values[i] = -std::log(1.0F - static_cast<float>(i) / 10'000.0F);
  }
  const Graph graph = doubled();
  const ValueRange cut = ranges(values, {CalibrationMethod::Entropy})[index_of(graph.inputs[0])];
  EXPECT_EQ(cut.low, 0.0F);
  EXPECT_GT(cut.high, 5.0F);
  EXPECT_LT(cut.high, 30.0F);
}

TEST(Calibration, ValuesThatAreNotFiniteStayRefused) {
  auto graph = std::make_shared<const Graph>(doubled());
  const std::vector<float> inputs{1.0F, std::numeric_limits<float>::infinity()};
  EXPECT_NE(test::input_error_of([&] {
              quantise(graph, inputs, 2, {CalibrationMethod::Entropy});
            }).find("not finite"),
            std::string::npos);
}

}  // namespace
}  // namespace systol
