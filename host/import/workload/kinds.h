// The kinds of layers that a workload may have, and what each adds to the graph.
#pragma once

#include <span>
#include <string_view>

#include "host/import/workload/network.h"
#include "sim/config/yaml_reader.h"

namespace systol {

/// A function that reads the layer below its kind's key. All throw InputError with the place.
using ReadLayer = void (*)(WorkloadNetwork&, const YamlNode&);

struct LayerKind {
  std::string_view name;
  ReadLayer read;
};
/// dense, conv, max_pool, attention, ...
std::span<const LayerKind> layer_kinds();

// plain_layers.cpp
void read_dense(WorkloadNetwork&, const YamlNode&);
void read_activation(WorkloadNetwork&, const YamlNode&);
void read_softmax(WorkloadNetwork&, const YamlNode&);
void read_matmul(WorkloadNetwork&, const YamlNode&);
void read_add(WorkloadNetwork&, const YamlNode&);
void read_subtract(WorkloadNetwork&, const YamlNode&);
void read_multiply(WorkloadNetwork&, const YamlNode&);
void read_maximum(WorkloadNetwork&, const YamlNode&);
void read_minimum(WorkloadNetwork&, const YamlNode&);
void read_input_layer(WorkloadNetwork&, const YamlNode&);
void read_constant(WorkloadNetwork&, const YamlNode&);
void read_embedding(WorkloadNetwork&, const YamlNode&);

// move_layers.cpp
void read_concat(WorkloadNetwork&, const YamlNode&);
void read_flatten(WorkloadNetwork&, const YamlNode&);
void read_reshape(WorkloadNetwork&, const YamlNode&);
void read_transpose(WorkloadNetwork&, const YamlNode&);
void read_slice(WorkloadNetwork&, const YamlNode&);
void read_upsample(WorkloadNetwork&, const YamlNode&);

// image_layers.cpp
void read_conv(WorkloadNetwork&, const YamlNode&);
void read_depthwise(WorkloadNetwork&, const YamlNode&);
void read_conv_transpose(WorkloadNetwork&, const YamlNode&);
void read_max_pool(WorkloadNetwork&, const YamlNode&);
void read_average_pool(WorkloadNetwork&, const YamlNode&);
void read_global_average_pool(WorkloadNetwork&, const YamlNode&);

// norm_layers.cpp
void read_layer_norm(WorkloadNetwork&, const YamlNode&);
void read_rms_norm(WorkloadNetwork&, const YamlNode&);

// attention.cpp
void read_attention(WorkloadNetwork&, const YamlNode&);

// recurrent_layers.cpp
void read_lstm(WorkloadNetwork&, const YamlNode&);
void read_gru(WorkloadNetwork&, const YamlNode&);
void read_ntm(WorkloadNetwork&, const YamlNode&);

}  // namespace systol
