// The C++ vector unit against its contract.
#include "sim/unit/model_vector_unit.h"

#include <gtest/gtest.h>

#include "tests/hw/vector_unit_contract.h"

namespace systol::test {
namespace {

INSTANTIATE_TEST_SUITE_P(Model, VectorUnitContract,
                         ::testing::Values(VectorCase{1, make_model_vector_unit},
                                           VectorCase{3, make_model_vector_unit},
                                           VectorCase{16, make_model_vector_unit}),
                         vector_case_name);

TEST(ModelVectorUnit, SumsOfWindowsWrapAt64Bits) {
  // Places of 32768 * 2^31 * 2 = 2^47, 2^16 of them are 2^63.
  const auto unit = make_model_vector_unit(1);
  Place place;
  place.operation = isa::LaneOperation::Add;
  place.a = {-32'768};
  place.b = {-32'768};
  place.a_multiplier = INT32_MIN;
  place.b_multiplier = INT32_MIN;
  constexpr int kPlaces = 1 << 16;
  for (int i = 0; i < kPlaces; ++i) {
    place.first = i == 0;
    place.last = i + 1 == kPlaces;
    VectorInputs inputs;
    set_operand(inputs, place);
    unit->step(inputs);
  }
  for (int i = 0; i < 5; ++i) {
    unit->step({});
  }
  const VectorOutputs& outputs = unit->step({});
  ASSERT_TRUE(outputs.result_valid);
  EXPECT_EQ(outputs.result_data[0], -32'768);
}

}  // namespace
}  // namespace systol::test
