// How large a network may be, wherever it comes from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "host/graph/graph.h"

namespace systol {

inline constexpr std::size_t kMaxLayers = 1000;
inline constexpr std::uint32_t kMaxUnits = 1'000'000;  ///< inputs or outputs of a layer
inline constexpr std::size_t kMaxNodes = 50'000;
/// Values of a tensor in a sample, where only time and traffic are asked for.
inline constexpr std::uint64_t kMaxElements = std::uint64_t{1} << 31;
inline constexpr std::int64_t kMaxWindow = 4096;  ///< extents, strides, borders; heads
inline constexpr std::int64_t kMaxSteps = 4096;   ///< of a recurrent layer
/// Of masks and angles, which a network has whether values are asked for or not: 256 MiB of
/// float32.
inline constexpr std::uint64_t kMaxGivenValues = std::uint64_t{1} << 26;
/// Weights of all layers together, or values of a tensor of all samples: 2 GiB of float32.
inline constexpr std::uint64_t kMaxValues = std::uint64_t{1} << 29;

/// Throws an InputError that starts with `place`, which names the node, for more inputs than
/// kMaxDepth.
void check_depth(std::uint64_t inputs, const std::string& place);

/// Throws an InputError that starts with `place` for more layers, or more inputs of one, than the
/// limits allow. Looks at shapes only, so that it can be asked before the weights are there.
void check_limits(const Graph& graph, const std::string& place);

/// Throws an InputError for a graph whose weights, or whose values in `samples` samples, are too
/// many to hold, and for a matmul of more inputs than kMaxDepth. Time and traffic can be had
/// without values.
void check_values(const Graph& graph, std::size_t samples);

}  // namespace systol
