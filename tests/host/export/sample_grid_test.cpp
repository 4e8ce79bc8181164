#include "host/export/sample_grid.h"

#include <gtest/gtest.h>
#include <png.h>

#include <vector>

namespace systol {
namespace {

struct Decoded {
  std::size_t height = 0;
  std::size_t width = 0;
  std::vector<std::uint8_t> values;
};

Decoded decoded(const std::string& bytes, png_uint_32 format) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  EXPECT_NE(png_image_begin_read_from_memory(&image, bytes.data(), bytes.size()), 0);
  image.format = format;
  std::vector<std::uint8_t> values(PNG_IMAGE_SIZE(image));
  EXPECT_NE(png_image_finish_read(&image, nullptr, values.data(), 0, nullptr), 0);
  return {image.height, image.width, values};
}

TEST(SampleGrid, HasSamplesRowByRowWithLinesBetweenThem) {
  // Three samples of 2 x 2: two beside each other, one below; -1 is black, 1 white.
  const std::vector<float> values{-1, 1, 0, 7, 1, 1, 1, 1, -9, -1, -1, -1};
  const Decoded grid = decoded(sample_grid_png(values, {2, 2}, {-1, 1}), PNG_FORMAT_GRAY);
  EXPECT_EQ(grid.height, 7U);
  EXPECT_EQ(grid.width, 7U);
  constexpr std::uint8_t l = 96;
  EXPECT_EQ(grid.values, (std::vector<std::uint8_t>{l, l,   l,   l, l,   l,   l,  //
                                                    l, 0,   255, l, 255, 255, l,  //
                                                    l, 128, 255, l, 255, 255, l,  //
                                                    l, l,   l,   l, l,   l,   l,  //
                                                    l, 0,   0,   l, l,   l,   l,  //
                                                    l, 0,   0,   l, l,   l,   l,  //
                                                    l, l,   l,   l, l,   l,   l}));
}

TEST(SampleGrid, TakesColoursWhereverTheyAre) {
  const std::vector<float> last{1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 1, 1};
  const std::vector<float> first{1, 0, 0, 1, 0, 1, 0, 1, 0, 0, 1, 1};
  EXPECT_EQ(sample_grid_png(last, *image_of({2, 2, 3}), {}),
            sample_grid_png(first, *image_of({3, 2, 2}), {}));
}

TEST(SampleGrid, IsOfShapesThatAreImages) {
  EXPECT_EQ(image_of({784})->width, 28U);
  EXPECT_EQ(image_of({4, 5})->width, 5U);
  EXPECT_EQ(image_of({1, 4, 5})->height, 4U);
  for (const Shape& shape : std::vector<Shape>{{785}, {1}, {10, 1}, {4, 4, 4}, {2, 2, 2, 3}}) {
    EXPECT_FALSE(image_of(shape)) << to_string(shape);
  }
}

}  // namespace
}  // namespace systol
