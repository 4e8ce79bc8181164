#include "host/compile/regions.h"

#include <algorithm>
#include <array>
#include <optional>

namespace systol {
namespace {

/// How a window moves along the image's rows; nothing where the step has none.
struct RowWindow {
  std::int64_t extent = 1;
  std::int64_t stride = 1;
  std::int64_t before = 0;
};

std::optional<RowWindow> row_window(const Graph& graph, const Node& node) {
  if (const auto* convolution = std::get_if<Convolution>(&node.operation)) {
    const Window& window = convolution->window;
    return RowWindow{(graph.shape(node.inputs[1])[0] - 1) * window.dilation[0] + 1,
                     window.stride[0], window.before[0]};
  }
  if (const auto* pool = std::get_if<Pool>(&node.operation)) {
    const Window& window = pool->window;
    return RowWindow{(pool->extent[0] - 1) * window.dilation[0] + 1, window.stride[0],
                     window.before[0]};
  }
  return std::nullopt;
}

/// Whether the node's input `input` is needed whole, however little of the output is made.
bool is_whole(const Graph& graph, const Step& step, std::size_t input) {
  const Node& node = graph.nodes[step.node];
  const Shape& shape = graph.shape(node.inputs[input]);
  const Shape& output = graph.shape(node.output);
  return !can_be_cut(graph, step) || (std::holds_alternative<Binary>(node.operation) &&
                                      (shape.size() < output.size() || shape[0] != output[0]));
}

}  // namespace

Shape seen_shape(const Graph& graph, const Step& step, TensorId tensor) {
  const Shape& shape = graph.shape(tensor);
  return shape.empty() ? Shape{1} : works_on_rows(graph, step) ? frame_shape(shape) : shape;
}

Region rows_placed(const Pad& pad, std::uint64_t extent, std::uint64_t first, std::uint64_t end) {
  const auto before = static_cast<std::uint64_t>(pad.before[0]);
  const auto step = static_cast<std::uint64_t>(pad.between[0]) + 1;
  // The number of rows that lie before an index of the output.
  const auto rows_before = [&](std::uint64_t index) {
    return index <= before ? 0 : std::min(extent, (index - before + step - 1) / step);
  };
  return {rows_before(first), rows_before(end), 0, 0};
}

std::uint64_t first_extent(const Graph& graph, const Step& step) {
  const Shape shape = seen_shape(graph, step, graph.nodes[step.node].output);
  return static_cast<std::uint64_t>(shape[0]);
}

bool can_be_cut(const Graph& graph, const Step& step) {
  const Node& node = graph.nodes[step.node];
  if (seen_shape(graph, step, node.output).size() < 2) {
    return false;  // a band is whole rows of the last axis
  }
  if (const auto* normalise = std::get_if<Normalise>(&node.operation)) {
    return !normalise->spatial;
  }
  if (const auto* slice = std::get_if<Slice>(&node.operation)) {
    return !slice->steps.empty() && slice->steps[0] > 0;
  }
  if (const auto* pad = std::get_if<Pad>(&node.operation)) {
    return !pad->before.empty();
  }
  if (const auto* concat = std::get_if<Concat>(&node.operation)) {
    return concat->axis != 0;
  }
  if (step.kind == StepKind::Product) {  // a band is some of the matrices
    return graph.shape(node.inputs[1]).size() == kImageRank;
  }
  return row_window(graph, node) || works_on_rows(graph, step) ||
         std::holds_alternative<Binary>(node.operation);
}

Region region_read(const Graph& graph, const Step& step, std::size_t input, std::uint64_t first,
                   std::uint64_t end) {
  const Node& node = graph.nodes[step.node];
  const Shape shape = seen_shape(graph, step, node.inputs[input]);
  const std::int64_t extent = shape[0];
  if (is_whole(graph, step, input)) {
    return {0, static_cast<std::uint64_t>(extent), 0, 0};
  }
  if (const auto* slice = std::get_if<Slice>(&node.operation)) {
    const auto start = static_cast<std::uint64_t>(slice->starts[0]);
    const auto step_size = static_cast<std::uint64_t>(slice->steps[0]);
    return {start + first * step_size, start + (end - 1) * step_size + 1, 0, 0};
  }
  if (const auto* pad = std::get_if<Pad>(&node.operation)) {
    const auto rows = static_cast<std::uint64_t>(extent);
    Region region = rows_placed(*pad, rows, first, end);
    region.first = std::min(region.first, rows - 1);  // a band of borders alone reads one, too
    region.end = std::max(region.end, region.first + 1);
    return region;
  }
  const std::optional<RowWindow> window = row_window(graph, node);
  if (!window) {
    return {first, end, 0, 0};
  }
  const std::int64_t from = static_cast<std::int64_t>(first) * window->stride - window->before;
  const std::int64_t to =
      static_cast<std::int64_t>(end - 1) * window->stride - window->before + window->extent;
  const std::int64_t begin = std::clamp<std::int64_t>(from, 0, extent);
  const std::int64_t stop = std::clamp<std::int64_t>(to, begin, extent);
  Region region{static_cast<std::uint64_t>(begin), static_cast<std::uint64_t>(stop), 0, 0};
  if (std::holds_alternative<Convolution>(node.operation)) {
    region.top = static_cast<std::uint64_t>(begin - from);
    region.bottom = static_cast<std::uint64_t>(std::max<std::int64_t>(to - stop, 0));
  }
  return region;
}

Layout region_layout(const Graph& graph, const Step& step, std::size_t input, const Layout& tensor,
                     const Region& region) {
  const Node& node = graph.nodes[step.node];
  const Shape shape = seen_shape(graph, step, node.inputs[input]);
  Layout layout = dense_layout(shape);
  if (shape.size() != kImageRank) {  // indices of the first axis are rows here, too
    layout.rows = static_cast<std::uint64_t>(shape[0]);
    layout.channels = shape.size() == 1 ? 1 : layout.channels;
    layout.columns = elements(shape) / layout.rows / layout.channels;
  }
  layout.rows = region.end - region.first;
  if (const auto* convolution = std::get_if<Convolution>(&node.operation)) {
    const Layout borders = tensor.bordered() ? tensor : bordered_layout(shape, convolution->window);
    layout.before = {region.top, borders.before[1]};
    layout.after = {region.bottom, borders.after[1]};
  }
  return layout;
}

bool reads_single_pixels(const Graph& graph, const Step& step) {
  const Node& node = graph.nodes[step.node];
  const auto* convolution = std::get_if<Convolution>(&node.operation);
  if (convolution == nullptr) {
    return false;
  }
  const Window& window = convolution->window;
  const Shape& weights = graph.shape(node.inputs[1]);
  constexpr std::array<std::int64_t, 2> kNone{0, 0};
  return weights[0] == 1 && weights[1] == 1 && window.stride[0] * window.stride[1] > 1 &&
         window.before == kNone && window.after == kNone;
}

Layout pixels_layout(const Graph& graph, const Step& step, const Region& region) {
  const Node& node = graph.nodes[step.node];
  const Window& window = std::get<Convolution>(node.operation).window;
  Layout layout = dense_layout(graph.shape(node.inputs[0]));
  const auto stride = static_cast<std::uint64_t>(window.stride[0]);
  layout.rows = (region.end - region.first + stride - 1) / stride;
  layout.columns = static_cast<std::uint64_t>(graph.shape(node.output)[1]);
  return layout;
}

ValueSpan values_read(const Frame& frame, std::size_t input) {
  if (frame.group.samples > 1 || !frame.inputs[input].whole) {
    return {};
  }
  const Region region = region_read(frame.graph(), frame.step(), input, frame.first, frame.end);
  const Shape seen = seen_shape(frame.graph(), frame.step(), frame.node().inputs[input]);
  const std::uint64_t each = elements(seen) / static_cast<std::uint64_t>(seen[0]);
  return {region.first * each, region.end * each};
}

ValueSpan values_written(const Frame& frame) {
  if (frame.group.samples > 1) {
    return {};
  }
  const std::uint64_t each = elements(frame.output.shape) / (frame.end - frame.first);
  return {frame.first * each, frame.end * each};
}

}  // namespace systol
