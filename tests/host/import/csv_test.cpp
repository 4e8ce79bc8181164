#include "host/import/csv.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/host/import/file_bytes.h"

namespace systol::test {
namespace {

using Rows = std::vector<std::vector<std::string>>;

Rows rows_of(std::string_view text) {
  CsvReader reader(text, "t.csv");
  Rows rows;
  for (const std::vector<CsvField>* row = &reader.next(); !row->empty(); row = &reader.next()) {
    rows.emplace_back();
    for (const CsvField& field : *row) {
      rows.back().emplace_back(field.text);
    }
  }
  return rows;
}

std::string csv_error(std::string_view text) {
  return input_error([&] { rows_of(text); });
}

TEST(Csv, IsARowALine) {
  EXPECT_EQ(rows_of("1,2\n3,4\n"), (Rows{{"1", "2"}, {"3", "4"}}));
  EXPECT_EQ(rows_of("1,2\n3,4"), (Rows{{"1", "2"}, {"3", "4"}})) << "without a line's end";
  EXPECT_EQ(rows_of("1\r\n2\r\n"), (Rows{{"1"}, {"2"}}));
  EXPECT_EQ(rows_of("1\r"), (Rows{{"1"}}));
  EXPECT_EQ(rows_of(""), Rows{});
}

TEST(Csv, PassesOverBlankLinesAndAByteOrderMark) {
  EXPECT_EQ(rows_of("\xEF\xBB\xBF\n1,2\n\n  \n3,4\n\n"), (Rows{{"1", "2"}, {"3", "4"}}));
  EXPECT_EQ(rows_of("\n\n"), Rows{});
}

TEST(Csv, HasASeparatorThatTheFirstLineShows) {
  EXPECT_EQ(rows_of("1;2\n3;4"), (Rows{{"1", "2"}, {"3", "4"}}));
  EXPECT_EQ(rows_of("1\t2\n3\t4"), (Rows{{"1", "2"}, {"3", "4"}}));
  EXPECT_EQ(rows_of("1,5;2\n"), (Rows{{"1,5", "2"}})) << "a decimal comma is no separator";
  EXPECT_EQ(rows_of("\"a;b\",c\n1,2\n"), (Rows{{"a;b", "c"}, {"1", "2"}})) << "nor one in quotes";
}

TEST(Csv, KeepsEmptyFields) {
  EXPECT_EQ(rows_of(",1,\n,,"), (Rows{{"", "1", ""}, {"", "", ""}}));
  EXPECT_EQ(rows_of("a\tb\n\t\n"), (Rows{{"a", "b"}, {"", ""}}));
}

TEST(Csv, TakesBlanksAndQuotesAway) {
  EXPECT_EQ(rows_of(" 1 ,  \"2\" , \" x\" \n"), (Rows{{"1", "2", " x"}}));
  EXPECT_EQ(rows_of("\"a,\r\nb\",c\n1,2\n"), (Rows{{"a,\r\nb", "c"}, {"1", "2"}}))
      << "a line's end in quotes";
  EXPECT_EQ(rows_of("\"say \"\"x\"\"\",2\n"), (Rows{{"say \"\"x\"\"", "2"}}));
}

TEST(Csv, KnowsThePlaceOfAField) {
  CsvReader reader("\n a,\"b\nc\", d\n1, 22", "t.csv");
  std::vector<CsvField> row = reader.next();
  EXPECT_EQ(row[0].line, 2U);
  EXPECT_EQ(row[0].column, 2U);
  EXPECT_EQ(row[1].line, 2U);
  EXPECT_EQ(row[1].column, 4U);
  EXPECT_EQ(row[2].line, 3U) << "after the line's end in quotes";
  EXPECT_EQ(row[2].column, 5U);
  row = reader.next();
  EXPECT_EQ(row[1].line, 4U);
  EXPECT_EQ(row[1].column, 4U);
  EXPECT_EQ(input_error([&] { reader.fail(row[1], "a name"); }),
            "t.csv:4:4: found '22', allowed: a name");
  EXPECT_EQ(input_error([&] {
              reader.fail({std::string(50, 'x'), 1, 1}, "a name");
            }),
            "t.csv:1:1: found '" + std::string(40, 'x') + "...', allowed: a name");
  EXPECT_EQ(input_error([&] {
              reader.fail({"", 1, 1}, "a name");
            }),
            "t.csv:1:1: found nothing, allowed: a name");
}

TEST(Csv, RefusesAQuoteThatIsNotClosed) {
  EXPECT_EQ(csv_error("1,\"2\n3,4\n"),
            "t.csv:1:3: found '2\\x0a3,4\\x0a', allowed: a quote at its end, too");
  EXPECT_EQ(csv_error("\""), "t.csv:1:1: found nothing, allowed: a quote at its end, too");
  EXPECT_EQ(csv_error("\"\"\""), "t.csv:1:1: found '\"\"', allowed: a quote at its end, too");
}

TEST(Csv, RefusesWhatFollowsAQuote) {
  EXPECT_EQ(csv_error("\"1\" 2,3"),
            "t.csv:1:5: found '2', allowed: ',' or the line's end after a quote");
  EXPECT_EQ(csv_error("\"1\"2\t3"),
            "t.csv:1:4: found '2', allowed: a tab or the line's end after a quote");
}

TEST(Csv, RefusesMoreFieldsThanANetworkHasInputs) {
  EXPECT_EQ(csv_error(std::string(1'000'000, ',')),
            "t.csv:1: more than 1000000 fields; that many are supported");
}

TEST(CsvNumber, IsTheWholeText) {
  EXPECT_EQ(csv_number("12"), 12);
  EXPECT_EQ(csv_number("-1.5e-3"), -0.0015);
  EXPECT_EQ(csv_number("+.5"), 0.5);
  for (const char* text : {"", "+", "+-1", "1 2", "1,5", "0x10", "one", "1e"}) {
    EXPECT_EQ(csv_number(text), std::nullopt) << text;
  }
  EXPECT_TRUE(std::isinf(csv_number("1e999").value()));
  EXPECT_TRUE(std::isinf(csv_number("inf").value()));
  EXPECT_TRUE(std::isnan(csv_number("nan").value()));
}

TEST(CsvHeader, HasTextAndNoNumber) {
  EXPECT_TRUE(is_csv_header({{"a"}, {""}, {"1st"}}));
  EXPECT_FALSE(is_csv_header({{"a"}, {"1"}}));
  EXPECT_FALSE(is_csv_header({{""}}));
  EXPECT_FALSE(is_csv_header({{"nan"}}));
}

}  // namespace
}  // namespace systol::test
