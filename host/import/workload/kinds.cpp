#include "host/import/workload/kinds.h"

#include <array>

namespace systol {

std::span<const LayerKind> layer_kinds() {
  static constexpr auto kKinds = std::to_array<LayerKind>({
      {"dense", read_dense},
      {"conv", read_conv},
      {"depthwise", read_depthwise},
      {"conv_transpose", read_conv_transpose},
      {"max_pool", read_max_pool},
      {"average_pool", read_average_pool},
      {"global_average_pool", read_global_average_pool},
      {"upsample", read_upsample},
      {"flatten", read_flatten},
      {"reshape", read_reshape},
      {"transpose", read_transpose},
      {"slice", read_slice},
      {"concat", read_concat},
      {"add", read_add},
      {"subtract", read_subtract},
      {"multiply", read_multiply},
      {"maximum", read_maximum},
      {"minimum", read_minimum},
      {"matmul", read_matmul},
      {"activation", read_activation},
      {"softmax", read_softmax},
      {"layer_norm", read_layer_norm},
      {"rms_norm", read_rms_norm},
      {"attention", read_attention},
      {"lstm", read_lstm},
      {"gru", read_gru},
      {"ntm", read_ntm},
      {"input", read_input_layer},
      {"constant", read_constant},
      {"embedding", read_embedding},
  });
  return kKinds;
}

}  // namespace systol
