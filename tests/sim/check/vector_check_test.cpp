#include "sim/check/vector_check.h"

#include <gtest/gtest.h>

namespace systol {
namespace {

isa::Vector right() {
  isa::Vector op;
  op.operation = isa::LaneOperation::Add;
  op.columns = 4;
  op.a = op.b = isa::Walk(0, 3, 4);
  op.destination = isa::Walk(64, 3, 4);
  op.multiplier = isa::kUnitMultiplier;
  op.shift = isa::kUnitShift;
  return op;
}

template <class Change>
std::string error_of(Change&& change) {
  isa::Vector op = right();
  change(op);
  return check_vector(op);
}

TEST(VectorCheck, ARightCommandPasses) { EXPECT_EQ(check_vector(right()), ""); }

TEST(VectorCheck, SizesAndCounts) {
  EXPECT_EQ(error_of([](isa::Vector& op) { op.columns = 0; }),
            "columns is 0; at least 1 is needed");
  EXPECT_EQ(error_of([](isa::Vector& op) { op.destination.loops[1].count = 0; }),
            "the walk 0x40:0x0:3x4 has a count of 0; at least 1 is needed");
  EXPECT_EQ(error_of([](isa::Vector& op) { op.a.loops[2].count = 2; }),
            "destination has 3 pieces and a has 2; they must be as many");
  EXPECT_EQ(error_of([](isa::Vector& op) { op.b.loops[2].count = 4; }),
            "destination has 3 pieces and b has 4; they must be as many");
  EXPECT_EQ(error_of([](isa::Vector& op) { op.b_window.loops[2].count = 0; }),
            "the walk 0x0:0x0 has a count of 0; at least 1 is needed");
}

TEST(VectorCheck, WhatIsNotReadIsNotChecked) {
  EXPECT_EQ(error_of([](isa::Vector& op) {
              op.operation = isa::LaneOperation::Copy;
              op.b.loops[2].count = 0;
              op.b_window.base = 3;
              op.b_multiplier = 1 << 30;
            }),
            "");
  EXPECT_EQ(error_of([](isa::Vector& op) {
              op.operation = isa::LaneOperation::Fill;
              op.a.loops[2].count = 0;
              op.a_window = isa::Walk(0, 1'000'000, 1);
            }),
            "");
}

TEST(VectorCheck, Windows) {
  EXPECT_EQ(error_of([](isa::Vector& op) { op.a_window.base = 3; }),
            "a_window begins at 0x3; a window begins at 0");
  EXPECT_EQ(error_of([](isa::Vector& op) { op.a_window = isa::Walk(0, 2, 4); }),
            "a_window has 2 pieces and b_window has 1; they must be as many");
  const auto window_of = [](std::uint64_t places) {
    return error_of([&](isa::Vector& op) { op.a_window = op.b_window = isa::Walk(0, places, 0); });
  };
  EXPECT_EQ(window_of(65'536), "");
  EXPECT_EQ(window_of(65'537), "the window's number of places is 65537; the limit is 65536");
}

TEST(VectorCheck, NumbersOfTheOperands) {
  constexpr std::int32_t kNarrow = 1 << 21;
  EXPECT_EQ(error_of([](isa::Vector& op) { op.a_multiplier = kNarrow - 1; }), "");
  EXPECT_EQ(error_of([](isa::Vector& op) { op.a_multiplier = kNarrow; }),
            "a_multiplier is 2097152; for int8 values its magnitude is below 2097152");
  EXPECT_EQ(error_of([](isa::Vector& op) { op.b_multiplier = -kNarrow; }),
            "b_multiplier is -2097152; for int8 values its magnitude is below 2097152");
  EXPECT_EQ(error_of([](isa::Vector& op) { op.b_multiplier = INT32_MIN; }),
            "b_multiplier is -2147483648; for int8 values its magnitude is below 2097152");
  EXPECT_EQ(error_of([](isa::Vector& op) {
              op.wide_a = true;
              op.a_multiplier = 8192;
            }),
            "a_multiplier is 8192; for int16 values its magnitude is below 8192");
  EXPECT_EQ(error_of([](isa::Vector& op) {
              op.operation = isa::LaneOperation::Multiply;
              op.a_multiplier = INT32_MAX;
            }),
            "")
      << "a product has none";
  EXPECT_EQ(error_of([](isa::Vector& op) { op.a_zero_point = -257; }),
            "a_zero_point is -257; for int8 values it is -256 to 256");
  EXPECT_EQ(error_of([](isa::Vector& op) {
              op.wide_b = true;
              op.b_zero_point = -257;
            }),
            "");
}

TEST(VectorCheck, AProductFitsThirtyTwoBits) {
  const auto product_of = [](std::int16_t a, std::int16_t b) {
    return error_of([&](isa::Vector& op) {
      op.operation = isa::LaneOperation::Multiply;
      op.wide_a = op.wide_b = true;
      op.a_zero_point = a;
      op.b_zero_point = b;
    });
  };
  EXPECT_EQ(product_of(0, 0), "");
  EXPECT_EQ(product_of(-128, 128), "");
  EXPECT_EQ(product_of(0, 32'767), "") << "2^15 times 65,535 is below 2^31";
  EXPECT_EQ(product_of(1, 32'767),
            "with zero points of 1 and 32767 a product of int16 values may not fit 32 bits; they "
            "must be nearer to 0");
}

TEST(VectorCheck, MultiplierAndShift) {
  EXPECT_EQ(error_of([](isa::Vector& op) { op.multiplier = 1U << 31U; }),
            "multiplier is 2147483648; it has 31 bits");
  EXPECT_EQ(error_of([](isa::Vector& op) { op.shift = 0; }), "shift is 0; it is 1 to 62");
  EXPECT_EQ(error_of([](isa::Vector& op) { op.shift = 63; }), "shift is 63; it is 1 to 62");
  EXPECT_EQ(error_of([](isa::Vector& op) {
              op.shift = 0;
              op.channels = true;
            }),
            "");
}

TEST(VectorCheck, RangeAndTable) {
  EXPECT_EQ(error_of([](isa::Vector& op) { op.minimum = 5, op.maximum = 4; }),
            "minimum 5 is above maximum 4");
  EXPECT_EQ(error_of([](isa::Vector& op) { op.maximum = 128; }),
            "minimum -128 and maximum 128 must be -128 to 127 for int8 values");
  EXPECT_EQ(error_of([](isa::Vector& op) {
              op.wide_destination = true;
              op.minimum = INT16_MIN;
              op.maximum = INT16_MAX;
            }),
            "");
  EXPECT_EQ(error_of([](isa::Vector& op) { op.wide_destination = op.table = true; }),
            "its table has int8 values, and wide_destination is 1");
}

isa::Normalise rows() {
  isa::Normalise op;
  op.source = isa::Walk(0, 3, 8);
  op.destination = isa::Walk(64, 3, 16);
  op.columns = 8;
  return op;
}

template <class Change>
std::string normalise_error(Change&& change) {
  isa::Normalise op = rows();
  change(op);
  return check_normalise(op);
}

TEST(NormaliseCheck, Limits) {
  EXPECT_EQ(check_normalise(rows()), "");
  EXPECT_EQ(normalise_error([](isa::Normalise& op) { op.columns = 32'768; }), "");
  EXPECT_EQ(normalise_error([](isa::Normalise& op) { op.columns = 32'769; }),
            "columns is 32769; the limit is 32768");
  EXPECT_EQ(normalise_error([](isa::Normalise& op) { op.columns = 0; }),
            "columns is 0; at least 1 is needed");
  EXPECT_EQ(normalise_error([](isa::Normalise& op) { op.source.loops[2].count = 2; }),
            "source has 2 pieces and destination has 3; they must be as many");
  EXPECT_EQ(normalise_error([](isa::Normalise& op) { op.destination.loops[0].count = 0; }),
            "the walk 0x40:0x0:1x0:3x16 has a count of 0; at least 1 is needed");
  EXPECT_EQ(normalise_error([](isa::Normalise& op) {
              op.destination = isa::Walk(64, {{3, 16}, {1, 0}, {1, 0}});
            }),
            "destination has three loops; a normalise's walk has at most two");
  EXPECT_EQ(normalise_error([](isa::Normalise& op) { op.epsilon = (std::uint64_t{1} << 46U) - 1; }),
            "");
  EXPECT_EQ(normalise_error([](isa::Normalise& op) { op.epsilon = std::uint64_t{1} << 46U; }),
            "epsilon is 70368744177664; it is below 70368744177664");
}

TEST(VectorCheck, AnAdditionsNumbers) {
  isa::Addition addition;
  addition.multiplier = (1 << 21) - 1;
  addition.residual_multiplier = 1 - (1 << 21);
  EXPECT_EQ(check_addition(addition), "");
  addition.residual_multiplier = -(1 << 21);
  EXPECT_EQ(check_addition(addition),
            "residual_multiplier is -2097152; for int8 values its magnitude is below 2097152");
  addition.multiplier = 1 << 21;
  EXPECT_EQ(check_addition(addition),
            "sums_multiplier is 2097152; for int8 values its magnitude is below 2097152");
  addition = {};
  addition.shift = 0;
  EXPECT_EQ(check_addition(addition), "shift is 0; it is 1 to 62");
  addition.shift = 63;
  EXPECT_EQ(check_addition(addition), "shift is 63; it is 1 to 62");
}

}  // namespace
}  // namespace systol
