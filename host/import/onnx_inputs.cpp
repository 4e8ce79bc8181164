#include "host/import/onnx_inputs.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <string_view>
#include <vector>

#include "host/import/onnx_tensor.h"
#include "sim/base/error.h"
#include "sim/config/nearest.h"

namespace systol::onnx_import {
namespace {

constexpr std::array<std::string_view, 12> kImageReaders = {
    "AveragePool",   "BatchNormalization",    "Conv",
    "ConvTranspose", "DepthToSpace",          "GlobalAveragePool",
    "GlobalMaxPool", "InstanceNormalization", "MaxPool",
    "Resize",        "SpaceToDepth",          "Upsample"};
constexpr std::array<std::string_view, 20> kEachValue = {"Abs",
                                                         "Add",
                                                         "Cast",
                                                         "Clip",
                                                         "DequantizeLinear",
                                                         "Div",
                                                         "Dropout",
                                                         "Elu",
                                                         "HardSwish",
                                                         "Identity",
                                                         "LeakyRelu",
                                                         "Mul",
                                                         "Neg",
                                                         "PRelu",
                                                         "Pad",
                                                         "QuantizeLinear",
                                                         "Relu",
                                                         "Sigmoid",
                                                         "Sub",
                                                         "Tanh"};

bool is_one_of(const auto& names, const auto& name) {
  return std::ranges::find(names, name) != names.end();
}

bool is_sequence(const onnx::NodeProto& node) {
  if (node.op_type() != "RNN" && node.op_type() != "GRU" && node.op_type() != "LSTM") {
    return false;
  }
  return std::ranges::none_of(node.attribute(), [](const onnx::AttributeProto& attribute) {
    return attribute.name() == "layout" && attribute.i() != 0;
  });
}

bool reads(const onnx::NodeProto& node, const std::set<std::string>& names) {
  return std::ranges::any_of(node.input(),
                             [&](const std::string& input) { return names.contains(input); });
}

}  // namespace

InputUse use_of(const onnx::GraphProto& graph, const std::string& input, int rank) {
  InputUse use;
  std::set<std::string> same = {input};
  for (const onnx::NodeProto& node : graph.node()) {
    if (!reads(node, same)) {
      continue;
    }
    if (is_sequence(node) && rank == 3) {
      use.batch = 1;
    } else if (is_one_of(kImageReaders, node.op_type())) {
      use.image = use.image || rank == 3 || rank == 4;
    } else if (is_one_of(kEachValue, node.op_type()) && node.output_size() > 0) {
      same.insert(node.output(0));
    }
  }
  return use;
}

namespace {

constexpr std::array<std::string_view, 5> kShapeChanges = {"Flatten", "Identity", "Reshape",
                                                           "Squeeze", "Unsqueeze"};
constexpr std::array<std::string_view, 6> kWholeMoves = {"Concat", "Expand",    "Gather",
                                                         "Slice",  "Transpose", "Split"};

/// Operators that compare numbers, or take them for true and false.
constexpr std::array<std::string_view, 9> kTruths = {
    "And", "Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual", "Not", "Or", "Xor"};

bool is_cast_to_float(const onnx::NodeProto& node) {
  return std::ranges::any_of(node.attribute(), [](const onnx::AttributeProto& attribute) {
    constexpr std::array<std::int64_t, 4> kFloats = {
        onnx::TensorProto::FLOAT, onnx::TensorProto::DOUBLE, onnx::TensorProto::FLOAT16,
        onnx::TensorProto::BFLOAT16};
    return attribute.name() == "to" && is_one_of(kFloats, attribute.i());
  });
}

/// What a node that reads the numbers does with them.
void add_reader(const onnx::NodeProto& node, WholeUse& use, const onnx::NodeProto*& moved) {
  const std::string& op = node.op_type();
  if (op == "Gather" && node.input_size() > 1 && use.names.contains(node.input(1))) {
    use.chooses = true;
  } else if ((op == "Cast" && is_cast_to_float(node)) || is_one_of(kTruths, op) ||
             (op == "Where" && use.names.contains(node.input(0)))) {
    use.cast = true;
  } else if (op == "DequantizeLinear") {
    use.dequantised = true;
  } else if (op == "Cast" || is_one_of(kShapeChanges, op) || is_one_of(kWholeMoves, op)) {
    use.names.insert(node.output().begin(), node.output().end());
    moved = moved == nullptr && is_one_of(kWholeMoves, op) ? &node : moved;
  } else if (op != "Shape" && op != "Size") {
    use.other = use.other == nullptr ? &node : use.other;
  }
}

}  // namespace

WholeUse whole_use_of(const onnx::GraphProto& graph, const std::string& input) {
  WholeUse use;
  use.names = {input};
  const onnx::NodeProto* moved = nullptr;
  for (const onnx::NodeProto& node : graph.node()) {
    if (reads(node, use.names)) {
      add_reader(node, use, moved);
    }
  }
  if (use.chooses && use.other == nullptr) {
    use.other = moved;
  }
  return use;
}

std::optional<WholeRange> whole_range_of(std::int32_t type) {
  constexpr std::int64_t kExact = std::int64_t{1} << 24;  // of float32
  switch (type) {
    case onnx::TensorProto::UINT8:
      return WholeRange{0, 255};
    case onnx::TensorProto::INT8:
      return WholeRange{-128, 127};
    case onnx::TensorProto::BOOL:
      return WholeRange{0, 1};
    case onnx::TensorProto::INT32:
    case onnx::TensorProto::INT64:
      return WholeRange{-kExact, kExact};
    default:
      return std::nullopt;
  }
}

Shape declared_shape(const onnx::ValueInfoProto& input, const InputUse& use,
                     std::optional<std::int64_t>& fixed, const std::string& place) {
  const auto& dimensions = input.type().tensor_type().shape();
  Shape shape;
  for (int i = 0; i < dimensions.dim_size(); ++i) {
    const auto& dimension = dimensions.dim(i);
    if (i == static_cast<int>(use.batch)) {
      if (dimension.dim_value() > 0) {
        fixed = dimension.dim_value();
      }
      shape.push_back(1);
    } else if (dimension.has_dim_value()) {
      shape.push_back(dimension.dim_value());
    } else {
      const std::string& name = dimension.dim_param();
      throw InputError(fmt::format(
          "{}: dimension {}{} has no size; only the batch may be open, others must be given", place,
          i, name.empty() ? "" : fmt::format(" ({})", in_quotes(name))));
    }
  }
  element_count(shape, place);
  return shape;
}

}  // namespace systol::onnx_import
