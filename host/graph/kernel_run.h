// Which of a convolution's weights lie in a run along their depth.
#pragma once

#include <cstdint>

#include "host/graph/graph.h"

namespace systol {

/// Values of a place that follow each other in an image and in the depth of the weights
/// [kernel rows][kernel columns][channels of a group]: those of a row of the kernel, or of a pixel
/// where other values lie between its pixels. Groups of four of sparse weights begin anew in each.
inline std::uint64_t kernel_run(const Convolution& convolution, const Shape& weights) {
  const auto channels = static_cast<std::uint64_t>(weights[2]);
  const bool together = convolution.groups == 1 && convolution.window.dilation[1] == 1;
  return together ? static_cast<std::uint64_t>(weights[1]) * channels : channels;
}

}  // namespace systol
