#include "host/report/text_table.h"

#include <gtest/gtest.h>

namespace systol {
namespace {

TEST(TextTable, FirstColumnIsFlushLeftTheOthersFlushRight) {
  TextTable table({"layer", "cycles", "share"});
  table.add({"a", "1", "10.0 %"});
  table.add({"longest name", "12 345 678", "1.0 %"});
  EXPECT_EQ(table.text(),
            "layer             cycles   share\n"
            "--------------------------------\n"
            "a                      1  10.0 %\n"
            "longest name  12 345 678   1.0 %\n");
}

TEST(TextTable, OfAHeaderAloneIsAHeaderAndARule) {
  EXPECT_EQ(TextTable({"a", "b"}).text(), "a  b\n----\n");
}

TEST(TextTable, NoLineEndsInBlanks) {
  TextTable table({"name", "size", "note"});
  table.add({"x", "1", ""});
  table.add({"y", "", ""});
  EXPECT_EQ(table.text(),
            "name  size  note\n"
            "----------------\n"
            "x        1\n"
            "y\n");
}

TEST(TextTable, WidthIsCountedInCharactersNotBytes) {
  TextTable table({"größe", "µ"});
  table.add({"12345", "1"});
  EXPECT_EQ(table.text(),
            "größe  µ\n"
            "--------\n"
            "12345  1\n");
}

}  // namespace
}  // namespace systol
