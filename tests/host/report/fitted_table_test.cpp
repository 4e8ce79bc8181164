#include "host/report/fitted_table.h"

#include <gtest/gtest.h>

#include <array>

namespace systol {
namespace {

constexpr std::array<std::string_view, 3> kLeast = {"c", "none", "b"};

FittedTable small_table() {
  FittedTable table({"a", "b", "c", "d"});
  table.add({"1111", "22", "3", "4"});
  return table;
}

TEST(FittedTable, IsWholeWhereThereIsRoom) {
  const std::string whole =
      "a      b  c  d\n"
      "--------------\n"
      "1111  22  3  4\n";
  EXPECT_EQ(small_table().text(kAnyWidth, kLeast), whole);
  EXPECT_EQ(small_table().text(14, kLeast), whole);
}

TEST(FittedTable, LeavesOutTheLeastAndSaysSo) {
  EXPECT_EQ(small_table().text(13, kLeast),
            "a      b  d\n"
            "-----------\n"
            "1111  22  4\n"
            "not shown in this width: c\n");
  EXPECT_EQ(small_table().text(1, kLeast),
            "a     d\n"
            "-------\n"
            "1111  4\n"
            "not shown in this width: c, b\n")
      << "the others stay";
}

}  // namespace
}  // namespace systol
