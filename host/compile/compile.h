// Lowers a quantised network to the commands that run it on a given array.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "host/quant_graph.h"
#include "hw/isa/command.h"
#include "sim/config/array_config.h"

namespace systol {

/// Where a program leaves its result: `rows` x `columns` int8 values, row-major, in the
/// activations space.
struct OutputPlace {
  std::uint64_t address = 0;
  std::uint64_t rows = 0;
  std::uint64_t columns = 0;
};

struct CompiledProgram {
  isa::Program program;
  OutputPlace output;
};

/// `input` is [samples][inputs], row-major, quantised as graph.input; `batch` samples at a time go
/// through the network. Layers are cut into tiles of the array's size (ragged at the edges); weight
/// tiles, parameters and accumulators are double buffered. Activations stay in the unified buffer
/// where at least one sample fits, and are streamed through memory otherwise. Throws InputError,
/// naming the layer, for a network that the buffer cannot hold either way.
CompiledProgram compile(const QuantGraph& graph, const ArrayConfig& config,
                        std::span<const std::int8_t> input, std::uint32_t batch);

}  // namespace systol
