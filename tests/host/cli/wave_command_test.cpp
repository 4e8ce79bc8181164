#include "host/cli/wave_command.h"

#include <gtest/gtest.h>

namespace systol {
namespace {

const std::pair kCycles{Cycles(120), Cycles(345)};

TEST(WaveCommand, AddsAClockAndTheCycles) {
  EXPECT_EQ(wave_command("systol run m.onnx -c a.yaml --limit 3", kCycles),
            "systol run m.onnx -c a.yaml --limit 3 --engine rtl --wave wrong.fst --wave-from 120 "
            "--wave-to 345");
}

TEST(WaveCommand, KeepsAnEngineWithAClockAndTheFault) {
  EXPECT_EQ(
      wave_command("systol run m.onnx --engine systemc -c a.yaml --inject-fault pe:1,2", kCycles),
      "systol run m.onnx --engine systemc -c a.yaml --inject-fault pe:1,2 --wave wrong.fst "
      "--wave-from 120 --wave-to 345");
  EXPECT_EQ(wave_command("systol run m.onnx --engine=fast -c a.yaml", kCycles),
            "systol run m.onnx -c a.yaml --engine rtl --wave wrong.fst --wave-from 120 --wave-to "
            "345");
}

TEST(WaveCommand, LeavesOutWhatTheRunWrote) {
  EXPECT_EQ(wave_command("systol run m.onnx -c a.yaml --wave w.fst --wave-layer=fc1 --json - "
                         "--timeline t.json --wave-scope all",
                         kCycles),
            "systol run m.onnx -c a.yaml --engine rtl --wave wrong.fst --wave-from 120 --wave-to "
            "345");
}

}  // namespace
}  // namespace systol
