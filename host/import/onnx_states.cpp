#include "host/import/onnx_states.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/base/error.h"

namespace systol {
namespace {

/// What is appended to the input to make the output; null where that is not how it is made.
const Node* appending(const Graph& graph, TensorId input, TensorId output) {
  const Node* node = graph.producer(output);
  const auto* concat = node == nullptr ? nullptr : std::get_if<Concat>(&node->operation);
  const bool appends = concat != nullptr && node->inputs.size() == 2 && node->inputs[0] == input;
  return appends ? node : nullptr;
}

void take_out_input(Graph& graph, TensorId input) {
  const auto place = std::ranges::find(graph.inputs, input) - graph.inputs.begin();
  graph.inputs.erase(graph.inputs.begin() + place);
  if (!graph.input_layouts.empty()) {
    graph.input_layouts.erase(graph.input_layouts.begin() + place);
  }
}

/// Its last mention: others may stay.
void take_out_output(Graph& graph, TensorId output) {
  const auto place = std::find(graph.outputs.rbegin(), graph.outputs.rend(), output);
  graph.outputs.erase(std::next(place).base());
}

}  // namespace

void make_state(Graph& graph, TensorId input, TensorId output, const std::string& place) {
  State state{input, output};
  if (graph.shape(input) != graph.shape(output)) {
    const Node* append = appending(graph, input, output);
    if (append == nullptr) {
      throw InputError(
          fmt::format("{}: the input has shape {} and the output {}; they are alike, or the output "
                      "is the input "
                      "with rows appended by a Concat",
                      place, to_string(graph.shape(input)), to_string(graph.shape(output))));
    }
    state.axis = static_cast<std::size_t>(std::get<Concat>(append->operation).axis);
    state.next = append->inputs[1];
  }
  take_out_input(graph, input);
  if (graph.outputs.size() > 1) {
    take_out_output(graph, output);
  }
  graph.states.push_back(std::move(state));
}

}  // namespace systol
