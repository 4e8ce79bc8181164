#include "host/compile/sign_tiles.h"

#include <algorithm>
#include <cstdlib>
#include <stdexcept>

namespace systol {
namespace {

void check_sign(std::int8_t weight) {
  if (std::abs(weight) != 1) {
    throw std::logic_error("a network that was not quantised for weights of one bit");
  }
}

}  // namespace

SignDepth sign_depth(const Graph& graph, const Step& step, const PackedRows& rows,
                     const ArrayConfig& config) {
  const Node& node = graph.nodes[step.node];
  const bool image = std::holds_alternative<Convolution>(node.operation);
  const std::uint64_t read =
      image ? static_cast<std::uint64_t>(graph.shape(node.inputs[1])[2]) : step.inputs;
  const SignPacking packing{config.columns};
  return {step.inputs, isa::narrow(packing.run(read, rows.written)), packing};
}

void append_sign_tiles(const QuantMatMul& matmul, const SignDepth& depth, const Tiling& tiling,
                       std::vector<std::uint8_t>& image) {
  std::vector<std::int8_t> places(isa::kSignsInByte);
  for (std::uint32_t n = 0; n < tiling.column_tiles(); ++n) {
    for (std::uint32_t first = 0; first < depth.places;) {
      const std::uint32_t count =
          isa::narrow(depth.packing.left_in_byte(first % depth.run, depth.run));
      for (std::uint32_t column = 0; column < tiling.columns(n); ++column) {
        for (std::uint32_t i = 0; i < count; ++i) {
          places[i] = matmul.weights[std::size_t{first + i} * tiling.outputs +
                                     tiling.first_column(n) + column];
          check_sign(places[i]);
        }
        isa::pack_signs(places.data(), count, &image.emplace_back());
      }
      first += count;
    }
  }
}

QuantMatMul without_padding(const QuantMatMul& matmul, const SignDepth& depth) {
  QuantMatMul without;
  const std::uint32_t padding = depth.bytes() * isa::kSignsInByte - depth.places;
  without.bias = matmul.bias;
  for (std::int32_t& bias : without.bias) {
    bias -= static_cast<std::int32_t>(padding);
  }
  without.multiplier = matmul.multiplier;
  without.shift = matmul.shift;
  return without;
}

QuantMatMul without_borders(QuantMatMul channels, const QuantMatMul& matmul, const Shape& weights,
                            const BorderPlaces& places) {
  const std::size_t outputs = channels.bias.size();
  std::size_t row = 0;
  for (std::int64_t y = 0; y < weights[0]; ++y) {
    for (std::int64_t x = 0; x < weights[1]; ++x) {
      const bool inside =
          y >= places.y.begin && y < places.y.end && x >= places.x.begin && x < places.x.end;
      for (std::int64_t channel = 0; channel < weights[2]; ++channel, ++row) {
        for (std::size_t output = 0; output < outputs && !inside; ++output) {
          channels.bias[output] -= matmul.weights[row * outputs + output];
        }
      }
    }
  }
  return channels;
}

}  // namespace systol
