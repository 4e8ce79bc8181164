// The activation unit's commands: one at a time, for as long as hw/TIMING.md says.
#include <gtest/gtest.h>

#include "tests/sim/systemc/small_machine.h"

namespace systol::test {
namespace {

TEST(Activate, SetChannelsTakesNineCycles) {
  for (const std::uint32_t columns : {1U, 4U}) {
    Script script;
    script(channels(columns))(channels(columns));
    const Outcome outcome = run(script);
    EXPECT_EQ(outcome.at(0), (Span{0, 9}));
    EXPECT_EQ(outcome.at(1), (Span{9, 18}));
  }
}

TEST(Activate, SetTableTakesACyclePerColumnsEntries) {
  for (const auto& [columns, cycles] :
       {std::pair{1U, 256U}, {3U, 86U}, {4U, 64U}, {255U, 2U}, {256U, 1U}, {300U, 1U}}) {
    Script script;
    script(isa::SetTable{512});
    EXPECT_EQ(run(script, small_array(2, columns)).at(0), (Span{0, cycles})) << columns;
  }
}

TEST(Activate, RowsTakeOneCycleEachAndFiveMore) {
  for (const std::uint32_t rows : {1U, 2U, 30U}) {
    Script script;
    script(channels())(activate(rows, 256));
    EXPECT_EQ(run(script).at(1), (Span{9, 9 + rows + 5}));
  }
}

TEST(Activate, RowsThatAreAddedToOthersTakeOneCycleEachAndSevenMore) {
  for (const std::uint32_t rows : {1U, 2U, 30U}) {
    Script script;
    script(channels())(activate_add(rows, 256, 1024))(activate(1, 512));
    const Outcome outcome = run(script);
    EXPECT_EQ(outcome.at(1), (Span{9, 9 + rows + 7}));
    EXPECT_EQ(outcome.at(2), (Span{9 + rows + 7, 9 + rows + 7 + 6}));
  }
}

TEST(Activate, NextCommandStartsWhenTheLastResultIsInTheBuffer) {
  Script script;
  script(channels())(activate(3, 256))(channels())(activate(1, 512));
  const Outcome outcome = run(script);
  EXPECT_EQ(outcome.at(1), (Span{9, 17}));
  EXPECT_EQ(outcome.at(2), (Span{17, 26}));
  EXPECT_EQ(outcome.at(3), (Span{26, 32}));
}

TEST(Activate, WaitsForTheMatmulWhoseRowsItReads) {
  Script script;
  script(tile())(matmul(4), {.signal = {Unit::Activate}})(channels())(activate(4, 256),
                                                                      {.wait = {Unit::Matrix}});
  const Outcome outcome = run(script);
  EXPECT_EQ(outcome.at(1), (Span{2, 14}));
  EXPECT_EQ(outcome.at(3), (Span{14, 14 + 4 + 5}));
}

TEST(Activate, AStoreThatWaitsForItFindsAllRows) {
  Script script;
  script(channels())(activate(2, 256), {.signal = {Unit::Store}})(store(8, 256),
                                                                  {.wait = {Unit::Activate}});
  const Outcome outcome = run(script);
  EXPECT_EQ(outcome.at(1), (Span{9, 16}));
  EXPECT_EQ(outcome.at(2), (Span{16, 17}));
}

TEST(Activate, TransposedRowsTakeOneCycleEachAndFiveMoreWithoutSetChannels) {
  for (const std::uint32_t rows : {1U, 2U, 30U}) {
    for (const std::uint32_t columns : {1U, 4U}) {
      Script script;
      script(activate_transposed(rows, 256, columns))(activate_transposed(1, 512, columns));
      const Outcome outcome = run(script);
      EXPECT_EQ(outcome.at(0), (Span{0, rows + 5})) << rows << " rows of " << columns;
      EXPECT_EQ(outcome.at(1), (Span{rows + 5, rows + 11}));
    }
  }
}

TEST(Activate, TransposedWaitsForTheMatmulWhoseRowsItReads) {
  Script script;
  script(tile())(matmul(4), {.signal = {Unit::Activate}})(activate_transposed(4, 256),
                                                          {.wait = {Unit::Matrix}});
  const Outcome outcome = run(script);
  EXPECT_EQ(outcome.at(1), (Span{2, 14}));
  EXPECT_EQ(outcome.at(2), (Span{14, 14 + 4 + 5}));
}

}  // namespace
}  // namespace systol::test
