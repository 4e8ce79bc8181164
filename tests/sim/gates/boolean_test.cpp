#include "sim/gates/boolean.h"

#include <gtest/gtest.h>

#include <vector>

#include "sim/base/error.h"

namespace systol::gates {
namespace {

std::uint64_t table(std::string_view function, std::vector<std::string> inputs) {
  const std::uint64_t all = (std::uint64_t{1} << (std::size_t{1} << inputs.size())) - 1;
  return truth_table(function, inputs) & all;
}

TEST(TruthTable, OperatorsBindAsInLiberty) {
  EXPECT_EQ(table("A", {"A"}), 0b10U);
  EXPECT_EQ(table("!A", {"A"}), 0b01U);
  EXPECT_EQ(table("A'", {"A"}), 0b01U);
  EXPECT_EQ(table("(A B)", {"A", "B"}), 0b1000U);
  EXPECT_EQ(table("A*B", {"A", "B"}), 0b1000U);
  EXPECT_EQ(table("A+B", {"A", "B"}), 0b1110U);
  EXPECT_EQ(table("(!(A^B))", {"A", "B"}), 0b1001U);
  EXPECT_EQ(table("(!((A B)+C))", {"A", "B", "C"}), 0b00000111U);
  EXPECT_EQ(table("(((A B)+(B C))+(C A))", {"A", "B", "C"}), 0b11101000U);
  EXPECT_EQ(table("(!((S A) + (!S B)))", {"A", "B", "S"}), 0b01010011U);
}

TEST(TruthTable, RefusesWhatIsNoFunctionOfItsInputs) {
  EXPECT_THROW(table("A B C", {"A", "B"}), InputError);
  EXPECT_THROW(table("(A", {"A"}), InputError);
  EXPECT_THROW(table("", {"A"}), InputError);
  EXPECT_THROW(truth_table("A", std::vector<std::string>(7, "A")), InputError);
}

}  // namespace
}  // namespace systol::gates
