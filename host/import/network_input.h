// From the samples of a file to a network's inputs.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "host/graph/graph.h"
#include "host/import/sample_file.h"

namespace systol {

struct ImageSize {
  std::size_t height = 0;
  std::size_t width = 0;
};

/// input = number * scale + offset
struct InputScaling {
  std::optional<double> scale;  ///< without: 1 / white of pixels, 1 of other numbers
  std::optional<double> offset;
};

struct NetworkInput {
  std::vector<float> values;  ///< [kept][inputs]
  std::string how;            ///< what the numbers were taken for, for people
};

/// Makes the samples a network's inputs.
///
/// Layout: samples of the network's shape, as its model's file has it, go in, and so do flat ones
/// of as many values; of several inputs, one after another. [height, width, channels] and
/// [channels, height, width] go in where the network takes images, wherever it has its channels,
/// and colours become grey (0.299 red + 0.587 green + 0.114 blue) where it takes one channel.
/// Images of pixels are averaged down to a smaller square where the network takes one. Anything
/// else is an InputError.
///
/// Indices: where the graph looks an input up, samples hold its indices (lookup.h).
///
/// Whole numbers: where the graph's inputs are such, samples hold them (whole_numbers.h), and
/// nothing is scaled.
///
/// Range: without `scaling`, pixels from black to white become the network's own range, or one
/// guessed from the number of its inputs, and other numbers stay as they are.
NetworkInput network_input(SampleFile file, const Graph& graph, const InputScaling& scaling = {});

/// Averages images down, as area_average does; pixels stay whole numbers. Throws InputError for
/// samples that are no images, [height, width] or [height, width, channels], and for a size that is
/// not smaller.
void resize(SampleFile& file, const ImageSize& size);

/// Averages images [kept][height][width]... down to `size`: each pixel is the mean of the pixels
/// its area touches, from floor(i * height / size.height) up to ceil((i + 1) * height /
/// size.height) (adaptive average pooling, PyTorch's "area").
std::vector<float> area_average(const SampleFile& file, const ImageSize& size);

}  // namespace systol
