// States of an ONNX file: exporters write a state as an input and an output of the graph.
#pragma once

#include <string>

#include "host/graph/graph.h"

namespace systol {

/// Makes the graph's input a state, which `output`, one of its outputs, is for the next sample.
/// What is a state is an output no more, unless there is no other. Where the output is the input
/// with rows appended by a concat, and longer than it, the state grows by these rows. Throws
/// InputError, beginning with `place`, where the shapes differ otherwise.
void make_state(Graph& graph, TensorId input, TensorId output, const std::string& place);

}  // namespace systol
