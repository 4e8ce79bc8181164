#include "sim/fast/vector_lanes.h"

#include <gtest/gtest.h>

#include "tests/sim/random_vector.h"
#include "tests/sim/vector_by_the_book.h"

namespace systol::test {
namespace {

Buffer run(const isa::Vector& op, Buffer buffer) {
  VectorLanes().run(op, reinterpret_cast<std::int8_t*>(buffer.data()));
  return buffer;
}

/// Bytes from 64 on after `op` has run with `a` at 0 and `b` at 32; values are the command's own.
std::vector<int> result(isa::Vector op, const std::vector<int>& a, const std::vector<int>& b = {}) {
  Buffer buffer(1024);
  const auto put = [&](std::size_t at, const std::vector<int>& values, bool wide) {
    for (const int value : values) {
      buffer[at++] = static_cast<std::uint8_t>(value & 0xff);
      if (wide) {
        buffer[at++] = static_cast<std::uint8_t>((value >> 8) & 0xff);
      }
    }
  };
  put(0, a, op.wide_a);
  put(32, b, op.wide_b);
  op.columns = op.columns != 0 ? op.columns : static_cast<std::uint32_t>(a.size());
  op.b.base = 32;
  op.destination.base = 64;
  buffer = run(op, buffer);
  std::vector<int> values;
  for (std::size_t i = 0; i < op.columns * op.destination.count(); ++i) {
    values.push_back(static_cast<int>(
        value_at(buffer, 64 + i * (op.wide_destination ? 2 : 1), op.wide_destination)));
  }
  return values;
}

/// Everything as it is.
isa::Vector plain(isa::LaneOperation operation) {
  isa::Vector op;
  op.operation = operation;
  op.a_multiplier = 1;
  op.b_multiplier = 1;
  op.multiplier = isa::kUnitMultiplier;
  op.shift = isa::kUnitShift;
  return op;
}

using Values = std::vector<int>;
using enum isa::LaneOperation;

TEST(VectorLanes, EachOperationOfTwoValues) {
  const Values a = {5, -7, 100, -128};
  const Values b = {3, 20, 100, -128};
  EXPECT_EQ(result(plain(Copy), a), a);
  EXPECT_EQ(result(plain(Add), a, b), (Values{8, 13, 127, -128}));
  EXPECT_EQ(result(plain(Multiply), a, b), (Values{15, -128, 127, 127}));
  EXPECT_EQ(result(plain(Maximum), a, b), (Values{5, 20, 100, -128}));
  EXPECT_EQ(result(plain(Minimum), a, b), (Values{3, -7, 100, -128}));
}

TEST(VectorLanes, FillWritesItsZeroPoint) {
  isa::Vector op = plain(Fill);
  op.columns = 3;
  op.zero_point = -5;
  EXPECT_EQ(result(op, {}), (Values{-5, -5, -5}));
}

TEST(VectorLanes, ZeroPointsAndMultipliersOfTheOperands) {
  isa::Vector op = plain(Add);
  op.a_zero_point = 10;
  op.a_multiplier = 3;
  op.b_zero_point = -2;
  op.b_multiplier = -1;
  EXPECT_EQ(result(op, {11, 0}, {4, 4}), (Values{3 - 6, -30 - 6}));
}

TEST(VectorLanes, HalvesRoundUp) {
  isa::Vector op = plain(Copy);
  op.multiplier = 1;
  op.shift = 1;
  EXPECT_EQ(result(op, {3, 2, 1, 0, -1, -2, -3}), (Values{2, 1, 1, 0, 0, -1, -1}));
}

TEST(VectorLanes, TheLargestNumbersDoNotOverflow) {
  isa::Vector op = plain(Add);
  op.a_multiplier = op.b_multiplier = (1 << 21) - 1;
  op.a_zero_point = op.b_zero_point = 256;
  op.multiplier = INT32_MAX;
  op.shift = 62;
  // -384 * (2^21 - 1) * 2 is about -1.61e9, times 2^31 over 2^62 -0.75.
  EXPECT_EQ(result(op, {-128}, {-128}), (Values{-1}));
  op.shift = 56;  // 64 times as much
  EXPECT_EQ(result(op, {-128}, {-128}), (Values{-48}));
}

TEST(VectorLanes, SumsOfAWindowSaturateAtTheirEnd) {
  isa::Vector op = plain(Multiply);
  op.wide_a = op.wide_b = true;
  op.a_window = op.b_window = isa::Walk(0, 3, 2);
  op.columns = 1;
  op.multiplier = 1;
  op.shift = 31;
  op.zero_point = 100;
  // Three times 2^30 is more than 2^31 - 1, which over 2^31 rounds to 1.
  EXPECT_EQ(result(op, {-32768, -32768, -32768}, {-32768, -32768, -32768}), (Values{101}));
  // And twice 2^30 less 2^30 is not.
  EXPECT_EQ(result(op, {-32768, -32768, -32768}, {-32768, -32768, 32767}), (Values{101}));
  op.shift = 30;
  EXPECT_EQ(result(op, {-32768, -32768, -32768}, {-32768, -32768, 32767}), (Values{101}));
}

TEST(VectorLanes, WindowsAreJoined) {
  isa::Vector op = plain(Copy);
  op.columns = 2;
  op.a_window = isa::Walk(0, {{2, 4}, {2, 2}});  // four places of two values
  const Values a = {1, -5, 2, -6, 3, -7, 4, -8};
  EXPECT_EQ(result(op, a), (Values{10, -26}));
  op.join = isa::WindowJoin::Maximum;
  EXPECT_EQ(result(op, a), (Values{4, -5}));
}

TEST(VectorLanes, WideValuesHaveTwoBytes) {
  isa::Vector op = plain(Add);
  op.wide_a = op.wide_destination = true;
  op.minimum = -3000;
  op.maximum = 3000;
  EXPECT_EQ(result(op, {1000, -2999, 2950}, {-128, -2, 100}), (Values{872, -3000, 3000}));
}

TEST(VectorLanes, TheTableReplacesWhatWasClamped) {
  isa::Vector op = plain(Copy);
  op.table = true;
  op.entries = 512;
  op.maximum = 1;
  op.columns = 2;
  Buffer buffer(1024);
  buffer[0] = 5;
  buffer[1] = 0xff;
  buffer[512 + 129] = 77;
  buffer[512 + 127] = 0x80;
  op.destination.base = 64;
  buffer = run(op, buffer);
  EXPECT_EQ(buffer[64], 77);
  EXPECT_EQ(buffer[65], 0x80);
}

TEST(VectorLanes, RandomCommandsEqualTheFormula) {
  RandomVector random(1);
  for (int round = 0; round < 4'000; ++round) {
    const isa::Vector op = random.make(round % 20 == 0 ? 60 : 12);
    Buffer buffer = random.buffer();
    Buffer expected = buffer;
    vector_by_the_book(op, expected);
    ASSERT_EQ(run(op, buffer), expected) << round;
  }
}

/// More than a block: parts of pieces, several pieces at once, pieces that are one.
TEST(VectorLanes, LongPiecesAndManyEqualTheFormula) {
  RandomVector random(2);
  for (const std::uint64_t columns : {1U, 7U, 100U, 511U, 512U, 513U, 1500U}) {
    for (const std::uint64_t gap : {0U, 3U}) {
      for (const bool channels : {false, true}) {
        isa::Vector op = random.make(1);
        op.operation = Add;
        op.wide_a = op.wide_b = op.wide_destination = op.table = false;
        op.a_window = op.b_window = isa::Walk();
        op.columns = static_cast<std::uint32_t>(columns);
        const std::uint64_t pieces = 3000 / columns;
        op.a = isa::Walk(0, pieces, columns + gap);
        op.b = isa::Walk(100, pieces, columns);
        op.destination = isa::Walk(20'000, pieces, columns);
        op.minimum = -128;
        op.maximum = 127;
        op.channels = channels;
        op.planes = 40'000;
        Buffer buffer(60'000);
        for (std::uint8_t& byte : buffer) {
          byte = static_cast<std::uint8_t>(random.below(256));
        }
        Buffer expected = buffer;
        vector_by_the_book(op, expected);
        ASSERT_EQ(run(op, buffer), expected) << columns << " gap " << gap;
      }
    }
  }
}

}  // namespace
}  // namespace systol::test
