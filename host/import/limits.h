// How large a network may be, wherever it comes from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "host/graph.h"

namespace systol {

inline constexpr std::size_t kMaxLayers = 1000;
inline constexpr std::uint32_t kMaxUnits = 1'000'000;  ///< inputs or outputs of a layer
/// Weights of all layers together: 2 GiB of float32.
inline constexpr std::uint64_t kMaxWeights = std::uint64_t{1} << 29;

/// Whether a layer's name can stand in a report, a program and an error: no control characters.
bool is_one_line(std::string_view name);

/// Throws an InputError that starts with `place` if the layers' sizes are beyond the limits. Looks
/// at sizes only, so that it can be asked before the weights are there.
void check_limits(const Graph& graph, const std::string& place);

}  // namespace systol
