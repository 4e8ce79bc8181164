#include "host/fuzz/equality.h"

#include <gtest/gtest.h>

#include "sim/fast/fast_device.h"
#include "sim/systemc/systemc_device.h"
#include "sim/unit/model_unit.h"
#include "sim/window/hand_over_device.h"
#include "tests/sanitized.h"

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

constexpr std::uint32_t kCases = test::kSanitized ? 12 : 100;

TEST(Equality, HoldsOnRandomMachinesNetworksAndWalks) {
  const auto found =
      fuzz({.cases = kCases, .seed = 20, .rtl = false, .walks = true, .progress = {}}, make);
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
  const auto found = fuzz(
      {.cases = 300, .seed = 20, .rtl = false, .walks = false, .networks = false, .progress = {}},
      planted);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->shrunk.activations, (std::vector<std::optional<Operation>>{Softmax{}}));
  EXPECT_EQ(found->shrunk.widths, (std::vector<std::uint32_t>{1, 1}));
  EXPECT_EQ(found->shrunk.samples, 1U);
  EXPECT_EQ(found->shrunk.config.rows, 1U);
  EXPECT_EQ(found->program, found->shrunk.program());
}

/// The SystemC engine, and one more of an action than the pins showed.
class Miscounting : public Device {
 public:
  Miscounting(const ArrayConfig& config, std::size_t action)
      : right_(make_systemc_device("systemc", config, make_model_unit, {})), action_(action) {}
  std::string_view engine() const override { return "miscounting"; }
  RunResult run(CommandSource& commands, std::span<const std::string> layers, MemoryImage& memory,
                Observer* observer) override {
    RunResult result = right_->run(commands, layers, memory, observer);
    ++result.nodes[0].activity.counts[action_];
    return result;
  }

 private:
  std::unique_ptr<Device> right_;
  std::size_t action_;
};

/// A tile and a matmul of three rows on a 2 x 2 array.
std::optional<std::string> difference_of_a_matmul(const EngineMaker& make_engine) {
  ArrayConfig config;
  config.clock = Hertz(1'000'000'000);
  config.rows = 2;
  config.columns = 2;
  config.weight_fifo_tiles = 2;
  config.accumulator_rows = 4;
  config.unified_buffer = Bytes(64);
  config.command_queue_depth = 4;
  config.dma_outstanding = 2;
  config.memories.resize(1);
  config.memories[0].holds = {isa::Space::Weights, isa::Space::Activations};
  isa::Program program;
  program.nodes = {"fc"};
  program.space_bytes = {16, 16};
  program.commands = {{isa::LoadWeights{isa::Space::Weights, 0, 2, 2}, {}, {}, {}},
                      {isa::Matmul{{0, 3, 2}, 2, 2, 0, false, false}, {}, {}, {}}};
  return first_difference(program, config, std::vector<std::string>{"fast", "systemc"},
                          make_engine);
}

TEST(Equality, NamesTheActionThatOneEngineCountsWrongly) {
  const auto planted = [](std::size_t action) {
    return
        [action](const std::string& engine, const ArrayConfig& config) -> std::unique_ptr<Device> {
          if (engine == "systemc") {
            return std::make_unique<Miscounting>(config, action);
          }
          return make(engine, config);
        };
  };
  EXPECT_EQ(difference_of_a_matmul(make), std::nullopt);
  EXPECT_EQ(difference_of_a_matmul(planted(static_cast<std::size_t>(Action::FedRows))),
            "layer fc: fast counts 3 fed_rows, systemc counts 4");
  for (std::size_t action = 0; action < kActions; ++action) {
    const std::string name(kActionTexts[action].name);
    EXPECT_NE(difference_of_a_matmul(planted(action)).value_or("").find(name), std::string::npos)
        << name;
  }
}

/// The engine, without the counts of an SRAM's banks.
class Uncounting : public Device {
 public:
  Uncounting(std::unique_ptr<Device> right, Sram sram) : right_(std::move(right)), sram_(sram) {}
  std::string_view engine() const override { return "uncounting"; }
  RunResult run(CommandSource& commands, std::span<const std::string> layers, MemoryImage& memory,
                Observer* observer) override {
    RunResult result = right_->run(commands, layers, memory, observer);
    result.srams[sram_] = {};
    return result;
  }

 private:
  std::unique_ptr<Device> right_;
  Sram sram_;
};

TEST(Equality, BanksThatOneEngineDoesNotCountDiffer) {
  const auto planted = [](const std::string& without) {
    return
        [without](const std::string& engine, const ArrayConfig& config) -> std::unique_ptr<Device> {
          if (engine == without) {
            return std::make_unique<Uncounting>(make(engine, config), Sram::WeightFifo);
          }
          return make(engine, config);
        };
  };
  EXPECT_EQ(difference_of_a_matmul(planted("fast")),
            "weight_fifo: fast counts reads of 0 banks and writes of 0, systemc of 2 and 2");
  EXPECT_EQ(difference_of_a_matmul(planted("systemc")),
            "weight_fifo: fast counts reads of 2 banks and writes of 2, systemc of 0 and 0");
}

/// The SystemC engine, and one more write to the last bank of an SRAM.
class MiscountingBank : public Device {
 public:
  MiscountingBank(const ArrayConfig& config, Sram sram)
      : right_(make_systemc_device("systemc", config, make_model_unit, {})), sram_(sram) {}
  std::string_view engine() const override { return "miscounting"; }
  RunResult run(CommandSource& commands, std::span<const std::string> layers, MemoryImage& memory,
                Observer* observer) override {
    RunResult result = right_->run(commands, layers, memory, observer);
    ++result.srams[sram_].writes.back();
    return result;
  }

 private:
  std::unique_ptr<Device> right_;
  Sram sram_;
};

TEST(Equality, NamesTheBankThatOneEngineCountsWrongly) {
  const auto planted = [](Sram sram) {
    return [sram](const std::string& engine, const ArrayConfig& config) -> std::unique_ptr<Device> {
      if (engine == "systemc") {
        return std::make_unique<MiscountingBank>(config, sram);
      }
      return make(engine, config);
    };
  };
  // Rows at 0, 2 and 4 of two bytes in one slice; both columns have tiles of two rows and sums of
  // three.
  EXPECT_EQ(difference_of_a_matmul(planted(Sram::UnifiedBuffer)),
            "bank 0 of unified_buffer: fast counts 6 reads and 0 writes, systemc counts 6 and 1");
  EXPECT_EQ(difference_of_a_matmul(planted(Sram::WeightFifo)),
            "bank 1 of weight_fifo: fast counts 2 reads and 2 writes, systemc counts 2 and 3");
  EXPECT_EQ(difference_of_a_matmul(planted(Sram::Accumulators)),
            "bank 1 of accumulators: fast counts 0 reads and 3 writes, systemc counts 0 and 4");
}

}  // namespace
}  // namespace systol
