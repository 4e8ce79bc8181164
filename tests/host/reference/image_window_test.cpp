#include "host/reference/image_window.h"

#include <gtest/gtest.h>

#include <vector>

namespace systol {
namespace {

// An image of 2 x 3 places and 2 channels; a window of 2 x 2 with a border above and at the right.
const ImageWindow kImage{2, 3, 2, {2, 2}, {2, 2}, {{1, 2}, {1, 1}, {1, 0}, {0, 1}}};

TEST(ImageWindow, KnowsWhereItsValuesLie) {
  EXPECT_EQ(kImage.taps(), 4);
  EXPECT_EQ(kImage.place_count(), 4);
  EXPECT_EQ(kImage.offset(0, 0), -1) << "above";
  EXPECT_EQ(kImage.offset(0, 2), 0);
  EXPECT_EQ(kImage.offset(0, 3), 2);
  EXPECT_EQ(kImage.offset(1, 2), 4);
  EXPECT_EQ(kImage.offset(1, 3), -1) << "right";
  EXPECT_EQ(kImage.offset(2, 3), 8);
}

TEST(ImageWindow, DilationSpreadsIt) {
  const ImageWindow spread{5, 5, 1, {2, 2}, {1, 1}, {{1, 1}, {3, 4}, {0, 0}, {0, 0}}};
  EXPECT_EQ(spread.offset(0, 3), 3 * 5 + 4);
}

std::vector<std::int64_t> values_of(const ImageWindow& image, std::int64_t place) {
  std::vector<std::int64_t> offsets;
  image.for_each_value(place, [&](std::int64_t offset) { offsets.push_back(offset); });
  return offsets;
}

TEST(ImageWindow, VisitsTheValuesInTheImage) {
  EXPECT_EQ(values_of(kImage, 0), (std::vector<std::int64_t>{0, 2}));
  EXPECT_EQ(values_of(kImage, 1), (std::vector<std::int64_t>{4}));
  EXPECT_EQ(values_of(kImage, 2), (std::vector<std::int64_t>{0, 2, 6, 8}));
  const ImageWindow spread{1, 5, 1, {1, 3}, {1, 1}, {{1, 1}, {1, 2}, {0, 1}, {0, 0}}};
  EXPECT_EQ(values_of(spread, 0), (std::vector<std::int64_t>{1, 3})) << "-1 is left of it";
}

TEST(ImageWindow, MayBeMuchLargerThanTheImage) {
  constexpr std::int64_t kLarge = 1 << 20;
  const ImageWindow image{
      1, 2, 1, {kLarge, kLarge}, {1, 1}, {{1, 1}, {1, 1}, {kLarge - 1, 1}, {0, kLarge}}};
  EXPECT_EQ(values_of(image, 0), (std::vector<std::int64_t>{0, 1}));
}

TEST(ImageWindow, RowsHaveTheirPartOfTheChannels) {
  const std::vector<int> values = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
  std::vector<int> rows(8);
  window_rows(kImage, {1, 2, 1, 1}, values.data(), -5, rows.data());
  EXPECT_EQ(rows, (std::vector<int>{-5, -5, 6, -5, 2, 4, 8, 10}));
}

}  // namespace
}  // namespace systol
