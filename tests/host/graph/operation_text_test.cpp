#include "host/graph/operation_text.h"

#include <gtest/gtest.h>

#include <limits>

#include "tests/host/graph/small_graphs.h"

namespace systol::test {
namespace {

Operation operation_in(std::string_view text) {
  TextLine line(text, "g.txt:3");
  return read_operation(line);
}

std::string operation_error(std::string_view text) {
  return input_error_of([&] { operation_in(text); });
}

/// That the operation is written so, and read back the same.
void expect_text(const Operation& operation, const std::string& text) {
  EXPECT_EQ(to_text(operation), text);
  EXPECT_EQ(operation_in(text), operation) << text;
}

TEST(OperationText, DefaultsAreLeftOut) {
  expect_text(MatMul{}, "matmul");
  expect_text(Softmax{}, "softmax");
  expect_text(Mean{}, "mean");
  expect_text(Convolution{}, "convolution");
  expect_text(Pool{}, "max_pool[1x1]");
  expect_text(Normalise{}, "normalise");
  expect_text(Binary{}, "add");
  expect_text(Pad{{0, 0}, {0, 0}, {0, 0}, 0.0F}, "pad[before=0x0]");
  expect_text(Slice{{3}, {4}, {1}}, "slice[3:4]");
}

TEST(OperationText, EveryParameterIsWritten) {
  expect_text(MatMul{true}, "matmul[transposed]");
  const Window window{{2, 1}, {3, 4}, {1, 0}, {0, 5}};
  expect_text(Convolution{window, 4},
              "convolution[stride=2x1, dilation=3x4, before=1x0, after=0x5, groups=4]");
  expect_text(Pool{PoolKind::Average, {7, 6}, window, true},
              "average_pool[7x6, stride=2x1, dilation=3x4, before=1x0, after=0x5, count_borders]");
  expect_text(Pool{PoolKind::Maximum, {2, 2}, {{2, 2}, {1, 1}, {0, 0}, {0, 0}}, false},
              "max_pool[2x2, stride=2x2]");
  expect_text(Normalise{0.5F, true}, "normalise[epsilon=0.5, spatial]");
  expect_text(Concat{2}, "concat[axis=2]");
  expect_text(Concat{}, "concat[axis=0]");
  expect_text(Slice{{0, 13, 5}, {14, 7, 3}, {1, -2, 0}}, "slice[0:14, 13:7:-2, 5:3:0]");
  expect_text(Transpose{{0, 2, 1}}, "transpose[0, 2, 1]");
  expect_text(Pad{{1, 2}, {3, 4}, {5, 6}, -1.5F},
              "pad[before=1x2, after=3x4, between=5x6, value=-1.5]");
  expect_text(Repeat{{2, 2, 1}}, "repeat[2, 2, 1]");
  expect_text(Reshape{{2, 4}}, "reshape[2, 4]");
}

TEST(OperationText, TensorsMayHaveNoDimension) {
  expect_text(Reshape{{}}, "reshape[]");
  expect_text(Slice{}, "slice[]");
  expect_text(Transpose{}, "transpose[]");
  expect_text(Repeat{}, "repeat[]");
  expect_text(Pad{}, "pad");
}

TEST(OperationText, FunctionsHaveTheirParametersInOrder) {
  expect_text(Map{Function::Clip}, "clip[0, 6]");
  expect_text(Map(Function::Clip, -1.0F, std::numeric_limits<float>::infinity()), "clip[-1, inf]");
  expect_text(Map{Function::Power}, "power[2]");
  expect_text(Map{Function::Gelu}, "gelu");
  expect_text(Map{Function::Sign}, "sign[1]");
}

TEST(OperationText, EveryNameIsRead) {
  for (std::size_t i = 0; i < kFunctions; ++i) {
    const Map map(static_cast<Function>(i));
    EXPECT_EQ(operation_in(to_text(map)), Operation(map));
  }
  for (std::size_t i = 0; i < kBinaryNames.size(); ++i) {
    EXPECT_EQ(operation_in(kBinaryNames[i]), Operation(Binary{static_cast<BinaryFunction>(i)}));
  }
  EXPECT_EQ(operation_in("average_pool[2x2]"),
            Operation(Pool{PoolKind::Average, {2, 2}, {}, false}));
}

TEST(OperationText, KeysMayStandInAnyOrder) {
  EXPECT_EQ(operation_in("convolution[ groups=4,stride=2x2 ]"),
            Operation(Convolution{Window{{2, 2}, {1, 1}, {0, 0}, {0, 0}}, 4}));
}

TEST(OperationText, ErrorsSayWhatIsWrong) {
  EXPECT_EQ(operation_error("rellu"), "g.txt:3: there is no operation 'rellu'");
  EXPECT_EQ(operation_error(""), "g.txt:3: there is no operation ''");
  EXPECT_EQ(operation_error("matmul[transpose]"), "g.txt:3: matmul has no parameter 'transpose'");
  EXPECT_EQ(operation_error("convolution[strides=2x2]"),
            "g.txt:3: convolution has no parameter 'strides'");
  EXPECT_EQ(operation_error("convolution[stride=2x2x2]"),
            "g.txt:3: expected two numbers, as 2x3, found '2x2x2'");
  EXPECT_EQ(operation_error("convolution[stride=2, groups=1]"),
            "g.txt:3: expected two numbers, as 2x3, found '2'");
  EXPECT_EQ(operation_error("convolution[groups=two]"), "g.txt:3: expected a number, found 'two'");
  EXPECT_EQ(operation_error("max_pool"), "g.txt:3: max_pool lacks a parameter in brackets");
  EXPECT_EQ(operation_error("clip[0]"), "g.txt:3: clip lacks a parameter in brackets");
  EXPECT_EQ(operation_error("relu[0]"), "g.txt:3: relu has no parameter '0'");
  EXPECT_EQ(operation_error("slice[1]"),
            "g.txt:3: expected start:size or start:size:step, found '1'");
  EXPECT_EQ(operation_error("repeat[2, 2"), "g.txt:3: expected ']', found ''");
  EXPECT_EQ(operation_error("repeat[2 2]"), "g.txt:3: expected ']', found '2'");
  EXPECT_EQ(operation_error("repeat[2,]"), "g.txt:3: expected ']', found ''");
  EXPECT_EQ(operation_error("pad[before=99999999999999999999]"),
            "g.txt:3: expected a number, found '99999999999999999999'");
}

}  // namespace
}  // namespace systol::test
