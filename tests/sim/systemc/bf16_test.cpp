// An array of bf16, on the SystemC and the fast engine: values, bytes and cycles.
#include "sim/base/bf16.h"

#include <bit>
#include <cstring>

#include "tests/sim/systemc/small_machine.h"

namespace systol::test {
namespace {

ArrayConfig array_of_floats() {
  ArrayConfig config = small_array();
  config.pe = isa::PeType::Bf16;
  return config;
}

std::vector<std::uint8_t> halves(const std::vector<float>& values) {
  std::vector<std::uint8_t> bytes(2 * values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    write_bf16(to_bf16(values[i]), &bytes[2 * i]);
  }
  return bytes;
}

isa::ActivateFloat activate_float(std::uint64_t buffer, bool bias, bool relu, bool wide) {
  isa::ActivateFloat activate;
  activate.columns = 2;
  activate.bias = bias;
  activate.relu = relu;
  activate.wide = wide;
  activate.buffer = {buffer, 2, activate.row_bytes()};
  return activate;
}

/// Two rows of four values by a tile of four rows of two, whose sums are 7, -511 and -511.5, 768.
/// The biases are 0.5 and -1000.
Script product(const isa::ActivateFloat& activate) {
  Script script;
  script.program.pe = isa::PeType::Bf16;
  script.put(Space::Activations, 0, halves({1.5F, -2, 0.5F, 3, 256, 1, -256, 0}));
  script.put(Space::Weights, 0, halves({2, 1, 0.5F, 256, 4, -1, 1, 0}));
  std::vector<std::uint8_t> planes(18);
  isa::write_channel({std::bit_cast<std::int32_t>(0.5F), 77, 7}, planes.data(), 2, 0);
  isa::write_channel({std::bit_cast<std::int32_t>(-1000.0F), 77, 7}, planes.data(), 2, 1);
  script.put(Space::Weights, 64, planes);
  script(load(18, 8000, Space::Weights, 64), {{}, {Unit::Activate}});
  script(load(16), {{}, {Unit::Matrix}});
  script(tile(4, 2));
  script(channels(2), {{Unit::Load}, {}});
  script(isa::Matmul{{0, 2, 8}, 4, 2, 0, false, false}, {{Unit::Load}, {Unit::Activate}});
  script(activate, {{Unit::Matrix}, {Unit::Store}});
  script(store(2 * activate.row_bytes(), activate.buffer.base), {{Unit::Activate}, {}});
  return script;
}

/// Exponents, as they are stored, go from 0 to 127, 128, 126, 128, and on to 135, 127, 135, 0.
TEST(Bf16Machine, ExponentsThatChangeAreCountedWhereTheyMeetAWeight) {
  Script script = product(activate_float(256, false, false, true));
  const Activity both = run(script, array_of_floats()).result.activity();
  EXPECT_EQ(both[Action::ExponentChanges], 2U * (2 + 2 + 2 + 1))
      << "of the last row one weight is 0";
  EXPECT_EQ(both[Action::ProductChanges], (2U + 2 + 2 + 1) + (2 + 2 + 2))
      << "of the second row one activation is 0";
  // Significands go from 0 to 11, 1, 1, 11, and on to 1, 1, 1, 0, read from their first bit; those
  // of the weights have one bit but for the last, which is 0.
  EXPECT_EQ(both[Action::ProductToggles], (2U + 1 + 1 + 2) * 2 - 2 + (1 + 0 + 0 + 2) * 2 - 2);
  const std::uint64_t bits = (7 + 1 + 6 + 1) + (5 + 8 + 6 + 1);
  EXPECT_EQ(both[Action::IdleExponentToggles], 2 * bits) << "two of the four columns are idle";
  script = {};
  script.program.pe = isa::PeType::Bf16;
  script.put(Space::Activations, 0, halves({1.5F, -2, 0.5F, 3, 256, 1, -256, 0}));
  script.put(Space::Weights, 0, halves({2, 1, 0.5F, 256}));
  script(load(16), {{}, {Unit::Matrix}});
  script(tile(4, 1));
  script(isa::Matmul{{0, 2, 8}, 4, 1, 0, false, false}, {{Unit::Load}, {}});
  const Activity one = run(script, array_of_floats()).result.activity();
  EXPECT_EQ(one[Action::ExponentChanges], 8U);
  EXPECT_EQ(one[Action::IdleExponentToggles], 3 * bits);
}

/// Two tiles of one column that meet the same row, whose last value is 0.
TEST(Bf16Machine, ProductsThatChangeAreCountedWhereOnlyTheWeightDoes) {
  Script script;
  script.program.pe = isa::PeType::Bf16;
  script.put(Space::Activations, 0, halves({1.5F, -2, 0.5F, 0}));
  script.put(Space::Weights, 0, halves({2, 1, 0.5F, 256, 2, 3, -0.5F, 1}));
  script(load(8), {{}, {Unit::Matrix}});
  script(tile(4, 1));
  script(tile(4, 1, 8));
  script(isa::Matmul{{0, 1, 8}, 4, 1, 0, false, false}, {{Unit::Load}, {}});
  script(isa::Matmul{{0, 1, 8}, 4, 1, 1, false, false});
  const ArrayConfig config = array_of_floats();
  const Outcome clocked = run(script, config);
  const Activity counts = clocked.result.activity();
  EXPECT_EQ(counts[Action::ExponentChanges], 3U + 1) << "of weights 1 becomes 3, beside 256";
  EXPECT_EQ(counts[Action::ProductChanges], 3U + 2) << "and 0.5 becomes -0.5";
  // Significands of 11, 1, 1 and 0 by those of 1 each; then 1 becomes 11 once.
  EXPECT_EQ(counts[Action::ProductToggles], (2U + 1 + 1) + 1);
  EXPECT_EQ(run_on(*make_fast_device(config, {}), script).result.activity(), counts);
}

TEST(Bf16Machine, FewColumnsHaveTheirSumsCountedExactlyByTheFastEngine) {
  const Script script = product(activate_float(256, false, false, true));
  const ArrayConfig config = array_of_floats();
  const Outcome clocked = run(script, config);
  const Outcome fast = run_on(*make_fast_device(config, {}), script);
  ASSERT_TRUE(clocked.result.sum_toggles());
  EXPECT_GT(clocked.result.sum_toggles()->exponents, 0);
  EXPECT_EQ(fast.result.sum_toggles(), clocked.result.sum_toggles());
}

/// What is stored, as floats.
std::vector<float> stored(const isa::ActivateFloat& activate) {
  const Outcome outcome = run(product(activate), array_of_floats());
  EXPECT_EQ(outcome.error, "");
  const auto memory = outcome.memory.space(Space::Activations).subspan(2048);
  std::vector<float> values(4);
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (activate.wide) {
      std::memcpy(&values[i], &memory[4 * i], 4);
    } else {
      values[i] = to_float(read_bf16(&memory[2 * i]));
    }
  }
  return values;
}

using Floats = std::vector<float>;

TEST(Bf16Machine, SumsLeaveAsFp32OrRoundedToBf16) {
  EXPECT_EQ(stored(activate_float(256, false, false, true)), (Floats{7, -511, -511.5F, 768}));
  EXPECT_EQ(stored(activate_float(256, false, false, false)), (Floats{7, -512, -512, 768}));
}

TEST(Bf16Machine, BiasesAreAddedBeforeWhatIsNegativeBecomesZero) {
  EXPECT_EQ(stored(activate_float(256, true, false, true)), (Floats{7.5F, -1511, -511, -232}));
  EXPECT_EQ(stored(activate_float(256, true, true, true)), (Floats{7.5F, 0, 0, 0}));
  EXPECT_EQ(stored(activate_float(256, false, true, false)), (Floats{7, 0, 0, 768}));
}

TEST(Bf16Machine, MovesTwoBytesAValueInTheCyclesOfBytes) {
  const Outcome outcome = run(product(activate_float(256, false, false, true)), array_of_floats());
  const Activity& activity = outcome.result.nodes.front().activity;
  EXPECT_EQ(activity[Action::WeightsReadBytes], 18U + 16U);
  EXPECT_EQ(activity[Action::FifoWriteBytes], 16U);
  EXPECT_EQ(activity[Action::FifoReadBytes], 16U);
  EXPECT_EQ(activity[Action::BufferReadBytes], 16U + 18U + 16U);  // rows, channels, store
  EXPECT_EQ(activity[Action::BufferWriteBytes], 16U + 18U + 16U);
  EXPECT_EQ(activity[Action::MacsUseful], 2U * 4 * 2);
  EXPECT_EQ(activity[Action::MacsZero], 3U);  // a weight for both rows, and an activation of two
  EXPECT_EQ(activity[Action::Requantised], 0U);
  const Span matmul = outcome.at(4);
  EXPECT_EQ(matmul.end - matmul.start, 2U + 4 + 4);
  const Span activate = outcome.at(5);
  EXPECT_EQ(activate.end - activate.start, 2U + 5);
}

/// A tile of bf16 from a channel of 4 bytes a cycle takes twice the cycles of a tile of int8.
TEST(Bf16Machine, ATileTakesTwiceTheTimeOfInt8AtTheMemory) {
  for (const isa::PeType type : {isa::PeType::Int8, isa::PeType::Bf16}) {
    ArrayConfig config = small_array();
    config.pe = type;
    config.memories = shared_memory(4, 0);
    Script script;
    script.program.pe = type;
    script(tile());
    script(isa::Matmul{{0, 1, 0}, 4, 4, 0, false, false});
    const Span span = run(script, config).at(0);
    EXPECT_EQ(span.end - span.start, type == isa::PeType::Int8 ? 4U : 8U);
  }
}

TEST(Bf16Machine, IsNotThereForCommandsOfInt8) {
  Script script;
  script(activate(2, 256));
  EXPECT_EQ(
      run(script, array_of_floats()).error,
      "command 0 of node 'fc' (activate accumulator=0 columns=4 buffer=0x100:2x4 zero_point=0 "
      "minimum=-128 maximum=127 table=0 @0,0,0,0): it works on int8 values, and the array's PEs "
      "are "
      "bf16");
  Script floats;
  floats(activate_float(256, false, false, false));
  EXPECT_EQ(run(floats).error,
            "command 0 of node 'fc' (activate_float accumulator=0 columns=2 buffer=0x100:2x4 "
            "@0,0,0,0): it "
            "works on bf16 values, and the array's PEs are int8");
}

}  // namespace
}  // namespace systol::test
