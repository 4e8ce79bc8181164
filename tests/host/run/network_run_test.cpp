#include "host/run/network_run.h"

#include <gtest/gtest.h>

#include "sim/systemc/systemc_device.h"
#include "sim/unit/model_unit.h"
#include "tests/host/compile/networks.h"

namespace systol::test {
namespace {

class NetworkRunTest : public ::testing::Test {
 protected:
  NetworkRun run(bool checked = true, std::optional<StuckBit> fault = std::nullopt) const {
    const auto device =
        make_systemc_device("systemc", config_, make_model_unit, {std::nullopt, fault});
    return run_network(*device, work_.graph, compiled_.load(), work_.input, config_.columns,
                       checked);
  }

  template <class Operation>
  Operation& first() {
    for (isa::Command& command : compiled_.program.commands) {
      if (auto* operation = std::get_if<Operation>(&command.operation)) {
        return *operation;
      }
    }
    throw std::logic_error("the program has no such command");
  }

  ArrayConfig config_ = array(4, 4);
  Work work_ = network({9, 7, 6}, {Activation::None, Activation::None}, 5, 5);
  CompiledProgram compiled_ = work_.compile_for(config_);
};

TEST_F(NetworkRunTest, GivesOutputsCyclesAndAPassedCheck) {
  const NetworkRun result = run();
  EXPECT_TRUE(result.check.passed());
  EXPECT_EQ(result.check.compared, 5U * 7 + 5 * 6 + 5 * 6);
  EXPECT_EQ(result.outputs.size(), 5U * 6);
  EXPECT_GT(result.result.cycles, Cycles(0));
}

TEST_F(NetworkRunTest, UncheckedIsTheSameRunAndSaysThatItIsUnchecked) {
  const NetworkRun checked = run();
  const NetworkRun unchecked = run(false);
  EXPECT_FALSE(unchecked.check.enabled);
  EXPECT_EQ(unchecked.check.compared, 0U);
  EXPECT_EQ(unchecked.outputs, checked.outputs);
  EXPECT_EQ(unchecked.result, checked.result);
}

TEST_F(NetworkRunTest, OneChangedWeightIsFoundInItsLayerAndColumn) {
  // Weight (0, 0) of the second layer is the first byte of its first tile.
  std::vector<std::uint8_t>& weights = compiled_.program.image.at(0).bytes;
  const std::size_t second_layer = 9 * 7 + 9 * 7;  // behind the first layer's and its parameters
  ASSERT_EQ(static_cast<std::int8_t>(weights.at(second_layer)), work_.graph.layers[1].weights[0]);
  weights[second_layer] ^= 0x40;
  const CheckReport check = run().check;
  EXPECT_FALSE(check.passed());
  ASSERT_TRUE(check.first_mismatch);
  EXPECT_EQ(check.first_mismatch->layer, "fc2");
  EXPECT_EQ(check.first_mismatch->column, 0U);
  EXPECT_EQ(check.first_mismatch->command_text.substr(0, 9), "activate ");
}

TEST_F(NetworkRunTest, AnOutputStoredInTheWrongPlaceIsFound) {
  first<isa::Store>().memory -= 1;
  const CheckReport check = run().check;
  EXPECT_FALSE(check.passed());
  ASSERT_TRUE(check.first_mismatch);
  EXPECT_EQ(check.first_mismatch->layer, "fc2 (as stored)");
}

TEST_F(NetworkRunTest, ARowThatIsNeverWrittenIsFound) {
  first<isa::Activate>().rows -= 1;
  const CheckReport check = run().check;
  EXPECT_FALSE(check.passed());
  EXPECT_EQ(check.missing, 4U) << "one row of the first column tile";
}

TEST_F(NetworkRunTest, AStuckBitIsFoundInItsColumn) {
  const CheckReport check = run(true, StuckBit{1, 2, 14}).check;
  EXPECT_FALSE(check.passed());
  ASSERT_TRUE(check.first_mismatch);
  EXPECT_EQ(check.first_mismatch->pe_column, 2U);
}

}  // namespace
}  // namespace systol::test
