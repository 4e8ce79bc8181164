#include "host/cli/parse_options.h"

#include <gtest/gtest.h>

#include "sim/base/error.h"

namespace systol {
namespace {

template <class Parse>
std::string parse_error_of(Parse parse) {
  try {
    parse();
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

void expect_fault(std::string_view text, std::uint32_t row, std::uint32_t column,
                  std::uint32_t bit) {
  const StuckBit fault = parse_fault(text);
  EXPECT_EQ(fault.row, row) << text;
  EXPECT_EQ(fault.column, column) << text;
  EXPECT_EQ(fault.bit, bit) << text;
}

TEST(ParseFault, TakesRowColumnAndBit) {
  expect_fault("pe:3,5", 3, 5, 14);
  expect_fault("pe:3,5:0", 3, 5, 0);
  expect_fault("pe:0,1023:31", 0, 1023, 31);
}

TEST(ParseFault, RefusesAnythingElse) {
  for (const std::string text :
       {"", "pe", "pe:", "pe:3", "pe:3,", "pe:,5", "pe:3,5:", "pe:3,5:32", "pe:3,5:x", "pe:-3,5",
        "pe:3;5", "pe:3,5,7", "pe: 3,5", "3,5", "PE:3,5", "pe:3,5 ", "pe:99999999999,0"}) {
    EXPECT_EQ(parse_error_of([&] { parse_fault(text); }),
              "--inject-fault '" + text +
                  "': expected pe:ROW,COLUMN or pe:ROW,COLUMN:BIT with a bit from 0 to 31, as "
                  "pe:3,5");
  }
}

TEST(ParseImageSize, TakesHeightThenWidth) {
  EXPECT_EQ(parse_image_size("16x8").height, 16U);
  EXPECT_EQ(parse_image_size("16x8").width, 8U);
}

TEST(ParseImageSize, RefusesAnythingElse) {
  for (const std::string text : {"", "16", "x", "16x", "x16", "0x16", "16x0", "-1x4", "16x16x1",
                                 "16 x 16", "16X16", "a4", "99999999999x1"}) {
    EXPECT_EQ(parse_error_of([&] { parse_image_size(text); }),
              "--resize '" + text + "': expected HEIGHTxWIDTH in pixels, as 16x16");
  }
}

TEST(CheckWholeNumber, TakesAllThatFits64Bits) {
  for (const std::string text : {"0", "7", "18446744073709551615"}) {
    EXPECT_EQ(check_whole_number(text), "");
  }
}

TEST(CheckWholeNumber, RefusesAnythingElse) {
  for (const std::string text :
       {"", "-1", "+1", "1.5", "1e3", "0x10", "x", "18446744073709551616"}) {
    EXPECT_EQ(check_whole_number(text),
              "found '" + text + "', allowed: whole numbers from 0 to 18446744073709551615");
  }
}

TEST(ParseTile, IsANumberOrAPlace) {
  EXPECT_FALSE(parse_tile(""));
  EXPECT_EQ(parse_tile("3"), TileRequest(std::uint64_t{3}));
  EXPECT_EQ(parse_tile("0,16,32"), TileRequest(TilePlace{0, 16, 32}));
  for (const std::string_view wrong : {"x", "1,2", "1,2,", "1,2,3,4", "1,2,3 ", "-1"}) {
    EXPECT_THROW(parse_tile(wrong), InputError) << wrong;
  }
}

}  // namespace
}  // namespace systol
