// hw/TIMING.md's closed forms, worked out by hand.
#include "sim/timing.h"

#include <gtest/gtest.h>

namespace systol::timing {
namespace {

isa::Vector vector(std::uint32_t columns, std::uint64_t pieces, std::uint64_t places) {
  isa::Vector op;
  op.columns = columns;
  op.a_window = isa::Walk(0, places, 1);
  op.destination = isa::Walk(0, pieces, columns);
  return op;
}

TEST(Timing, OfAVectorCommand) {
  EXPECT_EQ(vector_time(vector(16, 100, 1), 16), Cycles(100 + 7));
  EXPECT_EQ(vector_time(vector(17, 100, 1), 16), Cycles(200 + 7));
  EXPECT_EQ(vector_time(vector(16, 100, 9), 16), Cycles(900 + 7));
  isa::Vector op = vector(40, 100, 9);
  op.channels = true;
  EXPECT_EQ(vector_time(op, 16), Cycles(3 * (9 + 900 + 7)));
  op.table = true;
  EXPECT_EQ(vector_time(op, 16), Cycles(16 + 3 * (9 + 900 + 7)));
  op.operation = isa::LaneOperation::Fill;
  EXPECT_EQ(vector_time(op, 16), Cycles(16 + 3 * (9 + 100 + 7)));
}

TEST(Timing, OfNormaliseAndSoftmax) {
  EXPECT_EQ(normalise_row_time(768, 16), Cycles(2 * 48 + 32 + 47));
  EXPECT_EQ(normalise_row_time(1, 16), Cycles(2 + 79));
  isa::Normalise normalise;
  normalise.columns = 33;
  normalise.source = isa::Walk(0, 5, 33);
  EXPECT_EQ(vector_unit_time(normalise, 16), Cycles(5 * (2 * 3 + 79)));
  isa::Softmax softmax;
  softmax.columns = 33;
  softmax.source = isa::Walk(0, 5, 33);
  EXPECT_EQ(vector_unit_time(softmax, 16), Cycles(5 * (3 * 3 + 40)));
  isa::SoftmaxPart part;
  part.columns = 33;
  part.last = true;
  EXPECT_EQ(vector_unit_time(part, 16), Cycles(3));
  part.pass = isa::SoftmaxPass::Sum;
  EXPECT_EQ(vector_unit_time(part, 16), Cycles(3 + 40));
  part.last = false;
  EXPECT_EQ(vector_unit_time(part, 16), Cycles(3));
}

}  // namespace
}  // namespace systol::timing
