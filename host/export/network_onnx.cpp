#include "host/export/network_onnx.h"

#include <fmt/format.h>

#include <algorithm>

#include "host/export/onnx_operations.h"
#include "sim/base/error.h"

namespace systol {
namespace {

using onnx_export::Form;

/// 1 where a constant is joined to values, which then are those of one sample; 0 for any.
std::int64_t batch_of(const Graph& graph) {
  const bool one = std::ranges::any_of(graph.nodes, [&](const Node& node) {
    return std::holds_alternative<Concat>(node.operation) &&
           std::ranges::any_of(node.inputs,
                               [&](TensorId id) { return graph.constant(id) != nullptr; });
  });
  return one ? 1 : 0;
}

/// A file that is read again would not know them.
void refuse_states(const Graph& graph) {
  if (!graph.states.empty()) {
    throw InputError(fmt::format("{}: state '{}': networks with states are not exported",
                                 graph.place(), graph.tensor(graph.states.front().value).name));
  }
  for (const Lookup& lookup : graph.lookups) {
    if (lookup.size() == 0) {
      throw InputError(fmt::format(
          "{}: input '{}': networks that look up rows of a table that is made up are not "
          "exported",
          graph.place(), graph.tensor(lookup.input).name));
    }
  }
  if (!graph.whole_inputs.empty()) {
    throw InputError(
        fmt::format("{}: input '{}': networks whose inputs are whole numbers are not exported",
                    graph.place(), graph.tensor(graph.whole_inputs.front().input).name));
  }
}

/// Files of samples hold what the model's file holds.
void add_input(TensorId id, bool channels_first, std::int64_t batch, onnx_export::Values& values) {
  onnx_export::Writer& writer = values.writer();
  const std::string& name = values.graph().tensor(id).name;
  const Shape& shape = values.graph().shape(id);
  if (channels_first && shape.size() == 2) {
    const std::string turned = writer.input(name, {shape[1], shape[0]}, batch);
    values.define(id,
                  writer.node("Transpose", {turned}, name + ".channels_last",
                              {{"perm", onnx_export::Integers{0, 2, 1}}}),
                  Form::Rows, true);
    return;
  }
  const Form form = channels_first ? Form::Image : Form::Rows;
  values.define(id, writer.input(name, onnx_export::in_form(form, shape), batch), form, true);
}

/// An input of indices, and the rows of a table that they name.
void add_lookup(const Lookup& lookup, std::int64_t batch, onnx_export::Values& values) {
  onnx_export::Writer& writer = values.writer();
  const std::string& name = values.graph().tensor(lookup.input).name;
  Shape indices = values.graph().shape(lookup.input);
  const std::int64_t size = indices.back();
  indices.pop_back();
  const auto rows = static_cast<std::int64_t>(lookup.size()) / size;
  const std::string table = writer.floats(name + ".table", {rows, size}, lookup.values());
  const std::string given = writer.indices(name, indices, batch);
  values.define(lookup.input,
                writer.node("Gather", {table, given}, name + ".rows", {{"axis", std::int64_t{0}}}),
                Form::Rows, true);
}

void add_inputs(const Graph& graph, std::int64_t batch, onnx_export::Values& values) {
  for (std::size_t i = 0; i < graph.inputs.size(); ++i) {
    const auto lookup = std::ranges::find(graph.lookups, graph.inputs[i], &Lookup::input);
    if (lookup != graph.lookups.end()) {
      add_lookup(*lookup, batch, values);
      continue;
    }
    add_input(graph.inputs[i],
              !graph.input_layouts.empty() && graph.input_layouts[i] == InputLayout::ChannelsFirst,
              batch, values);
  }
}

std::string network_onnx(const Graph& graph, const QuantGraph* quantised) {
  refuse_states(graph);
  const std::int64_t batch = batch_of(graph);
  onnx_export::Writer writer(graph.name);
  onnx_export::Values values(graph, quantised, writer);
  add_inputs(graph, batch, values);
  onnx_export::Operations operations(quantised, values);
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    operations.write(i);
  }
  for (const TensorId id : graph.outputs) {
    writer.output(graph.tensor(id).name + ".output", values.of(id, Form::Rows), graph.shape(id),
                  batch);
  }
  return writer.bytes(graph.place());
}

}  // namespace

std::string quantised_onnx(const QuantGraph& quantised) {
  return network_onnx(*quantised.graph, &quantised);
}

std::string float_onnx(const Graph& graph) { return network_onnx(graph, nullptr); }

}  // namespace systol
