#include "host/fuzz/equality.h"

#include <gtest/gtest.h>

#include "sim/fast/fast_device.h"
#include "sim/systemc/systemc_device.h"
#include "sim/unit/model_unit.h"
#include "sim/window/hand_over_device.h"

namespace systol {
namespace {

std::unique_ptr<Device> make(const std::string& engine, const ArrayConfig& config) {
  if (engine == "fast") {
    return make_fast_device(config, {});
  }
  if (engine == "hand-over") {
    return make_hand_over_device(config, make_model_unit);
  }
  return make_systemc_device(engine, config, make_model_unit, {});
}

TEST(Equality, HoldsOnRandomMachinesAndNetworks) {
  const auto found = fuzz({.cases = 300, .seed = 20, .rtl = false, .progress = {}}, make);
  ASSERT_FALSE(found) << found->shrunk.text() << "\n" << found->difference;
}

/// The fast engine, and one cycle more for every program that has a softmax.
class SlowSoftmax : public Device {
 public:
  explicit SlowSoftmax(const ArrayConfig& config) : right_(make_fast_device(config, {})) {}
  std::string_view engine() const override { return "slow"; }
  RunResult run(CommandSource& commands, std::span<const std::string> layers, MemoryImage& memory,
                Observer* observer) override {
    RunResult result = right_->run(commands, layers, memory, observer);
    result.cycles += Cycles(result.commands[6] > 0 ? 1 : 0);
    return result;
  }

 private:
  std::unique_ptr<Device> right_;
};

TEST(Equality, FindsACycleTooManyAndShrinksTheCase) {
  const EngineMaker planted = [](const std::string& engine,
                                 const ArrayConfig& config) -> std::unique_ptr<Device> {
    if (engine == "systemc") {
      return std::make_unique<SlowSoftmax>(config);
    }
    return make(engine, config);
  };
  const auto found = fuzz({.cases = 300, .seed = 20, .rtl = false, .progress = {}}, planted);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->shrunk.activations, std::vector<Activation>{Activation::Softmax});
  EXPECT_EQ(found->shrunk.widths, (std::vector<std::uint32_t>{1, 1}));
  EXPECT_EQ(found->shrunk.samples, 1U);
  EXPECT_EQ(found->shrunk.config.rows, 1U);
  EXPECT_EQ(found->program, found->shrunk.program());
}

}  // namespace
}  // namespace systol
