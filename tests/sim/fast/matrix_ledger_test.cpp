#include "sim/fast/matrix_ledger.h"

#include <gtest/gtest.h>

namespace systol {
namespace {

TEST(MatrixLedger, NoCommandIsNonMatrixWhileSomethingIsInFlightAndIdleOtherwise) {
  MatrixLedger ledger(1, nullptr);
  ledger.in_flight(Cycles(2), Cycles(5));
  ledger.in_flight(Cycles(4), Cycles(6));
  ledger.in_flight(Cycles(8), Cycles(9));
  ledger.no_command(Cycles(12));
  EXPECT_EQ(ledger.nodes()[0][CycleClass::NonMatrix], Cycles(5));
  EXPECT_EQ(ledger.nodes()[0][CycleClass::Idle], Cycles(7));
  EXPECT_EQ(ledger.now(), Cycles(12));
}

TEST(MatrixLedger, AStallThatIsPastCostsNothing) {
  MatrixLedger ledger(2, nullptr);
  ledger.stall(1, CycleClass::InputStall, Cycles(10));
  ledger.stall(1, CycleClass::RawStall, Cycles(7));
  ledger.feed(1, Cycles(14));
  EXPECT_EQ(ledger.nodes()[1][CycleClass::InputStall], Cycles(10));
  EXPECT_EQ(ledger.nodes()[1][CycleClass::RawStall], Cycles(0));
  EXPECT_EQ(ledger.nodes()[1][CycleClass::ArrayActive], Cycles(4));
  EXPECT_EQ(ledger.nodes()[0].total(), Cycles(0));
}

TEST(MatrixLedger, CyclesWithoutACommandBelongToTheLayerThatFedLast) {
  MatrixLedger ledger(2, nullptr);
  ledger.in_flight(Cycles(0), Cycles(9));
  ledger.feed(1, Cycles(3));
  ledger.no_command(Cycles(9));
  EXPECT_EQ(ledger.nodes()[1][CycleClass::NonMatrix], Cycles(6));
}

}  // namespace
}  // namespace systol
