#include "hw/isa/accesses.h"

#include <gtest/gtest.h>

#include "hw/isa/fields.h"

namespace systol::isa {
namespace {

TEST(Accesses, EveryUnitThatTouchesARegionIsKnownToDoSo) {
  std::array<UnitSet, kRegions> readers;
  std::array<UnitSet, kRegions> writers;
  for (std::size_t opcode = 0; opcode < kOpcodes; ++opcode) {
    for (const Space space : {Space::Weights, Space::Activations}) {
      Operation operation = make_operation(opcode);
      std::visit(
          [&](auto& op) {
            visit_fields(op, [&](std::string_view, auto& field, Form) {
              using Field = std::remove_reference_t<decltype(field)>;
              if constexpr (std::is_same_v<Field, Space>) {
                field = space;
              } else if constexpr (std::is_same_v<Field, bool>) {
                field = true;
              }
            });
          },
          operation);
      for (const Access& access : accesses_of(operation, PeType::Int8)) {
        (access.write ? writers : readers)[static_cast<std::size_t>(access.region)].add(
            unit_of(operation));
      }
    }
  }
  for (std::size_t i = 0; i < kRegions; ++i) {
    EXPECT_EQ(readers[i], readers_of(static_cast<Region>(i))) << i;
    EXPECT_EQ(writers[i], writers_of(static_cast<Region>(i))) << i;
  }
}

TEST(Accesses, WalksAreReadAndWrittenAsTheyAre) {
  const Walk from(0x100, {{2, 50}, {3, 7}});
  const Walk to(0x200, {{3, 9}, {2, 40}});
  const Accesses accesses = accesses_of(Load{{Space::Weights, from, to, 5}}, PeType::Int8);
  EXPECT_EQ(accesses.begin()->pieces, (Pieces{to, 5}));
  EXPECT_EQ((accesses.begin() + 1)->pieces, (Pieces{from, 5}));
}

/// Of the n-th access.
Access access(const Operation& operation, std::size_t n) {
  const Accesses accesses = accesses_of(operation, PeType::Int8);
  EXPECT_LT(n, static_cast<std::size_t>(accesses.end() - accesses.begin()));
  return *(accesses.begin() + n);
}
std::size_t count(const Operation& operation) {
  const Accesses accesses = accesses_of(operation, PeType::Int8);
  return static_cast<std::size_t>(accesses.end() - accesses.begin());
}

TEST(Accesses, ARowOfSegmentsIsReadInPieces) {
  const Walk walk(0x100, {{4, 1}, {3, 50}});
  EXPECT_EQ(access(Matmul{walk, 12, 4, 7, false, false, 3}, 0).pieces, (Pieces{{7, 4, 1}, 1}));
  EXPECT_EQ(access(Matmul{walk, 12, 4, 7, false, false, 3}, 1).pieces, (Pieces{walk, 4}));
  EXPECT_EQ(access(LoadTile{walk, 12, true, 3}, 0).pieces, (Pieces{walk, 4}));
}

TEST(Accesses, AResidualIsReadRowByRow) {
  ActivateAdd add;
  add.columns = 5;
  add.buffer = Walk(0x200, {{3, 8}});
  add.residual = Walk(0x100, {{3, 50}});
  EXPECT_EQ(access(add, 0).pieces, (Pieces{add.buffer, 5}));
  EXPECT_EQ(access(add, 1).region, Region::Accumulators);
  EXPECT_EQ(access(add, 2).pieces, (Pieces{add.residual, 5}));
  EXPECT_FALSE(access(add, 2).write);
}

TEST(Accesses, AVectorReadsWhatItsOperationNeeds) {
  Vector op;
  op.columns = 5;
  op.a = Walk(0x100, 2, 20);
  op.b = Walk(0x200, 2, 30);
  op.destination = Walk(0x300, 2, 10);
  op.wide_b = true;
  EXPECT_EQ(count(op), 2U) << "a copy has one operand";
  op.operation = LaneOperation::Fill;
  EXPECT_EQ(count(op), 1U);
  op.operation = LaneOperation::Multiply;
  op.channels = true;
  op.planes = 0x400;
  op.table = true;
  op.entries = 0x500;
  EXPECT_EQ(count(op), 5U);
  EXPECT_EQ(access(op, 0).pieces, (Pieces{op.destination, 5}));
  EXPECT_TRUE(access(op, 0).write);
  EXPECT_EQ(access(op, 1).pieces, (Pieces{op.a, 5}));
  EXPECT_EQ(access(op, 2).pieces, (Pieces{op.b, 10}));
  EXPECT_EQ(access(op, 3).pieces, (Pieces{{0x400, 9, 5}, 5}));
  EXPECT_EQ(access(op, 4).pieces, (Pieces{Walk(0x500), 256}));
}

TEST(Accesses, AWindowIsReadFromItsFirstByteToItsLast) {
  Vector op;
  op.columns = 5;
  op.a = Walk(0x100, 3, 20);
  op.a_window = Walk(0, {{2, 100}, {2, 7}});
  op.destination = Walk(0x300, 3, 10);
  EXPECT_EQ(access(op, 1).pieces, (Pieces{Walk(0x100), 2 * 20 + 107 + 5}));
}

TEST(Accesses, ANormalisedRowMayLieApart) {
  Normalise op;
  op.columns = 6;
  op.source = Walk(0x100, {{2, 50}, {3, 1}});
  op.source_stride = 4;
  op.destination = Walk(0x200, 6, 12);
  EXPECT_EQ(access(op, 0).pieces, (Pieces{op.destination, 12}));
  EXPECT_EQ(access(op, 1).pieces, (Pieces{{0x100, {{2, 50}, {3, 1}, {6, 4}}}, 1}));
}

}  // namespace
}  // namespace systol::isa
