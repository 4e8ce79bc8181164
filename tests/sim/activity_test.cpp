#include "sim/activity.h"

#include <gtest/gtest.h>

#include <set>

#include "sim/command_banks.h"

namespace systol {
namespace {

TEST(Activity, NamesAreInTheOrderOfTheActions) {
  EXPECT_EQ(text_of(Action::MacsUseful).name, "macs_useful");
  EXPECT_EQ(text_of(Action::ShiftedRows).name, "shifted_rows");
  EXPECT_EQ(text_of(Action::AccumulatorReads).name, "accumulator_reads");
  EXPECT_EQ(text_of(Action::BufferReadBytes).name, "buffer_read_bytes");
  EXPECT_EQ(text_of(Action::FifoWriteBytes).name, "fifo_write_bytes");
  EXPECT_EQ(text_of(Action::ActivationsWriteBytes).name, "activations_write_bytes");
  EXPECT_EQ(text_of(Action::SoftmaxElements).name, "softmax_elements");
  EXPECT_EQ(text_of(Action::SoftmaxElements).unit, "value");
  EXPECT_EQ(text_of(Action::VectorOperations).name, "vector_operations");
  EXPECT_EQ(text_of(Action::VectorMultiplications).unit, "multiplication");
  EXPECT_EQ(text_of(Action::NormalisedElements).name, "normalised_elements");
  std::set<std::string_view> names;
  for (const ActionText& text : kActionTexts) {
    names.insert(text.name);
  }
  EXPECT_EQ(names.size(), kActions);
}

TEST(Activity, ASpaceHasItsOwnReadsAndWrites) {
  for (int i = 0; i < isa::kSpaces; ++i) {
    const auto space = static_cast<isa::Space>(i);
    const std::string name(isa::name_of(space));
    EXPECT_EQ(text_of(memory_read(space)).name, name + "_read_bytes");
    EXPECT_EQ(text_of(memory_write(space)).name, name + "_write_bytes");
  }
}

TEST(Activity, AddsActionByAction) {
  Activity a;
  a[Action::FedRows] = 3;
  Activity b;
  b[Action::FedRows] = 4;
  b[Action::Requantised] = 1;
  a += b;
  EXPECT_EQ(a[Action::FedRows], 7U);
  EXPECT_EQ(a[Action::Requantised], 1U);
  EXPECT_NE(a, b);
}

using Counts = std::vector<std::uint64_t>;

TEST(InterleavedBanks, APieceGoesAroundThem) {
  InterleavedBanks banks(4);
  banks.add(isa::Walk(6), 7);  // banks 2 3 0 1 2 3 0
  EXPECT_EQ(banks.counts(), (Counts{2, 1, 2, 2}));
  banks.add(isa::Walk(1), 8, 3);  // twice around, three times
  EXPECT_EQ(banks.counts(), (Counts{8, 7, 8, 8}));
}

TEST(InterleavedBanks, AStrideOfAllOfThemStaysInOne) {
  InterleavedBanks banks(4);
  banks.add(isa::Walk(3, 1000, 4), 1);
  EXPECT_EQ(banks.counts(), (Counts{0, 0, 0, 1000}));
}

TEST(InterleavedBanks, AreThoseOfEachByteOfAnyWalk) {
  for (std::uint32_t i = 0; i < 500; ++i) {
    std::uint64_t state = i;
    const auto draw = [&](std::uint64_t high) {
      state = state * 6364136223846793005U + 1442695040888963407U;
      return (state >> 33U) % high;
    };
    const std::uint64_t size = 1 + draw(12);
    const isa::Walk walk(draw(99), {{1 + draw(4), draw(40)}, {1 + draw(9), draw(9)}});
    const isa::Walk window(0, {{1 + draw(3), draw(20)}, {1 + draw(3), draw(3)}});
    const std::uint64_t bytes = 1 + draw(30);
    Counts expected(size);
    walk.for_each([&](std::uint64_t piece) {
      window.for_each([&](std::uint64_t place) {
        for (std::uint64_t byte = 0; byte < bytes; ++byte) {
          expected[(piece + place + byte) % size] += 2;
        }
      });
    });
    InterleavedBanks banks(static_cast<std::uint32_t>(size));
    banks.add(walk, bytes, 2, window);
    ASSERT_EQ(banks.counts(), expected) << "walk " << i;
  }
}

TEST(ColumnBanks, ACommandUsesTheFirstColumns) {
  ColumnBanks banks(3);
  banks.add(1, 10);
  banks.add(3, 5);
  EXPECT_EQ(banks.counts(), (Counts{15, 5, 5}));
}

}  // namespace
}  // namespace systol
