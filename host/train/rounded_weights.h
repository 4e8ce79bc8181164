// Weights that a layer has rounded (`weights_are`), and the floats from which they are rounded.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "host/graph/graph.h"

namespace systol {

/// The network's own constant is the rounded weights: two, three or 15 numbers for each output,
/// which `systol run` on an array of such weights finds again. The gradient by them is taken for
/// that by the floats that lie behind them, straight through (BinaryConnect, Courbariaux et al.,
/// NeurIPS 2015; the scale of each output as in XNOR-Net, Rastegari et al., ECCV 2016).
class RoundedWeights {
 public:
  /// Of `bits` bits; the weights, [inputs][outputs], outlive this. What they are becomes the floats
  /// behind them.
  RoundedWeights(std::span<float> weights, std::uint32_t outputs, std::uint32_t bits);

  std::span<float> floats() { return floats_; }
  std::span<float> weights() const { return weights_; }
  /// Clips the floats to -1 to 1, beyond which they would change no sign, and rounds them.
  void round();

 private:
  std::span<float> weights_;
  std::uint32_t outputs_;
  std::uint32_t bits_;
  std::vector<float> floats_;
};

/// Those of a parameter of the network; null where no layer rounds it.
std::shared_ptr<RoundedWeights> rounded_weights(Graph& network, TensorId parameter);

}  // namespace systol
