// Weights of signs as an array of packed signs loads them.
#pragma once

#include <cstdint>
#include <vector>

#include "host/compile/steps.h"
#include "host/compile/tiling.h"
#include "host/graph/quant_graph.h"

namespace systol {

/// Of a convolution, the places of its kernel; 1 of a matmul. Each begins with a byte of its own.
std::uint32_t kernel_pixels(const Graph& graph, const Step& step);
/// Bytes of a column of its weights: the depth that is fed.
std::uint32_t sign_depth(const Graph& graph, const Step& step);

/// Appends the tiles, eight places of the depth to a byte. Throws std::logic_error for weights that
/// are not 1 and -1.
void append_sign_tiles(const QuantMatMul& matmul, std::uint32_t pixels, const Tiling& tiling,
                       std::vector<std::uint8_t>& image);

/// Bits that are left of a byte are 1 of both operands, so that each adds 1 to every sum: with the
/// biases that take it away.
QuantMatMul without_padding(const QuantMatMul& matmul, std::uint32_t pixels);

}  // namespace systol
