#include "host/cli/progress_line.h"

#include <gtest/gtest.h>

#include <string>

namespace systol {
namespace {

using std::chrono::milliseconds;

class ProgressLineTest : public ::testing::Test {
 protected:
  /// What is written that long after the beginning.
  std::string at(int milliseconds_gone, double done, const std::string& step = "simulating",
                 const std::string& name = "conv1") {
    return line_.at({step, ProgressPosition{2, 54, name, Cycles(1234567), done}},
                    begin_ + milliseconds(milliseconds_gone));
  }
  static std::string erased(const std::string& text) { return "\r\x1b[K" + text; }

  ProgressLine line_{80};
  ProgressLine::Time begin_{milliseconds(5'000'000)};
};

TEST_F(ProgressLineTest, SaysNothingInTheFirstSecond) {
  EXPECT_EQ(at(0, 0), "");
  EXPECT_EQ(at(999, 0.4), "");
  EXPECT_EQ(line_.end(), "") << "and there is nothing to take away";
}

TEST_F(ProgressLineTest, SaysLayerCycleAndTimeLeft) {
  at(0, 0);
  EXPECT_EQ(at(1000, 0.25),
            erased("systol: simulating: layer 2 of 54, cycle 1 234 567, 25 %, 3 s left: conv1"));
  EXPECT_EQ(line_.end(), erased(""));
  EXPECT_EQ(line_.end(), "");
}

TEST_F(ProgressLineTest, IsWrittenTenTimesASecond) {
  at(0, 0);
  EXPECT_NE(at(1000, 0.25), "");
  EXPECT_EQ(at(1099, 0.26), "");
  EXPECT_NE(at(1100, 0.27), "");
}

TEST_F(ProgressLineTest, CountsTheTimeOfEachStepForItself) {
  at(0, 0, "calibrating");
  at(4000, 0.9, "calibrating");
  at(5000, 0, "simulating");
  EXPECT_EQ(at(6000, 0.5, "simulating"),
            erased("systol: simulating: layer 2 of 54, cycle 1 234 567, 50 %, 1 s left: conv1"));
}

TEST_F(ProgressLineTest, OfAStepThatBeginsAgainCountsAgain) {
  at(0, 0);
  at(10000, 1);
  at(11000, 0);
  EXPECT_NE(at(13000, 0.5).find("50 %, 2 s left"), std::string::npos);
}

TEST_F(ProgressLineTest, SaysNothingOfTheTimeBeforeAHundredthIsDone) {
  at(0, 0);
  EXPECT_EQ(at(1000, 0.009), erased("systol: simulating: layer 2 of 54, cycle 1 234 567: conv1"));
}

TEST_F(ProgressLineTest, SaysLongTimesInMinutesAndHours) {
  at(0, 0);
  EXPECT_NE(at(100'000, 0.5).find(", 2 min left"), std::string::npos);
  EXPECT_NE(at(7'200'000, 0.5).find(", 2 h left"), std::string::npos);
}

TEST_F(ProgressLineTest, FitsTheTerminalInWholeCharacters) {
  at(0, 0);
  const std::string line = at(1000, 0.25, "simulating", "a caf\xC3\xA9 xy\xC3\xA9");
  // 79 columns would end in the middle of the second accent.
  EXPECT_EQ(line, erased("systol: simulating: layer 2 of 54, cycle 1 234 567, 25 %, 3 s left: "
                         "a caf\xC3\xA9 xy"));
}

TEST_F(ProgressLineTest, ShowsNoControlCharactersOfANetworksNames) {
  at(0, 0);
  EXPECT_NE(at(1000, 0.25, "simulating", "a\x1b[m").find("a\\x1b[m"), std::string::npos);
}

TEST_F(ProgressLineTest, AStepWithoutAPositionIsALineThatStays) {
  at(0, 0);
  at(1000, 0.25);
  EXPECT_EQ(line_.at({"compiling the RTL of 3x5", {}}, begin_ + milliseconds(1001)),
            erased("systol: compiling the RTL of 3x5\n"));
}

TEST_F(ProgressLineTest, IsGoneWhenTheWorkIsOver) {
  at(0, 0);
  at(1000, 0.25);
  EXPECT_EQ(line_.at({}, begin_ + milliseconds(1001)), erased(""));
  EXPECT_EQ(at(1500, 0), "") << "what follows has a first second of its own";
}

}  // namespace
}  // namespace systol
