// What training says of itself: its matmuls have the bits of an array of bf16 PEs.
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <random>
#include <vector>

#include "host/compile/bf16_matmul.h"
#include "host/train/matrix_product.h"
#include "sim/fast/fast_device.h"
#include "sim/systemc/systemc_device.h"
#include "sim/unit/model_unit.h"
#include "tests/host/train/bf16_array.h"

namespace systol {
namespace {

struct Operand {
  std::vector<float> values;
  std::vector<Bf16> rounded;
};

/// Of many magnitudes, so that another order has other bits.
Operand drawn(std::size_t count, std::mt19937& random) {
  Operand operand;
  for (std::size_t i = 0; i < count; ++i) {
    const auto exponent = static_cast<int>(random() % 24) - 12;
    const float value = std::ldexp(static_cast<float>(random() % 2001) / 1000 - 1, exponent);
    operand.values.push_back(value);
    operand.rounded.push_back(to_bf16(value));
  }
  return operand;
}

std::vector<std::uint32_t> bits_of(const std::vector<float>& values) {
  std::vector<std::uint32_t> bits;
  for (const float value : values) {
    bits.push_back(std::bit_cast<std::uint32_t>(value));
  }
  return bits;
}

std::vector<std::uint32_t> on_the_array(const Bf16MatmulShape& shape, const ArrayConfig& config,
                                        Device& device, const Operand& a, const Operand& b) {
  std::vector<float> c(std::size_t{shape.rows} * shape.columns);
  Bf16Matmul(shape, config).run(device, a.rounded, b.rounded, c);
  return bits_of(c);
}

TEST(MatrixProduct, HasTheBitsOfTheArray) {
  std::mt19937 random(3);
  for (int i = 0; i < 40; ++i) {
    const auto draw = [&](std::uint32_t most) {
      return static_cast<std::uint32_t>(1 + random() % most);
    };
    const ArrayConfig config = test::bf16_array(draw(9), draw(7));
    const Bf16MatmulShape shape{draw(20), draw(60), draw(20), false, random() % 2 == 0};
    const Operand a = drawn(std::size_t{shape.rows} * shape.depth, random);
    const Operand b = drawn(std::size_t{shape.depth} * shape.columns, random);
    std::vector<float> c(std::size_t{shape.rows} * shape.columns);
    MatrixProduct(Precision::Bfloat16, config.rows)
        .multiply({shape.rows, shape.depth, shape.columns, shape.b_transposed}, a.values.data(),
                  b.values.data(), c.data());
    SCOPED_TRACE(i);
    EXPECT_EQ(bits_of(c), on_the_array(shape, config, *make_fast_device(config, {}), a, b));
    const auto clocked = make_systemc_device("systemc", config, make_model_unit, {});
    EXPECT_EQ(bits_of(c), on_the_array(shape, config, *clocked, a, b));
  }
}

}  // namespace
}  // namespace systol
