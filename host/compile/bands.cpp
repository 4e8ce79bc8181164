#include "host/compile/bands.h"

#include <algorithm>

namespace systol {
namespace {

/// A step of the vector unit is cut, so that what reads its first values need not wait for its
/// last.
constexpr std::uint64_t kBands = 8;
constexpr std::uint64_t kLeastValues = 4096;  ///< of a band

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

/// A tensor's shape as the step's frames see it.
Shape seen_shape(const Graph& graph, const Step& step, TensorId tensor) {
  return works_on_rows(graph, step) ? frame_shape(graph.shape(tensor)) : graph.shape(tensor);
}

bool is_whole(const Graph& graph, const Step& step, std::size_t input) {
  const Node& node = graph.nodes[step.node];
  const Shape& shape = graph.shape(node.inputs[input]);
  const Shape& output = graph.shape(node.output);
  return !can_be_cut(graph, step) || (std::holds_alternative<Binary>(node.operation) &&
                                      (shape.size() < output.size() || shape[0] != output[0]));
}

class BandedStep {
 public:
  BandedStep(const Group& group, std::size_t step, Bands bands)
      : group_(group),
        index_(step),
        step_(group.plan.steps[step]),
        node_(group.plan.graph->nodes[step_.node]),
        bands_(std::move(bands)) {}

  void lower(TileLowering& tiles, std::uint32_t block_rows) {
    const std::uint64_t all = first_extent(graph(), step_);
    for (std::uint64_t first = 0; first < all; first += bands_.extent) {
      const Frame frame = frame_of(first, std::min(all, first + bands_.extent));
      lower_frame(frame, tiles, block_rows);
      if (bands_.output) {
        store(frame);
      }
      turn_ = 1 - turn_;
    }
  }

 private:
  const Graph& graph() const { return *group_.plan.graph; }

  Frame frame_of(std::uint64_t first, std::uint64_t end) {
    Frame frame{group_, index_, first, end, {}, output(first, end)};
    std::size_t source = 0;
    for (std::size_t i = 0; i < node_.inputs.size(); ++i) {
      if (graph().constant(node_.inputs[i]) != nullptr) {
        frame.inputs.emplace_back().shape = graph().shape(node_.inputs[i]);
      } else {
        frame.inputs.push_back(input(i, step_.sources[source++], first, end));
      }
    }
    return frame;
  }

  Operand output(std::uint64_t first, std::uint64_t end) {
    const Shape shape = seen_shape(graph(), step_, node_.output);
    if (!bands_.output) {
      return part_of(resident_operand(group_, step_.output, shape), first, end - first);
    }
    Operand operand = in_slot((*bands_.output)[turn_], dense_layout(shape), shape);
    operand.first = first;
    operand.shape[0] = static_cast<std::int64_t>(end - first);
    group_.residence.begin(operand.item);
    return operand;
  }

  Operand in_slot(std::size_t slot, const Layout& layout, const Shape& shape) const {
    Operand operand;
    operand.item = group_.area(slot);
    operand.address = group_.residence.address(operand.item) + layout.first();
    operand.strides = {0};
    for (const std::uint64_t stride : layout.strides(shape)) {
      operand.strides.push_back(static_cast<std::int64_t>(stride));
    }
    operand.shape = shape;
    operand.whole = false;
    return operand;
  }

  Operand input(std::size_t i, TensorId tensor, std::uint64_t first, std::uint64_t end) {
    const Shape shape = seen_shape(graph(), step_, node_.inputs[i]);
    const Region region = region_read(graph(), step_, i, first, end);
    if (!bands_.inputs[i]) {
      const Operand whole = resident_operand(group_, tensor, shape);
      const bool part = !is_whole(graph(), step_, i) && !row_window(graph(), node_) &&
                        !std::holds_alternative<Slice>(node_.operation) &&
                        !std::holds_alternative<Pad>(node_.operation);
      return part ? part_of(whole, first, end - first) : whole;
    }
    const Layout layout = region_layout(graph(), step_, i, group_.layout(tensor), region);
    Operand operand = in_slot((*bands_.inputs[i])[turn_], layout, shape);
    operand.first = region.first;
    operand.shape[0] = static_cast<std::int64_t>(region.end - region.first);
    load(tensor, operand.item, layout, region);
    return operand;
  }

  /// From memory, where the tensor lies without borders.
  void load(TensorId tensor, std::size_t item, const Layout& layout, const Region& region) {
    const std::uint64_t row = layout.columns * layout.channels;
    group_.residence.begin(item);
    Commands after = group_.residence.users(item);
    fill_borders(group_, index_, item, layout, group_.quantisation(tensor).zero_point);
    const Commands stores = group_.residence.writers(group_.item(tensor));
    after.insert(after.end(), stores.begin(), stores.end());
    isa::Load load;
    load.memory = {group_.plan.address(tensor, group_.first) + region.first * row, layout.rows,
                   row};
    load.buffer = {group_.residence.address(item) + layout.first(), layout.rows,
                   layout.row_bytes()};
    load.piece_bytes = row;
    const CommandId id = group_.schedule.append(load, group_.origin(index_), after);
    group_.residence.wrote(item, id);
    group_.residence.read(group_.item(tensor), id);
  }

  void store(const Frame& frame) {
    const std::size_t item = frame.output.item;
    const std::uint64_t row = elements(frame.output.shape) / (frame.end - frame.first);
    isa::Store store;
    store.memory = isa::Walk(group_.plan.address(step_.output, group_.first) + frame.first * row);
    store.buffer = isa::Walk(frame.output.address);
    store.piece_bytes = elements(frame.output.shape);
    Commands after = group_.residence.writers(item);
    const Commands loads = group_.residence.users(group_.item(step_.output));
    after.insert(after.end(), loads.begin(), loads.end());
    const CommandId id = group_.schedule.append(store, frame.origin(), after);
    group_.residence.read(item, id);
    group_.residence.wrote(group_.item(step_.output), id);
  }

  const Group& group_;
  std::size_t index_;
  const Step& step_;
  const Node& node_;
  Bands bands_;
  std::size_t turn_ = 0;
};

}  // namespace

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
  return shape.empty() ? 1 : static_cast<std::uint64_t>(shape[0]);
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
  const auto extent = shape.empty() ? std::int64_t{1} : shape[0];
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
    layout.rows = shape.empty() ? 1 : static_cast<std::uint64_t>(shape[0]);
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

Bands bands_of(const Group& group, std::size_t step) {
  const StepAreas& areas = group.plan.step_areas[step];
  if (areas.bands) {
    return *areas.bands;
  }
  const Graph& graph = *group.plan.graph;
  const Step& of = group.plan.steps[step];
  const std::uint64_t all = first_extent(graph, of);
  Bands bands;
  bands.extent = all;
  bands.values = std::uint64_t{of.rows} * of.outputs;
  bands.inputs.resize(graph.nodes[of.node].inputs.size());
  const bool array = of.kind == StepKind::Matrix || of.kind == StepKind::Product;
  if (!array && group.samples == 1 && !areas.bordered && can_be_cut(graph, of)) {
    const std::uint64_t each = bands.values / all;
    bands.extent = std::clamp<std::uint64_t>(
        std::max((all + kBands - 1) / kBands, (kLeastValues + each - 1) / each), 1, all);
  }
  return bands;
}

void lower_in_bands(const Group& group, std::size_t step, const Bands& bands, TileLowering& tiles,
                    std::uint32_t block_rows) {
  BandedStep(group, step, bands).lower(tiles, block_rows);
}

ValueSpan values_read(const Frame& frame, std::size_t input) {
  const Shape& shape = frame.graph().shape(frame.node().inputs[input]);
  if (frame.group.samples > 1 || !frame.inputs[input].whole || shape.empty()) {
    return {};
  }
  const Region region = region_read(frame.graph(), frame.step(), input, frame.first, frame.end);
  const Shape seen = seen_shape(frame.graph(), frame.step(), frame.node().inputs[input]);
  const std::uint64_t each = elements(seen) / static_cast<std::uint64_t>(seen[0]);
  return {region.first * each, region.end * each};
}

ValueSpan values_written(const Frame& frame) {
  if (frame.group.samples > 1 || frame.output.shape.empty()) {
    return {};
  }
  const std::uint64_t each = elements(frame.output.shape) / (frame.end - frame.first);
  return {frame.first * each, frame.end * each};
}

}  // namespace systol
