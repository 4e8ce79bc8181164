// An array of packed signs, on the SystemC and the fast engine: values, bytes and cycles.
#include <random>

#include "tests/sim/systemc/small_machine.h"

namespace systol::test {
namespace {

using Bytes = std::vector<std::uint8_t>;

/// Two rows of `depth` bytes by a tile of as many rows of two, and a bias of 1 and of -2.
struct Signs {
  Bytes activations;
  Bytes weights;
  std::uint32_t depth = 0;
};

/// The sums are stored as they are, in int8.
Outcome ran(const Signs& signs, ArrayConfig config) {
  config.pe = isa::PeType::Xnor;
  Script script;
  script.program.pe = config.pe;
  script.put(Space::Activations, 0, signs.activations);
  script.put(Space::Weights, 0, signs.weights);
  Bytes planes(18);
  isa::write_channel({1, 1U << 30U, 30}, planes.data(), 2, 0);
  isa::write_channel({-2, 1U << 30U, 30}, planes.data(), 2, 1);
  script.put(Space::Weights, 64, planes);
  script(load(18, 8000, Space::Weights, 64), {{}, {Unit::Activate}});
  script(load(2 * signs.depth), {{}, {Unit::Matrix}});
  script(tile(signs.depth, 2));
  script(channels(2), {{Unit::Load}, {}});
  const Tokens tokens{{Unit::Load}, {Unit::Activate}};
  if (config.dataflow == Dataflow::OutputStationary) {
    script(output_stationary(signs.depth, {.rows = 2, .columns = 2}), tokens);
  } else {
    script(matmul(2, {.depth = signs.depth, .columns = 2}), tokens);
  }
  script(activate(2, 256, 0, 2), {{Unit::Matrix}, {Unit::Store}});
  script(store(4, 256), {{Unit::Activate}, {}});
  Outcome outcome = run(script, config);
  EXPECT_EQ(outcome.error, "");
  EXPECT_EQ(outcome.result.activity()[Action::MacsUseful], 4U * signs.depth) << "pairs of bytes";
  return outcome;
}

std::vector<int> results(const Signs& signs, const ArrayConfig& config) {
  const Outcome outcome = ran(signs, config);
  std::vector<int> values;
  for (const std::uint8_t value : outcome.memory.space(Space::Activations).subspan(2048, 4)) {
    values.push_back(static_cast<std::int8_t>(value));
  }
  return values;
}

const std::vector<ArrayConfig>& arrays() {
  static const std::vector<ArrayConfig> all{small_array(), output_stationary_array()};
  return all;
}

TEST(XnorMachine, SumsEightProductsOfSignsAByte) {
  // Column 0 is all 1, and column 1 has -1 in its first two bytes and in half of the third.
  const Signs signs{{0x00, 0x00, 0x00, 0x00, 0xff, 0x00, 0xaa, 0x01},
                    {0x00, 0xff, 0x00, 0xff, 0x00, 0x0f, 0x00, 0x00},
                    4};
  for (const ArrayConfig& config : arrays()) {
    // 32; -8 - 8 + 0 + 8; -8 + 8 + 0 + 6; 8 - 8 + 0 + 6
    EXPECT_EQ(results(signs, config), (std::vector<int>{32 + 1, -8 - 2, 6 + 1, 6 - 2}));
  }
}

TEST(XnorMachine, LanesThatATileLeavesEmptyAddNothing) {
  const Signs signs{{0x00, 0x0f, 0xff, 0xf0}, {0x00, 0xff, 0x00, 0x00}, 2};
  for (const ArrayConfig& config : arrays()) {
    EXPECT_EQ(results(signs, config), (std::vector<int>{8 + 1, -8 - 2, -8 + 1, 8 - 2}));
  }
}

TEST(XnorMachine, ProductsOfSignsThatChangeAreCounted) {
  // From zeros in both registers: 8 of (0, 1) and 4 of both of row 1; then all 8 of each of four.
  const Signs signs{{0x00, 0x0f, 0xff, 0xf0}, {0x00, 0xff, 0x00, 0x00}, 2};
  EXPECT_EQ(ran(signs, small_array()).result.activity()[Action::ProductToggles],
            8U + 2 * 4 + 4 * 8);
}

int product(const Signs& signs, std::uint32_t row, std::uint32_t column) {
  int sum = column == 0 ? 1 : -2;
  for (std::uint32_t place = 0; place < 8 * signs.depth; ++place) {
    const std::uint32_t byte = place / 8;
    const auto sign = [&](std::uint8_t value) { return (value >> place % 8 & 1) != 0 ? -1 : 1; };
    sum +=
        sign(signs.activations[row * signs.depth + byte]) * sign(signs.weights[2 * byte + column]);
  }
  return sum;
}

TEST(XnorMachine, EqualsTheProductsOneByOne) {
  std::mt19937 random(7);
  for (std::uint32_t drawn = 0; drawn < 64; ++drawn) {
    Signs signs{{}, {}, 1 + drawn % 4};
    for (std::uint32_t i = 0; i < 2 * signs.depth; ++i) {
      signs.activations.push_back(static_cast<std::uint8_t>(random()));
      signs.weights.push_back(static_cast<std::uint8_t>(random()));
    }
    const std::vector<int> wanted{product(signs, 0, 0), product(signs, 0, 1), product(signs, 1, 0),
                                  product(signs, 1, 1)};
    for (const ArrayConfig& config : arrays()) {
      EXPECT_EQ(results(signs, config), wanted) << "case " << drawn;
    }
  }
}

}  // namespace
}  // namespace systol::test
