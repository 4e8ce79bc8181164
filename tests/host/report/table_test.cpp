#include "host/report/table.h"

#include <gtest/gtest.h>

#include "sim/config/dram_types.h"
#include "tests/host/report/made_up_report.h"

namespace systol::test {
namespace {

TEST(Table, OfARunSaysEverythingAligned) {
  EXPECT_EQ(to_text(made_up_report()),
            R"(mlp on edge (4x4 int8, weight-stationary, 500 MHz), systemc engine
10 samples in batches of 5: digits.gz, pixels scaled to [0, 1]

node      M x K x N  cycles  utilisation   memory   buffer   energy  bound by
-----------------------------------------------------------------------------
fc1    10 x 20 x 30     700       53.6 %  1.1 KiB  1.2 KiB  3.00 uJ     array
fc2     10 x 30 x 4     300       25.0 %    460 B  1.3 KiB  1.00 uJ     array
total                 1 000       45.0 %  1.5 KiB  2.5 KiB  4.00 uJ

cycles spent on  cycles   share
-------------------------------
array_active        600  60.0 %
weight_stall        100  10.0 %
weight_shift         50   5.0 %
raw_stall           100  10.0 %
input_stall          30   3.0 %
non_matrix          119  11.9 %
idle                  1   0.1 %
total             1 000

energy of     energy   share      area
--------------------------------------
multipliers  1.00 uJ  25.0 %   0.2 mm2
dram         3.00 uJ  75.0 %
total        4.00 uJ          0.25 mm2

time 2.00 us (1 000 cycles), 0.0072 of 0.016 TOPS, utilisation 45.0 %
energy 4.00 uJ (400 nJ per inference), average power 2.00 W, 0.0036 TOPS/W
area 0.25 mm2, 0.0288 TOPS/mm2 of at most 0.064
7 200 MACs, 10.0 % of them with a zero operand; energy of pe: bits that changed
check: ok, 12 345 int8 values equal the independent reference bit for bit
scores against the float network: largest error 0.25, mean 0.0625
accuracy on 10 samples: 90.0 % int8, 100.0 % float
note: a note
)");
}

TEST(Table, DepthsThatAreFedOtherwiseHaveAColumn) {
  RunReport report = made_up_report();
  report.nodes[0].fed_depth = 10;
  const std::string text = to_text(report);
  EXPECT_NE(text.find("node      M x K x N  fed K  cycles  utilisation"), std::string::npos)
      << text;
  EXPECT_NE(text.find("fc1    10 x 20 x 30     10     700"), std::string::npos) << text;
  EXPECT_NE(text.find("fc2     10 x 30 x 4     30     300"), std::string::npos) << text;
}

/// The line that starts with `start`, and the one after it if that is indented.
std::string line_of(const RunReport& report, const std::string& start) {
  const std::string text = to_text(report);
  const std::size_t at = text.find("\n" + start);
  if (at == std::string::npos) {
    return "";
  }
  std::size_t end = text.find('\n', at + 1);
  if (text.compare(end, 3, "\n  ") == 0) {
    end = text.find('\n', end + 1);
  }
  return text.substr(at + 1, end - at - 1);
}

TEST(Table, ADramHasALineOfItsBanks) {
  RunReport report = made_up_report();
  EXPECT_EQ(line_of(report, "memory "), "");
  report.array.memories[0].dram = typical_dram(DramType::Lpddr4);
  EXPECT_EQ(line_of(report, "memory "),
            "memory dram (lpddr4): 0 bursts read, 0 written; 0 row hits (0.0 %), 0 misses, 0 "
            "conflicts; 0 activates, 0 refreshes");
  for (const isa::Space space : {isa::Space::Weights, isa::Space::Activations}) {
    report.activity[dram_action(space, DramEvent::RowHits)] = 600;
    report.activity[dram_action(space, DramEvent::RowMisses)] = 1;
    report.activity[dram_action(space, DramEvent::RowConflicts)] = 199;
    report.activity[dram_action(space, DramEvent::Activates)] = 200;
    report.activity[dram_action(space, DramEvent::ReadBursts)] = 700;
    report.activity[dram_action(space, DramEvent::WriteBursts)] = 100;
    report.activity[dram_action(space, DramEvent::Refreshes)] = 3;
  }
  EXPECT_EQ(line_of(report, "memory "),
            "memory dram (lpddr4): 1 400 bursts read, 200 written; 1 200 row hits (75.0 %), 2 "
            "misses, 398 conflicts; 400 activates, 6 refreshes");
}

TEST(Table, TheBusiestBankIsComparedWithAnEvenShare) {
  RunReport report = made_up_report();
  report.srams = {};
  EXPECT_EQ(line_of(report, "accesses of "), "");
  report.srams[Sram::UnifiedBuffer] = {{10, 30}, {10, 30}};
  report.srams[Sram::Accumulators] = {{7}, {0}};
  EXPECT_EQ(line_of(report, "accesses of "),
            "accesses of the busiest bank, in even shares: unified_buffer 1.50, accumulators 1.00");
}

TEST(Table, AFailedCheckNamesThePlace) {
  RunReport report = made_up_report();
  report.check.mismatches = 1'002;
  report.check.missing = 7;
  report.check.first_mismatch = made_up_mismatch();
  EXPECT_EQ(line_of(report, "check: "),
            "check: FAILED, 1 002 of 12 345 int8 values differ from the reference, 7 missing\n"
            "  first: node fc2, command 17 (activate rows=5), tile at row 5, column 4: value at "
            "row 6, column 7 (PE column 3) is 127, expected -1");
}

TEST(Table, MissingValuesAloneFailTheCheck) {
  RunReport report = made_up_report();
  report.check.missing = 7;
  EXPECT_EQ(line_of(report, "check: "),
            "check: FAILED, 0 of 12 345 int8 values differ from the reference, 7 missing");
}

TEST(Table, ASkippedCheckIsNotCalledOk) {
  RunReport report = made_up_report();
  report.check.enabled = false;
  EXPECT_EQ(line_of(report, "check: "), "check: skipped");
}

TEST(Table, AnOperationWithoutKHasTwoSizes) {
  RunReport report = made_up_report();
  report.nodes[1].name = "max";
  report.nodes[1].k = 0;
  report.nodes[1].fed_depth = 0;
  EXPECT_EQ(line_of(report, "max"),
            "max          10 x 4     300       25.0 %    460 B  1.3 KiB  1.00 uJ     array");
}

TEST(Table, WhatDidNotFitIsCounted) {
  RunReport report = made_up_report();
  EXPECT_EQ(line_of(report, "the activations"), "");
  report.streamed = true;
  report.end_bytes = 240;
  EXPECT_EQ(line_of(report, "the activations"),
            "the activations of a sample do not fit the unified buffer (64.0 KiB) and stream "
            "through memory: 840 B moved, where inputs and outputs are 240 B");
}

TEST(Table, OneSampleIsOneSample) {
  RunReport report = made_up_report();
  report.samples = 1;
  EXPECT_EQ(line_of(report, "1 sample"),
            "1 sample in batches of 5: digits.gz, pixels scaled to [0, 1]");
}

TEST(Table, WithoutLabelsThereIsNoAccuracy) {
  RunReport report = made_up_report();
  report.accuracy.reset();
  EXPECT_EQ(line_of(report, "accuracy"), "");
}

}  // namespace
}  // namespace systol::test
