// A neural network as the importers deliver it: float layers in the order in which they run.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace systol {

/// The function after a layer's sum.
enum class Activation : std::uint8_t { None, Relu, LeakyRelu, Sigmoid, Tanh, Softmax };

std::string_view name_of(Activation activation);

/// y[n] = activation(sum over k of x[k] * weights[k * outputs + n] + bias[n]).
struct DenseLayer {
  std::string name;
  std::uint32_t inputs = 0;    ///< K
  std::uint32_t outputs = 0;   ///< N
  std::vector<float> weights;  ///< [inputs][outputs], row-major
  std::vector<float> bias;     ///< [outputs]
  Activation activation = Activation::None;
  float leaky_slope = 0.01F;  ///< of LeakyRelu, for x < 0
};

/// The values a network's inputs lie in, both ends included.
struct ValueRange {
  float low = 0.0F;
  float high = 1.0F;
  bool operator==(const ValueRange&) const = default;
};

/// A network: dense layers for now; each next kind of layer becomes an alternative here.
struct Graph {
  std::string name;
  std::string file;                       ///< where it was read; empty for what was made up
  std::vector<std::int64_t> input_shape;  ///< of one sample, without the batch
  std::vector<DenseLayer> layers;         ///< at least one
  std::optional<ValueRange> input_range;  ///< where the model's file names one
  std::uint64_t seed = 1;                 ///< of whatever is synthetic: weights, inputs

  /// What errors begin with.
  const std::string& place() const { return file.empty() ? name : file; }
  std::uint32_t inputs() const { return layers.front().inputs; }
  std::uint32_t outputs() const { return layers.back().outputs; }
};

}  // namespace systol
