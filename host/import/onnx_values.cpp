#include "host/import/onnx_values.h"

#include <fmt/format.h>

#include <utility>

#include "sim/base/error.h"

namespace systol::onnx_import {
namespace {

/// The dimensions after the batch. A dimension without a value is a symbol or missing.
Shape sample_shape(const onnx::TensorShapeProto& shape, const std::string& place) {
  Shape result;
  for (int i = 1; i < shape.dim_size(); ++i) {
    if (!shape.dim(i).has_dim_value()) {
      throw InputError(
          fmt::format("{}: dimension {} ('{}') has no size; only the batch may be open", place, i,
                      shape.dim(i).dim_param()));
    }
    result.push_back(shape.dim(i).dim_value());
  }
  return result;
}

}  // namespace

Values::Values(const onnx::GraphProto& graph, const std::string& file)
    : graph_(graph), file_(file) {
  for (const onnx::TensorProto& tensor : graph.initializer()) {
    if (!constants_.emplace(tensor.name(), &tensor).second) {
      throw InputError(fmt::format("{}: initializer '{}' is there twice", file, tensor.name()));
    }
    defined_.insert(tensor.name());
  }
  read_input();
}

void Values::read_input() {
  const onnx::ValueInfoProto* input = nullptr;
  for (const onnx::ValueInfoProto& candidate : graph_.input()) {
    if (constants_.contains(candidate.name())) {
      continue;  // an initializer that may be overridden
    }
    if (input != nullptr) {
      throw InputError(fmt::format("{}: it has the inputs '{}' and '{}'; one is supported", file_,
                                   input->name(), candidate.name()));
    }
    input = &candidate;
  }
  if (input == nullptr) {
    throw InputError(file_ + ": it has no input");
  }
  const std::string place = fmt::format("{}: input '{}'", file_, input->name());
  const auto& type = input->type().tensor_type();
  if (type.elem_type() != onnx::TensorProto::FLOAT) {
    throw InputError(place + ": its values are not float32, the only type supported");
  }
  if (type.shape().dim_size() < 2) {
    throw InputError(place + ": its shape must be a batch and at least one dimension more");
  }
  if (type.shape().dim(0).dim_value() > 0) {
    batch_ = type.shape().dim(0).dim_value();
  }
  input_shape_ = sample_shape(type.shape(), place);
  element_count(input_shape_, place);
  shape_ = input_shape_;
  current_ = input->name();
  defined_.insert(current_);
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

bool Values::is_constant(const Node& node, int index) const {
  const std::string& name = node.input(index);
  if (!defined_.contains(name)) {
    fail_undefined(node, name);
  }
  return constants_.contains(name);
}

const onnx::TensorProto& Values::constant(const Node& node, int index) const {
  if (!is_constant(node, index)) {
    node.fail(fmt::format("its input {} ('{}') must be a constant", index + 1, node.input(index)));
  }
  return *constants_.at(node.input(index));
}

FloatTensor Values::floats(const Node& node, int index) const {
  return read_floats(constant(node, index),
                     fmt::format("{}: constant '{}'", node.place(), node.input(index)));
}

std::vector<std::int64_t> Values::integers(const Node& node, int index) const {
  return read_integers(constant(node, index),
                       fmt::format("{}: constant '{}'", node.place(), node.input(index)));
}

const Shape& Values::consume(const Node& node, int index) const {
  if (is_constant(node, index)) {
    node.fail(fmt::format("its input {} ('{}') is a constant, not an activation", index + 1,
                          node.input(index)));
  }
  if (node.input(index) != current_) {
    node.fail(
        fmt::format("its input '{}' is used by an earlier node too; only a chain of layers "
                    "is supported",
                    node.input(index)));
  }
  return shape_;
}

void Values::define(const Node& node) {
  if (!defined_.insert(node.output()).second) {
    node.fail(fmt::format("its output '{}' is defined a second time", node.output()));
  }
}

void Values::produce(const Node& node, Shape shape) {
  define(node);
  current_ = node.output();
  shape_ = std::move(shape);
}

void Values::define_constant(const Node& node, onnx::TensorProto tensor) {
  define(node);
  owned_.push_back(std::move(tensor));
  constants_.emplace(node.output(), &owned_.back());
}

void Values::alias_constant(const Node& node, int index) {
  const onnx::TensorProto& tensor = constant(node, index);
  define(node);
  constants_.emplace(node.output(), &tensor);
}

void Values::check_output() const {
  if (graph_.output_size() != 1) {
    throw InputError(
        fmt::format("{}: it has {} outputs; one is supported", file_, graph_.output_size()));
  }
  const onnx::ValueInfoProto& output = graph_.output(0);
  const std::string place = fmt::format("{}: output '{}'", file_, output.name());
  if (output.name() != current_) {
    throw InputError(
        fmt::format("{}: the last value computed is '{}'; an output from within the "
                    "network is not supported",
                    place, current_));
  }
  const auto& declared = output.type().tensor_type();
  if (!declared.has_shape()) {
    return;
  }
  Shape actual = shape_;
  actual.insert(actual.begin(), batch_.value_or(0));
  bool same = declared.shape().dim_size() == static_cast<int>(actual.size());
  for (int i = 1; same && i < declared.shape().dim_size(); ++i) {
    const auto& dim = declared.shape().dim(i);
    same = !dim.has_dim_value() || dim.dim_value() == actual[static_cast<std::size_t>(i)];
  }
  if (!same) {
    throw InputError(fmt::format("{}: a sample of it has shape {}, not what the file declares",
                                 place, to_string(shape_)));
  }
}

}  // namespace systol::onnx_import
