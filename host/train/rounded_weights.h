// Weights that a layer has rounded (`weights_are`), and the floats from which they are rounded.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "host/graph/graph.h"

namespace systol {

/// How a layer's weights are rounded: to `bits` bits, or, of sparse weights, to two of every four
/// along the depth, which begin anew after `run` inputs.
struct Rounding {
  std::uint32_t bits = 0;
  std::uint64_t run = 0;  ///< 0 of weights that are not sparse
};

/// The network's own constant is the rounded weights: two, three or 15 numbers for each output, or
/// at most two of every four that are not 0,
/// which `systol run` on an array of such weights finds again. The gradient by them is taken for
/// that by the floats that lie behind them, straight through (BinaryConnect, Courbariaux et al.,
/// NeurIPS 2015; the scale of each output as in XNOR-Net, Rastegari et al., ECCV 2016).
class RoundedWeights {
 public:
  /// The weights, [inputs][outputs], outlive this. What they are becomes the floats behind them.
  RoundedWeights(std::span<float> weights, std::uint32_t outputs, Rounding rounding);

  std::span<float> floats() { return floats_; }
  std::span<float> weights() const { return weights_; }
  /// Clips floats of few bits to -1 to 1, beyond which they would change no sign, and rounds them.
  void round();

 private:
  void round_to_bits();

  std::span<float> weights_;
  std::uint32_t outputs_;
  Rounding rounding_;
  std::vector<float> floats_;
};

/// Those of a parameter of the network; null where no layer rounds it.
std::shared_ptr<RoundedWeights> rounded_weights(Graph& network, TensorId parameter);

}  // namespace systol
