// The verilated vector unit against its contract, and what its assertions say.
#include <gtest/gtest.h>

#include <string>

#include "sim/base/error.h"
#include "tests/hw/rtl/rtl_libraries.h"
#include "tests/hw/vector_unit_contract.h"

namespace systol::test {
namespace {

std::unique_ptr<VectorUnit> make_unit(std::uint32_t lanes) { return make_rtl_vector_unit(lanes); }

INSTANTIATE_TEST_SUITE_P(Rtl, VectorUnitContract,
                         ::testing::Values(VectorCase{1, make_unit}, VectorCase{3, make_unit},
                                           VectorCase{4, make_unit}, VectorCase{5, make_unit}),
                         vector_case_name);

class VectorUnitAssertions : public ::testing::Test {
 protected:
  /// What the unit says of a second place after a good first one.
  static std::string error_of(const VectorInputs& second, bool first_is_last = true) {
    const auto unit = make_rtl_vector_unit(4);
    VectorInputs first = place();
    first.operand_last = first_is_last;
    unit->step(first);
    try {
      unit->step(second);
    } catch (const HardwareError& error) {
      EXPECT_NO_THROW(unit->step({})) << "the next step fails again";
      return error.what();
    }
    return "";
  }
  static VectorInputs place() {
    VectorInputs inputs;
    set_operand(inputs, Place{});
    return inputs;
  }
  static constexpr const char* kFailed = "assertion of the RTL failed: ";
};

TEST_F(VectorUnitAssertions, AGoodPlaceIsNoError) { EXPECT_EQ(error_of(place()), ""); }

TEST_F(VectorUnitAssertions, WindowsAreWhole) {
  EXPECT_EQ(error_of(place(), false),
            std::string(kFailed) +
                "WindowHasALastPlace: the first place of a window before the last "
                "of the one before it");
  VectorInputs inputs = place();
  inputs.operand_first = false;
  EXPECT_EQ(error_of(inputs),
            std::string(kFailed) + "WindowHasAFirstPlace: a place of a window that has no first");
}

TEST_F(VectorUnitAssertions, OperationsExist) {
  VectorInputs inputs = place();
  inputs.operand_operation = 6;
  EXPECT_EQ(error_of(inputs), std::string(kFailed) + "OperationExists: operation 6");
}

TEST_F(VectorUnitAssertions, ChannelPlanesExist) {
  VectorInputs inputs;
  const std::uint8_t data[4] = {};
  inputs.channel_valid = true;
  inputs.channel_plane = 9;
  inputs.channel_data = data;
  EXPECT_EQ(error_of(inputs), std::string(kFailed) + "ChannelPlaneExists: channel plane 9 of 9");
}

TEST_F(VectorUnitAssertions, TheClampIsARangeThatTheTableHas) {
  VectorInputs inputs = place();
  inputs.operand_minimum = 3;
  inputs.operand_maximum = 2;
  EXPECT_EQ(error_of(inputs), std::string(kFailed) + "ClampIsARange: operand clamps to [3, 2]");
  inputs.operand_minimum = -128;
  inputs.operand_maximum = 128;
  EXPECT_EQ(error_of(inputs), "");
  inputs.operand_table = true;
  EXPECT_EQ(error_of(inputs),
            std::string(kFailed) + "TableHasTheValue: operand looks up [-128, 128]");
  inputs.operand_maximum = 127;
  EXPECT_EQ(error_of(inputs), "");
}

/// Registers without a reset start as they like; nothing of them is ever seen.
TEST(VectorUnitReset, ResultsDoNotDependOnWhatRegistersHeldBefore) {
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    VectorBench unit(make_rtl_vector_unit(3, seed), 3);
    Place place;
    place.a = {5, -6, 7};
    place.join = isa::WindowJoin::Maximum;
    unit.stimulus.places[4] = place;
    for (Time cycle = 0; cycle < 11; ++cycle) {
      unit.run_to(cycle);
      EXPECT_FALSE(unit.result_valid());
    }
    unit.run_to(11);
    EXPECT_EQ(unit.result(), (Values16{5, -6, 7}));
  }
}

}  // namespace
}  // namespace systol::test
