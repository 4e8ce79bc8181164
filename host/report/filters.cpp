#include "host/report/filters.h"

#include <fmt/format.h>
#include <png.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "sim/base/error.h"
#include "sim/base/output_file.h"

namespace systol {
namespace {

constexpr std::uint32_t kPerRow = 5;
constexpr std::uint32_t kZoom = 6;
constexpr std::uint32_t kMargin = 8;
constexpr std::uint32_t kMostOutputs = 100;

struct Picture {
  Picture(std::uint32_t w, std::uint32_t h)
      : width(w), height(h), rgb(std::size_t{3} * w * h, 0xe0) {}
  std::uint32_t width;
  std::uint32_t height;
  std::vector<std::uint8_t> rgb;
};

/// -1 is blue, 0 white, 1 red.
void paint(Picture& picture, std::uint32_t x, std::uint32_t y, float value) {
  const auto pale = static_cast<std::uint8_t>(255 * (1 - std::min(1.0F, std::fabs(value))));
  std::uint8_t* pixel = &picture.rgb[std::size_t{3} * (y * picture.width + x)];
  pixel[0] = value < 0 ? pale : 255;
  pixel[1] = pale;
  pixel[2] = value > 0 ? pale : 255;
}

/// The square root brings out the many small weights beside the few large ones.
float shade(float weight, float largest) {
  return std::copysign(std::sqrt(std::fabs(weight) / largest), weight);
}

/// [inputs][outputs]
struct Weights {
  std::uint32_t inputs;
  std::uint32_t outputs;
  const std::vector<float>& weights;
};

float largest_weight(const Weights& layer, std::uint32_t output) {
  float largest = 0;
  for (std::size_t input = 0; input < layer.inputs; ++input) {
    largest = std::max(largest, std::fabs(layer.weights[input * layer.outputs + output]));
  }
  return largest == 0 ? 1 : largest;
}

void draw_filter(Picture& picture, const Weights& layer, std::uint32_t output, std::uint32_t side) {
  const float largest = largest_weight(layer, output);
  const std::uint32_t pitch = side * kZoom + kMargin;
  const std::uint32_t left = kMargin + output % kPerRow * pitch;
  const std::uint32_t top = kMargin + output / kPerRow * pitch;
  for (std::uint32_t y = 0; y < side * kZoom; ++y) {
    for (std::uint32_t x = 0; x < side * kZoom; ++x) {
      const std::size_t input = std::size_t{y / kZoom} * side + x / kZoom;
      paint(picture, left + x, top + y,
            shade(layer.weights[input * layer.outputs + output], largest));
    }
  }
}

std::string encode(const Picture& picture) {
  png_image image;
  std::memset(&image, 0, sizeof image);
  image.version = PNG_IMAGE_VERSION;
  image.width = picture.width;
  image.height = picture.height;
  image.format = PNG_FORMAT_RGB;
  png_alloc_size_t size = 0;
  std::string bytes;
  if (png_image_write_get_memory_size(image, size, 0, picture.rgb.data(), 0, nullptr) != 0) {
    bytes.resize(size);
    if (png_image_write_to_memory(&image, bytes.data(), &size, 0, picture.rgb.data(), 0, nullptr) !=
        0) {
      bytes.resize(size);
      return bytes;
    }
  }
  throw EnvironmentError(fmt::format("cannot encode the PNG: {}", image.message));
}

}  // namespace

void write_filters(const Graph& graph, const std::filesystem::path& path) {
  const auto is_matmul = [](const Node& node) {
    return std::holds_alternative<MatMul>(node.operation);
  };
  const auto matmuls = std::ranges::count_if(graph.nodes, is_matmul);
  const auto node = std::ranges::find_if(graph.nodes, is_matmul);
  if (matmuls != 1) {
    throw InputError(fmt::format("{}: filters are drawn of one matmul's weights; it has {} matmuls",
                                 graph.place(), matmuls));
  }
  if (graph.constant(node->inputs[1])->values.empty()) {
    throw InputError(fmt::format("{}: filters are drawn of weights; those of '{}' have no values",
                                 graph.place(), node->name));
  }
  const MatMulShape shape = matmul_shape(graph, *node);
  const Weights layer{shape.inputs, shape.outputs, graph.constant(node->inputs[1])->values};
  const auto side = static_cast<std::uint32_t>(std::lround(std::sqrt(layer.inputs)));
  if (side * side != layer.inputs || layer.outputs > kMostOutputs) {
    throw InputError(fmt::format(
        "{}: filters are drawn of square inputs and at most {} outputs; it has {} inputs and {} "
        "outputs",
        graph.place(), kMostOutputs, layer.inputs, layer.outputs));
  }
  const std::uint32_t across = std::min(kPerRow, layer.outputs);
  const std::uint32_t down = (layer.outputs + kPerRow - 1) / kPerRow;
  const std::uint32_t pitch = side * kZoom + kMargin;
  Picture picture(kMargin + across * pitch, kMargin + down * pitch);
  for (std::uint32_t output = 0; output < layer.outputs; ++output) {
    draw_filter(picture, layer, output, side);
  }
  write_file(path, encode(picture));
}

}  // namespace systol
