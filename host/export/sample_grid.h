// Samples that are images, side by side in one picture.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>

#include "host/graph/graph.h"
#include "host/graph/shape.h"

namespace systol {

struct SampleImage {
  std::size_t height = 0;
  std::size_t width = 0;
  std::size_t channels = 1;     ///< 1: grey, 3: red, green, blue
  bool channels_first = false;  ///< [channels][height][width], else [height][width][channels]
};

/// An image of at least 2 x 2 pixels, of one or three channels wherever they are; [height][width]
/// is grey, and so is a square number of values in one axis. Nothing of other shapes.
std::optional<SampleImage> image_of(const Shape& shape);

/// The bytes of a PNG of 8 bits: as many samples beside each other as below each other, or one
/// more, with lines between them. `range` becomes black to white, and what is outside of it one of
/// them. `values` are [samples][values of an image]. Throws InputError for a picture of more than
/// 2^26 pixels.
std::string sample_grid_png(std::span<const float> values, const SampleImage& image,
                            const ValueRange& range);

}  // namespace systol
