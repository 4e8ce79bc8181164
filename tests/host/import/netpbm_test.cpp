#include "host/import/netpbm.h"

#include <gtest/gtest.h>

#include "tests/host/import/file_bytes.h"

namespace systol::test {
namespace {

Picture netpbm(const std::string& bytes) {
  TextReader reader(bytes);
  return read_netpbm(reader);
}
std::string netpbm_error(const std::string& bytes) {
  return input_error([&] { netpbm(bytes); });
}

TEST(Netpbm, IsKnownByItsFirstBytes) {
  EXPECT_TRUE(is_netpbm("P5\n"));
  EXPECT_TRUE(is_netpbm("P1#"));
  EXPECT_FALSE(is_netpbm("P7\n")) << "PAM is another format";
  EXPECT_FALSE(is_netpbm("P5"));
  EXPECT_FALSE(is_netpbm("P5x"));
}

TEST(Netpbm, GreyAsTextAndAsBytes) {
  for (const std::string& bytes : {std::string("P2\n# a comment\n3 2 # another\n9\n0 1 2\n3 4 9\n"),
                                   std::string("P5 3 2 9\n\0\1\2\3\4\x09", 15)}) {
    const Picture picture = netpbm(bytes);
    EXPECT_EQ(picture.height, 2U);
    EXPECT_EQ(picture.width, 3U);
    EXPECT_EQ(picture.channels, 1U);
    EXPECT_EQ(picture.white, 9U);
    EXPECT_EQ(picture.samples, (std::vector<std::uint16_t>{0, 1, 2, 3, 4, 9}));
  }
}

TEST(Netpbm, ColoursAsTextAndAsBytes) {
  for (const std::string& bytes :
       {std::string("P3 2 1 255 1 2 3 4 5 6"), std::string("P6 2 1 255\n\1\2\3\4\5\6")}) {
    const Picture picture = netpbm(bytes);
    EXPECT_EQ(picture.channels, 3U);
    EXPECT_EQ(picture.samples, (std::vector<std::uint16_t>{1, 2, 3, 4, 5, 6}));
  }
}

TEST(Netpbm, TwoBytesAPixelAbove255) {
  EXPECT_EQ(netpbm("P5 2 1 65535\n\1\2\xFF\xFF").samples, (std::vector<std::uint16_t>{258, 65535}));
  EXPECT_EQ(netpbm("P5 1 1 256\n\1" + std::string(1, '\0')).samples,
            (std::vector<std::uint16_t>{256}));
}

TEST(Netpbm, BitsOfWhich1IsBlack) {
  for (const std::string& bytes : {std::string("P1\n10 2\n0101010111\n1 1 1 1 1 1 1 1 0 0"),
                                   std::string("P4\n10 2\n\x55\xC0\xFF\x00", 12)}) {
    const Picture picture = netpbm(bytes);
    EXPECT_EQ(picture.white, 1U);
    EXPECT_EQ(picture.samples, (std::vector<std::uint16_t>{1, 0, 1, 0, 1, 0, 1, 0, 0, 0,  //
                                                           0, 0, 0, 0, 0, 0, 0, 0, 1, 1}));
  }
}

TEST(Netpbm, RefusesBytesThatAreMissingOrTooMany) {
  EXPECT_EQ(netpbm_error("P5 3 2 255\n12345"),
            "f: the picture has 6 bytes, but 5 follow its header");
  EXPECT_EQ(netpbm_error("P5 3 2 255\n1234567"),
            "f: the picture has 6 bytes, but 7 follow its header");
  EXPECT_EQ(netpbm_error("P2 3 1 255 1 2"), "f: the picture is cut short: a pixel is missing");
  EXPECT_EQ(netpbm_error("P2 1 1 255 1 2"), "f: something follows the picture");
  EXPECT_EQ(netpbm_error("P1 2 1 1"), "f: the picture is cut short: a pixel is missing");
  EXPECT_EQ(netpbm_error("P5 3"), "f: the picture is cut short: a height is missing");
  EXPECT_EQ(netpbm_error("P5 3 2 255"), "f: the picture has 6 bytes, but 0 follow its header");
}

TEST(Netpbm, RefusesNumbersOutOfRange) {
  EXPECT_EQ(netpbm_error("P5 x 2 255\n"),
            "f: found 'x 2 255\\x0a', allowed: a width, 0 to 16777216");
  EXPECT_EQ(netpbm_error("P5 3 2 65536\n"), "f: found 65536, allowed: a largest value, 0 to 65535");
  EXPECT_EQ(netpbm_error("P5 3 2 0\n"), "f: its largest value is 0; allowed: 1 to 65535");
  EXPECT_EQ(netpbm_error("P2 1 1 9 10"), "f: found 10, allowed: a pixel, 0 to 9");
  EXPECT_EQ(netpbm_error("P5 1 1 9\n\x0A"), "f: a pixel is 10, but the largest value is 9");
  EXPECT_EQ(netpbm_error("P1 2 1 1 2"), "f: found 2, allowed: a pixel, 0 to 1");
  EXPECT_EQ(netpbm_error("P5 99999999999999999999 1 255\n"),
            "f: found 99999999999999999999, allowed: a width, 0 to 16777216");
}

TEST(Netpbm, RefusesHugeSizesBeforeThereIsMemoryForThem) {
  EXPECT_EQ(netpbm_error("P5 4097 4096 255\n"),
            "f: the picture is 4096x4097; allowed: 1 to 16777216 pixels");
  EXPECT_EQ(netpbm_error("P5 0 5 255\n"), "f: the picture is 5x0; allowed: 1 to 16777216 pixels");
}

TEST(Netpbm, RefusesAnotherFile) {
  EXPECT_EQ(netpbm_error("GIF"), "f: not a PBM, PGM or PPM picture");
  EXPECT_EQ(netpbm_error(""), "f: not a PBM, PGM or PPM picture");
}

}  // namespace
}  // namespace systol::test
