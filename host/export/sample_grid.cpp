#include "host/export/sample_grid.h"

#include <fmt/format.h>
#include <png.h>

#include <algorithm>
#include <cmath>
#include <new>
#include <vector>

#include "sim/base/error.h"

namespace systol {
namespace {

constexpr std::size_t kMostPixels = std::size_t{1} << 26;
constexpr std::uint8_t kLine = 96;

struct Pixels {
  std::size_t height = 0;
  std::size_t width = 0;
  std::size_t channels = 1;
  std::vector<std::uint8_t> values;  ///< [height][width][channels]
};

std::uint8_t pixel_of(float value, const ValueRange& range) {
  const float share = (value - range.low) / (range.high - range.low);
  // Written so that what is no number is black.
  return share > 0.0F ? static_cast<std::uint8_t>(std::lround(255.0F * std::min(share, 1.0F))) : 0;
}

/// A sample into its place, whose first pixel is at `row`, `column`.
void place(std::span<const float> sample, const SampleImage& image, const ValueRange& range,
           Pixels& pixels, std::size_t row, std::size_t column) {
  for (std::size_t y = 0; y < image.height; ++y) {
    for (std::size_t x = 0; x < image.width; ++x) {
      for (std::size_t channel = 0; channel < image.channels; ++channel) {
        const std::size_t from = image.channels_first
                                     ? (channel * image.height + y) * image.width + x
                                     : (y * image.width + x) * image.channels + channel;
        const std::size_t to = ((row + y) * pixels.width + column + x) * image.channels + channel;
        pixels.values[to] = pixel_of(sample[from], range);
      }
    }
  }
}

std::string png_of(const Pixels& pixels) {
  png_image head{};
  head.version = PNG_IMAGE_VERSION;
  head.width = static_cast<png_uint_32>(pixels.width);
  head.height = static_cast<png_uint_32>(pixels.height);
  head.format = pixels.channels == 3 ? PNG_FORMAT_RGB : PNG_FORMAT_GRAY;
  png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(head);
  std::string bytes(size, '\0');
  if (png_image_write_to_memory(&head, bytes.data(), &size, 0, pixels.values.data(), 0, nullptr) ==
      0) {
    throw std::bad_alloc();  // nothing else can fail: the memory is the largest that it may need
  }
  bytes.resize(size);
  return bytes;
}

}  // namespace

std::optional<SampleImage> image_of(const Shape& shape) {
  const auto extent = [&](std::size_t axis) { return static_cast<std::size_t>(shape[axis]); };
  const auto is_colour = [](std::size_t channels) { return channels == 1 || channels == 3; };
  std::optional<SampleImage> image;
  if (shape.size() == 1) {
    const auto side = static_cast<std::size_t>(std::lround(std::sqrt(extent(0))));
    if (side * side == extent(0)) {
      image = {side, side};
    }
  } else if (shape.size() == 2) {
    image = {extent(0), extent(1)};
  } else if (shape.size() == 3 && is_colour(extent(2))) {
    image = {extent(0), extent(1), extent(2)};
  } else if (shape.size() == 3 && is_colour(extent(0))) {
    image = {extent(1), extent(2), extent(0), true};
  }
  return image && image->height > 1 && image->width > 1 ? image : std::nullopt;
}

std::string sample_grid_png(std::span<const float> values, const SampleImage& image,
                            const ValueRange& range) {
  const std::size_t size = image.height * image.width * image.channels;
  const std::size_t count = values.size() / size;
  auto columns = static_cast<std::size_t>(std::sqrt(static_cast<double>(count)));
  columns += columns * columns < count ? 1 : 0;
  const std::size_t rows = (count + columns - 1) / columns;
  Pixels pixels{rows * (image.height + 1) + 1, columns * (image.width + 1) + 1, image.channels, {}};
  if (pixels.height > kMostPixels / pixels.width) {
    throw InputError(
        fmt::format("a picture of {} samples of {} x {} pixels is too large: at most "
                    "2^26 pixels are written",
                    count, image.height, image.width));
  }
  pixels.values.resize(pixels.height * pixels.width * image.channels, kLine);
  for (std::size_t i = 0; i < count; ++i) {
    place(values.subspan(i * size, size), image, range, pixels,
          i / columns * (image.height + 1) + 1, i % columns * (image.width + 1) + 1);
  }
  return png_of(pixels);
}

}  // namespace systol
