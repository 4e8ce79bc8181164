#include "host/import/onnx_layout.h"

#include <gtest/gtest.h>

namespace systol::onnx_import {
namespace {

TEST(OnnxLayout, OrdersLeaveTheBatchOut) {
  EXPECT_EQ(row_major(4, 0), (Order{1, 2, 3}));
  EXPECT_EQ(row_major(3, 1), (Order{0, 2}));
  EXPECT_EQ(row_major(2, {}), (Order{0, 1}));
  EXPECT_EQ(channels_last(4), (Order{2, 3, 1}));
  EXPECT_EQ(channels_last(3), (Order{2, 1}));
}

TEST(OnnxLayout, AxesOfOneMoveForNothing) {
  EXPECT_TRUE(lie_alike({1, 5, 1, 1}, {1, 2, 3}, {2, 3, 1}));
  EXPECT_TRUE(lie_alike({1, 1, 4, 5}, {1, 2, 3}, {2, 3, 1}));
  EXPECT_FALSE(lie_alike({1, 2, 4, 1}, {1, 2, 3}, {2, 3, 1}));
}

TEST(OnnxLayout, APermutationNamesPlacesInTheOldOrder) {
  EXPECT_EQ(permutation({2, 3, 1}, {1, 2, 3}), (std::vector<std::int64_t>{2, 0, 1}));
}

TEST(OnnxLayout, UnitAxesRenumberTheOthers) {
  Activation value{{}, {1, 1, 3, 4}, 0, {3, 1, 2}, {}};
  drop_unit_axes({1}, value);
  EXPECT_EQ(value.shape, (Shape{1, 3, 4}));
  EXPECT_EQ(value.order, (Order{2, 1}));
  insert_unit_axes({0, 3}, value);
  EXPECT_EQ(value.shape, (Shape{1, 1, 3, 1, 4}));
  EXPECT_EQ(value.batch, 1U);
  EXPECT_EQ(value.order, (Order{3, 0, 4, 2}));
  drop_unit_axes({1}, value);
  EXPECT_FALSE(value.batch.has_value());
}

}  // namespace
}  // namespace systol::onnx_import
