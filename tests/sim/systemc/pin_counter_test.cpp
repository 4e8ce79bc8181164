// What is counted from the pins alone, worked out by hand.
#include "sim/systemc/pin_counter.h"

#include <gtest/gtest.h>

namespace systol::test {
namespace {

/// An array of 2 x 3, one cycle's pins after another.
class Pins {
 public:
  explicit Pins(Dataflow dataflow = Dataflow::WeightStationary) {
    config_.rows = 2;
    config_.columns = 3;
    config_.dataflow = dataflow;
    result_.nodes.resize(2);
    result_.srams = SramActivity(config_);
    counter_.emplace(config_, result_);
  }

  Pins& weights(std::uint32_t row, const std::vector<std::int8_t>& values, PinDriver driver) {
    values_[0].assign(values.begin(), values.end());
    pins_.weight_valid = true;
    pins_.weight_row = row;
    pins_.weight_data = values_[0].data();
    drivers_.weights = driver;
    return *this;
  }
  Pins& feed(const std::vector<std::int8_t>& values, PinDriver driver) {
    values_[1].assign(values.begin(), values.end());
    pins_.feed_valid = true;
    pins_.feed_data = values_[1].data();
    drivers_.feed = driver;
    return *this;
  }
  Pins& swap() {
    pins_.feed_swap = true;
    return *this;
  }
  Pins& add() {
    pins_.feed_add = true;
    return *this;
  }
  Pins& last_step() {
    pins_.feed_drain = true;
    return *this;
  }
  Pins& drain(PinDriver driver) {
    pins_.drain_valid = true;
    drivers_.drain = driver;
    return *this;
  }
  Pins& activate(PinDriver driver, bool table) {
    pins_.activate_valid = true;
    pins_.activate_table = table;
    drivers_.activate = driver;
    return *this;
  }
  void edge() {
    counter_->count(pins_, drivers_);
    pins_ = {};
    drivers_ = {};
  }
  const SramActivity& srams() const { return result_.srams; }
  Activity counts(std::uint32_t node) {
    counter_->finish();
    return result_.nodes[node].activity;
  }

 private:
  ArrayConfig config_;
  RunResult result_;
  std::optional<PinCounter> counter_;
  std::array<std::vector<std::uint8_t>, 2> values_;
  UnitInputs pins_;
  PinDrivers drivers_;
};

TEST(PinCounter, CountsNothingWhereNothingIsValid) {
  Pins pins;
  pins.edge();
  EXPECT_EQ(pins.counts(0), Activity{});
}

TEST(PinCounter, ATileIsCountedRowByRowAndItsZerosWhenItIsFed) {
  Pins pins;
  pins.weights(0, {1, 0, 0}, {0, 2}).edge();
  // The first row is fed while the tile's last row, of padding, is shifted in.
  pins.weights(1, {0, 0, 0}, {0, 0}).feed({5, 0}, {1, 1}).swap().edge();
  pins.feed({0, 0}, {1, 1}).add().edge();
  Activity shifted;
  shifted[Action::ShiftedRows] = 2;
  shifted[Action::FifoReadBytes] = 2;
  shifted[Action::WeightBusToggles] = 2 * (1 + 1);  // both rows of PEs see 1 come and go
  shifted[Action::PeClockedBits] = 2 * 3 * 9;  // a weight and its mask in three shadow registers
  shifted[Action::SkewClockedBits] = 2 * 3 * 9;
  EXPECT_EQ(pins.counts(0), shifted);
  Activity fed;
  fed[Action::FedRows] = 2;
  fed[Action::FedValues] = 2;
  fed[Action::FedZeros] = 1;
  fed[Action::PeClockedBits] = 6 * 9 + 2 * 6 * (9 + 32);          // the tile, then two rows
  fed[Action::SkewClockedBits] = 2 * (1 * 9 + (3 + 1 + 2) * 32);  // on the way in, and out
  fed[Action::MacsUseful] = 2 * 1 * 2;
  fed[Action::MacsUnused] = 2 * (6 - 2);
  fed[Action::MacsZero] = 1 + 2;  // 5 meets one zero; the second row is one
  fed[Action::AccumulatorWrites] = 4;
  fed[Action::AccumulatorReads] = 2;
  fed[Action::ActivationToggles] = 3 * (2 + 2);  // 5 has two bits, which come and go
  fed[Action::ProductToggles] = 1 * (2 + 2);     // and meet one weight bit
  fed[Action::WeightToggles] = 1;
  EXPECT_EQ(pins.counts(1), fed);
  EXPECT_EQ(pins.srams()[Sram::WeightFifo].reads, (std::vector<std::uint64_t>{1, 1, 0}));
  EXPECT_EQ(pins.srams()[Sram::Accumulators].writes, (std::vector<std::uint64_t>{2, 2, 0}));
  EXPECT_EQ(pins.srams()[Sram::Accumulators].reads, (std::vector<std::uint64_t>{1, 1, 0}));
}

TEST(PinCounter, ZerosAreThoseOfTheTileThatTheRowMet) {
  Pins pins;
  pins.weights(0, {1, 1, 1}, {0, 3}).edge();
  pins.weights(1, {1, 1, 1}, {0, 3}).edge();
  pins.feed({1, 1}, {0, 2}).swap().weights(0, {0, 0, 0}, {1, 3}).edge();
  pins.feed({1, 0}, {0, 2}).weights(1, {0, 0, 4}, {1, 3}).edge();
  pins.feed({1, 1}, {1, 2}).swap().edge();
  EXPECT_EQ(pins.counts(0)[Action::MacsZero], 3U);
  EXPECT_EQ(pins.counts(1)[Action::MacsZero], 5U);
  EXPECT_EQ(pins.counts(0)[Action::ShiftedRows], 2U);
  EXPECT_EQ(pins.counts(1)[Action::ShiftedRows], 2U);
}

TEST(PinCounter, AReusedTileCountsForTheNodeThatFeedsIt) {
  Pins pins;
  pins.weights(0, {1, 0, 1}, {0, 3}).edge();
  pins.weights(1, {1, 1, 1}, {0, 3}).edge();
  pins.feed({1, 1}, {0, 2}).swap().edge();
  pins.feed({0, 1}, {1, 2}).edge();
  pins.feed({1, 0}, {0, 2}).edge();
  EXPECT_EQ(pins.counts(0)[Action::MacsZero], 1U + 4);
  EXPECT_EQ(pins.counts(1)[Action::MacsZero], 3U);
}

TEST(PinCounter, ValuesStandForZeroAtTheMatmulsZeroPoint) {
  Pins pins;
  pins.feed({-128, -128}, {0, 2, -128}).edge();
  pins.feed({0, -128}, {0, 1, -128}).edge();  // the second lane is padding
  pins.feed({0, -128}, {1, 2}).edge();
  EXPECT_EQ(pins.counts(0)[Action::FedValues], 3U);
  EXPECT_EQ(pins.counts(0)[Action::FedZeros], 2U);
  EXPECT_EQ(pins.counts(1)[Action::FedZeros], 1U);
}

TEST(PinCounter, OutputStationaryAStepMeetsItsWeightsAtOnce) {
  Pins pins(Dataflow::OutputStationary);
  pins.feed({1, 0}, {0, 2}).weights(0, {1, 0, 0}, {0, 2}).edge();
  pins.feed({1, 2}, {0, 2}).weights(0, {1, 3, 0}, {0, 2}).last_step().edge();
  pins.drain({0, 2}).edge();
  pins.drain({0, 2}).edge();
  Activity expected;
  expected[Action::FedRows] = 2;
  expected[Action::FedValues] = 4;
  expected[Action::FedZeros] = 1;
  // Two steps; both rows of sums are copied, and one passes the other's PEs.
  expected[Action::PeClockedBits] = 2 * 6 * (9 + 9 + 32) + 3 * (2 + 1) * 32;
  expected[Action::SkewClockedBits] = 2 * (1 + 3) * 9 + 2 * (3 + 1 + 2) * 32;
  expected[Action::MacsUseful] = 2 * 4;
  expected[Action::MacsUnused] = 2 * (6 - 4);
  expected[Action::MacsZero] = 3;
  expected[Action::ActivationToggles] = 3 * (1 + 1);
  expected[Action::WeightToggles] = 2 * (1 + 2);
  expected[Action::ProductToggles] = 1 + (2 + 3);  // 1 meets 3 now, and 2 meets 1 and 3
  expected[Action::DrainedRows] = 2;
  expected[Action::AccumulatorWrites] = 4;
  expected[Action::FifoReadBytes] = 4;
  EXPECT_EQ(pins.counts(0), expected);
  EXPECT_EQ(pins.srams()[Sram::WeightFifo].reads, (std::vector<std::uint64_t>{2, 2, 0}));
  EXPECT_EQ(pins.srams()[Sram::Accumulators].writes, (std::vector<std::uint64_t>{2, 2, 0}));
}

TEST(PinCounter, AnActivatedRowReadsTheAccumulatorsAndTheTableIfItSaysSo) {
  Pins pins;
  pins.activate({1, 3}, false).edge();
  pins.activate({1, 2}, true).edge();
  Activity expected;
  expected[Action::AccumulatorReads] = 5;
  expected[Action::TableLookups] = 2;
  EXPECT_EQ(pins.counts(1), expected);
  EXPECT_EQ(pins.srams()[Sram::Accumulators].reads, (std::vector<std::uint64_t>{2, 2, 1}));
}

}  // namespace
}  // namespace systol::test
