#include "sim/activity.h"

#include <gtest/gtest.h>

#include <set>

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

}  // namespace
}  // namespace systol
