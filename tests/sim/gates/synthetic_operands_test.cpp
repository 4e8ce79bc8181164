#include "sim/gates/synthetic_operands.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>

#include "sim/base/bf16.h"
#include "sim/unit/model_unit.h"

namespace systol::gates {
namespace {

TEST(SyntheticOperands, OfFloatsAreNumbersWithTheSpreadThatTheirSetSays) {
  const UnitShape shape{4, 4, 8, false, isa::PeType::Bf16};
  for (const SyntheticOperands& operands : synthetic_operands(shape.pe)) {
    const auto unit = make_model_unit(shape);
    unit->watch();
    drive(*unit, shape, operands, 100, 1);
    const PeRegisters first = unit->pe(0, 0);
    const float activation = to_float(Bf16{static_cast<std::uint16_t>(first.activation)});
    if (operands.activations.kind != ValueDistribution::Kind::Walk) {  // which may go anywhere
      EXPECT_LE(std::abs(activation), 6.0F) << operands.name << ": six deviations at most";
    }
    EXPECT_TRUE(std::isfinite(std::bit_cast<float>(first.partial_sum))) << operands.name;
  }
}

TEST(SyntheticOperands, BeginWithThoseThatAreChargedWhereNothingElseIsKnown) {
  EXPECT_EQ(synthetic_operands(isa::PeType::Int8).front().name, "uniform");
  EXPECT_EQ(synthetic_operands(isa::PeType::Adder).front().name, "uniform");
  EXPECT_EQ(synthetic_operands(isa::PeType::Bf16).front().name, "normal");
}

}  // namespace
}  // namespace systol::gates
