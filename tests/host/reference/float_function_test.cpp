#include "host/reference/float_function.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace systol {
namespace {

double of(Function function, double x) { return float_function(Map(function), x); }

// From tables of the functions, to ten digits.
TEST(FloatFunction, HasTheFunctionsValues) {
  EXPECT_EQ(of(Function::Relu, -2.0), 0.0);
  EXPECT_EQ(of(Function::Relu, 2.0), 2.0);
  EXPECT_NEAR(of(Function::LeakyRelu, -2.0), -0.02, 1e-9);
  EXPECT_NEAR(of(Function::Sigmoid, 1.0), 0.7310585786, 1e-10);
  EXPECT_NEAR(of(Function::Tanh, 1.0), 0.7615941560, 1e-10);
  EXPECT_NEAR(of(Function::Gelu, 1.0), 0.8413447461, 1e-10);
  EXPECT_NEAR(of(Function::Gelu, -1.0), -0.1586552539, 1e-10);
  EXPECT_NEAR(of(Function::Silu, 1.0), 0.7310585786, 1e-10);
  EXPECT_NEAR(of(Function::Erf, 0.5), 0.5204998778, 1e-10);
  EXPECT_NEAR(of(Function::Exp, 1.0), 2.7182818285, 1e-10);
  EXPECT_NEAR(of(Function::Elu, -1.0), -0.6321205588, 1e-10);
  EXPECT_EQ(of(Function::Elu, 3.0), 3.0);
  EXPECT_NEAR(of(Function::Softplus, 0.0), 0.6931471806, 1e-10);
  EXPECT_EQ(of(Function::Sqrt, 2.25), 1.5);
  EXPECT_EQ(of(Function::Reciprocal, 4.0), 0.25);
  EXPECT_EQ(of(Function::Abs, -3.0), 3.0);
  EXPECT_EQ(of(Function::Power, -3.0), 9.0);
}

TEST(FloatFunction, PiecewiseOnesHaveTheirEnds) {
  EXPECT_EQ(of(Function::Clip, 7.0), 6.0);
  EXPECT_EQ(of(Function::Clip, -1.0), 0.0);
  EXPECT_NEAR(of(Function::HardSigmoid, 1.0), 0.7, 1e-7);
  EXPECT_EQ(of(Function::HardSigmoid, 2.5), 1.0);
  EXPECT_EQ(of(Function::HardSigmoid, -2.5), 0.0);
  EXPECT_EQ(of(Function::HardSwish, 3.0), 3.0);
  EXPECT_EQ(of(Function::HardSwish, -3.0), 0.0);
  EXPECT_NEAR(of(Function::HardSwish, 1.0), 2.0 / 3.0, 1e-12);
}

TEST(FloatFunction, ASignOfZeroIsTheParameter) {
  EXPECT_EQ(of(Function::Sign, -1e-30), -1.0);
  EXPECT_EQ(of(Function::Sign, 7.0), 1.0);
  EXPECT_EQ(of(Function::Sign, 0.0), 1.0);
  EXPECT_EQ(float_function({Function::Sign, 0.0F}, 0.0), 0.0) << "as ONNX has it";
  EXPECT_TRUE(std::isnan(of(Function::Sign, std::numeric_limits<double>::quiet_NaN())));
}

TEST(FloatFunction, TakesItsParameters) {
  EXPECT_EQ(float_function({Function::Linear, 2.0F, -0.5F}, 3.0), 5.5);
  EXPECT_EQ(float_function({Function::Clip, -2.0F, 2.0F}, -3.0), -2.0);
  EXPECT_EQ(float_function({Function::Power, 3.0F}, 2.0), 8.0);
  EXPECT_EQ(float_function({Function::LeakyRelu, 0.5F}, -4.0), -2.0);
}

TEST(FloatFunction, IsNotFiniteWhereThereIsNoValue) {
  EXPECT_TRUE(std::isnan(of(Function::Sqrt, -1.0)));
  EXPECT_TRUE(std::isinf(of(Function::Reciprocal, 0.0)));
  EXPECT_TRUE(std::isnan(of(Function::Clip, std::numeric_limits<double>::quiet_NaN())));
  EXPECT_EQ(of(Function::Softplus, 1000.0), 1000.0) << "no overflow on the way";
}

}  // namespace
}  // namespace systol
