#include "host/compile/regions.h"

#include <algorithm>
#include <array>

namespace systol {
bool is_empty(const Region& region) {
  return std::ranges::any_of(region, [](const Reach& reach) { return reach.count() == 0; });
}

TensorPart part_of(const Region& region) { return {region.begin(), region.end()}; }

Shape seen_shape(const Graph& graph, const Step& step, TensorId tensor) {
  const Shape& shape = graph.shape(tensor);
  return shape.empty() ? Shape{1} : works_on_rows(graph, step) ? frame_shape(shape) : shape;
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
  return std::holds_alternative<Convolution>(node.operation) ||
         std::holds_alternative<Pool>(node.operation) || works_on_rows(graph, step) ||
         std::holds_alternative<Binary>(node.operation);
}

std::size_t axes_to_cut(const Graph& graph, const Step& step) {
  const Node& node = graph.nodes[step.node];
  const std::size_t rank = seen_shape(graph, step, node.output).size();
  if (rank < 2) {
    return 0;
  }
  struct Axes {
    std::size_t rank;
    bool depthwise;
    std::size_t operator()(const Convolution&) const { return depthwise ? rank : rank - 1; }
    std::size_t operator()(const Normalise& op) const { return op.spatial ? 0 : rank - 1; }
    std::size_t operator()(const Pad& op) const { return op.before.size(); }
    std::size_t operator()(const MatMul&) const { return rank - 1; }
    std::size_t operator()(const Softmax&) const { return rank; }
    std::size_t operator()(const Mean&) const { return rank - 1; }
    std::size_t operator()(const Reshape&) const { return 0; }
    std::size_t operator()(const Map&) const { return rank; }
    std::size_t operator()(const Pool&) const { return rank; }
    std::size_t operator()(const Binary&) const { return rank; }
    std::size_t operator()(const Concat&) const { return rank; }
    std::size_t operator()(const Slice&) const { return rank; }
    std::size_t operator()(const Transpose&) const { return rank; }
    std::size_t operator()(const Repeat&) const { return rank; }
  };
  return std::visit(Axes{rank, step.kind == StepKind::Depthwise}, node.operation);
}

std::uint64_t indices_together(const Graph& graph, const Step& step, std::size_t axis) {
  const auto* repeat = std::get_if<Repeat>(&graph.nodes[step.node].operation);
  return repeat == nullptr ? 1 : static_cast<std::uint64_t>(repeat->factors[axis]);
}

Layout region_layout(const Graph& graph, const Step& step, std::size_t input, const Layout& tensor,
                     const Region& region) {
  if (is_empty(region)) {
    return {0, 0, 0};
  }
  const Node& node = graph.nodes[step.node];
  const Shape shape = seen_shape(graph, step, node.inputs[input]);
  const Shape part = shape_of(part_of(region));
  Layout layout = dense_layout(part);
  if (part.size() != kImageRank) {  // indices of the first axis are rows here, too
    layout.rows = region[0].count();
    layout.channels = part.size() == 1 ? 1 : layout.channels;
    layout.columns = elements(part) / layout.rows / layout.channels;
  }
  if (const auto* convolution = std::get_if<Convolution>(&node.operation)) {
    const Layout borders = read_layout(tensor, shape, convolution->window);
    const bool whole_rows = region[1].count() == static_cast<std::uint64_t>(shape[1]);
    layout.before = {region[0].before, whole_rows ? borders.before[1] : region[1].before};
    layout.after = {region[0].after, whole_rows ? borders.after[1] : region[1].after};
  }
  return layout;
}

bool reads_single_pixels(const Graph& graph, const Step& step) {
  const Node& node = graph.nodes[step.node];
  const auto* convolution = std::get_if<Convolution>(&node.operation);
  if (convolution == nullptr || step.kind != StepKind::Matrix) {
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
  layout.rows = (region[0].count() + stride - 1) / stride;
  layout.columns = static_cast<std::uint64_t>(graph.shape(node.output)[1]);
  return layout;
}

ValueSpan values_read(const Frame& frame, std::size_t input) {
  if (frame.group.samples > 1 || !frame.inputs[input].whole) {
    return {};
  }
  const Region region = region_read(frame.graph(), frame.step(), input, frame.part);
  if (is_empty(region)) {
    return {0, 0};
  }
  const Shape seen = seen_shape(frame.graph(), frame.step(), frame.node().inputs[input]);
  ValueSpan values{0, 1};
  for (std::size_t axis = 0; axis < seen.size(); ++axis) {
    const std::uint64_t each = values_of_index(seen, axis);
    // One walk goes over the borders above and below an image, too: from a row's start to its end.
    const bool above = axis > 0 && region[0].before > 0;
    const bool below = axis > 0 && region[0].after > 0;
    const auto all = static_cast<std::uint64_t>(seen[axis]);
    values.first += above ? 0 : region[axis].first * each;
    values.end += ((below ? all : region[axis].end) - 1) * each;
  }
  return values;
}

ValueSpan values_written(const Frame& frame) {
  if (frame.group.samples > 1) {
    return {};
  }
  const std::uint64_t first = frame.first_value();
  return {first, first + elements(shape_of(frame.part))};
}

}  // namespace systol
