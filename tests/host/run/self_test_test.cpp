#include "host/run/self_test.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "sim/systemc/systemc_device.h"
#include "sim/unit/model_unit.h"
#include "tests/host/compile/networks.h"

namespace systol::test {
namespace {

std::vector<FaultyPe> explained(Device& device, const ArrayConfig& config) {
  const SelfTestResult result = run_self_test(device, config);
  EXPECT_TRUE(result.unexplained.empty());
  return result.faults;
}

std::vector<FaultyPe> located(const ArrayConfig& config, std::optional<StuckBit> fault) {
  return explained(*make_systemc_device("systemc", config, make_model_unit, {std::nullopt, fault}),
                   config);
}

ArrayConfig output_stationary(ArrayConfig config) {
  config.dataflow = Dataflow::OutputStationary;
  return config;
}

/// Runs the self-test by arithmetic alone, with any number of broken PEs of either kind.
class BrokenArray : public Device {
 public:
  struct Fault {
    FaultyPe pe;
    std::uint32_t bit;
  };
  BrokenArray(const ArrayConfig& config, std::vector<Fault> faults)
      : config_(config), faults_(std::move(faults)) {}

  std::string_view engine() const override { return "arithmetic"; }
  RunResult run(CommandSource&, std::span<const std::string>, MemoryImage& memory,
                Observer*) override {
    const std::span<std::uint8_t> bytes = memory.space(isa::Space::Activations);
    const std::uint32_t rows = config_.rows;
    for (std::uint32_t k = 0; k <= rows; ++k) {
      for (std::uint32_t column = 0; column < config_.columns; ++column) {
        std::uint32_t sum = 0;
        for (std::uint32_t row = 0; row < rows; ++row) {
          sum -= static_cast<std::int8_t>(bytes[k * rows + row]) != 0 ? 1U : 0U;  // weight -1
          for (const Fault& fault : faults_) {
            if (fault.pe.row == row && fault.pe.column == column) {
              sum = fault.pe.stuck_at_one ? sum | (1U << fault.bit) : sum & ~(1U << fault.bit);
            }
          }
        }
        const auto value = std::clamp(static_cast<std::int32_t>(sum), -128, 127);
        bytes[(rows + 1) * rows + k * config_.columns + column] = static_cast<std::uint8_t>(value);
      }
    }
    return {};
  }

 private:
  const ArrayConfig& config_;
  std::vector<Fault> faults_;
};

/// The same with sums in place: a step of ones times `weight`, then a step of zeros.
class BrokenOutputStationary : public Device {
 public:
  struct Fault {
    FaultyPe pe;
    std::uint32_t bit;
  };
  BrokenOutputStationary(const ArrayConfig& config, std::vector<Fault> faults)
      : config_(config), faults_(std::move(faults)) {}

  std::string_view engine() const override { return "arithmetic"; }
  RunResult run(CommandSource&, std::span<const std::string>, MemoryImage& memory,
                Observer*) override {
    std::span<std::uint8_t> results =
        memory.space(isa::Space::Activations).subspan(2 * std::size_t{config_.rows});
    for (const std::int32_t weight : {0, -1}) {
      for (std::uint32_t row = 0; row < config_.rows; ++row) {
        for (std::uint32_t column = 0; column < config_.columns; ++column) {
          std::uint32_t sum = 0;
          for (const std::int32_t added : {weight, 0}) {
            sum = kept(row, column, sum + static_cast<std::uint32_t>(added));
          }
          const auto value = std::clamp(static_cast<std::int32_t>(sum), -128, 127);
          results[row * config_.columns + column] = static_cast<std::uint8_t>(value);
        }
      }
      results = results.subspan(std::size_t{config_.rows} * config_.columns);
    }
    return {};
  }

 private:
  std::uint32_t kept(std::uint32_t row, std::uint32_t column, std::uint32_t sum) const {
    for (const Fault& fault : faults_) {
      if (fault.pe.row == row && fault.pe.column == column) {
        sum = fault.pe.stuck_at_one ? sum | (1U << fault.bit) : sum & ~(1U << fault.bit);
      }
    }
    return sum;
  }

  const ArrayConfig& config_;
  std::vector<Fault> faults_;
};

TEST(SelfTest, FindsNothingInAWholeArray) {
  EXPECT_TRUE(located(array(4, 5), std::nullopt).empty());
  EXPECT_TRUE(located(array(1, 1), std::nullopt).empty());
}

TEST(SelfTest, LocatesEveryPeOfA4x5ArrayAtAnyBit) {
  const ArrayConfig config = array(4, 5);
  for (std::uint32_t row = 0; row < 4; ++row) {
    for (std::uint32_t column = 0; column < 5; ++column) {
      for (const std::uint32_t bit : {0U, 1U, 6U, 7U, 14U, 30U, 31U}) {
        EXPECT_EQ(located(config, StuckBit{row, column, bit}),
                  (std::vector<FaultyPe>{{row, column, true}}))
            << "row " << row << ", column " << column << ", bit " << bit;
      }
    }
  }
}

TEST(SelfTest, LocatesBitsStuckAtZeroAsWell) {
  const ArrayConfig config = array(4, 5);
  for (const bool at_one : {false, true}) {
    for (std::uint32_t row = 0; row < 4; ++row) {
      for (std::uint32_t bit = 0; bit < 32; ++bit) {
        BrokenArray broken(config, {{{row, 3, at_one}, bit}});
        EXPECT_EQ(explained(broken, config), (std::vector<FaultyPe>{{row, 3, at_one}}))
            << "row " << row << ", bit " << bit << " stuck at " << at_one;
      }
    }
  }
}

TEST(SelfTest, LocatesAFaultInEachColumn) {
  const ArrayConfig config = array(4, 5);
  BrokenArray broken(config, {{{3, 0, true}, 14}, {{0, 2, false}, 5}, {{1, 4, true}, 31}});
  EXPECT_EQ(explained(broken, config),
            (std::vector<FaultyPe>{{3, 0, true}, {0, 2, false}, {1, 4, true}}));
}

TEST(SelfTest, LocatesOnArraysOfAnyShape) {
  for (const auto& [rows, columns] : {std::pair{1U, 1U}, {1U, 7U}, {7U, 1U}, {16U, 16U}}) {
    for (const StuckBit& fault :
         {StuckBit{0, 0, 14}, StuckBit{rows - 1, columns - 1, 0}, StuckBit{rows / 2, 0, 31}}) {
      EXPECT_EQ(located(array(rows, columns), fault),
                (std::vector<FaultyPe>{{fault.row, fault.column, true}}))
          << rows << "x" << columns;
    }
  }
}

TEST(SelfTest, LocatesEveryRowWhereTwoShareAGroupOfActivations) {
  ArrayConfig config = array(6, 5);
  config.pe = isa::PeType::Sparse24;
  EXPECT_TRUE(located(config, std::nullopt).empty());
  for (std::uint32_t row = 0; row < config.rows; ++row) {
    EXPECT_EQ(located(config, StuckBit{row, row % 5, 14}),
              (std::vector<FaultyPe>{{row, row % 5, true}}));
  }
}

TEST(SelfTest, RunsInPiecesWhereAccumulatorsOrBufferAreSmall) {
  for (const std::uint32_t accumulator_rows : {1U, 2U, 3U}) {
    const ArrayConfig config = array(6, 5, 1 << 16, accumulator_rows);
    EXPECT_EQ(located(config, StuckBit{2, 4, 9}), (std::vector<FaultyPe>{{2, 4, true}}));
    EXPECT_TRUE(located(config, std::nullopt).empty());
  }
  // Parameters and one row in and out, to the byte.
  const ArrayConfig config = array(6, 5, 9 * 5 + 6 + 5);
  EXPECT_EQ(located(config, StuckBit{5, 0, 31}), (std::vector<FaultyPe>{{5, 0, true}}));
}

TEST(SelfTest, FindsNothingInAWholeArrayWithOutputStationary) {
  EXPECT_TRUE(located(output_stationary(array(4, 5)), std::nullopt).empty());
  EXPECT_TRUE(located(output_stationary(array(1, 1)), std::nullopt).empty());
}

TEST(SelfTest, LocatesEveryPeWithOutputStationaryAtAnyBit) {
  const ArrayConfig config = output_stationary(array(4, 5));
  for (std::uint32_t row = 0; row < 4; ++row) {
    for (std::uint32_t column = 0; column < 5; ++column) {
      for (const std::uint32_t bit : {0U, 1U, 6U, 7U, 14U, 30U, 31U}) {
        EXPECT_EQ(located(config, StuckBit{row, column, bit}),
                  (std::vector<FaultyPe>{{row, column, true}}))
            << "row " << row << ", column " << column << ", bit " << bit;
      }
    }
  }
}

TEST(SelfTest, LocatesAnyStuckBitWithOutputStationary) {
  const ArrayConfig config = output_stationary(array(4, 5));
  for (const bool at_one : {false, true}) {
    for (std::uint32_t row = 0; row < 4; ++row) {
      for (std::uint32_t bit = 0; bit < 32; ++bit) {
        BrokenOutputStationary broken(config, {{{row, 3, at_one}, bit}});
        EXPECT_EQ(explained(broken, config), (std::vector<FaultyPe>{{row, 3, at_one}}))
            << "row " << row << ", bit " << bit << " stuck at " << at_one;
      }
    }
  }
}

TEST(SelfTest, LocatesAllFaultsWithOutputStationaryEvenInOneColumn) {
  const ArrayConfig config = output_stationary(array(4, 5));
  BrokenOutputStationary broken(config,
                                {{{3, 0, true}, 14}, {{0, 0, false}, 5}, {{2, 4, true}, 31}});
  EXPECT_EQ(explained(broken, config),
            (std::vector<FaultyPe>{{0, 0, false}, {2, 4, true}, {3, 0, true}}));
}

TEST(SelfTest, WithOutputStationaryRunsInPiecesWhereTheBufferIsSmall) {
  // Parameters, a column in, and one or two rows out, to the byte.
  for (const std::uint64_t rows_out : {1U, 2U}) {
    const ArrayConfig config = output_stationary(array(6, 5, 9 * 5 + 6 + 5 * rows_out, 6));
    EXPECT_EQ(located(config, StuckBit{5, 0, 31}), (std::vector<FaultyPe>{{5, 0, true}}));
    EXPECT_EQ(located(config, StuckBit{0, 4, 0}), (std::vector<FaultyPe>{{0, 4, true}}));
    EXPECT_TRUE(located(config, std::nullopt).empty());
  }
}

TEST(SelfTest, LocatesEveryPeOfAnInputStationaryArray) {
  ArrayConfig config = array(3, 4);
  config.dataflow = Dataflow::InputStationary;
  EXPECT_TRUE(located(config, std::nullopt).empty());
  for (std::uint32_t row = 0; row < 3; ++row) {
    for (std::uint32_t column = 0; column < 4; ++column) {
      EXPECT_EQ(located(config, StuckBit{row, column, 14}),
                (std::vector<FaultyPe>{{row, column, true}}));
    }
  }
}

/// Every result that leaves the array is wrong in the same way.
class BrokenPath : public Device {
 public:
  BrokenPath(const ArrayConfig& config, std::uint8_t flipped)
      : config_(config), flipped_(flipped) {}

  std::string_view engine() const override { return "arithmetic"; }
  RunResult run(CommandSource& commands, std::span<const std::string> nodes, MemoryImage& memory,
                Observer* observer) override {
    const auto whole = make_systemc_device("systemc", config_, make_model_unit, {});
    const RunResult result = whole->run(commands, nodes, memory, observer);
    for (std::uint8_t& value :
         memory.space(isa::Space::Activations).subspan(make_self_test(config_).output)) {
      value ^= flipped_;
    }
    return result;
  }

 private:
  const ArrayConfig& config_;
  std::uint8_t flipped_;
};

TEST(SelfTest, DoesNotBlameStuckBitsForAFaultBehindTheArray) {
  const ArrayConfig config = array(4, 5);
  BrokenPath broken(config, 0x01);
  const SelfTestResult result = run_self_test(broken, config);
  EXPECT_TRUE(result.faults.empty());
  EXPECT_EQ(result.unexplained, (std::vector<std::uint32_t>{0, 1, 2, 3, 4}));
  EXPECT_EQ(to_text(result, config),
            "the array's self-test finds wrong sums in 5 of 5 columns; in 0 of them a partial-sum "
            "bit that is stuck in one PE would explain them, in 5 it would not. It cannot tell "
            "several broken PEs from one fault in what they share: the way of the weights, the "
            "accumulators, the activation path");
  const ArrayConfig other = output_stationary(config);
  BrokenPath broken_other(other, 0x40);
  EXPECT_EQ(run_self_test(broken_other, other).unexplained.size(), 20U);
}

TEST(SelfTest, SaysWhatItFoundAndWhatItCannotTell) {
  const ArrayConfig config = array(4, 5);
  EXPECT_EQ(to_text({{{3, 1, true}}, {}}, config),
            "the array's self-test locates a partial-sum bit stuck at 1 in PE row 3, column 1");
  EXPECT_EQ(
      to_text({}, config),
      "the array's self-test finds no stuck bit in the partial sums; it does not test weights, "
      "multipliers, accumulators and the activation path beyond that");
  EXPECT_EQ(to_text({{{3, 1, true}, {3, 2, true}}, {4}}, output_stationary(config)),
            "the array's self-test finds wrong sums in 3 of 20 PEs; in 2 of them a partial-sum bit "
            "that is stuck in one PE would explain them, in 1 it would not. It cannot tell several "
            "broken PEs from one fault in what they share: the way of the weights, the "
            "accumulators, the activation path");
}

}  // namespace
}  // namespace systol::test
