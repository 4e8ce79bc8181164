#include "host/import/onnx_lowering.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <utility>

#include "host/import/limits.h"
#include "host/import/onnx_check.h"
#include "host/import/onnx_fold.h"
#include "host/import/onnx_handlers.h"
#include "host/import/onnx_inputs.h"
#include "host/import/simplify.h"
#include "sim/base/error.h"
#include "sim/config/nearest.h"

namespace systol::onnx_import {
namespace {

/// Of the graph, so that a recurrent network of a long sequence ends in an error.
constexpr std::size_t kMaxNodes = 100'000;

/// Numbers of one input must not be read in two ways, and in no other.
void check_whole_use(const WholeUse& use, const std::string& place) {
  if (use.other != nullptr) {
    throw InputError(fmt::format(
        "{}: node {} ({}) reads its whole numbers; supported are {}", place,
        in_quotes(Node(*use.other, place).name()), use.other->op_type(),
        use.chooses
            ? "a Gather's indices in another shape, which nothing else reads"
            : "Cast to floating point, DequantizeLinear, comparisons and logic, and what moves "
              "them before it"));
  }
  const int ways = (use.chooses ? 1 : 0) + (use.cast ? 1 : 0) + (use.dequantised ? 1 : 0);
  if (ways != 1) {
    throw InputError(fmt::format(
        "{}: {}", place,
        ways == 0 ? "nothing reads its whole numbers"
                  : "its whole numbers are read in two ways; a Gather, Cast or DequantizeLinear "
                    "alone is supported"));
  }
}

std::string base_name(const Node& node, int index) {
  if (!node.proto().name().empty()) {
    return node.proto().name();
  }
  std::string op = node.op();
  std::ranges::transform(
      op, op.begin(), [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
  return fmt::format("{}_{}", op, index + 1);
}

}  // namespace

Lowering::Lowering(const onnx::GraphProto& proto, std::int64_t opset, const std::string& file,
                   const GivenStates& states, FileParts left)
    : proto_(proto),
      opset_(opset),
      file_(file),
      states_(states),
      values_(proto, file, std::move(left), states) {
  graph_.file = file;
}

Graph Lowering::run() {
  check_nodes(proto_, file_);
  add_inputs();
  for (int i = 0; i < proto_.node_size(); ++i) {
    lower(Node(proto_.node(i), file_), i);
  }
  check_indices();
  if (std::ranges::count(graph_.input_layouts, InputLayout::AsTensor) ==
      static_cast<std::ptrdiff_t>(graph_.inputs.size())) {
    graph_.input_layouts.clear();
  }
  add_outputs();
  make_states();
  simplify(graph_);
  return std::move(graph_);
}

void Lowering::add_inputs() {
  std::vector<const onnx::ValueInfoProto*> inputs;
  for (const onnx::ValueInfoProto& input : proto_.input()) {
    if (!values_.is_initializer(input.name())) {  // else one that may be overridden
      inputs.push_back(&input);
    }
  }
  if (inputs.empty()) {
    throw InputError(file_ + ": it has no input");
  }
  for (const onnx::ValueInfoProto* input : inputs) {
    add_input(*input, inputs.size() == 1 ? "input" : input->name());
  }
}

void Lowering::add_input(const onnx::ValueInfoProto& input, const std::string& name) {
  const std::string place = fmt::format("{}: input {}", file_, in_quotes(input.name()));
  const auto& type = input.type().tensor_type();
  const bool whole = whole_range_of(type.elem_type()).has_value();
  if (!whole && type.elem_type() != onnx::TensorProto::FLOAT) {
    throw InputError(
        place + ": its type is not supported; float32, uint8, int8, int32, int64 and bool are");
  }
  if (whole) {
    const WholeUse use = whole_use_of(proto_, input.name());
    check_whole_use(use, place);
    if (use.chooses) {
      add_indices(input, place);
      return;
    }
    whole_.insert(use.names.begin(), use.names.end());
  }
  const int rank = type.shape().dim_size();
  if (rank < 2) {
    throw InputError(place + ": its shape must be a batch and at least one dimension more");
  }
  const InputUse use = use_of(proto_, input.name(), rank);
  Activation value{{}, declared_shape(input, use, batch_, place), use.batch, {}, {}};
  value.order = use.image ? channels_last(value.shape.size()) : row_major(value);
  value.tensor = graph_.add_input(unique(name), extents(value.shape, value.order));
  graph_.input_layouts.push_back(lie_alike(value.shape, value.order, row_major(value))
                                     ? InputLayout::AsTensor
                                     : InputLayout::ChannelsFirst);
  inputs_[input.name()] = value.tensor;
  if (whole) {
    add_whole_input(value.tensor, input);
  }
  values_.define_input(input.name(), std::move(value));
}

void Lowering::lower(const Node& node, int index) {
  base_ = base_name(node, index);
  const bool looks_up = node.op() == "Gather" && node.has_input(1) && is_index(node.input(1));
  if (!looks_up) {
    if (auto weights = folded_later(values_, node)) {
      values_.define_weights(node, std::move(*weights));
      return;
    }
    if (auto constant = folded(values_, node)) {
      values_.define_constant(node, std::move(*constant));
      return;
    }
  }
  const Handler handler = handler_of(node.op());
  if (handler == nullptr) {
    node.fail("it is supported of constants alone, and its input depends on the sample");
  }
  handler(*this, node);
}

void Lowering::add_outputs() {
  if (proto_.output().empty()) {
    throw InputError(file_ + ": it has no output");
  }
  for (const onnx::ValueInfoProto& output : proto_.output()) {
    const std::string place = fmt::format("{}: output {}", file_, in_quotes(output.name()));
    const Activation* value = values_.find(output.name());
    if (value == nullptr) {
      throw InputError(place + ": no node computes it from an input");
    }
    check_declared(output, *value);
    base_ = graph_.tensor(value->tensor).name;
    const TensorId tensor = in_order(in_axes(*value));
    if (std::ranges::find(graph_.inputs, tensor) != graph_.inputs.end()) {
      throw InputError(place + ": it is an input, which no node changes");
    }
    graph_.outputs.push_back(tensor);
    outputs_[output.name()] = tensor;
  }
}

void Lowering::check_declared(const onnx::ValueInfoProto& output, const Activation& value) const {
  const auto& declared = output.type().tensor_type();
  if (!declared.has_shape() || choices_.contains(output.name())) {
    return;
  }
  bool same = declared.shape().dim_size() == static_cast<int>(value.shape.size());
  for (std::size_t i = 0; same && i < value.shape.size(); ++i) {
    const auto& dim = declared.shape().dim(static_cast<int>(i));
    same = i == value.batch || !value.batch || !dim.has_dim_value() ||
           dim.dim_value() == value.shape[i];
  }
  if (!same) {
    throw InputError(
        fmt::format("{}: output '{}': a sample of it has shape {}, not what the file declares",
                    file_, output.name(), to_string(extents(value.shape, row_major(value)))));
  }
}

std::string Lowering::unique(const std::string& wanted) {
  const auto [found, fresh] = names_.try_emplace(wanted, 1);
  if (fresh) {
    return wanted;
  }
  std::string name;
  do {
    name = fmt::format("{}_{}", wanted, ++found->second);
  } while (!names_.try_emplace(name, 1).second);
  return name;
}

Activation Lowering::input(const Node& node, int index) {
  return in_axes(values_.activation(node, index));
}

Activation Lowering::in_axes(Activation value) {
  if (value.row) {
    const RowLayout row = *std::exchange(value.row, std::nullopt);
    Activation axes{value.tensor, row.extents, {}, row.order, {}};
    Order order = row.order;
    std::ranges::sort(order);
    value.tensor = arranged(axes, order);
  }
  return value;
}

TensorId Lowering::in_shape(TensorId tensor, const Shape& shape) {
  if (const auto found = indices_.find(tensor); found != indices_.end() && !found->second) {
    return tensor;  // a Gather gives it the shape of the rows that it looks up
  }
  if (const auto source = sources_.find(tensor); source != sources_.end()) {
    tensor = source->second;
  }
  if (graph_.shape(tensor) == shape) {
    return tensor;
  }
  const auto [found, fresh] = reshaped_.try_emplace({tensor, shape});
  if (fresh) {
    found->second = add("reshape", Reshape{shape}, {tensor});
    sources_[found->second] = tensor;
  }
  return found->second;
}

TensorId Lowering::arranged(const Activation& value, const Order& order) {
  const Shape wanted = extents(value.shape, order);
  if (lie_alike(value.shape, value.order, order)) {
    return in_shape(value.tensor, wanted);
  }
  const TensorId tensor = in_shape(value.tensor, extents(value.shape, value.order));
  const auto [found, fresh] = moved_.try_emplace({tensor, permutation(value.order, order)});
  if (fresh) {
    found->second = add("transpose", Transpose{found->first.second}, {tensor});
  }
  return found->second;
}

Activation Lowering::with_batch(const Node& node, Activation value, std::size_t axis) const {
  if (!value.batch && axis < value.shape.size() && value.shape[axis] == 1) {
    value.batch = axis;
    std::erase(value.order, axis);
  }
  if (value.batch != axis) {
    node.fail(value.batch ? fmt::format("the batch is axis {} of its input; it must be axis {}",
                                        *value.batch, axis)
                          : fmt::format("axis {} of its input must be the batch", axis));
  }
  return value;
}

TensorId Lowering::add(const std::string& part, const Operation& operation,
                       std::vector<TensorId> inputs) {
  const std::string name = unique(part.empty() ? base_ : base_ + "." + part);
  const bool layer =
      std::holds_alternative<MatMul>(operation) || std::holds_alternative<Convolution>(operation);
  layers_ += layer ? 1 : 0;
  if (layers_ > kMaxLayers || graph_.nodes.size() == kMaxNodes) {
    throw InputError(
        fmt::format("{}: node '{}': the network is too large; at most {} layers and {} nodes are "
                    "supported",
                    file_, name, kMaxLayers, kMaxNodes));
  }
  const TensorId output = graph_.add_node(name, operation, std::move(inputs));
  element_count(graph_.shape(output), fmt::format("{}: node '{}'", file_, name));
  return output;
}

TensorId Lowering::add_layer(const Operation& operation, TensorId x, TensorId weights,
                             TensorId bias) {
  std::vector<TensorId> inputs = {x, weights, bias};
  if (similarity_of(operation) == Similarity::L1) {
    const Shape shape = graph_.shape(bias);
    inputs.push_back(add_constant("scale", shape, std::vector<float>(elements(shape), 1.0F)));
  }
  return add("", operation, std::move(inputs));
}

TensorId Lowering::add_constant(const std::string& part, const Shape& shape,
                                std::vector<float> values, ValueSource source) {
  const std::string name = unique(base_ + "." + part);
  weights_ += elements(shape);  // layers may share a constant: the file's size is no bound
  if (weights_ > kMaxValues) {
    throw InputError(
        fmt::format("{}: constant '{}': the network is too large; at most {} weights are supported",
                    file_, name, kMaxValues));
  }
  return graph_.add_constant(name, shape, std::move(values), std::move(source));
}

TensorId Lowering::add_weights(Weights weights) {
  return add_constant("weights", weights.shape, std::move(weights.values),
                      std::move(weights.source));
}

void Lowering::define(const Node& node, TensorId tensor, Shape shape,
                      std::optional<std::size_t> batch, Order order, int output) {
  values_.define(node, {tensor, std::move(shape), batch, std::move(order), {}}, output);
}

void Lowering::define_like(const Node& node, TensorId tensor, Activation value) {
  value.tensor = tensor;
  values_.define(node, std::move(value));
}

void Lowering::define_whole(const Node& node, Activation value) {
  whole_.insert(node.output());
  values_.define(node, std::move(value));
}

void Lowering::define_choice(const Node& node, Activation value) {
  choices_.insert(node.output());
  values_.define(node, std::move(value));
}

void Lowering::keep_batch(const Node& node, const Activation& value, std::size_t axis,
                          std::string_view doing) {
  if (value.batch == axis) {
    node.fail(
        fmt::format("it {} axis {}, which is the batch; samples must be kept apart", doing, axis));
  }
}

}  // namespace systol::onnx_import
