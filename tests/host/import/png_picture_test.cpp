#include "host/import/png_picture.h"

#include <gtest/gtest.h>

#include "tests/host/import/file_bytes.h"
#include "tests/host/import/png_writer.h"

namespace systol::test {
namespace {

using Samples16 = std::vector<std::uint16_t>;

Picture png_of(const std::string& bytes) {
  TextReader reader(bytes);
  return read_png(reader);
}
std::string png_error(const std::string& bytes) {
  return input_error([&] { png_of(bytes); });
}

/// The chunk's checksum after its name and data.
std::string chunk(const std::string& name, const std::string& data) {
  const std::string checked = name + data;
  return big(data.size(), 4) + checked +
         big(crc32(0, reinterpret_cast<const Bytef*>(checked.data()),
                   static_cast<uInt>(checked.size())),
             4);
}
std::string png_start(std::uint32_t width, std::uint32_t height) {
  return "\x89PNG\r\n\x1A\n" +
         chunk("IHDR", big(width, 4) + big(height, 4) + std::string("\x08\0\0\0\0", 5));
}

TEST(Png, IsKnownByItsFirstBytes) {
  EXPECT_TRUE(is_png(png(1, {"x"})));
  EXPECT_FALSE(is_png("\x89PNG"));
}

TEST(Png, GreyIsItsNumbers) {
  const Picture picture = png_of(png(3, {std::string("\0\x7F\xFF", 3), "\1\2\3"}));
  EXPECT_EQ(picture.height, 2U);
  EXPECT_EQ(picture.width, 3U);
  EXPECT_EQ(picture.channels, 1U);
  EXPECT_EQ(picture.white, 255U);
  EXPECT_EQ(picture.samples, (Samples16{0, 127, 255, 1, 2, 3}));
  EXPECT_FALSE(picture.had_alpha);
}

TEST(Png, ColoursStandBesideEachOther) {
  const Picture picture = png_of(png(2, {"\1\2\3\4\5\6"}, {PNG_COLOR_TYPE_RGB}));
  EXPECT_EQ(picture.channels, 3U);
  EXPECT_EQ(picture.samples, (Samples16{1, 2, 3, 4, 5, 6}));
}

TEST(Png, APaletteBecomesItsColours) {
  const Picture picture = png_of(png(2, {"\2\1"}, {PNG_COLOR_TYPE_PALETTE}));
  EXPECT_EQ(picture.samples, (Samples16{255, 0, 1, 10, 20, 30}));
}

TEST(Png, SixteenBitsAreTheMostSignificantByteFirst) {
  const Picture picture = png_of(png(2, {"\1\2\xFF\xFE"}, {PNG_COLOR_TYPE_GRAY, 16}));
  EXPECT_EQ(picture.white, 65535U);
  EXPECT_EQ(picture.samples, (Samples16{258, 65534}));
}

TEST(Png, FewBitsAreSpreadOverEight) {
  EXPECT_EQ(png_of(png(4, {"\xA0"}, {PNG_COLOR_TYPE_GRAY, 1})).samples,
            (Samples16{255, 0, 255, 0}));
  EXPECT_EQ(png_of(png(2, {"\x60"}, {PNG_COLOR_TYPE_GRAY, 2})).samples, (Samples16{85, 170}));
}

TEST(Png, MayBeInterlaced) {
  std::vector<std::string> rows;
  Samples16 expected;
  for (int y = 0; y < 9; ++y) {
    rows.emplace_back();
    for (int x = 0; x < 11; ++x) {
      rows.back() += static_cast<char>(y * 11 + x);
      expected.push_back(static_cast<std::uint16_t>(y * 11 + x));
    }
  }
  EXPECT_EQ(png_of(png(11, rows, {PNG_COLOR_TYPE_GRAY, 8, true})).samples, expected);
}

TEST(Png, AGammaChangesNoNumber) {
  EXPECT_EQ(png_of(png(2, {"\x40\x80"}, {PNG_COLOR_TYPE_GRAY, 8, false, true})).samples,
            (Samples16{64, 128}));
  EXPECT_EQ(png_of(png(1, {"\x40\x80"}, {PNG_COLOR_TYPE_GRAY, 16, false, true})).samples,
            (Samples16{0x4080}));
}

/// Number times alpha over 255, rounded.
TEST(Png, WhatIsTransparentIsShownOnBlack) {
  const Picture grey =
      png_of(png(3, {std::string("\x64\xFF\x64\x80\x64\0", 6)}, {PNG_COLOR_TYPE_GRAY_ALPHA}));
  EXPECT_EQ(grey.channels, 1U);
  EXPECT_EQ(grey.samples, (Samples16{100, 50, 0}));
  EXPECT_TRUE(grey.had_alpha);
  const Picture opaque = png_of(png(1, {"\1\2\3\xFF"}, {PNG_COLOR_TYPE_RGB_ALPHA}));
  EXPECT_EQ(opaque.samples, (Samples16{1, 2, 3}));
  EXPECT_FALSE(opaque.had_alpha) << "an alpha channel in which nothing is transparent";
}

TEST(Png, RefusesOneThatIsCutShortAnywhere) {
  const std::string whole = png(3, {"abc", "def"});
  for (std::size_t length = 8; length < whole.size(); ++length) {
    EXPECT_EQ(png_error(whole.substr(0, length)).rfind("f: the PNG is damaged (", 0), 0U)
        << length << ": " << png_error(whole.substr(0, length));
  }
  EXPECT_EQ(png_error(whole.substr(0, 20)), "f: the PNG is damaged (cut short)");
}

TEST(Png, RefusesOneThatIsDamaged) {
  std::string damaged = png(3, {"abc", "def"});
  damaged[45] = static_cast<char>(damaged[45] ^ 1);
  EXPECT_EQ(png_error(damaged).rfind("f: the PNG is damaged (", 0), 0U) << png_error(damaged);
  EXPECT_EQ(png_error("text"), "f: the PNG is damaged (cut short)");
}

TEST(Png, RefusesHugeSizesBeforeThereIsMemoryForThem) {
  EXPECT_EQ(png_error(png_start(1'000'000, 1'000'000) + chunk("IDAT", "x") + chunk("IEND", "")),
            "f: the picture is 1000000x1000000; allowed: 1 to 16777216 pixels");
  EXPECT_EQ(png_error(png_start(4097, 4096) + chunk("IDAT", "x") + chunk("IEND", "")),
            "f: the picture is 4096x4097; allowed: 1 to 16777216 pixels");
  EXPECT_EQ(png_error(png_start(0, 5)).rfind("f: the PNG is damaged (", 0), 0U);
}

}  // namespace
}  // namespace systol::test
