#include "sim/config/nearest.h"

#include <gtest/gtest.h>

#include <array>

namespace systol {
namespace {

constexpr std::array<std::string_view, 3> kNames = {"rows", "columns", "unified_buffer"};

TEST(Nearest, FindsTypingMistakes) {
  EXPECT_EQ(nearest_name("row", kNames), "rows");
  EXPECT_EQ(nearest_name("rwos", kNames), "rows");
  EXPECT_EQ(nearest_name("Columns", kNames), "columns");
  EXPECT_EQ(nearest_name("unifiedbufer", kNames), "unified_buffer");
}

TEST(Nearest, SuggestsNothingForOtherWords) {
  EXPECT_EQ(nearest_name("banana", kNames), "");
  EXPECT_EQ(nearest_name("", kNames), "");
  EXPECT_EQ(nearest_name(std::string(100'000, 'r'), kNames), "");
  EXPECT_EQ(did_you_mean("banana", kNames), "");
  EXPECT_EQ(did_you_mean("row", kNames), " (did you mean 'rows'?)");
}

TEST(Nearest, QuotesMakeTextPrintableAndShort) {
  EXPECT_EQ(in_quotes("a\nb"), "'a\\x0ab'");
  EXPECT_EQ(in_quotes(std::string(61, 'x')), "'" + std::string(60, 'x') + "...'");
  EXPECT_EQ(in_quotes(std::string(59, 'x') + "\xC3\xA9"), "'" + std::string(59, 'x') + "...'")
      << "not cut inside a character";
}

}  // namespace
}  // namespace systol
