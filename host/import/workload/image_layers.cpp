// Layers of images, [rows, columns, channels].
#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "host/import/limits.h"
#include "host/import/workload/kinds.h"
#include "host/import/workload/layer.h"

namespace systol {
namespace {

using Pair = std::array<std::int64_t, 2>;
constexpr std::array<std::string_view, 2> kPaddings = {"same", "valid"};

/// Whether `padding` is a word, not numbers: whether it is `same`. Throws for another word.
bool is_word(const std::optional<YamlNode>& padding, bool& same) {
  same = false;
  if (!padding) {
    return true;
  }
  const bool word = padding->is_scalar() && !padding->tree().scalar.empty() &&
                    std::isalpha(static_cast<unsigned char>(padding->tree().scalar[0])) != 0;
  same = word && padding->choice(kPaddings) == 0;
  return word;
}

/// What has to be added so that there is a place of the window for every `stride` values; the
/// larger half after the last.
void pad_same(Window& window, std::size_t axis, std::int64_t values, std::int64_t extent) {
  const std::int64_t spread = window.dilation[axis] * (extent - 1) + 1;
  const std::int64_t places = (values + window.stride[axis] - 1) / window.stride[axis];
  const std::int64_t total =
      std::max<std::int64_t>((places - 1) * window.stride[axis] + spread - values, 0);
  window.before[axis] = total / 2;
  window.after[axis] = total - total / 2;
}

/// Reads stride, dilation and padding of a window of `extent` over the layer's image.
Window read_window(const Layer& layer, Pair extent, Pair stride, Pair dilation) {
  const Shape image = layer.image();
  Window window{stride, dilation, {0, 0}, {0, 0}};
  bool same = false;
  if (!is_word(layer.map().optional("padding"), same)) {
    window.before = window.after = layer.pair("padding", 0, 0);
  } else if (same) {
    pad_same(window, 0, image[0], extent[0]);
    pad_same(window, 1, image[1], extent[1]);
  }
  return window;
}

Pair read_kernel(const Layer& layer) {
  layer.map().required("kernel");
  return layer.pair("kernel", 1, 1);
}

/// A convolution of the tensor, with the layer's bias and activation.
TensorId convolve(Layer& layer, TensorId image, Pair kernel, std::int64_t filters,
                  const Convolution& convolution) {
  const std::int64_t channels = layer.shape(image)[2];
  std::vector<TensorId> inputs = {
      image,
      layer.constant("weights", {kernel[0], kernel[1], channels / convolution.groups, filters})};
  if (layer.flag("bias", true)) {
    inputs.push_back(layer.constant("bias", {filters}));
  }
  return layer.activated(layer.add(convolution, inputs));
}

void read_pool(WorkloadNetwork& network, const YamlNode& node, PoolKind kind) {
  Layer layer(network, node, kPoolKindNames[static_cast<std::size_t>(kind)],
              {"kernel", "stride", "padding", "count_borders"});
  layer.image();
  Pool pool{kind, read_kernel(layer), {}, layer.flag("count_borders", false)};
  if (pool.count_borders && kind == PoolKind::Maximum) {
    layer.map().required("count_borders").fail_at_key("only an average_pool counts borders");
  }
  const Pair stride = layer.map().optional("stride") ? layer.pair("stride", 1, 1) : pool.extent;
  pool.window = read_window(layer, pool.extent, stride, {1, 1});
  layer.finish(layer.add(pool, {layer.input()}));
}

/// The borders, and the values between, that make a convolution of a transposed one.
Pad spread_image(const Layer& layer, Pair kernel, Pair stride) {
  const auto padding = layer.map().optional("padding");
  bool same = false;
  const bool word = is_word(padding, same);
  const Pair numbers = word ? Pair{0, 0} : layer.pair("padding", 0, 0);
  const Pair extra = layer.pair("output_padding", 0, 0);
  Pad pad{{0, 0, 0}, {0, 0, 0}, {0, 0, 0}, 0.0F};
  for (std::size_t axis = 0; axis < 2; ++axis) {
    const std::int64_t total = same ? kernel[axis] - stride[axis] : 2 * numbers[axis];
    const std::int64_t first = total > 0 ? total / 2 : 0;
    pad.before[axis] = kernel[axis] - 1 - first;
    pad.after[axis] = kernel[axis] - 1 - (total - first) + extra[axis];
    pad.between[axis] = stride[axis] - 1;
    if (pad.before[axis] < 0 || pad.after[axis] < 0) {
      layer.fail(fmt::format("a padding of {} is not below the kernel's extent of {}",
                             numbers[axis], kernel[axis]));
    }
  }
  return pad;
}

}  // namespace

void read_conv(WorkloadNetwork& network, const YamlNode& node) {
  Layer layer(network, node, "conv",
              {"filters", "kernel", "stride", "padding", "dilation", "groups", "bias", "activation",
               "leaky_slope", "similarity", "weights_are"});
  const std::int64_t channels = layer.image()[2];
  const std::int64_t filters = layer.map().required("filters").integer(1, kMaxUnits);
  const Pair kernel = read_kernel(layer);
  const Convolution convolution{
      read_window(layer, kernel, layer.pair("stride", 1, 1), layer.pair("dilation", 1, 1)),
      layer.integer("groups", 1, kMaxUnits, 1), layer.similarity(), layer.weight_kind()};
  if (channels % convolution.groups != 0 || filters % convolution.groups != 0) {
    layer.fail(fmt::format("{} channels and {} filters are not both divisible by {} groups",
                           channels, filters, convolution.groups));
  }
  layer.finish(convolve(layer, layer.input(), kernel, filters, convolution));
}

void read_depthwise(WorkloadNetwork& network, const YamlNode& node) {
  Layer layer(network, node, "depthwise",
              {"kernel", "stride", "padding", "dilation", "multiplier", "bias", "activation",
               "leaky_slope"});
  const std::int64_t channels = layer.image()[2];
  const Pair kernel = read_kernel(layer);
  const Convolution convolution{
      read_window(layer, kernel, layer.pair("stride", 1, 1), layer.pair("dilation", 1, 1)),
      channels};
  const std::int64_t filters = channels * layer.integer("multiplier", 1, 1024, 1);
  layer.finish(convolve(layer, layer.input(), kernel, filters, convolution));
}

void read_conv_transpose(WorkloadNetwork& network, const YamlNode& node) {
  Layer layer(network, node, "conv_transpose",
              {"filters", "kernel", "stride", "padding", "output_padding", "bias", "activation",
               "leaky_slope"});
  layer.image();
  const std::int64_t filters = layer.map().required("filters").integer(1, kMaxUnits);
  const Pair kernel = read_kernel(layer);
  const Pad pad = spread_image(layer, kernel, layer.pair("stride", 1, 1));
  const TensorId spread = layer.add("spread", pad, {layer.input()});
  layer.finish(convolve(layer, spread, kernel, filters, Convolution{}));
}

void read_max_pool(WorkloadNetwork& network, const YamlNode& node) {
  read_pool(network, node, PoolKind::Maximum);
}

void read_average_pool(WorkloadNetwork& network, const YamlNode& node) {
  read_pool(network, node, PoolKind::Average);
}

void read_global_average_pool(WorkloadNetwork& network, const YamlNode& node) {
  Layer layer(network, node, "global_average_pool", {});
  const Shape image = layer.image();
  layer.finish(
      layer.add(Pool{PoolKind::Average, {image[0], image[1]}, {}, false}, {layer.input()}));
}

}  // namespace systol
