// Post-training quantisation to int8: from a float network and sample inputs to integers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "host/graph/graph.h"
#include "host/graph/quant_graph.h"
#include "host/quantise/calibration.h"
#include "host/reference/float_network.h"

namespace systol {

/// The graph with the nodes that it needs to be quantised: those of states
/// (host/quantise/states.h), of quantisations that the model's file has (requantised.h), of what is
/// compared with weights (joint.h) and of products of activations (symmetric.h). Tensors keep their
/// numbers. `graph` itself where it needs none: where it has values, the other is a second copy of
/// them.
std::shared_ptr<const Graph> quantisable(const std::shared_ptr<const Graph>& graph);

/// The network in the numerics of docs/numerics.md. Ranges come from running `calibration`
/// [rows][graph->input_size()] through the float network, as `method` says; the graph has all its
/// values. The result's graph is quantisable(graph). An InputError names the node that computes
/// values that are not finite, or what is too large for the numerics.
/// The weights of the array's matmuls and convolutions get `weight_bits` bits (narrow_weights.h);
/// those of the vector unit, and all other values, have 8. With `two_of_four` at most two of each
/// four of them are not 0 (two_of_four.h). `seen` sees what the float network
/// computes, once or, where the method or a mask needs it, more often.
QuantGraph quantise(const std::shared_ptr<const Graph>& graph, std::span<const float> calibration,
                    std::size_t rows, Calibration method = {}, const FloatObserver& seen = {},
                    std::uint32_t weight_bits = 8, bool two_of_four = false);

/// round(x / scale) + zero_point, half away from zero, clamped to int8; what is not a number
/// becomes the zero point.
std::vector<std::int8_t> quantise_input(std::span<const float> values, Quantisation quantisation);

/// Samples [rows][graph.graph->input_size()], each input in its own quantisation.
std::vector<std::int8_t> quantise_inputs(const QuantGraph& graph, std::span<const float> values);

/// scale * (y - zero_point)
std::vector<float> dequantise(std::span<const std::int8_t> values, Quantisation quantisation);

}  // namespace systol
