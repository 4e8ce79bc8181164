#include "host/run/output_check.h"

#include <gtest/gtest.h>

#include <initializer_list>
#include <vector>

#include "tests/host/compile/networks.h"

namespace systol {
namespace {

/// Two matmuls, 4 -> 3 -> 2, and a softmax, two samples, on an array of two columns. The
/// reference's values are numbers in sequence, so that each place has its own.
class OutputCheckTest : public ::testing::Test {
 protected:
  static NetworkProgram program() {
    Graph graph;
    graph.name = "network";
    const TensorId hidden = add_dense(graph, "fc1", graph.add_input("input", {4}), 3);
    const TensorId logits = add_dense(graph, "fc2", hidden, 2);
    graph.outputs = {graph.add_node("softmax", Softmax{}, {logits})};
    return {std::make_shared<const Graph>(std::move(graph)), test::array(2, 2), 2, 2};
  }

  IntegerResult expected() const {
    IntegerResult result;
    result.tensors.resize(program_.plan().graph->tensors.size());
    result.tensors[index_of(program_.plan().steps[0].output)] = {1, 2, 3, 4, 5, 6};
    result.tensors[index_of(program_.plan().steps[1].output)] = {11, 12, 13, 14};
    result.tensors[index_of(program_.plan().steps[2].output)] = {21, 22, 23, 24};
    return result;
  }

  /// The memory that a run left, with these outputs.
  MemoryImage memory() const {
    const std::uint64_t address = program_.outputs().front().address;
    isa::Program image;
    image.space_bytes = {0, address + stored_.size()};
    image.image = {{isa::Space::Activations, address, stored_}};
    return MemoryImage(image);
  }

  static isa::Command activate(std::uint32_t node, std::uint32_t row, std::uint32_t column) {
    isa::Activate operation;
    operation.columns = 2;
    return {operation, {}, {}, {node, row, column, 0}};
  }
  static isa::Command softmax(std::uint32_t node = 2) {
    isa::Softmax operation;
    operation.source = {0, 2, 2};
    operation.destination = {4, 2, 2};
    operation.columns = 2;
    return {operation, {}, {}, {node, 0, 0, 0}};
  }

  void write(std::uint64_t index, const isa::Command& command, std::uint32_t row,
             const std::vector<std::int8_t>& values) {
    check_.wrote_row(index, command, row, values);
  }
  /// All rows as the reference has them: layer 1 as columns 0 and 1, then column 2.
  void write_all() {
    write_first_layer();
    write_second_layer();
  }
  void write_first_layer() {
    write(3, activate(0, 0, 0), 0, {1, 2});
    write(3, activate(0, 0, 0), 1, {4, 5});
    write(4, activate(0, 0, 2), 0, {3});
    write(5, activate(0, 1, 2), 0, {6});
  }
  void write_second_layer() {
    write(7, activate(1, 0, 0), 0, {11, 12});
    write(7, activate(1, 0, 0), 1, {13, 14});
    write(8, softmax(), 0, {21, 22});
    write(8, softmax(), 1, {23, 24});
  }

  NetworkProgram program_ = program();
  IntegerResult expected_ = expected();
  std::vector<std::uint8_t> stored_{21, 22, 23, 24};
  OutputCheck check_{program_, expected_};
};

TEST_F(OutputCheckTest, EveryValueIsComparedAndTheStoredOutputOnceMore) {
  write_all();
  const CheckReport report = check_.finish(memory());
  EXPECT_TRUE(report.enabled);
  EXPECT_EQ(report.compared, 6U + 4U + 4U + 4U);
  EXPECT_EQ(report.mismatches, 0U);
  EXPECT_EQ(report.missing, 0U);
  EXPECT_FALSE(report.first_mismatch);
  EXPECT_TRUE(report.passed());
}

TEST_F(OutputCheckTest, AWrongValueHasTheCyclesFromItsTilesFirstMatmulToItsWriting) {
  const isa::Command matmul{isa::Matmul{}, {}, {}, {0, 0, 0, 0}};
  check_.completed(0, matmul, Cycles(10), Cycles(20));
  check_.completed(1, matmul, Cycles(14), Cycles(24));
  check_.completed(2, {isa::SetChannels{}, {}, {}, {0, 0, 0, 0}}, Cycles(15), Cycles(24));
  write(3, activate(0, 0, 0), 0, {1, 9});
  check_.completed(3, activate(0, 0, 0), Cycles(24), Cycles(31));
  check_.completed(4, activate(0, 0, 2), Cycles(31), Cycles(40));
  EXPECT_EQ(check_.finish(memory()).first_mismatch->cycles, std::pair(Cycles(10), Cycles(31)));
}

TEST_F(OutputCheckTest, AWrongValueOfSoftmaxHasTheCyclesOfItsCommand) {
  write(8, softmax(), 0, {21, -22});
  check_.completed(8, softmax(), Cycles(50), Cycles(90));
  EXPECT_EQ(check_.finish(memory()).first_mismatch->cycles, std::pair(Cycles(50), Cycles(90)));
}

TEST_F(OutputCheckTest, AChangedValueIsPlacedExactly) {
  write(3, activate(0, 0, 0), 0, {1, 2});
  write(3, activate(0, 0, 0), 1, {4, 5});
  write(4, activate(0, 0, 2), 0, {3});
  write(5, activate(0, 1, 2), 0, {-6});
  write_second_layer();
  const CheckReport report = check_.finish(memory());
  EXPECT_FALSE(report.passed());
  EXPECT_EQ(report.mismatches, 1U);
  EXPECT_EQ(report.missing, 0U);
  ASSERT_TRUE(report.first_mismatch);
  const Mismatch& first = *report.first_mismatch;
  EXPECT_EQ(first.node, "fc1");
  EXPECT_EQ(first.command, 5U);
  EXPECT_EQ(first.command_text,
            "activate accumulator=0 columns=2 buffer=0x0 zero_point=0 minimum=-128 maximum=127 "
            "table=0 @0,1,2,0");
  EXPECT_EQ(first.tile_row, 1U);
  EXPECT_EQ(first.tile_column, 2U);
  EXPECT_EQ(first.row, 1U);
  EXPECT_EQ(first.column, 2U);
  EXPECT_EQ(first.pe_column, 0U) << "column 2 of the output is the first of its tile";
  EXPECT_EQ(first.expected, 6);
  EXPECT_EQ(first.got, -6);
}

TEST_F(OutputCheckTest, AnyOneChangedValueFails) {
  for (std::size_t changed = 0; changed < 14; ++changed) {
    OutputCheck check(program_, expected_);
    std::size_t value = 0;
    const auto row_of = [&](std::initializer_list<std::int8_t> values) {
      std::vector<std::int8_t> row(values);
      for (std::int8_t& entry : row) {
        entry = static_cast<std::int8_t>(entry + (value++ == changed ? 1 : 0));
      }
      return row;
    };
    check.wrote_row(0, activate(0, 0, 0), 0, row_of({1, 2, 3}));
    check.wrote_row(0, activate(0, 0, 0), 1, row_of({4, 5, 6}));
    check.wrote_row(1, activate(1, 0, 0), 0, row_of({11, 12}));
    check.wrote_row(1, activate(1, 0, 0), 1, row_of({13, 14}));
    check.wrote_row(2, softmax(), 0, row_of({21, 22}));
    check.wrote_row(2, softmax(), 1, row_of({23, 24}));
    const CheckReport report = check.finish(memory());
    EXPECT_EQ(report.mismatches, 1U) << "value " << changed;
    EXPECT_FALSE(report.passed());
  }
}

TEST_F(OutputCheckTest, OfSeveralMismatchesTheFirstWrittenIsNamedAndAllAreCounted) {
  write(7, activate(1, 0, 0), 1, {0, 0});
  write(3, activate(0, 0, 0), 0, {0, 0});
  const CheckReport report = check_.finish(memory());
  EXPECT_EQ(report.mismatches, 4U);
  ASSERT_TRUE(report.first_mismatch);
  EXPECT_EQ(report.first_mismatch->command, 7U);
  EXPECT_EQ(report.first_mismatch->node, "fc2");
  EXPECT_EQ(report.first_mismatch->expected, 13);
}

TEST_F(OutputCheckTest, AMissingRowFailsThoughNothingDiffers) {
  write_first_layer();
  write(7, activate(1, 0, 0), 0, {11, 12});
  write(8, softmax(), 0, {21, 22});
  write(8, softmax(), 1, {23, 24});
  const CheckReport report = check_.finish(memory());
  EXPECT_EQ(report.mismatches, 0U);
  EXPECT_EQ(report.missing, 2U);
  EXPECT_FALSE(report.passed());
}

TEST_F(OutputCheckTest, AValueWrittenTwiceDoesNotStandForAMissingOne) {
  write_first_layer();
  write(7, activate(1, 0, 0), 0, {11, 12});
  write(7, activate(1, 0, 0), 0, {11, 12});
  write(8, softmax(), 0, {21, 22});
  write(8, softmax(), 1, {23, 24});
  const CheckReport report = check_.finish(memory());
  EXPECT_EQ(report.missing, 2U);
  EXPECT_FALSE(report.passed());
}

TEST_F(OutputCheckTest, AValueBesideTheOutputIsADifferenceAndIsNotEntered) {
  write_all();
  write(9, activate(1, 1, 1), 0, {14, 0});  // the second is one after the last of four
  write(10, activate(1, 1'000'000, 0), 0, {0});
  const CheckReport report = check_.finish(memory());
  EXPECT_EQ(report.mismatches, 2U);
  EXPECT_EQ(report.compared, 6U + 4U + 4U + 4U);
  ASSERT_TRUE(report.first_mismatch);
  EXPECT_EQ(report.first_mismatch->command, 9U);
  EXPECT_EQ(report.first_mismatch->row, 2U);
}

TEST_F(OutputCheckTest, AProgramThatWritesNothingFails) {
  const CheckReport report = check_.finish(memory());
  EXPECT_EQ(report.missing, 14U);
  EXPECT_EQ(report.compared, 4U);
  EXPECT_FALSE(report.passed());
}

TEST_F(OutputCheckTest, AWrongStoredOutputIsCaughtThoughEveryRowWasRight) {
  write_all();
  stored_[3] = 0xff;
  const CheckReport report = check_.finish(memory());
  EXPECT_EQ(report.mismatches, 1U);
  ASSERT_TRUE(report.first_mismatch);
  EXPECT_EQ(report.first_mismatch->node, "softmax (as stored)");
  EXPECT_EQ(report.first_mismatch->command_text, "store");
  EXPECT_EQ(report.first_mismatch->row, 1U);
  EXPECT_EQ(report.first_mismatch->column, 1U);
  EXPECT_EQ(report.first_mismatch->expected, 24);
  EXPECT_EQ(report.first_mismatch->got, -1);
}

}  // namespace
}  // namespace systol
