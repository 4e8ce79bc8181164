// What becomes of inputs and outputs of an ONNX graph that are indices or states.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "host/graph/reordered.h"
#include "host/import/onnx_inputs.h"
#include "host/import/onnx_lowering.h"
#include "host/import/onnx_states.h"
#include "sim/base/error.h"
#include "sim/config/nearest.h"

namespace systol::onnx_import {

bool Lowering::is_index(const std::string& name) const {
  const Activation* value = values_.find(name);
  return value != nullptr && indices_.contains(value->tensor);
}

bool Lowering::is_state(TensorId tensor) const {
  return std::ranges::any_of(states_, [&](const GivenState& state) {
    const auto found = inputs_.find(state.input);
    return found != inputs_.end() && found->second == tensor;
  });
}

WholeInput* Lowering::whole_input(TensorId tensor) {
  const auto found = std::ranges::find(graph_.whole_inputs, tensor, &WholeInput::input);
  return found == graph_.whole_inputs.end() ? nullptr : &*found;
}

/// In their own shape, until a Gather looks their rows up.
void Lowering::add_indices(const onnx::ValueInfoProto& input, const std::string& place) {
  Activation value{{}, declared_shape(input, {}, batch_, place), 0, {}, {}};
  value.order = row_major(value);
  value.tensor = graph_.add_input(unique(input.name()), extents(value.shape, value.order));
  graph_.input_layouts.push_back(InputLayout::AsTensor);
  indices_[value.tensor] = false;
  inputs_[input.name()] = value.tensor;
  values_.define_input(input.name(), std::move(value));
}

/// Of 8 bits, they stay what they are in int8.
void Lowering::add_whole_input(TensorId tensor, const onnx::ValueInfoProto& input) {
  const std::int32_t type = input.type().tensor_type().elem_type();
  const WholeRange range = *whole_range_of(type);
  graph_.whole_inputs.push_back({tensor, range.low, range.high});
  if (type == onnx::TensorProto::UINT8 || type == onnx::TensorProto::INT8) {
    graph_.fixed_quantisations[tensor] = {1.0F, type == onnx::TensorProto::UINT8 ? -128 : 0};
  }
  graph_.notes.push_back(
      fmt::format("input '{}' holds whole numbers: files of samples do, too", input.name()));
}

void Lowering::define_lookup(const Node& node, Weights table) {
  Activation value = *values_.find(node.input(1));
  bool& done = indices_.at(value.tensor);
  if (done) {
    node.fail(fmt::format("another Gather reads the indices '{}', too; one alone is supported",
                          graph_.tensor(value.tensor).name));
  }
  done = true;
  const std::size_t size = elements(table.shape);
  weights_ += size;
  const std::int64_t width = table.shape.back();
  value.shape.push_back(width);
  element_count(value.shape, node.place());
  value.order = row_major(value);
  graph_.tensors[index_of(value.tensor)].shape = extents(value.shape, value.order);
  Lookup lookup{value.tensor, std::move(table.values)};
  if (table.source) {
    lookup.waiting = std::make_shared<const MadeOnce>(size, std::move(table.source));
  }
  graph_.lookups.push_back(std::move(lookup));
  graph_.notes.push_back(
      fmt::format("input '{}' holds indices, whose rows of {} values the host "
                  "looks up: they lie in memory as the input",
                  graph_.tensor(value.tensor).name, width));
  values_.define(node, std::move(value));
}

void Lowering::check_indices() const {
  for (const auto& [tensor, done] : indices_) {
    if (!done) {
      throw InputError(fmt::format("{}: input {}: nothing reads its whole numbers", file_,
                                   in_quotes(graph_.tensor(tensor).name)));
    }
  }
}

void Lowering::make_states() {
  for (const GivenState& state : states_) {
    const std::string place =
        fmt::format("{}: state {}", file_, in_quotes(state.input + "=" + state.output));
    const auto take = [&](std::map<std::string, TensorId>& from, const std::string& name,
                          std::string_view kind) {
      const auto found = from.find(name);
      if (found == from.end()) {
        std::vector<std::string> left;
        left.reserve(from.size());
        for (const auto& [other, id] : from) {
          left.push_back(in_quotes(other));
        }
        throw InputError(fmt::format("{}: no {} is called {}; those that are no state yet: {}",
                                     place, kind, in_quotes(name), fmt::join(left, ", ")));
      }
      return from.extract(found).mapped();
    };
    const TensorId input = take(inputs_, state.input, "input");
    make_state(graph_, input, take(outputs_, state.output, "output"), place);
    if (auto initial = values_.initial(state.input)) {
      graph_.states.back().initial = in_tensor(std::move(*initial), state.input, place);
    }
  }
}

/// As the input's tensor has it, for one sample.
std::vector<float> Lowering::in_tensor(FloatTensor held, const std::string& input,
                                       const std::string& place) const {
  const Activation& value = *values_.find(input);
  if (held.shape != value.shape) {
    throw InputError(
        fmt::format("{}: the initializer {} has shape {}, and a sample of the input {}", place,
                    in_quotes(input), to_string(held.shape), to_string(value.shape)));
  }
  Order order = value.order;
  if (value.batch) {
    order.insert(order.begin(), *value.batch);
  }
  return std::ranges::is_sorted(order) ? std::move(held.values)
                                       : reordered(held.values, held.shape, order);
}

}  // namespace systol::onnx_import
