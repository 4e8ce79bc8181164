#include "host/import/onnx_inputs.h"

#include <gtest/gtest.h>

#include "tests/host/graph/small_graphs.h"
#include "tests/host/import/onnx_builder.h"

namespace systol::onnx_import {
namespace {

using systol::testing::OnnxBuilder;

InputUse use_of_first(const OnnxBuilder& builder, int rank) {
  return use_of(builder.model.graph(), "x", rank);
}

TEST(OnnxInputs, AnImageIsWhatAConvolutionReads) {
  OnnxBuilder builder({3, 8, 8});
  builder.node("Sub", {"x", "mean"}, "s");
  EXPECT_FALSE(use_of_first(builder, 4).image);
  builder.node("Conv", {"s", "w"}, "y");
  EXPECT_TRUE(use_of_first(builder, 4).image);
  EXPECT_FALSE(use_of_first(builder, 2).image);
}

TEST(OnnxInputs, ASequenceOfARecurrentNetworkHasItsBatchSecond) {
  OnnxBuilder builder({3, 8});
  auto& lstm = builder.node("LSTM", {"x", "w", "r"}, "y");
  EXPECT_EQ(use_of_first(builder, 3).batch, 1U);
  testing::set_attribute(lstm, "layout", std::int64_t{1});
  EXPECT_EQ(use_of_first(builder, 3).batch, 0U);
}

TEST(OnnxInputs, OpenDimensionsMustBeGiven) {
  OnnxBuilder builder({2, 3});
  auto& input = *builder.model.mutable_graph()->mutable_input(0);
  auto& shape = *input.mutable_type()->mutable_tensor_type()->mutable_shape();
  shape.mutable_dim(1)->set_dim_param("length");
  std::optional<std::int64_t> batch;
  const auto declared = [&] { return declared_shape(input, {}, batch, "m.onnx: input 'x'"); };
  EXPECT_EQ(test::input_error_of([&] { declared(); }),
            "m.onnx: input 'x': dimension 1 ('length') has no size; only the batch may be open, "
            "others must be given");
  shape.mutable_dim(1)->clear_dim_param();
  EXPECT_EQ(test::input_error_of([&] { declared(); }),
            "m.onnx: input 'x': dimension 1 has no size; only the batch may be open, others must "
            "be given");
  shape.mutable_dim(1)->set_dim_value(7);
  EXPECT_EQ(declared(), (Shape{1, 7, 3}));
  EXPECT_FALSE(batch.has_value());
  shape.mutable_dim(0)->set_dim_value(64);
  EXPECT_EQ(declared(), (Shape{1, 7, 3}));
  EXPECT_EQ(batch, 64);
}

}  // namespace
}  // namespace systol::onnx_import
