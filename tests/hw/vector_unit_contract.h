// What hw/TIMING.md and hw/isa/vector_command.h say of the vector unit, as tests of any VectorUnit.
// Include this in one test program, then instantiate:
//   INSTANTIATE_TEST_SUITE_P(Rtl, VectorUnitContract, ::testing::ValuesIn(cases),
//   vector_case_name);
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <numeric>
#include <ostream>
#include <random>
#include <string>
#include <vector>

#include "tests/hw/vector_testbench.h"

namespace systol::test {

/// A number of lanes and what makes units of it.
struct VectorCase {
  std::uint32_t lanes = 0;
  VectorUnitFactory make;
};
inline void PrintTo(const VectorCase& unit, std::ostream* out) { *out << unit.lanes << " lanes"; }
inline std::string vector_case_name(const ::testing::TestParamInfo<VectorCase>& info) {
  return std::to_string(info.param.lanes) + "Lanes";
}

class VectorUnitContract : public ::testing::TestWithParam<VectorCase> {
 protected:
  using Operation = isa::LaneOperation;
  using Join = isa::WindowJoin;
  static constexpr Time kLatency = 7;

  std::uint32_t lanes() const { return GetParam().lanes; }
  VectorBench bench() const { return {GetParam().make(lanes()), lanes()}; }
  Values16 all(int value) const { return Values16(lanes(), static_cast<std::int16_t>(value)); }
  /// Values that differ from lane to lane and from `tag` to `tag`.
  Values16 pattern(int tag) const {
    Values16 values(lanes());
    for (std::size_t i = 0; i < values.size(); ++i) {
      values[i] = static_cast<std::int16_t>(tag * 1'000 + static_cast<int>(i) * 7 - 300);
    }
    return values;
  }
  Place copy_of(const Values16& a) const {
    Place place;
    place.a = a;
    return place;
  }
  Place place_of(Operation operation, int a, int b, int a_multiplier, int b_multiplier) const {
    Place place = copy_of(all(a));
    place.operation = operation;
    place.b = all(b);
    place.a_multiplier = a_multiplier;
    place.b_multiplier = b_multiplier;
    return place;
  }

  /// The result of a window whose places are presented one after another: that of all lanes, which
  /// must be equal.
  int result_of(std::vector<Place> places, const Channel& channel = {}) const {
    VectorBench unit = bench();
    unit.set_channels(0, channel);
    Time cycle = 20;
    for (std::size_t i = 0; i < places.size(); ++i) {
      places[i].first = i == 0;
      places[i].last = i + 1 == places.size();
      unit.stimulus.places[cycle++] = places[i];
    }
    unit.run_to(cycle - 1 + kLatency);
    EXPECT_TRUE(unit.result_valid());
    EXPECT_EQ(unit.result(), all(unit.result()[0]));
    return unit.result()[0];
  }
  int result_of(const Place& place) const { return result_of(std::vector{place}); }
};

///////////////////////////////////////////////////////////////////////////////////////////////////
// Time

TEST_P(VectorUnitContract, AResultIsThereSevenCyclesAfterTheLastPlaceAndNoEarlier) {
  for (const Time places : {1U, 2U, 9U}) {
    VectorBench unit = bench();
    constexpr Time kFirst = 3;
    const Time last = kFirst + places - 1;
    for (Time i = 0; i < places; ++i) {
      Place place = copy_of(pattern(1));
      place.first = i == 0;
      place.last = i + 1 == places;
      place.join = Join::Maximum;
      unit.stimulus.places[kFirst + i] = place;
    }
    for (Time cycle = 0; cycle < last + kLatency; ++cycle) {
      unit.run_to(cycle);
      ASSERT_FALSE(unit.result_valid()) << places << " places, cycle " << cycle;
    }
    unit.run_to(last + kLatency);
    EXPECT_TRUE(unit.result_valid());
    EXPECT_EQ(unit.result(), pattern(1));
    unit.run_to(last + kLatency + 1);
    EXPECT_FALSE(unit.result_valid());
    EXPECT_EQ(unit.result(), pattern(1)) << "the data hold";
  }
}

TEST_P(VectorUnitContract, WindowsFollowEachOtherWithoutAGap) {
  VectorBench unit = bench();
  for (int i = 0; i < 20; ++i) {
    unit.stimulus.places[static_cast<Time>(i)] = copy_of(pattern(i));
  }
  for (int i = 0; i < 20; ++i) {
    unit.run_to(static_cast<Time>(i) + kLatency);
    EXPECT_TRUE(unit.result_valid());
    EXPECT_EQ(unit.result(), pattern(i)) << i;
  }
}

TEST_P(VectorUnitContract, PausesWithinAWindowChangeNothing) {
  VectorBench unit = bench();
  const Time cycles[] = {2, 3, 11, 40};
  for (std::size_t i = 0; i < 4; ++i) {
    Place place = copy_of(all(1 << i));
    place.first = i == 0;
    place.last = i == 3;
    unit.stimulus.places[cycles[i]] = place;
  }
  unit.run_to(40 + kLatency);
  EXPECT_TRUE(unit.result_valid());
  EXPECT_EQ(unit.result(), all(15));
}

/// `early` and a cycle later: the last place that finds the old parameter and the first that finds
/// the new one, counted from the parameter's cycle.
TEST_P(VectorUnitContract, PlanesAndTableMeetPlacesThatWerePresentedBeforeThem) {
  struct Use {
    std::uint32_t plane;
    Time before;  ///< cycles that the place may be ahead of the parameter
    int value;
    int old_result;
    int new_result;
  };
  // The lane holds 100 + 0, times 2, shifted by 1.
  for (const Use use : {Use{0, 2, 5, 100, 105}, Use{4, 3, 6, 100, 300}, Use{8, 4, 2, 100, 50}}) {
    for (const bool early : {false, true}) {
      VectorBench unit = bench();
      unit.set_channels(0, {0, 2, 1});
      constexpr Time kPlane = 30;
      unit.stimulus.channels[kPlane] = {use.plane,
                                        Bytes8(lanes(), static_cast<std::int8_t>(use.value))};
      Place place = copy_of(all(100));
      place.channels = true;
      const Time cycle = kPlane - use.before - (early ? 1 : 0);
      unit.stimulus.places[cycle] = place;
      unit.run_to(cycle + kLatency);
      EXPECT_EQ(unit.result(), all(early ? use.old_result : use.new_result))
          << "plane " << use.plane << (early ? " early" : "");
    }
  }
  for (const bool early : {false, true}) {
    VectorBench unit = bench();
    ASSERT_LT(unit.set_table(0, Bytes8(256, 11)), 270U);
    constexpr Time kRow = 300;
    unit.stimulus.tables[kRow] = {0, Bytes8(lanes(), 22)};
    Place place = copy_of(all(-128));  // entry 0
    place.minimum = -128;
    place.maximum = 127;
    place.table = true;
    const Time cycle = kRow - 5 - (early ? 1 : 0);
    unit.stimulus.places[cycle] = place;
    unit.run_to(cycle + kLatency);
    EXPECT_EQ(unit.result(), all(early ? 11 : 22)) << (early ? "early" : "");
  }
}

///////////////////////////////////////////////////////////////////////////////////////////////////
// Values, by hand

TEST_P(VectorUnitContract, OperationsAreThoseOfTheCommand) {
  EXPECT_EQ(result_of(place_of(Operation::Fill, 5, 6, 7, 8)), 0);
  EXPECT_EQ(result_of(place_of(Operation::Copy, 5, 6, 7, 8)), 5);
  EXPECT_EQ(result_of(place_of(Operation::Add, 5, 6, 7, -8)), 35 - 48);
  EXPECT_EQ(result_of(place_of(Operation::Multiply, 5, -6, 7, 8)), -30);
  EXPECT_EQ(result_of(place_of(Operation::Maximum, 5, 6, 7, 8)), 48);
  EXPECT_EQ(result_of(place_of(Operation::Maximum, 5, 6, 7, -8)), 35);
  EXPECT_EQ(result_of(place_of(Operation::Minimum, 5, 6, 7, 8)), 35);
  EXPECT_EQ(result_of(place_of(Operation::Minimum, 5, 6, 7, -8)), -48);
}

TEST_P(VectorUnitContract, FillOfNothingIsTheZeroPoint) {
  Place place;
  place.operation = Operation::Fill;
  place.a_zero_point = -77;  // does not count
  place.zero_point = 1'234;
  EXPECT_EQ(result_of(place), 1'234);
}

TEST_P(VectorUnitContract, ZeroPointsAreTakenOffInSeventeenBits) {
  Place place = copy_of(all(-32'768));
  place.a_zero_point = 32'767;  // -65535
  place.shift = 31;             // halved: -32767.5
  EXPECT_EQ(result_of(place), -32'767);
  place.a = all(32'767);
  place.a_zero_point = -32'768;
  place.shift = 32;  // 65535 / 4 = 16383.75
  EXPECT_EQ(result_of(place), 16'384);
  place = place_of(Operation::Multiply, -128, 127, 0, 0);
  place.a_zero_point = 127;   // -255
  place.b_zero_point = -128;  // 255
  place.shift = 31;           // -65025 / 2 = -32512.5
  EXPECT_EQ(result_of(place), -32'512);
}

TEST_P(VectorUnitContract, HalvesAreRoundedTowardsPlusInfinity) {
  const auto halved = [this](int value) {
    Place place = copy_of(all(value));
    place.multiplier = 1;
    place.shift = 1;
    return result_of(place);
  };
  EXPECT_EQ(halved(3), 2);    // 1.5
  EXPECT_EQ(halved(-3), -1);  // -1.5
  EXPECT_EQ(halved(1), 1);
  EXPECT_EQ(halved(-1), 0);
  EXPECT_EQ(halved(-2), -1);
  Place place = copy_of(all(-5));
  place.multiplier = 3;
  place.shift = 2;  // -15 / 4 = -3.75
  EXPECT_EQ(result_of(place), -4);
}

TEST_P(VectorUnitContract, TheJoinedValueIsSaturatedTo32Bits) {
  // 2 * 32767 * 2147483647 and its negative, far beyond 32 bits.
  Place place = place_of(Operation::Add, 32'767, 32'767, INT32_MAX, INT32_MAX);
  place.multiplier = 1;
  place.shift = 17;  // (2^31 - 1) / 2^17 = 16383.99999
  EXPECT_EQ(result_of(place), 16'384);
  place.shift = 16;  // 32767.99998
  EXPECT_EQ(result_of(place), 32'767);
  place.a = all(-32'767);
  place.b = all(-32'767);
  EXPECT_EQ(result_of(place), -32'768);
  // Of a bias, too: 2^31 - 1 + 1, and -2^31 - 1.
  place = place_of(Operation::Add, 1, 0, INT32_MAX, 0);
  place.channels = true;
  EXPECT_EQ(result_of({place}, {1, 1, 17}), 16'384);
  place = place_of(Operation::Add, 1, 0, INT32_MIN, 0);
  place.channels = true;
  EXPECT_EQ(result_of({place}, {-1, 1, 17}), -16'384);
  // Two places that cancel are not saturated in between.
  const Place up = place_of(Operation::Add, 32'767, 1, INT32_MAX, 5);
  const Place down = place_of(Operation::Add, -32'767, 2, INT32_MAX, 6);
  EXPECT_EQ(result_of({up, up, down, down}), 5 + 5 + 12 + 12);
}

TEST_P(VectorUnitContract, ClampsToTheCommandsRangeAfterItsZeroPoint) {
  Place place = copy_of(all(100));
  place.zero_point = 27;
  place.minimum = -128;
  place.maximum = 127;
  EXPECT_EQ(result_of(place), 127);
  place.a = all(101);
  EXPECT_EQ(result_of(place), 127);
  place.a = all(-156);
  EXPECT_EQ(result_of(place), -128);
  place.a = all(-155);
  EXPECT_EQ(result_of(place), -128);
  place.a = all(-154);
  EXPECT_EQ(result_of(place), -127);
}

TEST_P(VectorUnitContract, AWindowIsJoinedByItsSumOrItsMaximum) {
  const auto window = [this](Join join, std::initializer_list<int> values) {
    std::vector<Place> places;
    for (const int value : values) {
      places.push_back(copy_of(all(value)));
      places.back().join = join;
    }
    return result_of(places);
  };
  EXPECT_EQ(window(Join::Sum, {3, -5, 7}), 5);
  EXPECT_EQ(window(Join::Maximum, {3, -5, 7}), 7);
  EXPECT_EQ(window(Join::Maximum, {7, 3, -5}), 7);
  EXPECT_EQ(window(Join::Maximum, {-9, -3, -5}), -3) << "nothing but the places counts";
  EXPECT_EQ(window(Join::Maximum, {-4}), -4);
}

TEST_P(VectorUnitContract, NothingOfAWindowIsLeftInTheNext) {
  for (const Join join : {Join::Sum, Join::Maximum}) {
    VectorBench unit = bench();
    for (Time i = 0; i < 6; ++i) {
      Place place = copy_of(all(i < 3 ? 1'000 : 10));
      place.join = join;
      place.first = i % 3 == 0;
      place.last = i % 3 == 2;
      unit.stimulus.places[i] = place;
    }
    unit.run_to(2 + kLatency);
    EXPECT_EQ(unit.result(), all(join == Join::Sum ? 3'000 : 1'000));
    unit.run_to(5 + kLatency);
    EXPECT_EQ(unit.result(), all(join == Join::Sum ? 30 : 10));
  }
}

TEST_P(VectorUnitContract, ParametersOfTheLanesReplaceThoseOfTheWindow) {
  VectorBench unit = bench();
  // 100 + 20, times 3, over 4; without: 100.
  unit.set_channels(0, {20, 3, 2});
  for (const bool channels : {true, false, true}) {
    const Time cycle = 20 + unit.stimulus.places.size();
    Place place = copy_of(all(100));
    place.channels = channels;
    unit.stimulus.places[cycle] = place;
  }
  for (const Time i : {0U, 1U, 2U}) {
    unit.run_to(20 + i + kLatency);
    EXPECT_EQ(unit.result(), all(i == 1 ? 100 : 90)) << i;
  }
}

TEST_P(VectorUnitContract, EachLaneHasItsOwnParameters) {
  VectorBench unit = bench();
  unit.set_channels(0, {0, 2, 1});
  Bytes8 biases(lanes());
  std::iota(biases.begin(), biases.end(), std::int8_t{1});
  unit.stimulus.channels[0] = {0, biases};
  Place place = copy_of(pattern(2));
  place.channels = true;
  unit.stimulus.places[20] = place;
  unit.run_to(20 + kLatency);
  Values16 expected = pattern(2);
  for (std::size_t i = 0; i < expected.size(); ++i) {
    expected[i] = static_cast<std::int16_t>(expected[i] + biases[i]);
  }
  EXPECT_EQ(unit.result(), expected);
}

TEST_P(VectorUnitContract, EveryValueFindsItsEntryInTheTable) {
  VectorBench unit = bench();
  Bytes8 entries(256);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    entries[i] = static_cast<std::int8_t>(i * 37 + 5);
  }
  const Time start = unit.set_table(0, entries);
  for (int value = -128; value < 128; ++value) {
    Place place = copy_of(all(value));
    place.minimum = -128;
    place.maximum = 127;
    place.table = true;
    unit.stimulus.places[start + static_cast<Time>(value + 128)] = place;
  }
  for (std::size_t i = 0; i < entries.size(); ++i) {
    unit.run_to(start + i + kLatency);
    ASSERT_EQ(unit.result(), all(entries[i])) << "entry " << i;
  }
}

///////////////////////////////////////////////////////////////////////////////////////////////////
// Values, by the formula

class RandomWindow {
 public:
  RandomWindow(std::uint32_t lanes, std::uint64_t seed) : lanes_(lanes), random_(seed) {}

  std::vector<Place> make() {
    Place common;
    common.operation = static_cast<isa::LaneOperation>(below(6));
    common.join = static_cast<isa::WindowJoin>(below(2));
    common.a_zero_point = value();
    common.b_zero_point = value();
    common.a_multiplier = static_cast<std::int32_t>(random_()) >> below(31);
    common.b_multiplier = static_cast<std::int32_t>(random_()) >> below(31);
    common.channels = below(2) == 0;
    common.multiplier = static_cast<std::uint32_t>(random_()) & 0x7fffffffU;
    common.shift = static_cast<std::uint8_t>(1 + below(62));
    common.zero_point = value();
    common.minimum = value();
    common.maximum = value();
    if (common.minimum > common.maximum) {
      std::swap(common.minimum, common.maximum);
    }
    std::vector<Place> places(1 + below(5), common);
    for (Place& place : places) {
      place.a = values();
      place.b = values();
      place.first = &place == &places.front();
      place.last = &place == &places.back();
    }
    return places;
  }
  std::uint64_t below(std::uint64_t limit) { return random_() % limit; }
  Channel channel() {
    return {static_cast<std::int32_t>(random_()) >> below(31),
            static_cast<std::uint32_t>(random_()) & 0x7fffffffU,
            static_cast<std::uint8_t>(1 + below(62))};
  }

 private:
  std::int16_t value() {
    return static_cast<std::int16_t>(static_cast<std::int16_t>(random_()) >> below(12));
  }
  Values16 values() {
    Values16 values(lanes_);
    for (std::int16_t& one : values) {
      one = value();
    }
    return values;
  }

  std::uint32_t lanes_;
  std::mt19937_64 random_;
};

TEST_P(VectorUnitContract, RandomWindowsEqualTheFormula) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    RandomWindow random(lanes(), seed);
    VectorBench unit = bench();
    const Channel channel = random.channel();
    unit.set_channels(0, channel);
    std::map<Time, std::vector<Place>> windows;  // by the cycle of the last place
    for (Time cycle = 20; windows.size() < 200; cycle += random.below(3) / 2) {
      const std::vector<Place> places = random.make();
      for (const Place& place : places) {
        unit.stimulus.places[cycle++] = place;
      }
      windows[cycle - 1] = places;
    }
    for (const auto& [cycle, places] : windows) {
      unit.run_to(cycle + kLatency);
      const Values16 result = unit.result();
      for (std::size_t lane = 0; lane < lanes(); ++lane) {
        ASSERT_EQ(result[lane], reference_window(places, lane, channel))
            << "seed " << seed << ", cycle " << cycle << ", lane " << lane;
      }
    }
  }
}

}  // namespace systol::test
