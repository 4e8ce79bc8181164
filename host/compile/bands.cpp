#include "host/compile/bands.h"

#include <algorithm>
#include <utility>

#include "host/compile/regions.h"

namespace systol {
namespace {

/// A step of the vector unit is cut, so that what reads its first values need not wait for its
/// last.
constexpr std::uint64_t kBands = 8;
constexpr std::uint64_t kLeastValues = 4096;  ///< of a band

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
      Frame frame = frame_of(first, std::min(all, first + bands_.extent));
      if (bands_.column_tiles == 0) {
        lower_and_store(frame, tiles, block_rows);
      } else {
        lower_groups(frame, tiles, block_rows);
      }
      turn_ = 1 - turn_;
    }
  }

 private:
  const Graph& graph() const { return *group_.plan.graph; }
  const Tiling& tiling() const { return group_.plan.constants[index_].tiling; }

  /// The band's column tiles, as many at a time as share an area of the output.
  void lower_groups(Frame& frame, TileLowering& tiles, std::uint32_t block_rows) {
    for (std::uint32_t tile = 0; tile < tiling().column_tiles(); tile += bands_.column_tiles) {
      frame.first_tile = tile;
      frame.end_tile = std::min(tile + bands_.column_tiles, tiling().column_tiles());
      frame.output = output(frame.first, frame.end, columns_of(frame));
      lower_and_store(frame, tiles, block_rows);
    }
  }

  void lower_and_store(const Frame& frame, TileLowering& tiles, std::uint32_t block_rows) {
    lower_frame(frame, tiles, block_rows);
    if (bands_.output) {
      store(frame);
      output_turn_ = 1 - output_turn_;
    }
  }

  /// Of an output row, those that the frame computes.
  std::uint64_t columns_of(const Frame& frame) const {
    return bands_.column_tiles == 0
               ? step_.outputs
               : tiling().first_column(frame.end_tile - 1) + tiling().columns(frame.end_tile - 1) -
                     tiling().first_column(frame.first_tile);
  }

  Frame frame_of(std::uint64_t first, std::uint64_t end) {
    Frame frame{group_, index_, first, end, {}, {}, {}};
    if (step_.added) {
      const Shape shape = seen_shape(graph(), step_, node_.output);
      frame.residual =
          part_of(resident_operand(group_, step_.sources.back(), shape), first, end - first);
    }
    if (bands_.column_tiles == 0) {
      frame.output = output(first, end, step_.outputs);
    }
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

  /// `columns` values of each row.
  Operand output(std::uint64_t first, std::uint64_t end, std::uint64_t columns) {
    Shape shape = seen_shape(graph(), step_, node_.output);
    if (!bands_.output) {
      return part_of(resident_operand(group_, step_.output, shape), first, end - first);
    }
    Shape part = shape;
    if (bands_.column_tiles > 0) {
      part.back() = static_cast<std::int64_t>(columns);
    }
    Operand operand = in_slot((*bands_.output)[output_turn_], dense_layout(part), part);
    operand.shape = shape;
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
      return part_of(resident_operand(group_, tensor, shape), region.first,
                     region.end - region.first);
    }
    const Layout layout = bands_.single_pixels
                              ? pixels_layout(graph(), step_, region)
                              : region_layout(graph(), step_, i, group_.layout(tensor), region);
    Shape loaded = shape;
    if (bands_.single_pixels) {
      loaded[1] = static_cast<std::int64_t>(layout.columns);
    }
    Operand operand = in_slot((*bands_.inputs[i])[turn_], layout, loaded);
    operand.single_pixels = bands_.single_pixels;
    operand.first = bands_.single_pixels ? first : region.first;
    operand.shape[0] = static_cast<std::int64_t>(layout.rows);
    load(tensor, operand.item, layout, region);
    return operand;
  }

  /// From memory, where the tensor lies without borders.
  void load(TensorId tensor, std::size_t item, const Layout& layout, const Region& region) {
    group_.residence.begin(item);
    Commands after = group_.residence.users(item);
    fill_borders(group_, index_, item, layout, group_.quantisation(tensor).zero_point);
    const Commands stores = group_.residence.writers(group_.item(tensor));
    after.insert(after.end(), stores.begin(), stores.end());
    isa::Load load;
    const std::uint64_t buffer = group_.residence.address(item) + layout.first();
    place_load(load, group_.plan.address(tensor, group_.first), buffer, layout, region);
    const StatePlace* state = group_.plan.state_of(tensor);
    if (state != nullptr && state->blocks > 1) {
      take_blocks(*state, region, layout, load);
    }
    const CommandId id = group_.schedule.append(load, group_.origin(index_), after);
    group_.residence.wrote(item, id);
    group_.residence.read(group_.item(tensor), id);
  }

  /// Of a state that grows: its blocks, each with room behind it, are as many for each row.
  void take_blocks(const StatePlace& state, const Region& region, const Layout& layout,
                   isa::Load& load) const {
    const std::uint64_t bytes = state.first_bytes + group_.first * state.more_bytes;
    const std::uint64_t each = layout.columns * layout.channels / bytes;
    load.memory = {group_.plan.address(state.value, 0) + region.first * each * state.block_bytes,
                   layout.rows * each, state.block_bytes};
    load.buffer = {load.buffer.base, layout.rows * each, bytes};
    load.piece_bytes = bytes;
  }

  /// Rows of pixels, or single ones; the tensor is at `memory`.
  void place_load(isa::Load& load, std::uint64_t memory, std::uint64_t buffer, const Layout& layout,
                  const Region& region) const {
    if (!bands_.single_pixels) {
      const std::uint64_t row = layout.columns * layout.channels;
      load.memory = {memory + region.first * row, layout.rows, row};
      load.buffer = {buffer, layout.rows, layout.row_bytes()};
      load.piece_bytes = row;
      return;
    }
    const Window& window = std::get<Convolution>(node_.operation).window;
    const Shape& image = graph().shape(node_.inputs[0]);
    const std::uint64_t row = static_cast<std::uint64_t>(image[1]) * layout.channels;
    const auto down = static_cast<std::uint64_t>(window.stride[0]) * row;
    const auto right = static_cast<std::uint64_t>(window.stride[1]) * layout.channels;
    load.memory =
        isa::Walk(memory + region.first * row, {{layout.rows, down}, {layout.columns, right}});
    load.buffer =
        isa::Walk(buffer, {{layout.rows, layout.row_bytes()}, {layout.columns, layout.channels}});
    load.piece_bytes = layout.channels;
  }

  void store(const Frame& frame) {
    const std::size_t item = frame.output.item;
    const std::uint64_t row = elements(frame.output.shape) / (frame.end - frame.first);
    isa::Store store;
    const std::uint64_t memory =
        group_.plan.address(step_.output, group_.first) + frame.first * row;
    const std::uint64_t columns = columns_of(frame);
    if (columns == step_.outputs) {
      store.memory = isa::Walk(memory);
      store.buffer = isa::Walk(frame.output.address);
      store.piece_bytes = elements(frame.output.shape);
    } else {
      const std::uint64_t rows = elements(frame.output.shape) / step_.outputs;
      store.memory = {memory + tiling().first_column(frame.first_tile), rows, step_.outputs};
      store.buffer = {frame.output.address, rows, columns};
      store.piece_bytes = columns;
    }
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
  std::size_t output_turn_ = 0;
};

/// The step's bands in the plan, or others.
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

}  // namespace

void lower_in_bands(const Group& group, std::size_t step, TileLowering& tiles,
                    std::uint32_t block_rows) {
  BandedStep(group, step, bands_of(group, step)).lower(tiles, block_rows);
}

}  // namespace systol
