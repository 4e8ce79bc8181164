#include "host/quantise/noise.h"

#include <gtest/gtest.h>

#include <cmath>
#include <memory>

#include "tests/host/graph/small_graphs.h"

namespace systol {
namespace {

/// Of one matmul, whose output has the scale 0.5.
class NoiseTest : public ::testing::Test {
 protected:
  NoiseTest() {
    auto graph = std::make_shared<const Graph>(test::one_matmul({2, 1}, {1, 1}, {0}, std::nullopt));
    output_ = graph->outputs[0];
    input_ = graph->inputs[0];
    quantised_.graph = graph;
    quantised_.tensors.resize(graph->tensors.size(), {0.5F, 1});
    integers_.tensors.resize(graph->tensors.size());
    integers_.tensors[index_of(output_)] = {1, 3, 5, 7};  // 0, 1, 2, 3
  }

  TensorId output_{};
  TensorId input_{};
  QuantGraph quantised_;
  IntegerResult integers_;
};

TEST_F(NoiseTest, IsTheRatioOfSquaresOverAllParts) {
  QuantisationNoise noise(quantised_, integers_);
  noise.add(output_, std::vector<float>{0.0F, 1.0F});
  noise.add(output_, std::vector<float>{2.0F, 2.75F});
  noise.add(input_, std::vector<float>{5.0F});
  // (1 + 4 + 7.5625) / 0.0625 = 201
  EXPECT_DOUBLE_EQ(noise.decibels()[index_of(output_)].value(), 10 * std::log10(201.0));
  EXPECT_EQ(noise.decibels()[index_of(input_)], std::nullopt) << "no node computes it";
}

TEST_F(NoiseTest, ThereIsNoneWhereNothingIsLost) {
  QuantisationNoise noise(quantised_, integers_);
  noise.add(output_, std::vector<float>{0.0F, 1.0F, 2.0F, 3.0F});
  EXPECT_EQ(noise.decibels()[index_of(output_)], std::nullopt);
}

}  // namespace
}  // namespace systol
