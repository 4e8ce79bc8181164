#include "host/export/network_onnx.h"

#include <fmt/format.h>

#include <algorithm>

#include "host/export/onnx_operations.h"
#include "host/import/given_rows.h"
#include "host/import/given_states.h"
#include "host/quantise/quantise.h"
#include "sim/base/error.h"

namespace systol {
namespace {

using onnx_export::Form;

/// 1 where a constant is joined to values, which then are those of one sample, and where samples
/// are steps, one after another; 0 for any.
std::int64_t batch_of(const Graph& graph) {
  const bool one = std::ranges::any_of(graph.nodes, [&](const Node& node) {
    return std::holds_alternative<Concat>(node.operation) &&
           std::ranges::any_of(node.inputs,
                               [&](TensorId id) { return graph.constant(id) != nullptr; });
  });
  return one || !graph.states.empty() ? 1 : 0;
}

/// A file that is read again would not know what is special about them.
void refuse_special_inputs(const Graph& graph) {
  if (!graph.whole_inputs.empty()) {
    throw InputError(
        fmt::format("{}: input '{}': networks whose inputs are whole numbers are not exported",
                    graph.place(), graph.tensor(graph.whole_inputs.front().input).name));
  }
  if (!graph.rotary_inputs.empty()) {
    throw InputError(fmt::format(
        "{}: input '{}': networks with rotary angles that follow the tokens' places are "
        "not exported",
        graph.place(), graph.tensor(graph.rotary_inputs.front().input).name));
  }
}

/// What the constants take at least, of int8 where `quantised`.
std::uint64_t least_bytes(const Graph& graph, bool quantised) {
  std::uint64_t values = 0;
  for (const Constant& constant : graph.constants) {
    values += elements(graph.shape(constant.tensor));
  }
  for (const Lookup& lookup : graph.lookups) {
    values += rows_of(graph, lookup) * static_cast<std::uint64_t>(graph.shape(lookup.input).back());
  }
  std::uint64_t states = 0;
  for (const State& state : graph.states) {
    states += state.axis ? elements(graph.shape(state.value)) : 0;
  }
  return values * (quantised ? 1 : sizeof(float)) + states * sizeof(float);
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

/// [rows][size] of a table; where the network is quantised as int8 in the input's steps, which is
/// what the machine gets of it.
std::string add_table(const Lookup& lookup, std::int64_t size, const QuantGraph* quantised,
                      onnx_export::Values& values) {
  onnx_export::Writer& writer = values.writer();
  const std::string name = values.graph().tensor(lookup.input).name + ".table";
  const auto rows = static_cast<std::int64_t>(rows_of(values.graph(), lookup));
  std::vector<float> row(static_cast<std::size_t>(size));
  std::vector<float> floats;
  std::vector<std::int8_t> levels;
  for (std::int64_t i = 0; i < rows; ++i) {
    put_row(values.graph(), lookup, static_cast<std::uint64_t>(i), row);
    if (quantised == nullptr) {
      floats.insert(floats.end(), row.begin(), row.end());
    } else {
      const std::vector<std::int8_t> steps = quantise_input(row, quantised->of(lookup.input));
      levels.insert(levels.end(), steps.begin(), steps.end());
    }
  }
  return quantised == nullptr
             ? writer.floats(name, {rows, size}, floats)
             : values.levels(name, {rows, size}, levels, quantised->of(lookup.input));
}

/// An input of indices, and the rows of a table that they name.
void add_lookup(const Lookup& lookup, std::int64_t batch, const QuantGraph* quantised,
                onnx_export::Values& values) {
  onnx_export::Writer& writer = values.writer();
  const std::string& name = values.graph().tensor(lookup.input).name;
  Shape indices = values.graph().shape(lookup.input);
  const std::int64_t size = indices.back();
  indices.pop_back();
  const std::string table = add_table(lookup, size, quantised, values);
  const std::string given = writer.indices(name, indices, batch);
  values.define(lookup.input,
                writer.node("Gather", {table, given}, name + ".rows", {{"axis", std::int64_t{0}}}),
                Form::Rows, true);
}

void add_inputs(const Graph& graph, std::int64_t batch, const QuantGraph* quantised,
                onnx_export::Values& values) {
  for (std::size_t i = 0; i < graph.inputs.size(); ++i) {
    const auto lookup = std::ranges::find(graph.lookups, graph.inputs[i], &Lookup::input);
    if (lookup != graph.lookups.end()) {
      add_lookup(*lookup, batch, quantised, values);
      continue;
    }
    add_input(graph.inputs[i],
              !graph.input_layouts.empty() && graph.input_layouts[i] == InputLayout::ChannelsFirst,
              batch, values);
  }
}

/// An input each, which holds by default what is there before the first sample.
std::vector<std::string> add_states(const Graph& graph, onnx_export::Values& values) {
  std::vector<std::string> names;
  for (const State& state : graph.states) {
    const Shape& shape = graph.shape(state.value);
    std::vector<float> initial = state.initial;
    initial.resize(initial.empty() ? 0 : elements(shape));
    names.push_back(values.writer().state(graph.tensor(state.value).name, shape, initial));
    values.define(state.value, names.back(), Form::Rows, true);
  }
  return names;
}

/// An output each, which is what the input `inputs` holds in the next sample: of a state that grows
/// all of it. Files of other exporters do not say which belong together.
void add_next_states(const Graph& graph, const std::vector<std::string>& inputs,
                     onnx_export::Values& values) {
  onnx_export::Writer& writer = values.writer();
  for (std::size_t i = 0; i < graph.states.size(); ++i) {
    const State& state = graph.states[i];
    const std::string& name = graph.tensor(state.value).name;
    std::string next = values.of(state.next, Form::Rows);
    Shape shape = graph.shape(state.value);
    if (state.axis) {
      const auto axis = static_cast<std::int64_t>(*state.axis);
      next = writer.node("Concat", {values.of(state.value, Form::Rows), next}, name + ".all",
                         {{"axis", axis + 1}});
      shape[*state.axis] += graph.shape(state.next)[*state.axis];
    }
    writer.note(kStateNote + inputs[i], writer.output(name + ".next", next, shape, 1));
  }
}

std::string network_onnx(const Graph& graph, const QuantGraph* quantised) {
  refuse_special_inputs(graph);
  const std::int64_t batch = batch_of(graph);
  onnx_export::Writer writer(graph.name);
  onnx_export::Values values(graph, quantised, writer);
  add_inputs(graph, batch, quantised, values);
  const std::vector<std::string> states = add_states(graph, values);
  onnx_export::Operations operations(quantised, values);
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    operations.write(i);
  }
  for (const TensorId id : graph.outputs) {
    writer.output(graph.tensor(id).name + ".output", values.of(id, Form::Rows), graph.shape(id),
                  batch);
  }
  add_next_states(graph, states, values);
  return writer.bytes(graph.place());
}

}  // namespace

void check_quantised_onnx(const Graph& graph) {
  refuse_special_inputs(graph);
  for (const Node& node : graph.nodes) {
    onnx_export::check_node(graph, node, true);
  }
  if (const std::uint64_t bytes = least_bytes(graph, true);
      bytes > onnx_export::Writer::kMostBytes) {
    throw InputError(fmt::format("{}: as ONNX it has at least {} bytes; a file holds at most {}",
                                 graph.place(), bytes, onnx_export::Writer::kMostBytes));
  }
}

std::string quantised_onnx(const QuantGraph& quantised) {
  return network_onnx(*quantised.graph, &quantised);
}

std::string float_onnx(const Graph& graph) { return network_onnx(graph, nullptr); }

}  // namespace systol
