#include "host/export/npy_text.h"

#include <gtest/gtest.h>

namespace systol::test {
namespace {

TEST(NpyText, HasAHeaderThatEndsAtA64thByte) {
  const std::string header = npy_header("<f4", {3, 4});
  EXPECT_EQ(header.size() % 64, 0U);
  EXPECT_EQ(header.substr(0, 10), std::string("\x93NUMPY\x01\x00\x76\x00", 10)) << "118 follow";
  EXPECT_EQ(header.substr(10, 59), "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }");
  EXPECT_EQ(header.back(), '\n');
  EXPECT_EQ(npy_header("|i1", Shape(30, 1'000'000)).size() % 64, 0U);
}

TEST(NpyText, AShapeIsATuple) {
  const auto has = [](const Shape& shape, const std::string& text) {
    return npy_header("|i1", shape).find("'shape': " + text + ", }") != std::string::npos;
  };
  EXPECT_TRUE(has({}, "()"));
  EXPECT_TRUE(has({5}, "(5,)"));
  EXPECT_TRUE(has({5, 1, 2}, "(5, 1, 2)"));
}

TEST(NpyText, NumbersAreLittleEndian) {
  const std::string text = npy_text(std::vector<float>{1.0F, -2.0F}, {2});
  EXPECT_EQ(text.substr(text.size() - 8), std::string("\0\0\x80\x3F\0\0\0\xC0", 8));
  EXPECT_EQ(bytes_of(std::vector<std::int8_t>{1, -1}), "\x01\xFF");
}

TEST(NpyText, SamplesAreTheFirstExtent) {
  EXPECT_EQ(with_samples(5, {2, 3}), (Shape{5, 2, 3}));
  EXPECT_EQ(with_samples(5, {}), (Shape{5}));
}

}  // namespace
}  // namespace systol::test
