#include "host/import/onnx_values.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "sim/base/error.h"

namespace systol::onnx_import {

Values::Values(const onnx::GraphProto& graph, const std::string& file, FileParts left,
               const GivenStates& states)
    : graph_(graph), file_(file), left_(std::move(left)) {
  for (const onnx::TensorProto& tensor : graph.initializer()) {
    const bool state = std::ranges::find(states, tensor.name(), &GivenState::input) != states.end();
    const bool first = state ? initial_.emplace(tensor.name(), &tensor).second
                             : values_.emplace(tensor.name(), &tensor).second;
    if (!first) {
      throw InputError(fmt::format("{}: initializer '{}' is there twice", file, tensor.name()));
    }
  }
  for (const onnx::NodeProto& node : graph.node()) {
    for (const std::string& input : node.input()) {
      readers_[input].operators.insert(node.op_type());
    }
  }
  for (const onnx::ValueInfoProto& output : graph.output()) {
    readers_[output.name()].output = true;
  }
}

void Values::fail_undefined(const Node& node, const std::string& name) const {
  for (const onnx::NodeProto& other : graph_.node()) {
    for (const std::string& output : other.output()) {
      if (output == name) {
        node.fail(
            fmt::format("its input '{}' comes from a later node; nodes must be in the order "
                        "in which they run, without cycles",
                        name));
      }
    }
  }
  node.fail(fmt::format("its input '{}' is neither an initializer nor any node's output", name));
}

const Values::Value& Values::value(const Node& node, int index) const {
  const std::string& name = node.input(index);
  const auto found = values_.find(name);
  if (found == values_.end()) {
    fail_undefined(node, name);
  }
  return found->second;
}

bool Values::is_constant(const Node& node, int index) const {
  return !std::holds_alternative<Activation>(value(node, index));
}

bool Values::all_constant(const Node& node) const {
  bool any = false;
  for (int i = 0; i < node.inputs(); ++i) {
    if (node.has_input(i)) {
      if (!is_constant(node, i)) {
        return false;
      }
      any = true;
    }
  }
  return any;
}

std::string Values::constant_place(const Node& node, int index) {
  return fmt::format("{}: constant '{}'", node.place(), node.input(index));
}

StoredTensor Values::stored(const onnx::TensorProto& tensor) const {
  const auto left = left_.find(tensor.name());
  return {tensor, left == left_.end() ? nullptr : &left->second};
}

std::optional<StoredTensor> Values::initializer(const Node& node, int index) const {
  const auto* found = std::get_if<const onnx::TensorProto*>(&value(node, index));
  return found == nullptr ? std::nullopt : std::optional(stored(**found));
}

bool Values::waits(const Node& node, int index) const {
  const auto tensor = initializer(node, index);
  return tensor ? floats_wait(*tensor) : std::holds_alternative<Waiting>(value(node, index));
}

HostTensor Values::constant(const Node& node, int index) const {
  const Value& found = value(node, index);
  if (const auto tensor = initializer(node, index)) {
    return read_tensor(*tensor, constant_place(node, index));
  }
  if (const auto* computed = std::get_if<Computed>(&found)) {
    return **computed;
  }
  if (const auto* waiting = std::get_if<Waiting>(&found)) {
    return {(*waiting)->shape, (*waiting)->source(), 0, (*waiting)->steps};
  }
  node.fail(fmt::format("its input {} ('{}') must be a constant", index + 1, node.input(index)));
}

FloatTensor Values::floats(const Node& node, int index) const {
  HostTensor held = constant(node, index);
  const std::string place = constant_place(node, index);
  element_count(held.shape, place);
  if (held.integral()) {
    throw InputError(place + ": it holds whole numbers; float32 is wanted");
  }
  return {std::move(held.shape), std::move(std::get<0>(held.values))};
}

Weights Values::weights(const Node& node, int index) const {
  if (const auto* waiting = std::get_if<Waiting>(&value(node, index))) {
    return **waiting;
  }
  if (waits(node, index)) {
    return waiting_floats(*initializer(node, index), constant_place(node, index));
  }
  FloatTensor held = floats(node, index);
  return {std::move(held.shape), std::move(held.values)};
}

const Steps* Values::steps(const Node& node, int index) const {
  if (const auto* waiting = std::get_if<Waiting>(&value(node, index))) {
    return (*waiting)->steps ? &*(*waiting)->steps : nullptr;
  }
  const auto* computed = std::get_if<Computed>(&value(node, index));
  return computed != nullptr && (*computed)->steps ? &*(*computed)->steps : nullptr;
}

Integers Values::integers(const Node& node, int index) const {
  HostTensor held = constant(node, index);
  const std::string place = constant_place(node, index);
  if (held.shape.size() > 1 || !held.integral()) {
    throw InputError(fmt::format("{}: its shape is {}; a list of whole numbers is wanted", place,
                                 to_string(held.shape)));
  }
  return std::move(std::get<1>(held.values));
}

std::optional<Integers> Values::list(const Node& node, int index,
                                     const std::string& attribute) const {
  if (node.has_input(index)) {
    return integers(node, index);
  }
  if (node.attribute(attribute) != nullptr) {
    return node.integers_attribute(attribute, {});
  }
  return std::nullopt;
}

const Activation& Values::activation(const Node& node, int index) const {
  const auto* found = std::get_if<Activation>(&value(node, index));
  if (found == nullptr) {
    node.fail(fmt::format("its input {} ('{}') is a constant, not an activation", index + 1,
                          node.input(index)));
  }
  return *found;
}

std::optional<FloatTensor> Values::initial(const std::string& input) const {
  const auto found = initial_.find(input);
  if (found == initial_.end()) {
    return std::nullopt;
  }
  return read_floats(stored(*found->second), fmt::format("{}: initializer '{}'", file_, input));
}

void Values::define_input(const std::string& name, Activation value) {
  if (!values_.emplace(name, std::move(value)).second) {
    throw InputError(fmt::format("{}: input '{}' is there twice", file_, name));
  }
}

void Values::insert(const Node& node, int output, Value value) {
  if (!values_.emplace(node.output(output), std::move(value)).second) {
    node.fail(fmt::format("its output '{}' is defined a second time", node.output(output)));
  }
}

void Values::define(const Node& node, Activation value, int output) {
  insert(node, output, std::move(value));
}

void Values::count_computed(const Node& node, std::size_t more) {
  computed_ += more;
  if (computed_ > static_cast<std::size_t>(kMaxElements)) {
    node.fail(fmt::format("the constants that nodes compute have more than {} values together",
                          kMaxElements));
  }
}

void Values::define_constant(const Node& node, HostTensor value, int output) {
  count_computed(node, value.size());
  insert(node, output, std::make_shared<const HostTensor>(std::move(value)));
}

void Values::define_weights(const Node& node, Weights value) {
  count_computed(node, elements(value.shape));
  insert(node, 0, std::make_shared<const Weights>(std::move(value)));
}

const Activation* Values::find(const std::string& name) const {
  const auto found = values_.find(name);
  return found == values_.end() ? nullptr : std::get_if<Activation>(&found->second);
}

bool Values::is_initializer(const std::string& name) const {
  const auto found = values_.find(name);
  return found != values_.end() && std::holds_alternative<const onnx::TensorProto*>(found->second);
}

bool Values::is_read_by_node(const std::string& name) const {
  const auto found = readers_.find(name);
  return found != readers_.end() && !found->second.operators.empty();
}

bool Values::is_read_by(const std::string& name, const std::string& op) const {
  const auto found = readers_.find(name);
  return found == readers_.end() ||
         (!found->second.output && found->second.operators == std::set<std::string>{op});
}

}  // namespace systol::onnx_import
