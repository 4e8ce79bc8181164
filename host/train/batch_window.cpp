#include "host/train/batch_window.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <tuple>

namespace systol {
namespace {

/// How many values of an axis with `extent` values a window has at place `at`.
std::int64_t values_at(const Pool& pool, std::size_t axis, std::int64_t extent, std::int64_t at) {
  std::int64_t count = 0;
  for (std::int64_t i = 0; i < pool.extent[axis]; ++i) {
    const std::int64_t index =
        at * pool.window.stride[axis] + i * pool.window.dilation[axis] - pool.window.before[axis];
    count += index >= 0 && index < extent ? 1 : 0;
  }
  return count;
}

}  // namespace

TensorId WindowLowering::add(const std::string& part, const Operation& operation,
                             const std::vector<TensorId>& inputs) {
  return graph_.add_node(names_.name(fmt::format("{}.{}", name_, part)), operation, inputs);
}

TensorId WindowLowering::bordered(const Window& window, TensorId image, float value) {
  const auto& [before, after] = std::tie(window.before, window.after);
  if (before == std::array<std::int64_t, 2>{} && after == std::array<std::int64_t, 2>{}) {
    return image;
  }
  return add("bordered",
             Pad{{0, before[0], before[1], 0}, {0, after[0], after[1], 0}, {0, 0, 0, 0}, value},
             {image});
}

TensorId WindowLowering::place(const Window& window, TensorId image, const Shape& output,
                               std::int64_t row, std::int64_t column, std::int64_t channel,
                               std::int64_t channels) {
  const Slice slice{{0, row * window.dilation[0], column * window.dilation[1], channel},
                    {output[0], output[1], output[2], channels},
                    {1, window.stride[0], window.stride[1], 1}};
  return slice.sizes == graph_.shape(image) ? image : add("place", slice, {image});
}

TensorId WindowLowering::part_of(TensorId id, std::size_t axis, std::int64_t start,
                                 std::int64_t size) {
  Shape sizes = graph_.shape(id);
  if (sizes[axis] == size) {
    return id;
  }
  Shape starts(sizes.size());
  starts[axis] = start;
  sizes[axis] = size;
  const Shape steps(sizes.size(), 1);
  return add("part", Slice{starts, sizes, steps}, {id});
}

TensorId WindowLowering::joined(const std::vector<TensorId>& parts) {
  return parts.size() == 1 ? parts.front() : add("joined", Concat{3}, parts);
}

TensorId WindowLowering::group(const Convolution& convolution, TensorId image, TensorId weights,
                               const Shape& output, std::int64_t number) {
  const Shape kernel = graph_.shape(weights);
  const std::int64_t outputs = kernel[3] / convolution.groups;
  std::vector<TensorId> places;
  for (std::int64_t row = 0; row < kernel[0]; ++row) {
    for (std::int64_t column = 0; column < kernel[1]; ++column) {
      places.push_back(
          place(convolution.window, image, output, row, column, number * kernel[2], kernel[2]));
    }
  }
  const TensorId values = joined(places);
  const TensorId matrix = add("matrix", Reshape{{kernel[0] * kernel[1] * kernel[2], outputs}},
                              {part_of(weights, 3, number * outputs, outputs)});
  return add("product", MatMul{false, convolution.similarity}, {values, matrix});
}

TensorId WindowLowering::convolution(const Convolution& convolution, TensorId image,
                                     TensorId weights, const Shape& output) {
  const TensorId source = bordered(convolution.window, image, 0.0F);
  std::vector<TensorId> groups;
  for (std::int64_t number = 0; number < convolution.groups; ++number) {
    groups.push_back(group(convolution, source, weights, output, number));
  }
  return joined(groups);
}

TensorId WindowLowering::mean(const Pool& pool, TensorId sum, const Shape& image,
                              const Shape& output) {
  std::vector<float> shares;
  for (std::int64_t row = 0; row < output[1]; ++row) {
    for (std::int64_t column = 0; column < output[2]; ++column) {
      const std::int64_t count = pool.count_borders ? pool.extent[0] * pool.extent[1]
                                                    : values_at(pool, 0, image[1], row) *
                                                          values_at(pool, 1, image[2], column);
      shares.push_back(1.0F / static_cast<float>(count));
    }
  }
  if (std::ranges::all_of(shares, [&](float share) { return share == shares.front(); })) {
    return add("mean", Map{Function::Linear, shares.front(), 0.0F}, {sum});
  }
  const TensorId factors =
      graph_.add_constant(names_.name(name_ + ".shares"), {output[1], output[2], 1}, shares);
  return add("mean", Binary{BinaryFunction::Multiply}, {sum, factors});
}

TensorId WindowLowering::pool(const Pool& pool, TensorId image, const Shape& output) {
  const bool maximum = pool.kind == PoolKind::Maximum;
  const Shape shape = graph_.shape(image);
  const TensorId source =
      bordered(pool.window, image, maximum ? std::numeric_limits<float>::lowest() : 0.0F);
  std::optional<TensorId> result;
  for (std::int64_t row = 0; row < pool.extent[0]; ++row) {
    for (std::int64_t column = 0; column < pool.extent[1]; ++column) {
      const TensorId next = place(pool.window, source, output, row, column, 0, shape[3]);
      result = result ? add(maximum ? "largest" : "sum",
                            Binary{maximum ? BinaryFunction::Maximum : BinaryFunction::Add},
                            {*result, next})
                      : next;
    }
  }
  return maximum ? *result : mean(pool, *result, shape, output);
}

}  // namespace systol
