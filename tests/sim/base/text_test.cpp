#include "sim/base/text.h"

#include <gtest/gtest.h>

namespace systol {
namespace {

TEST(Text, OfEveryLengthOfCharacterIsPrintable) {
  for (const std::string text :
       {"", "conv1", "caf\xC3\xA9", "\xE2\x82\xAC 5", "\xF0\x9F\x98\x80"}) {
    EXPECT_EQ(printable(text), text);
    EXPECT_EQ(first_not_utf8(text), text.size());
  }
}

TEST(Text, BytesThatAreNoCharacterAreEscaped) {
  EXPECT_EQ(printable("caf\xE9.onnx"), "caf\\xe9.onnx");             // Latin-1
  EXPECT_EQ(printable("a\xC3"), "a\\xc3");                           // cut short
  EXPECT_EQ(printable("\xC3\x28"), "\\xc3(");                        // no continuation
  EXPECT_EQ(printable("\xC0\xAF"), "\\xc0\\xaf");                    // overlong
  EXPECT_EQ(printable("\xE0\x80\x80"), "\\xe0\\x80\\x80");           // overlong
  EXPECT_EQ(printable("\xED\xA0\x80"), "\\xed\\xa0\\x80");           // a surrogate
  EXPECT_EQ(printable("\xF4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80");  // beyond U+10FFFF
  EXPECT_EQ(printable("\xFF\x80"), "\\xff\\x80");
}

TEST(Text, ControlCharactersAreEscaped) {
  EXPECT_EQ(printable("\x1B[31mred"), "\\x1b[31mred");
  EXPECT_EQ(printable("a\nb\x7F"), "a\\x0ab\\x7f");
  EXPECT_EQ(printable("\xC2\x9B"), "\\xc2\\x9b") << "a terminal takes U+009B for ESC [";
  EXPECT_EQ(printable("\xC2\xA0"), "\xC2\xA0");
  EXPECT_EQ(printable(std::string_view("\0", 1)), "\\x00");
}

TEST(Text, LinesStayLinesWhereTheyMay) {
  EXPECT_EQ(printable_lines("a\n\tb\r\x1B"), "a\n\tb\\x0d\\x1b");
}

TEST(Text, TheFirstByteThatIsNotUtf8IsFound) {
  EXPECT_EQ(first_not_utf8("caf\xC3\xA9 \xE9"), 6U);
  EXPECT_EQ(first_not_utf8("\x80"), 0U);
  EXPECT_EQ(first_not_utf8("ab\xE2\x82"), 2U);
}

TEST(Text, NamesAreOneLine) {
  EXPECT_TRUE(is_printable("/0/Gemm"));
  EXPECT_TRUE(is_printable(""));
  EXPECT_FALSE(is_printable("a\nb"));
  EXPECT_FALSE(is_printable("a\x7f"));
  EXPECT_FALSE(is_printable("caf\xE9"));
  EXPECT_TRUE(is_printable("caf\xC3\xA9"));
}

}  // namespace
}  // namespace systol
