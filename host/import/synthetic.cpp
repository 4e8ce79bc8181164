#include "host/import/synthetic.h"

#include <algorithm>
#include <cmath>

namespace systol {
namespace {

/// A generator of its own for each use of one seed.
SplitMix64 stream(std::uint64_t seed, std::uint64_t number) {
  SplitMix64 mixer(seed);
  return SplitMix64(mixer.next() ^ SplitMix64(number).next());
}

bool damps_negative(Activation activation) {
  return activation == Activation::Relu || activation == Activation::LeakyRelu;
}

}  // namespace

std::uint64_t SplitMix64::next() {
  state_ += 0x9E3779B97F4A7C15U;
  std::uint64_t z = state_;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
  return z ^ (z >> 31);
}

double SplitMix64::uniform(double low, double high) {
  const double unit = static_cast<double>(next() >> 11) * 0x1.0p-53;
  return low + unit * (high - low);
}

void fill_weights(Graph& graph) {
  std::uint64_t number = 0;
  for (DenseLayer& layer : graph.layers) {
    SplitMix64 random = stream(graph.seed, ++number);
    const double bound = std::sqrt((damps_negative(layer.activation) ? 6.0 : 3.0) / layer.inputs);
    layer.weights.resize(std::size_t{layer.inputs} * layer.outputs);
    layer.bias.resize(layer.outputs);
    const auto fill = [&](std::vector<float>& values, double end) {
      std::generate(values.begin(), values.end(),
                    [&] { return static_cast<float>(random.uniform(-end, end)); });
    };
    fill(layer.weights, bound);
    fill(layer.bias, 0.1);
  }
}

std::vector<float> synthetic_inputs(const Graph& graph, std::size_t rows, std::uint64_t seed) {
  const ValueRange range = graph.input_range.value_or(ValueRange{});
  SplitMix64 random = stream(seed, 0);
  std::vector<float> values(rows * graph.inputs());
  std::generate(values.begin(), values.end(), [&] {
    return static_cast<float>(
        random.uniform(static_cast<double>(range.low), static_cast<double>(range.high)));
  });
  return values;
}

}  // namespace systol
