// Weights of signs as an array of packed signs loads them.
#pragma once

#include <cstdint>
#include <vector>

#include "host/compile/sign_borders.h"
#include "host/compile/sign_packing.h"
#include "host/compile/steps.h"
#include "host/compile/tiling.h"
#include "host/graph/quant_graph.h"
#include "sim/config/array_config.h"

namespace systol {

/// The places of a step's depth, `run` of which lie as a row of signs does, one run after another.
struct SignDepth {
  std::uint32_t places = 0;
  std::uint32_t run = 0;
  SignPacking packing;

  /// Of a column of weights: the depth that is fed.
  std::uint32_t bytes() const { return isa::narrow(places / run * packing.bytes(run)); }
};

/// Of a layer whose input was packed so.
SignDepth sign_depth(const Graph& graph, const Step& step, const PackedRows& rows,
                     const ArrayConfig& config);

/// Appends the tiles, eight places of the depth to a byte. Throws std::logic_error for weights that
/// are not 1 and -1.
void append_sign_tiles(const QuantMatMul& matmul, const SignDepth& depth, const Tiling& tiling,
                       std::vector<std::uint8_t>& image);

/// Bits that are left of a byte are 1 of both operands, so that each adds 1 to every sum: the
/// channels with biases that take it away.
QuantMatMul without_padding(const QuantMatMul& matmul, const SignDepth& depth);

/// The same for places whose windows reach into the borders, where there are 1s that the network
/// takes for 0: with biases that take away the weights that they meet.
QuantMatMul without_borders(QuantMatMul channels, const QuantMatMul& matmul, const Shape& weights,
                            const BorderPlaces& places);

}  // namespace systol
