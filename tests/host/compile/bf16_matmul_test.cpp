#include "host/compile/bf16_matmul.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <random>
#include <string>
#include <vector>

#include "host/reference/soft_float.h"
#include "sim/base/error.h"
#include "sim/fast/fast_device.h"

namespace systol {
namespace {

/// 4 x 3 PEs, whose buffer and accumulators hold anything small.
ArrayConfig array_of_floats() {
  ArrayConfig config;
  config.name = "floats";
  config.clock = Hertz(1'000'000'000);
  config.rows = 4;
  config.columns = 3;
  config.pe = isa::PeType::Bf16;
  config.weight_fifo_tiles = 4;
  config.accumulator_rows = 32;
  config.unified_buffer = Bytes(65'536);
  config.command_queue_depth = 16;
  config.dma_outstanding = 8;
  MemoryConfig memory;
  memory.name = "dram";
  memory.holds = {isa::Space::Weights, isa::Space::Activations};
  config.memories = {memory};
  return config;
}

std::vector<Bf16> random_values(std::size_t count, unsigned seed) {
  std::mt19937 random(seed);
  std::vector<Bf16> values(count);
  std::ranges::generate(
      values, [&] { return Bf16{static_cast<std::uint16_t>((random() & 0x83ffU) | 0x3c00U)}; });
  return values;
}

/// The sums of the depth's pieces of `tile` rows of PEs, one after another.
std::vector<std::uint32_t> expected(const Bf16MatmulShape& shape, std::uint32_t tile,
                                    const std::vector<Bf16>& a, const std::vector<Bf16>& b) {
  std::vector<std::uint32_t> c;
  for (std::size_t i = 0; i < shape.rows; ++i) {
    for (std::size_t j = 0; j < shape.columns; ++j) {
      std::uint32_t total = 0;
      for (std::size_t first = 0; first < shape.depth; first += tile) {
        std::uint32_t sum = 0;
        for (std::size_t k = first; k < std::min<std::size_t>(shape.depth, first + tile); ++k) {
          const Bf16 x = a[shape.a_transposed ? k * shape.rows + i : i * shape.depth + k];
          const Bf16 w = b[shape.b_transposed ? j * shape.depth + k : k * shape.columns + j];
          sum = soft_float::multiply_add(sum, x.bits, w.bits);
        }
        total = first == 0 ? sum : soft_float::add(total, sum);
      }
      c.push_back(total);
    }
  }
  return c;
}

void expect_exact(const Bf16MatmulShape& shape, const ArrayConfig& config) {
  const std::vector<Bf16> a = random_values(std::size_t{shape.rows} * shape.depth, 1);
  const std::vector<Bf16> b = random_values(std::size_t{shape.depth} * shape.columns, 2);
  std::vector<float> c(std::size_t{shape.rows} * shape.columns);
  const auto device = make_fast_device(config, {true, true});
  Bf16Matmul matmul(shape, config);
  for (int run = 0; run < 2; ++run) {  // nothing is left behind
    const RunResult result = matmul.run(*device, a, b, c);
    EXPECT_EQ(result.nodes.front().activity[Action::MacsUseful],
              std::uint64_t{shape.rows} * shape.depth * shape.columns);
    const std::vector<std::uint32_t> want = expected(shape, config.rows, a, b);
    for (std::size_t i = 0; i < c.size(); ++i) {
      ASSERT_EQ(std::bit_cast<std::uint32_t>(c[i]), want[i])
          << i << " of " << shape.rows << "x" << shape.depth << "x" << shape.columns
          << (shape.a_transposed ? " a" : "") << (shape.b_transposed ? " b" : "");
    }
  }
}

TEST(Bf16Matmul, IsThatOfTheArrayWhateverIsTransposed) {
  for (const bool a_transposed : {false, true}) {
    for (const bool b_transposed : {false, true}) {
      expect_exact({1, 1, 1, a_transposed, b_transposed}, array_of_floats());
      expect_exact({5, 13, 7, a_transposed, b_transposed}, array_of_floats());
      expect_exact({37, 8, 3, a_transposed, b_transposed}, array_of_floats());
    }
  }
}

TEST(Bf16Matmul, IsTheSameInASmallBuffer) {
  ArrayConfig config = array_of_floats();
  config.unified_buffer = Bytes(256);
  config.accumulator_rows = 7;
  for (const bool transposed : {false, true}) {
    expect_exact({9, 30, 7, transposed, transposed}, config);
  }
}

/// 16 rows of 4 + 4 values by 8 x 3: 2 tiles. The loads of `a` and `b` take 256 + 48 bytes.
TEST(Bf16Matmul, MovesTwoBytesAnOperandAndFourAResult) {
  ArrayConfig config = array_of_floats();
  Bf16Matmul matmul({16, 8, 3, false, false}, config);
  const std::vector<Bf16> a(16 * 8);
  const std::vector<Bf16> b(8 * 3);
  std::vector<float> c(16 * 3);
  const auto device = make_fast_device(config, {true, true});
  const Activity activity = matmul.run(*device, a, b, c).nodes.front().activity;
  EXPECT_EQ(activity[memory_read(isa::Space::Activations)], 256U);
  EXPECT_EQ(activity[memory_read(isa::Space::Weights)], 48U);
  EXPECT_EQ(activity[memory_write(isa::Space::Activations)], 192U);
  EXPECT_EQ(activity[Action::FifoWriteBytes], 48U);
  EXPECT_EQ(activity[Action::MacsZero], 16U * 8 * 3);
  // The loads write 304, activate_float 192; matmuls read 256, load_tile 48 and the store 192.
  EXPECT_EQ(activity[Action::BufferWriteBytes], 496U);
  EXPECT_EQ(activity[Action::BufferReadBytes], 496U);
}

std::string refusal(const Bf16MatmulShape& shape, const ArrayConfig& config) {
  try {
    bf16_matmul_program(shape, config);
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

TEST(Bf16Matmul, IsRefusedWhereItCannotRun) {
  ArrayConfig config = array_of_floats();
  EXPECT_EQ(refusal({1, 0, 1, false, false}, config),
            "a multiplication of 1 x 0 by 0 x 1 values; each side must be at least 1");
  config.unified_buffer = Bytes(64);
  EXPECT_EQ(refusal({8, 8, 8, false, false}, config),
            "the unified buffer of floats has 64 B; a multiplication of 8 x 8 by 8 x 8 bf16 values "
            "needs at least 88 B");
  config.pe = isa::PeType::Int8;
  EXPECT_EQ(
      refusal({8, 8, 8, false, false}, config),
      "floats has PEs of the type 'int8'; a multiplication of bf16 values needs an array with "
      "`pe: bf16`");
}

}  // namespace
}  // namespace systol
