// Layers that move values and compute nothing.
#include <fmt/format.h>

#include <numeric>

#include "host/import/limits.h"
#include "host/import/workload/kinds.h"
#include "host/import/workload/layer.h"

namespace systol {
namespace {

/// A number for each axis of the layer's input.
Shape read_axes(const Layer& layer, const YamlNode& node, std::int64_t least) {
  Shape values;
  const std::size_t rank = layer.shape().size();
  for (const YamlNode& value : node.list(rank, rank)) {
    values.push_back(value.integer(least, kMaxUnits));
  }
  return values;
}

}  // namespace

void read_concat(WorkloadNetwork& network, const YamlNode& node) {
  Layer layer(network, node, "concat", {"with", "axis"});
  std::vector<TensorId> inputs = {layer.input()};
  const YamlNode with = layer.map().required("with");
  if (with.is_list()) {
    for (const YamlNode& name : with.list(1, kMaxLayers)) {
      inputs.push_back(network.find(name));
    }
  } else {
    inputs.push_back(network.find(with));
  }
  const auto last = static_cast<std::int64_t>(layer.shape().size()) - 1;
  layer.finish(layer.add(Concat{layer.integer("axis", 0, last, last)}, inputs));
}

void read_flatten(WorkloadNetwork& network, const YamlNode& node) {
  Layer layer(network, node, "flatten", {});
  const auto values = static_cast<std::int64_t>(elements(layer.shape()));
  layer.finish(layer.add(Reshape{{values}}, {layer.input()}));
}

void read_reshape(WorkloadNetwork& network, const YamlNode& node) {
  Layer layer(network, node, "reshape", {"shape"});
  layer.finish(layer.add(Reshape{read_shape(layer.map().required("shape"))}, {layer.input()}));
}

void read_transpose(WorkloadNetwork& network, const YamlNode& node) {
  Layer layer(network, node, "transpose", {"permutation"});
  const Shape permutation = read_axes(layer, layer.map().required("permutation"), 0);
  layer.finish(layer.add(Transpose{permutation}, {layer.input()}));
}

void read_slice(WorkloadNetwork& network, const YamlNode& node) {
  Layer layer(network, node, "slice", {"start", "size", "step"});
  const auto step = layer.map().optional("step");
  const Slice slice{read_axes(layer, layer.map().required("start"), 0),
                    read_axes(layer, layer.map().required("size"), 1),
                    step ? read_axes(layer, *step, 1) : Shape(layer.shape().size(), 1)};
  layer.finish(layer.add(slice, {layer.input()}));
}

void read_upsample(WorkloadNetwork& network, const YamlNode& node) {
  Layer layer(network, node, "upsample", {"factor"});
  layer.image();
  layer.map().required("factor");
  const auto factor = layer.pair("factor", 1, 1);
  layer.finish(layer.add(Repeat{{factor[0], factor[1], 1}}, {layer.input()}));
}

}  // namespace systol
