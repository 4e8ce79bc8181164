// A unit that refuses what its pins hold: the run ends with the cycle, and the wave shows it.
#include <gtest/gtest.h>

#include "sim/base/error.h"
#include "tests/sim/systemc/small_machine.h"
#include "tests/sim/wave/fst2vcd.h"

namespace systol::test {
namespace {

/// As the RTL with an assertion: it takes no second row of activations.
class RefusesTheSecondRow : public MatrixUnit {
 public:
  explicit RefusesTheSecondRow(const UnitShape& shape) : unit_(make_model_unit(shape)) {}
  const UnitOutputs& step(const UnitInputs& inputs) override {
    if (inputs.feed_valid && rows_++ == 1) {
      throw HardwareError("assertion of the RTL failed: OneRow: too many rows");
    }
    return unit_->step(inputs);
  }
  PeRegisters pe(std::uint32_t row, std::uint32_t column) const override {
    return unit_->pe(row, column);
  }
  std::span<const std::int32_t> accumulators(std::uint32_t row) const override {
    return unit_->accumulators(row);
  }
  void restore(const UnitContents& contents) override { unit_->restore(contents); }
  void inject(const StuckBit& fault) override { unit_->inject(fault); }

 private:
  std::unique_ptr<MatrixUnit> unit_;
  int rows_ = 0;
};

TEST(HardwareError, EndsTheRunWithItsCycleAndLeavesTheWaveUpToIt) {
  const TemporaryFolder folder;
  const ArrayConfig config = small_array();
  const auto make_unit = [](const UnitShape& shape) -> std::unique_ptr<MatrixUnit> {
    return std::make_unique<RefusesTheSecondRow>(shape);
  };
  SystemOptions options;
  options.wave = WaveOptions{.path = folder / "a.vcd", .scopes = {}};
  const auto device = make_systemc_device("rtl", config, make_unit, options);
  Script script;
  script(tile())(matmul(4));
  // The tile shifts from cycle 1 on, and the first row is fed in cycle 2.
  try {
    run_on(*device, script);
    ADD_FAILURE() << "no error";
  } catch (const HardwareError& error) {
    EXPECT_STREQ(error.what(), "cycle 3: assertion of the RTL failed: OneRow: too many rows");
  }
  const Dump dump = read_dump(folder / "a.vcd");
  EXPECT_EQ(dump.end, 4'000U) << "picoseconds: cycle 3 is the last";
  EXPECT_EQ(dump.at("systol.cycle[63:0]", 3'000), "11");
  EXPECT_EQ(dump.at("systol.ports.feed_valid", 3'000), "1");
}

}  // namespace
}  // namespace systol::test
