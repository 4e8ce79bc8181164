#include "host/import/onnx_handlers.h"

#include <map>
#include <set>

#include "host/import/onnx_fold.h"

namespace systol::onnx_import {
namespace {

const std::map<std::string_view, Handler>& handlers() {
  static const std::map<std::string_view, Handler> table = {
      {"Abs", lower_function},
      {"Add", lower_binary},
      {"And", lower_logic},
      {"ArgMax", lower_arg_max},
      {"AveragePool", lower_average_pool},
      {"BatchNormalization", lower_batch_normalization},
      {"Cast", lower_cast},
      {"Celu", lower_scaled_elu},
      {"Clip", lower_clip},
      {"Concat", lower_concat},
      {"Conv", lower_conv},
      {"ConvTranspose", lower_conv_transpose},
      {"DepthToSpace", lower_depth_to_space},
      {"DequantizeLinear", lower_dequantize},
      {"Div", lower_divide},
      {"Dropout", lower_dropout},
      {"Elu", lower_function},
      {"Equal", lower_comparison},
      {"Erf", lower_function},
      {"Exp", lower_function},
      {"Expand", lower_expand},
      {"Flatten", lower_flatten},
      {"Gather", lower_gather},
      {"Gelu", lower_function},
      {"Gemm", lower_gemm},
      {"GlobalAveragePool", lower_global_pool},
      {"GlobalMaxPool", lower_global_pool},
      {"Greater", lower_comparison},
      {"GreaterOrEqual", lower_comparison},
      {"GRU", lower_recurrent},
      {"HardSigmoid", lower_function},
      {"HardSwish", lower_function},
      {"Identity", lower_identity},
      {"InstanceNormalization", lower_instance_normalization},
      {"LayerNormalization", lower_layer_normalization},
      {"LeakyRelu", lower_function},
      {"Less", lower_comparison},
      {"LessOrEqual", lower_comparison},
      {"Log", lower_function},
      {"LogSoftmax", lower_log_softmax},
      {"LSTM", lower_recurrent},
      {"MatMul", lower_matmul},
      {"Max", lower_binary},
      {"MaxPool", lower_max_pool},
      {"Min", lower_binary},
      {"Mish", lower_product_with_function},
      {"Mul", lower_binary},
      {"Neg", lower_function},
      {"Not", lower_logic},
      {"Or", lower_logic},
      {"Pad", lower_pad},
      {"Pow", lower_power},
      {"PRelu", lower_prelu},
      {"QuantizeLinear", lower_quantize},
      {"Reciprocal", lower_function},
      {"ReduceL1", lower_reduce},
      {"ReduceL2", lower_reduce},
      {"ReduceLogSum", lower_reduce},
      {"ReduceLogSumExp", lower_reduce},
      {"ReduceMax", lower_reduce},
      {"ReduceMean", lower_reduce},
      {"ReduceMin", lower_reduce},
      {"ReduceSum", lower_reduce},
      {"ReduceSumSquare", lower_reduce},
      {"Relu", lower_function},
      {"Reshape", lower_reshape},
      {"Resize", lower_resize},
      {"RNN", lower_recurrent},
      {"Selu", lower_scaled_elu},
      {"Shape", lower_shape},
      {"Sigmoid", lower_function},
      {"Sign", lower_function},
      {"Slice", lower_slice},
      {"Softmax", lower_softmax},
      {"Softplus", lower_function},
      {"Softsign", lower_product_with_function},
      {"SpaceToDepth", lower_space_to_depth},
      {"Split", lower_split},
      {"Sqrt", lower_function},
      {"Squeeze", lower_squeeze},
      {"Sub", lower_binary},
      {"Sum", lower_binary},
      {"Tanh", lower_function},
      {"ThresholdedRelu", lower_product_with_function},
      {"Tile", lower_tile},
      {"Transpose", lower_transpose},
      {"Unsqueeze", lower_unsqueeze},
      {"Where", lower_where},
      {"Upsample", lower_resize},
      {"Xor", lower_logic},
  };
  return table;
}

}  // namespace

Handler handler_of(std::string_view op) {
  const auto found = handlers().find(op);
  return found == handlers().end() ? nullptr : found->second;
}

std::vector<std::string_view> supported_operators() {
  std::set<std::string_view> names;
  for (const auto& entry : handlers()) {
    names.insert(entry.first);
  }
  for (const std::string_view name : folded_operators()) {
    names.insert(name);
  }
  return {names.begin(), names.end()};
}

}  // namespace systol::onnx_import
