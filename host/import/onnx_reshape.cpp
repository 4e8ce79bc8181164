#include "host/import/onnx_reshape.h"

#include <fmt/format.h>

#include <algorithm>

namespace systol::onnx_import {
namespace {

/// Throws unless the target's first dimension leaves the batch as it is.
void check_batch(const Node& node, std::int64_t first, std::optional<std::int64_t> batch) {
  if (first != -1 && first != 0 && first != batch) {
    node.fail(
        fmt::format("its first target dimension is {}, which does not keep the batch; "
                    "supported are -1, 0{}",
                    first, batch ? fmt::format(" and {}", *batch) : ""));
  }
}

}  // namespace

Shape flattened(const Node& node, const Shape& sample) {
  const std::int64_t rank = static_cast<std::int64_t>(sample.size()) + 1;
  const std::int64_t axis = node.integer_attribute("axis", 1);
  if (axis != 1 && axis != 1 - rank) {
    node.fail(fmt::format("axis={} is not supported; it must be 1", axis));
  }
  return {element_count(sample, node.place())};
}

Shape reshaped(const Node& node, const Shape& sample, const std::vector<std::int64_t>& target,
               std::optional<std::int64_t> batch) {
  if (target.size() < 2) {
    node.fail("its target must have at least two dimensions, the first for the batch");
  }
  check_batch(node, target.front(), batch);
  if (std::count(target.begin(), target.end(), -1) > 1) {
    node.fail("its target has more than one -1");
  }
  if (node.integer_attribute("allowzero", 0) != 0) {
    node.fail("allowzero=1 is not supported");
  }
  Shape shape(target.begin() + 1, target.end());
  std::int64_t* open = nullptr;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    if (shape[i] == 0 && i < sample.size()) {
      shape[i] = sample[i];
    } else if (shape[i] == -1) {
      open = &shape[i];
      shape[i] = 1;
    }
  }
  const std::int64_t elements = element_count(sample, node.place());
  const std::int64_t fixed = element_count(shape, node.place());
  if (open != nullptr) {
    *open = elements / fixed;
  }
  if (open != nullptr ? elements % fixed != 0 : elements != fixed) {
    node.fail(fmt::format("its target {} does not fit a sample of shape {}", to_string(target),
                          to_string(sample)));
  }
  return shape;
}

onnx::TensorProto constant_of(const Node& node) {
  onnx::TensorProto tensor;
  if (const auto* value = node.attribute("value"); value != nullptr && value->has_t()) {
    tensor = value->t();
  } else if (const auto* number = node.attribute("value_float"); number != nullptr) {
    tensor.set_data_type(onnx::TensorProto::FLOAT);
    tensor.add_float_data(number->f());
  } else if (const auto* numbers = node.attribute("value_floats"); numbers != nullptr) {
    tensor.set_data_type(onnx::TensorProto::FLOAT);
    tensor.add_dims(numbers->floats_size());
    *tensor.mutable_float_data() = numbers->floats();
  } else if (const auto* integer = node.attribute("value_int"); integer != nullptr) {
    tensor.set_data_type(onnx::TensorProto::INT64);
    tensor.add_int64_data(integer->i());
  } else if (const auto* integers = node.attribute("value_ints"); integers != nullptr) {
    tensor.set_data_type(onnx::TensorProto::INT64);
    tensor.add_dims(integers->ints_size());
    *tensor.mutable_int64_data() = integers->ints();
  } else {
    node.fail("its value is neither a tensor nor numbers");
  }
  return tensor;
}

}  // namespace systol::onnx_import
