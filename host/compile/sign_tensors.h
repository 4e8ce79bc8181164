// Which tensors lie packed, eight signs to a byte, on an array whose PEs multiply signs.
#pragma once

#include <cstddef>
#include <vector>

#include "host/compile/layout.h"
#include "host/compile/sign_packing.h"
#include "host/compile/steps.h"
#include "sim/config/array_config.h"

namespace systol {

/// Functions that alone read an input of the network, the last of them a sign, are no step any
/// more: the host packs the signs as it writes the input to memory. Returns, by TensorId, the nodes
/// that the host computes, in their order; none for other tensors.
std::vector<std::vector<std::size_t>> take_input_signs(const Graph& graph, Steps& steps);

/// By TensorId: inputs that the host packs, and signs of a layer's sums that layers of the array
/// alone read. Throws InputError, naming the node, for a layer that such an array cannot compute:
/// each needs an input of signs, and rows and groups of whole bytes.
std::vector<PackedRows> sign_tensors(const Graph& graph, const Steps& steps,
                                     const std::vector<std::vector<std::size_t>>& input_signs,
                                     const ArrayConfig& config);

/// With as many bytes for each pixel or row as its signs take.
Layout packed(Layout layout, const PackedRows& rows, const ArrayConfig& config);
Shape packed(Shape shape, const PackedRows& rows, const ArrayConfig& config);

}  // namespace systol
