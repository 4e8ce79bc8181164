// A made-up library of an inverter, an exclusive or and a flip-flop, worked out by hand: 1 V, each
// input 2 pF, each change of an output 3 pJ (rise) or 1 pJ (fall), delays 0.1 ns.
#include "sim/gates/gate_simulator.h"

#include <gtest/gtest.h>

#include "sim/base/error.h"
#include "tests/sim/config/temp_files.h"

namespace systol::gates {
namespace {

std::string table(const char* kind, const char* value) {
  return std::string(kind) + R"( (t) { index_1 ("0, 10"); index_2 ("0, 10"); values (")" + value +
         ", " + value + R"(", ")" + value + ", " + value + R"("); } )";
}

std::string arc(const char* from) {
  return std::string("timing () { related_pin : \"") + from + "\"; " + table("cell_rise", "0.1") +
         table("cell_fall", "0.1") + "} internal_power () { related_pin : \"" + from + "\"; " +
         table("rise_power", "3") + table("fall_power", "1") + "} ";
}

std::string library() {
  const std::string in = "{ direction : input; capacitance : 2; }";
  return "library (l) { nom_voltage : 1.0; /* a comment */ cell (INV) { area : 1; pin (A) " + in +
         " pin (Y) { direction : output; function : \"!A\"; " + arc("A") +
         "} } cell (XOR) { area : 2; pin (A) " + in + " pin (B) " + in +
         " pin (Y) { direction : output; function : \"A^B\"; " + arc("A") + arc("B") +
         "} } cell (DFFPOSX1) { area : 4; cell_leakage_power : 5; ff (Q1, Q2) { next_state : "
         "\"D\"; clocked_on : \"CLK\"; } pin (CLK) " +
         in + " pin (D) " + in + " pin (Q) { direction : output; function : \"Q1\"; " + arc("CLK") +
         "} } cell (LATCH) { latch (a, b) { } pin (D) " + in + " } }";
}

/// d ^ !d into a register: a glitch in each change of d, and q stays 1.
constexpr const char* kGlitch = R"({"modules": {"m": {
  "ports": {"d": {"bits": [2]}, "clk": {"bits": [3]}, "en": {"bits": [7]}, "q": {"bits": [6]}},
  "cells": {
    "a": {"type": "INV", "connections": {"A": [2], "Y": [4]}},
    "b": {"type": "XOR", "connections": {"A": [2], "B": [4], "Y": [5]}},
    "c": {"type": "GATED_DFF", "connections": {"D": [5], "CLK": [3], "EN": [7], "Q": [6]}}}}}})";

class Gates : public testing::Test {
 protected:
  Netlist netlist(const char* json) {
    return read_netlist(files_.write("n.json", json), "m",
                        read_liberty(files_.write("l.lib", library())), 0.1);
  }
  TempFiles files_;
};

TEST_F(Gates, AreaAndLeakageAreThoseOfTheCells) {
  const Netlist whole = netlist(kGlitch);
  EXPECT_EQ(whole.area, 1 + 2 + 4);
  EXPECT_EQ(whole.leakage, 5);
  EXPECT_EQ(whole.gates.size(), 2U);
  EXPECT_EQ(whole.flip_flops.size(), 1U);
}

TEST_F(Gates, AGlitchHasItsEnergyAndAnInertialDelaySwallowsWhatIsShorter) {
  const Netlist whole = netlist(kGlitch);
  GateSimulator simulator(whole);
  simulator.set("d", 1);
  const CycleEnergy energy = simulator.cycle();
  // d: two pins of 2 pF, 1 V: 2 pJ. The inverter falls (1 pJ and its pin's 1). The exclusive or
  // would fall 0.1 ns after d, and the inverter takes that back in the same moment or after it fell
  // and rises again.
  const bool swallowed = simulator.glitches() == 0;
  EXPECT_DOUBLE_EQ(energy.data, swallowed ? 2 + 2 : 2 + 2 + (1 + 1) + (3 + 1));
  EXPECT_EQ(energy.clock, 0.0) << "its clock is gated";
  EXPECT_EQ(simulator.changes(), swallowed ? 2U : 4U);
}

TEST_F(Gates, ARegisterIsClockedWhileItIsEnabled) {
  const Netlist whole = netlist(kGlitch);
  GateSimulator simulator(whole);
  simulator.set("en", 1);
  EXPECT_EQ(simulator.cycle().clock, 2.0) << "both edges of 2 pF at 1 V";
  EXPECT_EQ(simulator.value("q"), 0U) << "as settled before the edge";
  simulator.set("en", 0);
  const CycleEnergy energy = simulator.cycle();
  EXPECT_EQ(simulator.value("q"), 1U);
  EXPECT_EQ(energy.clock, 0.0);
  EXPECT_EQ(energy.data, 3.0) << "q rises; nothing is connected to it";
}

TEST_F(Gates, WhatIsNoNetlistIsRefused) {
  EXPECT_THROW(netlist("{"), InputError);
  EXPECT_THROW(netlist(R"({"modules": {}})"), InputError);
  EXPECT_THROW(netlist(R"({"modules": {"m": {"ports": {}, "cells": {"a": {"type": "NAND",
                           "connections": {}}}}}})"),
               InputError);
  const Netlist loop = netlist(R"({"modules": {"m": {"ports": {}, "cells": {
      "a": {"type": "INV", "connections": {"A": [2], "Y": [2]}}}}}})");
  EXPECT_THROW(GateSimulator{loop}, InputError);
  const Netlist whole = netlist(kGlitch);
  EXPECT_THROW(GateSimulator(whole).set("none", 1), InputError);
}

TEST_F(Gates, ALibraryThatIsDamagedIsRefusedWithItsLine) {
  for (const char* text : {"", "library (l) {", "library (l) { cell (A) { area 3 } }",
                           "library (l) { cell (A) { pin (Y) { direction : output; function : "
                           "\"B\"; } } }"}) {
    EXPECT_THROW(read_liberty(files_.write("bad.lib", text)), InputError) << text;
  }
}

}  // namespace
}  // namespace systol::gates
