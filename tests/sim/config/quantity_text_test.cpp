#include "sim/config/quantity_text.h"

#include <gtest/gtest.h>

#include <limits>

namespace systol {
namespace {

template <class Q>
std::uint64_t value(std::string_view text) {
  return parse_whole_quantity(text, units_of<Q>()).value.value_or(~std::uint64_t{0});
}
template <class Q>
std::string error(std::string_view text) {
  return parse_whole_quantity(text, units_of<Q>()).error;
}

TEST(QuantityText, ReadsExactly) {
  EXPECT_EQ(value<Hertz>("700 MHz"), 700'000'000U);
  EXPECT_EQ(value<Hertz>("1.5 GHz"), 1'500'000'000U);
  EXPECT_EQ(value<Hertz>("0.0000015 GHz"), 1'500U);
  EXPECT_EQ(value<Hertz>("5Hz"), 5U);
  EXPECT_EQ(value<Bytes>("24 MiB"), 25'165'824U);
  EXPECT_EQ(value<Bytes>("0.5 KiB"), 512U);
  EXPECT_EQ(value<Bytes>("1 MB"), 1'000'000U);
  EXPECT_EQ(value<BytesPerSecond>("34 GB/s"), 34'000'000'000U);
  EXPECT_EQ(value<Picoseconds>("80 ns"), 80'000U);
  EXPECT_EQ(value<Picoseconds>("0 ps"), 0U);
}

TEST(QuantityText, SaysWhatIsWrong) {
  EXPECT_EQ(error<Hertz>("700"), "which has no unit; allowed units: Hz, kHz, MHz, GHz");
  EXPECT_EQ(error<Hertz>("700 mhz"),
            "which has the unknown unit 'mhz' (did you mean 'MHz'?); allowed units: Hz, kHz, MHz, "
            "GHz");
  EXPECT_EQ(error<Hertz>("fast"),
            "expected a number and its unit (Hz, kHz, MHz, GHz), such as '1 GHz'");
  EXPECT_EQ(error<Hertz>("0.5 Hz"), "which is not a whole number of Hz");
  EXPECT_EQ(error<Bytes>("0.1 KiB"), "which is not a whole number of B");
  EXPECT_EQ(error<Bytes>("999999999999999999 GiB"), "which is too large");
  EXPECT_EQ(error<Bytes>("1000000000000000000 B"),
            "which has too many digits; at most 18, 12 of them decimals, fit");
}

TEST(QuantityText, RefusesOtherNumberForms) {
  for (const char* text : {"-1 MHz", "+1 MHz", "010 MHz", ".5 MHz", "5. MHz", "1.2.3 MHz",
                           "0x10 MHz", "1e3 MHz", "1,000 MHz", "", " ", "MHz", "1 MHz 2"}) {
    EXPECT_NE(error<Hertz>(text), "") << text;
  }
}

TEST(QuantityText, ReadsDecimalFractionsToTheNearestDouble) {
  EXPECT_EQ(parse_quantity("0.009 Hz", units_of<Hertz>()).value, 0.009);
  EXPECT_EQ(parse_quantity("0.2 kHz", units_of<Hertz>()).value, 200.0);
}

TEST(QuantityText, WritesTheShortestExactText) {
  EXPECT_EQ(to_text(Hertz(700'000'000)), "700 MHz");
  EXPECT_EQ(to_text(Hertz(1'500'000'000)), "1.5 GHz");
  EXPECT_EQ(to_text(Hertz(33'333'333)), "33333333 Hz");
  EXPECT_EQ(to_text(Bytes(24U << 20)), "24 MiB");
  EXPECT_EQ(to_text(Bytes(1'024'000)), "1000 KiB");
  EXPECT_EQ(to_text(Bytes(2560)), "2560 B");
  EXPECT_EQ(to_text(Bytes(0)), "0 B");
  EXPECT_EQ(to_text(BytesPerSecond(15'750'000'000)), "15.75 GB/s");
  EXPECT_EQ(to_text(Picoseconds(80'000)), "80 ns");
}

TEST(QuantityText, WhatIsWrittenReadsBack) {
  for (std::uint64_t number : {0UL, 1UL, 999UL, 1000UL, 1001UL, 1023UL, 1024UL, 1025UL, 1'048'576UL,
                               1'500'000UL, 123'456'789UL, 1'000'000'000'000'000UL}) {
    EXPECT_EQ(value<Bytes>(to_text(Bytes(number))), number);
    EXPECT_EQ(value<Hertz>(to_text(Hertz(number))), number);
    EXPECT_EQ(value<BytesPerSecond>(to_text(BytesPerSecond(number))), number);
    EXPECT_EQ(value<Picoseconds>(to_text(Picoseconds(number))), number);
  }
}

}  // namespace
}  // namespace systol
