#include "host/compile/sign_tiles.h"

#include <algorithm>
#include <cstdlib>
#include <stdexcept>

namespace systol {
namespace {

/// Places of the depth that lie together, a kernel's pixel or all.
std::uint32_t run_of(const QuantMatMul& matmul, std::uint32_t pixels) {
  return static_cast<std::uint32_t>(matmul.weights.size() / matmul.bias.size() / pixels);
}

void check_sign(std::int8_t weight) {
  if (std::abs(weight) != 1) {
    throw std::logic_error("a network that was not quantised for weights of one bit");
  }
}

}  // namespace

std::uint32_t kernel_pixels(const Graph& graph, const Step& step) {
  const Node& node = graph.nodes[step.node];
  if (!std::holds_alternative<Convolution>(node.operation)) {
    return 1;
  }
  const Shape& weights = graph.shape(node.inputs[1]);
  return static_cast<std::uint32_t>(weights[0] * weights[1]);
}

std::uint32_t sign_depth(const Graph& graph, const Step& step) {
  const std::uint32_t pixels = kernel_pixels(graph, step);
  return pixels * isa::sign_bytes(step.inputs / pixels);
}

void append_sign_tiles(const QuantMatMul& matmul, std::uint32_t pixels, const Tiling& tiling,
                       std::vector<std::uint8_t>& image) {
  const std::uint32_t run = run_of(matmul, pixels);
  std::vector<std::int8_t> places(isa::kSignsInByte);
  for (std::uint32_t n = 0; n < tiling.column_tiles(); ++n) {
    for (std::uint32_t first = 0; first < pixels * run;) {
      const std::uint32_t count = std::min(isa::kSignsInByte, run - first % run);
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

QuantMatMul without_padding(const QuantMatMul& matmul, std::uint32_t pixels) {
  QuantMatMul without;
  const std::uint32_t run = run_of(matmul, pixels);
  const std::uint32_t padding = pixels * (isa::sign_bytes(run) * isa::kSignsInByte - run);
  without.bias = matmul.bias;
  for (std::int32_t& bias : without.bias) {
    bias -= static_cast<std::int32_t>(padding);
  }
  without.multiplier = matmul.multiplier;
  without.shift = matmul.shift;
  return without;
}

}  // namespace systol
