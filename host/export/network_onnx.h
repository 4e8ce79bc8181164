// A network as ONNX.
#pragma once

#include <string>

#include "host/graph/quant_graph.h"

namespace systol {

/// The network in ONNX's float operators with a QuantizeLinear and a DequantizeLinear around what
/// the machine stores, int8 with its scales and zero points, int8 weights with a scale for each
/// output and int32 biases: the bytes of an .onnx file of operator set 17. Read again, it computes
/// the same bits. The batch is open, but 1 where a constant is joined to values (Concat), and of
/// networks with states: these are an input and an output each, and metadata says which belong
/// together (kStateNote). Throws InputError, naming the node, for what ONNX has no operator for.
std::string quantised_onnx(const QuantGraph& graph);

/// Throws InputError for a network that quantised_onnx would refuse, before it is quantised.
void check_quantised_onnx(const Graph& graph);

/// The network in ONNX's float operators, with its constants as they are. The batch and errors are
/// as above.
std::string float_onnx(const Graph& graph);

}  // namespace systol
