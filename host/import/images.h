// From 8-bit images to a network's inputs.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "host/graph/graph.h"
#include "host/import/idx.h"

namespace systol {

struct PreparedImages {
  std::vector<float> values;  ///< [count][inputs]
  std::string how;            ///< what was done to the pixels and why, for people
};

/// Makes the images a network's inputs: averaged down to a smaller square where the network takes
/// one, then scaled so that 0 to 255 becomes `range`. Without `range` it is the network's own, or
/// else guessed from the number of its inputs. `file` names the images in errors.
PreparedImages prepare_images(const IdxImages& images, const Graph& graph, const std::string& file,
                              std::optional<ValueRange> range = std::nullopt);

/// Averages images [count][height][width] down to [count][to_height][to_width]: each pixel is the
/// mean of the pixels its area touches, from floor(i * height / to_height) up to
/// ceil((i + 1) * height / to_height) (adaptive average pooling, PyTorch's "area").
std::vector<float> average_down(const IdxImages& images, std::size_t to_height,
                                std::size_t to_width);

}  // namespace systol
