// The verilated unit and the model under the same random pins: equal in every cycle. The pins are
// anything that the RTL's assertions allow, not only what a program would do.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>

#include "sim/unit/model_unit.h"
#include "tests/hw/rtl/rtl_libraries.h"
#include "tests/hw/unit_testbench.h"
#include "tests/sanitized.h"

namespace systol::test {
namespace {

/// Every pin group is active in some cycles, with its own rhythm: now and then always or never.
class AnyPins {
 public:
  AnyPins(const UnitShape& shape, std::uint64_t seed) : shape_(shape), random_(seed) {}

  Stimulus make(Time cycles) {
    Stimulus pins;
    for (Time cycle = 0; cycle < cycles; ++cycle) {
      if (cycle % 64 == 0) {
        for (std::uint32_t& share : shares_) {
          constexpr std::uint32_t kShares[] = {0, 1, 3, 6, 8};
          share = kShares[random_() % 5];
        }
      }
      if (shape_.output_stationary) {
        add_step(pins, cycle);
      } else {
        add_row(pins, cycle);
      }
      if (now(2)) {
        // Any byte: of the multiplier 31 bits count and of the shift 6.
        pins.channels[cycle] = {below(9), bytes(shape_.columns)};
      }
      if (now(3)) {
        pins.tables[cycle] = {below(300 / shape_.columns + 2), bytes(shape_.columns)};
      }
      if (now(4)) {
        ActivatePins row{below(shape_.accumulator_rows), below(2) == 0, byte(), byte(), byte()};
        if (row.minimum > row.maximum) {
          std::swap(row.minimum, row.maximum);
        }
        row.own = below(3) == 0;
        row.bias = static_cast<std::int32_t>(random_());
        row.multiplier = static_cast<std::uint32_t>(random_()) & 0x7fffffffU;
        row.shift = static_cast<std::uint8_t>(below(64));
        row.relu = below(2) == 0;
        row.wide = below(2) == 0;
        const auto before = pins.activates.find(cycle - 2);
        const bool behind = before != pins.activates.end() && !before->second.residual.data.empty();
        if (behind || below(3) == 0) {
          row.residual = random_residual(shape_.columns, random_);
        }
        pins.activates[cycle] = row;
      }
    }
    return pins;
  }

 private:
  void add_row(Stimulus& pins, Time cycle) {
    if (now(0)) {
      pins.weights[cycle] = weights(below(shape_.rows));
    }
    if (now(1)) {
      pins.feeds[cycle] = feed(pins, cycle);
    }
  }

  /// Both operands come together; products drain at least R cycles apart, with or without an
  /// accumulator row for what leaves.
  void add_step(Stimulus& pins, Time cycle) {
    if (now(1)) {
      FeedPins step{
          false, false, 0, operands(shape_.rows), below(3) == 0, false, mask(shape_.rows)};
      step.drain = (!drained_ || cycle >= *drained_ + shape_.rows) && below(2) == 0;
      if (step.drain) {
        drained_ = cycle;
      }
      pins.weights[cycle] = weights(0);
      pins.feeds[cycle] = step;
    }
    if (drained_ && cycle < *drained_ + shape_.rows && now(0)) {
      pins.drains[cycle] = below(shape_.accumulator_rows);
    }
  }

  bool now(std::size_t group) { return random_() % 8 < shares_[group]; }
  std::uint32_t below(std::uint32_t limit) { return static_cast<std::uint32_t>(random_() % limit); }
  std::int8_t byte() { return static_cast<std::int8_t>(random_()); }
  Bytes8 bytes(std::uint32_t count) {
    Bytes8 data(count);
    for (std::int8_t& value : data) {
      value = byte();
    }
    return data;
  }

  /// Anything; of bf16 mostly numbers from 2^-7 to 2^8, whose sums are neither infinite nor exact.
  Bytes8 operands(std::uint32_t lanes) {
    Bytes8 data = bytes(lanes * isa::lane_bytes(shape_.pe));
    for (std::size_t i = 1; isa::is_float(shape_.pe) && i < data.size(); i += 2) {
      const bool any = below(64) == 0;
      data[i] = any ? data[i] : static_cast<std::int8_t>((data[i] & 0x87) | 0x3c);
    }
    return data;
  }

  /// Of fewer bits, what those hold; where a lane carries no weight 0. An index has two bits.
  WeightPins weights(std::uint32_t row) {
    WeightPins pins{row, operands(shape_.columns), mask(shape_.columns)};
    for (std::uint32_t lane = 0; isa::is_sparse(shape_.pe) && lane < shape_.columns; ++lane) {
      pins.data[2 * lane + 1] = static_cast<std::int8_t>(pins.data[2 * lane + 1] & 3);
    }
    const std::uint32_t bits = isa::describe(shape_.pe).weight_bits;
    for (std::uint32_t lane = 0; bits < 8 && lane < shape_.columns; ++lane) {
      const int any = pins.data[lane];
      const int narrow = bits == 1 ? (any < 0 ? -1 : 1) : any >> (8 - bits);
      const bool carries = pins.mask.empty() || has_lane(pins.mask.data(), lane);
      pins.data[lane] = static_cast<std::int8_t>(carries ? narrow : 0);
    }
    return pins;
  }

  FeedPins feed(const Stimulus& pins, Time cycle) {
    FeedPins row{below(3) == 0, below(2) == 0, below(shape_.accumulator_rows),
                 operands(shape_.rows)};
    row.mask = mask(shape_.rows);
    const auto before = pins.feeds.find(cycle - 1);
    if (before != pins.feeds.end() && before->second.address == row.address) {
      row.add = false;  // the one accumulator hazard, which the RTL asserts
    }
    return row;
  }

  /// Long stretches with all lanes, as of tiles that fill the array, and some with any.
  Mask mask(std::uint32_t lanes) {
    return shares_[0] % 2 == 0 ? Mask{} : random_mask(lanes, random_);
  }

  UnitShape shape_;
  std::mt19937_64 random_;
  std::array<std::uint32_t, 5> shares_{};
  std::optional<Time> drained_;
};

class LockStep : public ::testing::TestWithParam<UnitShape> {
 protected:
  void run(std::uint64_t seed, std::optional<StuckBit> fault) {
    const std::unique_ptr<MatrixUnit> rtl = make_rtl_unit(GetParam());
    const std::unique_ptr<MatrixUnit> model = make_model_unit(GetParam());
    for (MatrixUnit* unit : {rtl.get(), model.get()}) {
      if (fault) {
        unit->inject(*fault);
      }
    }
    model->watch();
    constexpr Time kCycles = 2'000;
    const Stimulus pins = AnyPins(GetParam(), seed).make(kCycles);
    for (Time cycle = 0; cycle < kCycles; ++cycle) {
      const UnitInputs inputs = inputs_at(pins, cycle);
      const UnitOutputs a = rtl->step(inputs);
      const UnitOutputs b = model->step(inputs);
      ASSERT_EQ(a.result_valid, b.result_valid) << "cycle " << cycle;
      if (a.result_valid) {
        const std::size_t bytes = GetParam().columns * isa::result_bytes(GetParam().pe);
        ASSERT_EQ(Bytes8(a.result_data, a.result_data + bytes),
                  Bytes8(b.result_data, b.result_data + bytes))
            << "cycle " << cycle;
      }
      compare(*rtl, *model, cycle);
      if (HasFailure()) {
        return;
      }
    }
  }

  void compare(const MatrixUnit& rtl, const MatrixUnit& model, Time cycle) const {
    for (std::uint32_t row = 0; row < GetParam().rows; ++row) {
      for (std::uint32_t column = 0; column < GetParam().columns; ++column) {
        const PeRegisters ours = model.pe(row, column);
        const PeRegisters theirs = rtl.pe(row, column);
        if (ours != theirs) {  // asked millions of times
          expect_equal(theirs, ours);
          FAIL() << "PE (" << row << ", " << column << ") in cycle " << cycle;
        }
      }
    }
    for (std::uint32_t row = 0; row < GetParam().accumulator_rows; ++row) {
      ASSERT_TRUE(std::ranges::equal(rtl.accumulators(row), model.accumulators(row)))
          << "accumulator row " << row << " in cycle " << cycle;
    }
  }

  static void expect_equal(const PeRegisters& rtl, const PeRegisters& model) {
    EXPECT_EQ(rtl.weight, model.weight);
    EXPECT_EQ(rtl.weight_mask, model.weight_mask);
    EXPECT_EQ(rtl.shadow_weight, model.shadow_weight);
    EXPECT_EQ(rtl.shadow_mask, model.shadow_mask);
    EXPECT_EQ(rtl.activation, model.activation);
    EXPECT_EQ(rtl.activation_mask, model.activation_mask);
    EXPECT_EQ(rtl.partial_sum, model.partial_sum);
    EXPECT_EQ(rtl.drained_sum, model.drained_sum);
  }
};

constexpr std::uint64_t kSeeds = kSanitized ? 2 : 8;

TEST_P(LockStep, RandomPinsGiveTheSameRegistersAndOutputsInEveryCycle) {
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    run(seed, std::nullopt);
    ASSERT_FALSE(HasFailure()) << "seed " << seed;
  }
}

TEST_P(LockStep, AStuckBitIsTheSameFaultInBoth) {
  const UnitShape& shape = GetParam();
  run(21, StuckBit{0, 0, 14});
  run(22, StuckBit{shape.rows - 1, shape.columns - 1, 31});
  run(23, StuckBit{shape.rows / 2, shape.columns / 2, 0});
}

INSTANTIATE_TEST_SUITE_P(Shapes, LockStep,
                         ::testing::Values(UnitShape{3, 5, 7}, UnitShape{5, 3, 64},
                                           UnitShape{1, 1, 7}, UnitShape{4, 4, 7},
                                           UnitShape{3, 5, 24, true}, UnitShape{5, 3, 64, true},
                                           UnitShape{1, 1, 24, true}, UnitShape{1, 4, 24, true},
                                           UnitShape{4, 1, 24, true}, UnitShape{4, 4, 7, true},
                                           UnitShape{3, 5, 7, false, isa::PeType::Adder},
                                           UnitShape{3, 5, 7, true, isa::PeType::Adder},
                                           UnitShape{3, 5, 7, false, isa::PeType::Bf16},
                                           UnitShape{3, 5, 7, false, isa::PeType::Int8w4},
                                           UnitShape{3, 5, 7, true, isa::PeType::Int8w4},
                                           UnitShape{3, 5, 7, false, isa::PeType::Ternary},
                                           UnitShape{3, 5, 7, false, isa::PeType::Binary},
                                           UnitShape{3, 5, 7, true, isa::PeType::Binary},
                                           UnitShape{4, 5, 7, false, isa::PeType::Sparse24},
                                           UnitShape{3, 5, 7, false, isa::PeType::Xnor},
                                           UnitShape{3, 5, 7, true, isa::PeType::Xnor}),
                         [](const auto& shape) {
                           return std::to_string(shape.param.rows) + "x" +
                                  std::to_string(shape.param.columns) +
                                  (shape.param.output_stationary ? "OutputStationary" : "") +
                                  (shape.param.pe == isa::PeType::Int8
                                       ? ""
                                       : std::string(isa::describe(shape.param.pe).name));
                         });

}  // namespace
}  // namespace systol::test
