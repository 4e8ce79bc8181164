// What becomes of inputs and outputs of an ONNX graph that are indices or states.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <string>
#include <utility>
#include <vector>

#include "host/import/onnx_inputs.h"
#include "host/import/onnx_lowering.h"
#include "host/import/onnx_states.h"
#include "sim/base/error.h"
#include "sim/config/nearest.h"

namespace systol::onnx_import {

void Lowering::define_lookup(const Node& node, FloatTensor table) {
  const auto found = indices_.find(node.input(1));
  if (found->second == nullptr) {
    node.fail(fmt::format("another Gather reads the indices '{}', too; one alone is supported",
                          found->first));
  }
  const onnx::ValueInfoProto& input = *std::exchange(found->second, nullptr);
  const std::string place = fmt::format("{}: input {}", file_, in_quotes(input.name()));
  Shape shape = declared_shape(input, {}, batch_, place);
  weights_ += table.values.size();
  shape.push_back(table.shape.back());
  element_count(shape, place);
  Activation value{{}, shape, 0, {}, {}};
  value.order = row_major(value);
  value.tensor = graph_.add_input(unique(input.name()), extents(value.shape, value.order));
  graph_.input_layouts.push_back(InputLayout::AsTensor);
  graph_.lookups.push_back({value.tensor, std::move(table.values)});
  graph_.notes.push_back(
      fmt::format("input '{}' holds indices, whose rows of {} values the host "
                  "looks up: they lie in memory as the input",
                  input.name(), table.shape.back()));
  inputs_[input.name()] = value.tensor;
  values_.define(node, std::move(value));
}

void Lowering::check_indices() const {
  for (const auto& [name, input] : indices_) {
    if (input != nullptr) {
      throw InputError(
          fmt::format("{}: input {}: nothing reads its whole numbers", file_, in_quotes(name)));
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
  }
}

}  // namespace systol::onnx_import
