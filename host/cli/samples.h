// Where a network's samples come from on the command line.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>

#include "host/graph/graph.h"
#include "host/session/samples.h"

namespace systol {

struct ImageSize {
  std::size_t height = 0;
  std::size_t width = 0;
};

struct InputOptions {
  std::optional<std::filesystem::path> images;
  std::optional<std::filesystem::path> labels;
  std::optional<std::uint32_t> limit;
  std::optional<double> scale;  ///< input = pixel * scale + offset
  std::optional<double> offset;
  std::optional<ImageSize> resize;
};

/// Reads the images, or says that `synthetic_count` samples are to be made up where there are none.
Samples load_samples(const Graph& graph, const InputOptions& options,
                     std::uint32_t synthetic_count);

}  // namespace systol
