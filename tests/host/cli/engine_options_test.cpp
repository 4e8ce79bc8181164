#include <gtest/gtest.h>

#include "host/cli/engines.h"
#include "sim/base/error.h"
#include "tests/host/compile/networks.h"

namespace systol::test {
namespace {

EngineOptions with_fault(std::uint32_t row, std::uint32_t column) {
  EngineOptions options;
  options.fault = StuckBit{row, column, 31};
  return options;
}
EngineOptions with_wave() {
  EngineOptions options;
  options.wave.emplace().path = "a.fst";
  return options;
}
EngineOptions without_data() {
  EngineOptions options;
  options.data = false;
  return options;
}

std::string error_of(const std::string& name, const EngineOptions& options) {
  const ArrayConfig config = array(4, 5);
  try {
    make_engine(name, config, options);
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

TEST(Engines, AreMadeByName) {
  const ArrayConfig config = array(4, 5);
  EXPECT_EQ(make_engine("systemc", config, {})->engine(), "systemc");
  EXPECT_EQ(make_engine("fast", config, {})->engine(), "fast");
}

TEST(Engines, AnUnknownNameIsAnsweredWithThoseThatAre) {
  EXPECT_EQ(error_of("spice", {}), "--engine spice: there are fast, rtl, systemc");
}

TEST(Engines, TheDefaultIsFastUnlessSomethingNeedsAClock) {
  EXPECT_EQ(default_engine({}), "fast");
  EXPECT_EQ(default_engine(with_fault(0, 0)), "rtl");
  EXPECT_EQ(default_engine(with_wave()), "rtl");
}

TEST(Engines, AFaultMustBeInTheArray) {
  for (const std::string engine : {"fast", "rtl", "systemc"}) {
    EXPECT_EQ(error_of(engine, with_fault(4, 0)),
              "--inject-fault pe:4,0: there is no such PE; the array has rows 0 to 3 and columns "
              "0 to 4");
    EXPECT_EQ(error_of(engine, with_fault(0, 5)),
              "--inject-fault pe:0,5: there is no such PE; the array has rows 0 to 3 and columns "
              "0 to 4");
  }
  EXPECT_EQ(error_of("systemc", with_fault(3, 4)), "no error");
}

TEST(Engines, FastHasNoClock) {
  const std::string expected =
      "--engine fast has no clock: --wave needs --wave-layer, or --engine rtl or systemc; "
      "--inject-fault needs one of these";
  EXPECT_EQ(error_of("fast", with_fault(0, 0)), expected);
  EXPECT_EQ(error_of("fast", with_wave()), expected);
}

EngineOptions with_window() {
  EngineOptions options = with_wave();
  options.window = WindowRequest{"0", std::nullopt};
  options.window_engine = "systemc";
  return options;
}

TEST(Engines, TheWaveOfALayerNeedsTheFastEngineAndData) {
  EXPECT_EQ(default_engine(with_window()), "fast");
  EXPECT_EQ(error_of("fast", with_window()), "no error");
  for (const std::string engine : {"systemc", "rtl"}) {
    EXPECT_EQ(error_of(engine, with_window()), "--wave-layer needs --engine fast; " + engine +
                                                   " has all cycles: see --wave-from and "
                                                   "--wave-to");
  }
  EngineOptions blank = with_window();
  blank.data = false;
  EXPECT_EQ(error_of("fast", blank), "--no-data with --wave-layer: the wave shows data");
}

TEST(Engines, OnlyFastRunsWithoutData) {
  EXPECT_EQ(error_of("systemc", without_data()),
            "--no-data needs --engine fast; systemc moves data by nature");
  EXPECT_EQ(error_of("fast", without_data()), "no error");
}

}  // namespace
}  // namespace systol::test
