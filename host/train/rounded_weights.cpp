#include "host/train/rounded_weights.h"

#include <algorithm>
#include <optional>

#include "host/graph/kernel_run.h"
#include "host/quantise/quantise_matmul.h"
#include "host/quantise/two_of_four.h"

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
    case WeightKind::Sparse24:
      break;
  }
  return 0;
}

/// Nothing of a layer whose weights stay as they are.
std::optional<Rounding> rounding_of(const Graph& network, const Node& node) {
  const WeightKind kind = weight_kind_of(node.operation);
  if (kind != WeightKind::Sparse24) {
    const std::uint32_t bits = bits_of(kind);
    return bits > 0 ? std::optional(Rounding{bits, 0}) : std::nullopt;
  }
  const Shape& weights = network.shape(node.inputs[1]);
  const auto* convolution = std::get_if<Convolution>(&node.operation);
  return Rounding{0, convolution != nullptr ? kernel_run(*convolution, weights)
                                            : static_cast<std::uint64_t>(weights[0])};
}

}  // namespace

RoundedWeights::RoundedWeights(std::span<float> weights, std::uint32_t outputs, Rounding rounding)
    : weights_(weights),
      outputs_(outputs),
      rounding_(rounding),
      floats_(weights.begin(), weights.end()) {
  round();
}

void RoundedWeights::round() {
  if (rounding_.run > 0) {
    std::ranges::copy(two_of_four(floats_, outputs_, rounding_.run), weights_.begin());
  } else {
    round_to_bits();
  }
}

void RoundedWeights::round_to_bits() {
  std::ranges::transform(floats_, floats_.begin(),
                         [](float w) { return std::clamp(w, -1.0F, 1.0F); });
  const auto inputs = static_cast<std::uint32_t>(floats_.size() / outputs_);
  const std::vector<float> no_bias;
  constexpr Quantisation kUnit{1.0F, 0};
  const QuantMatMul rounded = quantise_matmul(
      {floats_, no_bias, {inputs, outputs_}, nullptr, rounding_.bits}, kUnit, kUnit, "rounding");
  for (std::size_t i = 0; i < weights_.size(); ++i) {
    weights_[i] = static_cast<float>(rounded.weights[i]) * rounded.scales[i % outputs_];
  }
}

std::shared_ptr<RoundedWeights> rounded_weights(Graph& network, TensorId parameter) {
  for (const Node& node : network.nodes) {
    if (node.inputs.size() < 2 || node.inputs[1] != parameter) {
      continue;
    }
    if (const std::optional<Rounding> rounding = rounding_of(network, node)) {
      return std::make_shared<RoundedWeights>(
          network.constant(parameter)->values,
          static_cast<std::uint32_t>(network.shape(parameter).back()), *rounding);
    }
  }
  return nullptr;
}

}  // namespace systol
