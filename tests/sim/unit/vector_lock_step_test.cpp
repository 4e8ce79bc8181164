// The verilated vector unit and the model under the same random pins: equal in every cycle. The
// pins are anything that the RTL's assertions allow, not only what a program would do.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <random>
#include <string>

#include "sim/unit/model_vector_unit.h"
#include "tests/hw/rtl/rtl_libraries.h"
#include "tests/hw/vector_testbench.h"

namespace systol::test {
namespace {

/// Every pin group is active in some cycles, with its own rhythm: now and then always or never.
class AnyVectorPins {
 public:
  AnyVectorPins(std::uint32_t lanes, std::uint64_t seed) : lanes_(lanes), random_(seed) {}

  VectorStimulus make(Time cycles) {
    VectorStimulus pins;
    for (Time cycle = 0; cycle < cycles; ++cycle) {
      if (cycle % 64 == 0) {
        for (std::uint32_t& share : shares_) {
          constexpr std::uint32_t kShares[] = {0, 1, 3, 6, 8};
          share = kShares[random_() % 5];
        }
      }
      if (now(0)) {
        // Any byte: of the multiplier 31 bits count and of the shift 6.
        pins.channels[cycle] = {below(9), bytes()};
      }
      if (now(1)) {
        pins.tables[cycle] = {below(300 / lanes_ + 2), bytes()};
      }
      if (now(2)) {
        pins.places[cycle] = place();
      }
    }
    return pins;
  }

 private:
  /// Every parameter anew, even within a window.
  Place place() {
    Place place;
    place.first = !open_;
    place.last = below(3) == 0;
    open_ = !place.last;
    place.operation = static_cast<isa::LaneOperation>(below(6));
    place.join = static_cast<isa::WindowJoin>(below(2));
    place.a = values();
    place.b = below(4) == 0 ? Values16{} : values();
    place.a_zero_point = value();
    place.b_zero_point = value();
    place.a_multiplier = factor();
    place.b_multiplier = factor();
    place.channels = below(2) == 0;
    place.multiplier = static_cast<std::uint32_t>(random_()) & 0x7fffffffU;
    place.shift = static_cast<std::uint8_t>(below(64));
    place.zero_point = value();
    place.table = below(2) == 0;
    place.minimum = place.table ? byte() : value();
    place.maximum = place.table ? byte() : value();
    if (place.minimum > place.maximum) {
      std::swap(place.minimum, place.maximum);
    }
    return place;
  }

  bool now(std::size_t group) { return random_() % 8 < shares_[group]; }
  std::uint32_t below(std::uint32_t limit) { return static_cast<std::uint32_t>(random_() % limit); }
  std::int8_t byte() { return static_cast<std::int8_t>(random_()); }
  /// Small and large ones alike.
  std::int16_t value() {
    return static_cast<std::int16_t>(static_cast<std::int16_t>(random_()) >> below(16));
  }
  std::int32_t factor() { return static_cast<std::int32_t>(random_()) >> below(32); }
  Values16 values() {
    Values16 data(lanes_);
    std::ranges::generate(data, [this] { return value(); });
    return data;
  }
  Bytes8 bytes() {
    Bytes8 data(lanes_);
    std::ranges::generate(data, [this] { return byte(); });
    return data;
  }

  std::uint32_t lanes_;
  std::mt19937_64 random_;
  std::array<std::uint32_t, 3> shares_{};
  bool open_ = false;
};

class VectorLockStep : public ::testing::TestWithParam<std::uint32_t> {};

TEST_P(VectorLockStep, RandomPinsGiveTheSameOutputsInEveryCycle) {
  const std::uint32_t lanes = GetParam();
  std::size_t results = 0;
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    const auto rtl = make_rtl_vector_unit(lanes);
    const auto model = make_model_vector_unit(lanes);
    constexpr Time kCycles = 3'000;
    const VectorStimulus pins = AnyVectorPins(lanes, seed).make(kCycles);
    for (Time cycle = 0; cycle < kCycles; ++cycle) {
      const VectorInputs inputs = inputs_at(pins, cycle);
      const VectorOutputs a = rtl->step(inputs);
      const VectorOutputs b = model->step(inputs);
      ASSERT_EQ(a.result_valid, b.result_valid) << "seed " << seed << ", cycle " << cycle;
      if (a.result_valid) {
        ++results;
        ASSERT_EQ(Values16(a.result_data, a.result_data + lanes),
                  Values16(b.result_data, b.result_data + lanes))
            << "seed " << seed << ", cycle " << cycle;
      }
    }
  }
  EXPECT_GT(results, 1'000U);
}

INSTANTIATE_TEST_SUITE_P(Lanes, VectorLockStep, ::testing::Values(1, 3, 4, 5),
                         [](const auto& lanes) { return std::to_string(lanes.param); });

}  // namespace
}  // namespace systol::test
