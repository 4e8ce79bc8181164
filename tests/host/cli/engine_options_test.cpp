#include "host/cli/engine_options.h"

#include <gtest/gtest.h>

#include "sim/base/error.h"

namespace systol {
namespace {

EngineOptions named(const std::string& engine) {
  EngineOptions options;
  options.engine = engine;
  return options;
}
EngineOptions with_fault(const std::string& engine = "") {
  EngineOptions options = named(engine);
  options.fault = "pe:0,1";
  return options;
}
EngineOptions with_wave(const std::string& engine = "") {
  EngineOptions options = named(engine);
  options.wave = "a.fst";
  return options;
}
EngineOptions with_window(const std::string& engine = "") {
  EngineOptions options = with_wave(engine);
  options.wave_layer = "fc1";
  return options;
}

std::string engine_error(const EngineOptions& options) {
  try {
    engine_of(options);
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

TEST(EngineOptions, TheDefaultIsFastUnlessSomethingNeedsAClock) {
  EXPECT_TRUE(std::holds_alternative<FastEngine>(engine_of({})));
  EXPECT_EQ(std::get<ClockedEngine>(engine_of(with_fault())).unit, ClockedUnit::Rtl);
  EXPECT_EQ(std::get<ClockedEngine>(engine_of(with_wave())).unit, ClockedUnit::Rtl);
  EXPECT_EQ(std::get<ClockedEngine>(engine_of(named("systemc"))).unit, ClockedUnit::SystemC);
  EXPECT_EQ(std::get<ClockedEngine>(engine_of(with_fault("systemc"))).fault->column, 1U);
  EXPECT_EQ(std::get<WindowedEngine>(engine_of(with_window())).window.layer, "fc1");
}

TEST(EngineOptions, FastHasNoClock) {
  const std::string expected =
      "--engine fast has no clock: --wave needs --wave-layer, or --engine rtl or systemc; "
      "--inject-fault needs one of these";
  EXPECT_EQ(engine_error(with_fault("fast")), expected);
  EXPECT_EQ(engine_error(with_wave("fast")), expected);
}

TEST(EngineOptions, TheWaveOfALayerNeedsTheFastEngineAndData) {
  EXPECT_EQ(engine_error(with_window("fast")), "no error");
  for (const std::string engine : {"systemc", "rtl"}) {
    EXPECT_EQ(engine_error(with_window(engine)), "--wave-layer needs --engine fast; " + engine +
                                                     " has all cycles: see --wave-from and "
                                                     "--wave-to");
  }
  EngineOptions blank = with_window();
  blank.no_data = true;
  EXPECT_EQ(engine_error(blank), "--no-data with --wave-layer: the wave shows data");
}

TEST(EngineOptions, OnlyFastRunsWithoutData) {
  EngineOptions options = named("systemc");
  options.no_data = true;
  EXPECT_EQ(engine_error(options), "--no-data needs --engine fast; systemc moves data by nature");
  options.engine.clear();
  EXPECT_FALSE(std::get<FastEngine>(engine_of(options)).values);
  EXPECT_FALSE(std::get<FastEngine>(engine_of(options)).search_hazards);
}

TEST(EngineOptions, WithoutACheckNobodyLooksForHazardsOrFaults) {
  EngineOptions options;
  options.no_check = true;
  EXPECT_FALSE(std::get<FastEngine>(engine_of(options)).search_hazards);
  options.fault = "pe:0,0";
  EXPECT_EQ(engine_error(options),
            "--inject-fault with --no-check: nothing would look for the fault");
}

TEST(EngineOptions, AnUnknownNameIsAnsweredWithThoseThatAre) {
  try {
    named_engine("spice", true);
    FAIL();
  } catch (const InputError& error) {
    EXPECT_STREQ(error.what(), "--engine spice: there are fast, rtl, systemc");
  }
}

}  // namespace
}  // namespace systol
