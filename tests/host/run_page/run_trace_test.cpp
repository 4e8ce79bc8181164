#include "host/run_page/run_trace.h"

#include <gtest/gtest.h>

#include "tests/host/report/made_up_report.h"

namespace systol::test {
namespace {

/// 32 bytes in the buffer from cycle 20 to cycle 70, in a run of 100 cycles.
RunTrace trace_of_a_load_and_a_store() {
  RunReport report = made_up_report();
  report.cycles = Cycles(100);
  EnergyTable table;
  const EnergyFigure access{Picojoules(1), "1 pJ", FigureStatus::Assumption, "made up"};
  table.sram = {{Bytes(1024), access}, {Bytes(1 << 24), access}};
  table.memories = {{"lpddr4", access, access, {}, {}, {}, {}}};
  RunTracer tracer(report.array, table);
  for (RunObserver* observer : tracer.observers()) {
    observer->begin_run(std::vector<std::string>{"fc1", "fc2"});
  }
  isa::Load load;
  load.buffer = {0, 4, 16};
  load.piece_bytes = 8;
  isa::Store store;
  store.buffer = {0, 4, 16};
  store.piece_bytes = 8;
  for (RunObserver* observer : tracer.observers()) {
    observer->completed(0, {load, {}, {}, {}}, Cycles(10), Cycles(20));
    observer->completed(1, {store, {}, {}, {}}, Cycles(60), Cycles(70));
  }
  return tracer.take(report);
}

TEST(RunTrace, TheBufferIsThatOfEachWindow) {
  const RunTrace trace = trace_of_a_load_and_a_store();
  EXPECT_EQ(trace.window, Cycles(16));
  EXPECT_EQ(trace.buffer, (std::vector<std::int64_t>{0, 32, 32, 32, 32, 0, 0}));
  EXPECT_EQ(trace.windows.size(), 7U) << "windows in which nothing happened are there, too";
}

TEST(RunTrace, TheExcerptHasTheCommands) {
  const RunTrace trace = trace_of_a_load_and_a_store();
  ASSERT_EQ(trace.excerpt.commands.size(), 2U);
  EXPECT_EQ(trace.excerpt.commands[1].end, Cycles(70));
  EXPECT_EQ(trace.excerpt.nodes, (std::vector<std::string>{"fc1", "fc2"}));
}

}  // namespace
}  // namespace systol::test
