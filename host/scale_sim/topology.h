// SCALE-Sim's topology files: CSV with the shapes of layers, as matrix multiplications or
// convolutions. docs/scale-sim.md says what is read and what is refused.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "host/graph/graph.h"

namespace systol {

/// One layer as the multiplication that it is: [m][k] times [k][n]. A convolution is its im2col
/// form: m output pixels, k values under the filter, n filters.
struct TopologyLayer {
  std::string name;
  std::uint32_t m = 0;
  std::uint32_t n = 0;
  std::uint32_t k = 0;
  bool operator==(const TopologyLayer&) const = default;
};

/// Layers that know nothing of each other: no layer's output is another's input.
struct Topology {
  std::string name;  ///< of the file
  std::vector<TopologyLayer> layers;
};

/// Layers of one file, the channels of a depthwise convolution counted one by one.
inline constexpr std::size_t kMaxTopologyLayers = 10'000;
/// Rows (m) of a layer.
inline constexpr std::uint32_t kMaxTopologyRows = 1'000'000;

/// By the name: it ends in .csv.
bool is_topology_file(const std::filesystem::path& path);

/// Reads one of the two forms, which the header tells apart (upper and lower case alike):
///
///     Layer, M, N, K, [Sparsity,]
///     Layer name, IFMAP Height, IFMAP Width, Filter Height, Filter Width, Channels, Num Filter,
///         Strides, [Sparsity,]       (or Stride Height, Stride Width)
///
/// Any mistake is an InputError with file, line and column.
Topology load_topology(const std::filesystem::path& path);

/// The same from text, as if it were a file called `name`.
Topology parse_topology(std::string_view text, const std::string& name);

/// The layer as a network of its own, with synthetic weights by `seed`.
Graph graph_of(const TopologyLayer& layer, std::uint64_t seed);

}  // namespace systol
