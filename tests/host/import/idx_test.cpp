#include "host/import/idx.h"

#include <gtest/gtest.h>

#include "tests/host/import/file_bytes.h"

namespace systol::test {
namespace {

ArrayHeader idx_header(const std::string& bytes) {
  TextReader reader(bytes);
  return read_idx_header(reader);
}

std::string idx_error(const std::string& bytes) {
  return input_error([&] { idx_header(bytes); });
}

TEST(Idx, BeginsWithTwoZeroBytes) {
  EXPECT_TRUE(is_idx(idx(8, {1}, "x")));
  EXPECT_FALSE(is_idx("GIF89a"));
  EXPECT_FALSE(is_idx(""));
}

TEST(Idx, HasATypeAndExtentsWithTheMostSignificantByteFirst) {
  const ArrayHeader header = idx_header(idx(8, {2, 300, 3}, ""));
  EXPECT_EQ(header.kind, "IDX");
  EXPECT_EQ(header.format, (NumberFormat{NumberType::Uint8, true}));
  EXPECT_EQ(header.shape, (Shape{2, 300, 3}));
}

TEST(Idx, HasSixTypes) {
  const auto type = [](int code) { return idx_header(idx(code, {1}, "")).format.type; };
  EXPECT_EQ(type(0x08), NumberType::Uint8);
  EXPECT_EQ(type(0x09), NumberType::Int8);
  EXPECT_EQ(type(0x0B), NumberType::Int16);
  EXPECT_EQ(type(0x0C), NumberType::Int32);
  EXPECT_EQ(type(0x0D), NumberType::Float32);
  EXPECT_EQ(type(0x0E), NumberType::Float64);
}

TEST(Idx, RefusesAnotherType) {
  EXPECT_EQ(
      idx_error(idx(0x0A, {1}, "x")),
      "f: its IDX type is 0x0a; allowed: 0x08 (uint8), 0x09 (int8), 0x0b (int16), 0x0c (int32), "
      "0x0d (float32), 0x0e (float64)");
}

TEST(Idx, RefusesAHeaderThatIsCutShort) {
  const std::string whole = idx(8, {2, 3}, "");
  for (std::size_t length = 0; length < whole.size(); ++length) {
    EXPECT_EQ(idx_error(whole.substr(0, length)), "f: the IDX header is cut short") << length;
  }
  EXPECT_EQ(idx_error(whole), "no error");
}

TEST(Idx, RefusesExtentsThatLie) {
  EXPECT_EQ(idx_error(idx(8, {0, 3}, "")), "f: an IDX dimension is 0 (0 x 3)");
  EXPECT_EQ(
      idx_error(idx(8, {0xFFFFFFFF, 0xFFFFFFFF}, "")),
      "f: the IDX header asks for 4294967295 x 4294967295 numbers, more than a file can have");
}

}  // namespace
}  // namespace systol::test
