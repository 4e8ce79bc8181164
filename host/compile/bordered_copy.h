// A convolution's input with the borders that its window needs.
#pragma once

#include "host/compile/network.h"

namespace systol {

struct BorderedImage {
  std::size_t item = 0;
  std::uint64_t address = 0;  ///< of the first place's first value
  Layout layout;
};

/// The step's input where it lies with borders, or needs none; otherwise a copy of it with borders,
/// whose commands are appended.
BorderedImage bordered_image(const Group& group, std::size_t step, const Window& window);

}  // namespace systol
