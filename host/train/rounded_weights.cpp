#include "host/train/rounded_weights.h"

#include <algorithm>

#include "host/quantise/quantise_matmul.h"

namespace systol {
namespace {

std::uint32_t bits_of(WeightKind kind) {
  switch (kind) {
    case WeightKind::Binary:
      return 1;
    case WeightKind::Ternary:
      return 2;
    case WeightKind::Int4:
      return 4;
    case WeightKind::Any:
      break;
  }
  return 0;
}

}  // namespace

RoundedWeights::RoundedWeights(std::span<float> weights, std::uint32_t outputs, std::uint32_t bits)
    : weights_(weights), outputs_(outputs), bits_(bits), floats_(weights.begin(), weights.end()) {
  round();
}

void RoundedWeights::round() {
  std::ranges::transform(floats_, floats_.begin(),
                         [](float w) { return std::clamp(w, -1.0F, 1.0F); });
  const auto inputs = static_cast<std::uint32_t>(floats_.size() / outputs_);
  const std::vector<float> no_bias;
  constexpr Quantisation kUnit{1.0F, 0};
  const QuantMatMul rounded = quantise_matmul(
      {floats_, no_bias, {inputs, outputs_}, nullptr, bits_}, kUnit, kUnit, "rounding");
  for (std::size_t i = 0; i < weights_.size(); ++i) {
    weights_[i] = static_cast<float>(rounded.weights[i]) * rounded.scales[i % outputs_];
  }
}

std::shared_ptr<RoundedWeights> rounded_weights(Graph& network, TensorId parameter) {
  for (const Node& node : network.nodes) {
    const std::uint32_t bits = bits_of(weight_kind_of(node.operation));
    if (bits > 0 && node.inputs[1] == parameter) {
      return std::make_shared<RoundedWeights>(
          network.constant(parameter)->values,
          static_cast<std::uint32_t>(network.shape(parameter).back()), bits);
    }
  }
  return nullptr;
}

}  // namespace systol
