// The two ways through a network: activations that stay on the chip, or that stream through it.
#pragma once

#include <cstdint>
#include <vector>

#include "host/compile/constants.h"
#include "host/compile/schedule.h"
#include "host/compile/tile_lowering.h"
#include "host/quant_graph.h"
#include "sim/config/array_config.h"

namespace systol {

/// What both lowerings need. `tensors` are the addresses in the activations space: the network's
/// input first, then one per step (a layer, or a layer's softmax), of which `resident` uses only
/// the first and the last.
struct Network {
  const QuantGraph& graph;
  const ArrayConfig& config;
  std::vector<LayerConstants> constants;
  std::vector<std::uint64_t> tensors;
  std::uint32_t rows = 0;   ///< samples
  std::uint32_t batch = 0;  ///< samples that go through the network together
};

/// One step of the chain: a dense layer, or the softmax behind it.
struct Step {
  std::uint32_t layer = 0;
  bool softmax = false;
  std::uint32_t inputs = 0;   ///< width of the tensor it reads
  std::uint32_t outputs = 0;  ///< width of the tensor it writes
};

std::vector<Step> steps_of(const QuantGraph& graph);

/// Rows of the batch whose widest layer fits on the chip at once; 0 if not even one does.
std::uint32_t resident_rows(const QuantGraph& graph, const ArrayConfig& config);

/// The batch in blocks of resident_rows(), each from the first layer to the last.
void lower_resident(const Network& network, Schedule& schedule);

/// Layer by layer; tiles of activations are loaded and stored around each matmul.
/// Throws InputError, naming the layer, if a softmax row does not fit on the chip.
void lower_streaming(const Network& network, Schedule& schedule);

inline LayerActivation activation_of(const QuantDense& layer) {
  return {layer.zero_point, layer.minimum, layer.maximum};
}

}  // namespace systol
