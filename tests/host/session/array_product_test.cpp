#include "host/session/array_product.h"

#include <gtest/gtest.h>

#include <memory>

#include "sim/fast/fast_device.h"
#include "tests/host/train/bf16_array.h"

namespace systol {
namespace {

/// An array whose last sum has another sign.
class WrongDevice : public Device {
 public:
  explicit WrongDevice(const ArrayConfig& config) : device_(make_fast_device(config, {})) {}
  std::string_view engine() const override { return device_->engine(); }
  RunResult run(CommandSource& commands, std::span<const std::string> nodes, MemoryImage& memory,
                Observer* observer) override {
    RunResult result = device_->run(commands, nodes, memory, observer);
    memory.space(isa::Space::Activations).back() ^= 0x80U;
    return result;
  }

 private:
  std::unique_ptr<Device> device_;
};

const std::vector<float> kA{1, 2, 3, 4};
const std::vector<float> kB{1, 0, 1, 2};

TEST(ArrayProduct, MultipliesAsItIsAndTransposed) {
  const ArrayConfig config = test::bf16_array(4, 4);
  const std::unique_ptr<Device> device = make_fast_device(config, {});
  ArrayProduct product(config, *device, {"a", "b"}, nullptr, true, 1);
  std::vector<float> c(4);
  product.multiply({2, 2, 2, false}, kA.data(), kB.data(), c.data());
  EXPECT_EQ(c, (std::vector<float>{3, 4, 7, 8}));
  product.begin_node(1);
  product.multiply({2, 2, 2, true}, kA.data(), kB.data(), c.data());
  EXPECT_EQ(c, (std::vector<float>{1, 5, 3, 11}));
  EXPECT_TRUE(product.check().passed());
  EXPECT_EQ(product.check().compared, 8U);
  EXPECT_EQ(product.result().nodes[1].activity[Action::MacsUseful], 8U);
  EXPECT_EQ(product.result().ledger().total(), product.result().cycles);
}

TEST(ArrayProduct, SaysWhichSumIsWrong) {
  const ArrayConfig config = test::bf16_array(4, 4);
  WrongDevice device(config);
  ArrayProduct product(config, device, {"a"}, nullptr, true, 1);
  std::vector<float> c(4);
  product.multiply({2, 2, 2, false}, kA.data(), kB.data(), c.data());
  EXPECT_EQ(product.check().mismatches, 1U);
  ASSERT_EQ(product.check().failures.size(), 1U);
  EXPECT_EQ(product.check().failures[0],
            "first: node a, product 1 of the run: the sum in row 1, column 1 is 0xc1000000, "
            "expected 0x41000000");
}

}  // namespace
}  // namespace systol
