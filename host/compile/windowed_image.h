// A convolution's input as its windows see it.
#pragma once

#include "host/compile/frame.h"

namespace systol {

struct WindowedImage {
  std::size_t item = 0;
  std::uint64_t address = 0;  ///< of the first window's first value
  std::uint64_t sample_bytes = 0;
  std::uint64_t row_bytes = 0;
  bool whole = true;  ///< whether the item's values count from the image's first one
};

/// How a copy of a convolution's input lies that has the borders which its windows need.
Layout copied_layout(const Plan& plan, const Step& step);

/// The frame's first input where it lies with the borders that the window needs; otherwise a copy
/// of it with borders, whose commands are appended.
WindowedImage windowed_image(const Frame& frame, const Window& window);

}  // namespace systol
