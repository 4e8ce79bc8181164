// Normalisations of each row of a sequence.
#include "host/import/workload/kinds.h"
#include "host/import/workload/layer.h"

namespace systol {

void read_layer_norm(WorkloadNetwork& network, const YamlNode& node) {
  Layer layer(network, node, "layer_norm", {"epsilon"});
  const auto epsilon = layer.map().optional("epsilon");
  const Normalise normalise{
      epsilon ? static_cast<float>(epsilon->number(0.0, 1.0)) : Normalise{}.epsilon, false};
  const std::int64_t size = layer.shape().back();
  const TensorId normal = layer.add(normalise, {layer.input()});
  const TensorId scaled = layer.add("scale", Binary{BinaryFunction::Multiply},
                                    {normal, layer.constant("gamma", {size})});
  layer.finish(
      layer.add("shift", Binary{BinaryFunction::Add}, {scaled, layer.constant("beta", {size})}));
}

/// x / sqrt(mean of x^2 + epsilon) * gamma (Zhang and Sennrich, 2019).
void read_rms_norm(WorkloadNetwork& network, const YamlNode& node) {
  Layer layer(network, node, "rms_norm", {"epsilon"});
  const auto given = layer.map().optional("epsilon");
  const float epsilon = given ? static_cast<float>(given->number(0.0, 1.0)) : Normalise{}.epsilon;
  const TensorId x = layer.input();
  const TensorId square = layer.add("square", Binary{BinaryFunction::Multiply}, {x, x});
  const TensorId mean = layer.add("mean", Mean{}, {square});
  const TensorId above = layer.add("epsilon", Map(Function::Linear, 1.0F, epsilon), {mean});
  const TensorId root = layer.add("root", Map{Function::Sqrt}, {above});
  const TensorId factor = layer.add("factor", Map{Function::Reciprocal}, {root});
  const TensorId normal = layer.add(Binary{BinaryFunction::Multiply}, {x, factor});
  layer.finish(layer.add("scale", Binary{BinaryFunction::Multiply},
                         {normal, layer.constant("gamma", {layer.shape().back()})}));
}

}  // namespace systol
