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
      return part_of(resident_operand(group_, tensor, shape), region.first,
                     region.end - region.first);
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
