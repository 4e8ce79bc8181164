#include "host/import/onnx_fold.h"

#include <map>

#include "host/import/onnx_folds.h"
#include "host/import/onnx_quantised.h"

namespace systol::onnx_import {
namespace {

using Fold = HostTensor (*)(const Values&, const Node&);

const std::map<std::string_view, Fold>& folds() {
  static const std::map<std::string_view, Fold> table = {
      {"Abs", fold_unary},
      {"Add", fold_binary},
      {"And", fold_binary},
      {"Cast", fold_cast},
      {"Ceil", fold_unary},
      {"Clip", fold_clip},
      {"Concat", fold_concat},
      {"Constant", fold_constant},
      {"ConstantOfShape", fold_constant_of_shape},
      {"Cos", fold_unary},
      {"DequantizeLinear", dequantised},
      {"Div", fold_binary},
      {"Dropout", fold_same},
      {"Einsum", fold_einsum},
      {"Equal", fold_binary},
      {"Exp", fold_unary},
      {"Expand", fold_expand},
      {"Flatten", fold_flatten},
      {"Floor", fold_unary},
      {"Gather", fold_gather},
      {"Greater", fold_binary},
      {"GreaterOrEqual", fold_binary},
      {"Identity", fold_same},
      {"Less", fold_binary},
      {"LessOrEqual", fold_binary},
      {"Log", fold_unary},
      {"MatMul", fold_matmul},
      {"Max", fold_binary},
      {"Min", fold_binary},
      {"Mod", fold_binary},
      {"Mul", fold_binary},
      {"Neg", fold_unary},
      {"Not", fold_unary},
      {"Or", fold_binary},
      {"Pow", fold_binary},
      {"QuantizeLinear", quantised},
      {"Range", fold_range},
      {"Reciprocal", fold_unary},
      {"ReduceProd", fold_product},
      {"Reshape", fold_reshape},
      {"Round", fold_unary},
      {"Shape", fold_shape},
      {"Sigmoid", fold_unary},
      {"Sin", fold_unary},
      {"Size", fold_size},
      {"Slice", fold_slice},
      {"Sqrt", fold_unary},
      {"Squeeze", fold_squeeze},
      {"Sub", fold_binary},
      {"Tanh", fold_unary},
      {"Tile", fold_tile},
      {"Transpose", fold_transpose},
      {"Trilu", fold_trilu},
      {"Unsqueeze", fold_unsqueeze},
      {"Where", fold_where},
      {"Xor", fold_binary}};
  return table;
}

}  // namespace

std::optional<HostTensor> folded(const Values& values, const Node& node) {
  const auto found = folds().find(node.op());
  if (found == folds().end() || !(values.all_constant(node) || node.op() == "Constant")) {
    return std::nullopt;
  }
  return found->second(values, node);
}

std::optional<Weights> folded_later(const Values& values, const Node& node) {
  if (node.op() == "DequantizeLinear") {
    return values.all_constant(node) ? dequantised_later(values, node) : std::nullopt;
  }
  if (node.op() == "Transpose" && values.waits(node, 0)) {
    return transposed_later(values, node);
  }
  return std::nullopt;
}

std::vector<std::string_view> folded_operators() {
  std::vector<std::string_view> names;
  for (const auto& entry : folds()) {
    names.push_back(entry.first);
  }
  return names;
}

}  // namespace systol::onnx_import
