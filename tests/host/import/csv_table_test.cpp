#include "host/import/csv_table.h"

#include <gtest/gtest.h>

#include "tests/host/import/file_bytes.h"

namespace systol::test {
namespace {

SampleFile table(const std::string& text, std::size_t most = 1000) {
  TextReader reader(text);
  return read_csv_samples(reader, most);
}
std::string table_error(const std::string& text, std::size_t most = 1000) {
  return input_error([&] { table(text, most); });
}
std::vector<std::uint32_t> label_table(const std::string& text) {
  TextReader reader(text);
  return read_csv_labels(reader);
}
std::string label_error(const std::string& text) {
  return input_error([&] { label_table(text); });
}

TEST(CsvTable, HasASampleARow) {
  const SampleFile file = table("1,2.5\n-3,4e2\n");
  EXPECT_EQ(file.count, 2U);
  EXPECT_EQ(file.shape, (Shape{2}));
  EXPECT_EQ(file.values, (std::vector<float>{1, 2.5, -3, 400}));
  EXPECT_EQ(file.white, std::nullopt) << "no pixels";
  EXPECT_EQ(file.how, "2 columns without a header");
}

TEST(CsvTable, PassesOverAHeader) {
  const SampleFile file = table("x\n1\n");
  EXPECT_EQ(file.values, (std::vector<float>{1}));
  EXPECT_EQ(file.how, "1 column with a header");
}

TEST(CsvTable, KeepsTheFirstAndReadsAll) {
  EXPECT_EQ(table("1\n2\n3\n", 2).values, (std::vector<float>{1, 2}));
  EXPECT_EQ(table("1\n2\n3\n", 2).count, 3U);
  EXPECT_EQ(table_error("1\n2\nx\n", 2),
            "f:3:1: found 'x', allowed: a number, written with a point");
}

TEST(CsvTable, NamesWhatIsNoNumber) {
  EXPECT_EQ(table_error("1,2\n3,abc\n"),
            "f:2:3: found 'abc', allowed: a number, written with a point");
  EXPECT_EQ(table_error("1;2\n3;4,5\n"),
            "f:2:3: found '4,5', allowed: a number, written with a point");
  EXPECT_EQ(table_error("1,2\n3,\n"),
            "f:2:3: found nothing, allowed: a number, written with a point");
  EXPECT_EQ(table_error("a,1\n3,4\n"), "f:1:1: found 'a', allowed: a number, written with a point")
      << "a header has no number";
  EXPECT_EQ(table_error("1 2\n3 4\n"),
            "f:2:1: found '3 4', allowed: a number, written with a point")
      << "a blank is no separator";
}

TEST(CsvTable, NamesNumbersThatAreNotFinite) {
  for (const std::string text : {"nan", "inf", "1e39", "-1e999"}) {
    EXPECT_EQ(table_error("1\n" + text),
              "f:2:1: found '" + text + "', allowed: finite numbers that float32 can hold");
  }
}

TEST(CsvTable, NamesALineOfAnotherLength) {
  EXPECT_EQ(table_error("1,2\n\n3,4,5\n"),
            "f:3: found 3 columns, allowed: 2, as the first line has");
  EXPECT_EQ(table_error("a,b\n1\n"), "f:2: found 1 columns, allowed: 2, as the first line has");
}

TEST(CsvTable, NeedsARow) {
  EXPECT_EQ(table_error(""), "f: the file is empty");
  EXPECT_EQ(table_error("\n \n"), "f: the file is empty");
  EXPECT_EQ(table_error("a,b\n"), "f: nothing follows the header");
}

TEST(CsvLabels, AreAWholeNumberALine) {
  EXPECT_EQ(label_table("3\n0\n 1000 \n"), (std::vector<std::uint32_t>{3, 0, 1000}));
  EXPECT_EQ(label_table("label\r\n3\r\n"), (std::vector<std::uint32_t>{3}));
}

TEST(CsvLabels, NameWhatIsNone) {
  for (const std::string text : {"-1", "1.5", "cat", "4294967296", "1e2"}) {
    EXPECT_EQ(label_error("1\n" + text),
              "f:2:1: found '" + text + "', allowed: a label: a whole number from 0 on");
  }
  EXPECT_EQ(label_error("1,2\n"), "f: it has 2 columns; labels have one");
  EXPECT_EQ(label_error("1\n2,3\n"), "f:2: found 2 columns, allowed: 1, as the first line has");
}

}  // namespace
}  // namespace systol::test
