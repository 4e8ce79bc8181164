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
        bands_(std::move(bands)),
        loaded_(node_.inputs.size()) {}

  void lower(TileLowering& tiles, std::uint32_t block_rows) {
    if (cuts_softmax_rows()) {
      lower_softmax_rows(tiles, block_rows);
      return;
    }
    for_each_band(seen_shape(graph(), step_, node_.output), bands_.cut,
                  [&](const TensorPart& part) {
                    Frame frame = frame_of(part);
                    if (bands_.column_tiles == 0) {
                      lower_and_store(frame, tiles, block_rows);
                    } else {
                      lower_groups(frame, tiles, block_rows);
                    }
                  });
  }

 private:
  /// What was loaded last of an input, which the next band may need again.
  struct Loaded {
    Region region;
    Operand operand;
    std::size_t turn = 0;  ///< of the areas, for the next
  };

  const Graph& graph() const { return *group_.plan.graph; }
  Shape output_shape() const { return seen_shape(graph(), step_, node_.output); }

  bool cuts_softmax_rows() const {
    const Shape shape = output_shape();
    return step_.softmax() && bands_.cut.axis + 1 == shape.size() &&
           bands_.cut.extent < static_cast<std::uint64_t>(shape.back());
  }

  /// Row by row, each in three passes over its parts.
  void lower_softmax_rows(TileLowering& tiles, std::uint32_t block_rows) {
    std::vector<TensorPart> parts;
    for_each_band(output_shape(), bands_.cut, [&](const TensorPart& part) {
      parts.push_back(part);
      if (part.back().end < step_.outputs) {
        return;
      }
      for (const auto pass :
           {isa::SoftmaxPass::Maximum, isa::SoftmaxPass::Sum, isa::SoftmaxPass::Shares}) {
        for (const TensorPart& of_row : parts) {
          Frame frame = frame_of(of_row);
          frame.pass = pass;
          lower_frame(frame, tiles, block_rows);
          if (bands_.output && pass == isa::SoftmaxPass::Shares) {
            store(frame);
            output_turn_ = 1 - output_turn_;
          }
        }
      }
      parts.clear();
    });
  }
  const Tiling& tiling() const { return group_.plan.constants[index_].tiling; }

  /// The band's column tiles, as many at a time as share an area of the output.
  void lower_groups(Frame& frame, TileLowering& tiles, std::uint32_t block_rows) {
    for (std::uint32_t tile = 0; tile < tiling().column_tiles(); tile += bands_.column_tiles) {
      frame.first_tile = tile;
      frame.end_tile = std::min(tile + bands_.column_tiles, tiling().column_tiles());
      frame.output = output(frame.part, columns_of(frame));
      if (cuts_product_columns()) {
        TensorPart part = frame.part;
        part.back() = tiling().columns_together(tile, bands_.column_tiles);
        frame.inputs[1] = input(1, source_of(1), part, region_read(graph(), step_, 1, part));
        frame.output.address += bands_.output ? 0 : part.back().first;
      }
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
               : tiling().columns_together(frame.first_tile, bands_.column_tiles).count();
  }

  /// A product's groups of columns read as many of the second operand's.
  bool cuts_product_columns() const {
    return step_.kind == StepKind::Product && bands_.column_tiles > 0;
  }

  /// What is stored of the node's input, or a constant.
  TensorId source_of(std::size_t input) const {
    const auto constant = [this](TensorId tensor) { return graph().constant(tensor) != nullptr; };
    const TensorId tensor = node_.inputs[input];
    const auto end = node_.inputs.begin() + static_cast<std::ptrdiff_t>(input);
    const auto before = std::count_if(node_.inputs.begin(), end, constant);
    return constant(tensor) ? tensor : step_.sources[input - static_cast<std::size_t>(before)];
  }

  Frame frame_of(const TensorPart& part) {
    Frame frame{group_, index_, part, {}, {}, {}};
    if (step_.added) {
      const Shape shape = seen_shape(graph(), step_, node_.output);
      frame.residual = part_of(resident_operand(group_, step_.sources.back(), shape), part);
    }
    if (bands_.column_tiles == 0) {
      frame.output = output(part, step_.outputs);
    }
    for (std::size_t i = 0; i < node_.inputs.size(); ++i) {
      if (i == 1 && cuts_product_columns()) {
        frame.inputs.emplace_back();  // comes with each group of columns
        continue;
      }
      const Region region = region_read(graph(), step_, i, part);
      const TensorId tensor = source_of(i);
      const bool constant = graph().constant(tensor) != nullptr;
      if (constant && !bands_.inputs[i]) {
        set_part(frame.inputs.emplace_back(), part_of(region));
      } else {
        frame.inputs.push_back(input(i, tensor, part, region));
      }
    }
    return frame;
  }

  /// `columns` values of each row.
  Operand output(const TensorPart& part, std::uint64_t columns) {
    const Shape shape = seen_shape(graph(), step_, node_.output);
    if (!bands_.output) {
      return part_of(resident_operand(group_, step_.output, shape), part);
    }
    Shape stored = shape_of(part);
    if (bands_.column_tiles > 0) {
      stored.back() = static_cast<std::int64_t>(columns);
    }
    Operand operand = in_slot((*bands_.output)[output_turn_], dense_layout(stored), stored);
    set_part(operand, part);
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

  Operand input(std::size_t i, TensorId tensor, const TensorPart& part, const Region& region) {
    if (!bands_.inputs[i]) {
      const Shape shape = seen_shape(graph(), step_, node_.inputs[i]);
      return part_of(resident_operand(group_, tensor, shape), part_of(region));
    }
    Loaded& loaded = loaded_[i];
    if (is_empty(region)) {
      Operand none;
      set_part(none, part_of(region));
      return none;
    }
    if (loaded.region != region) {
      const std::size_t slot = (*bands_.inputs[i])[loaded.turn];
      loaded.operand = graph().constant(tensor) != nullptr ? load_constant(i, slot, tensor, region)
                                                           : load(i, slot, tensor, part, region);
      loaded.region = region;
      loaded.turn = 1 - loaded.turn;
    }
    return loaded.operand;
  }

  /// From memory, where the tensor lies without borders.
  Operand load(std::size_t i, std::size_t slot, TensorId tensor, const TensorPart& part,
               const Region& region) {
    const Layout layout = bands_.single_pixels
                              ? pixels_layout(graph(), step_, region)
                              : region_layout(graph(), step_, i, group_.layout(tensor), region);
    TensorPart loaded = part_of(region);
    if (bands_.single_pixels) {
      loaded[0] = {part[0].first, part[0].first + layout.rows};
      loaded[1] = {0, layout.columns};
    }
    Operand operand = in_slot(slot, layout, shape_of(loaded));
    set_part(operand, loaded);
    operand.single_pixels = bands_.single_pixels;
    group_.residence.begin(operand.item);
    Commands after = group_.residence.users(operand.item);
    fill_borders(group_, index_, operand.item, layout, tensor);
    const Commands stores = group_.residence.writers(group_.item(tensor));
    after.insert(after.end(), stores.begin(), stores.end());
    for (const isa::Load& load : loads_of(i, tensor, operand, layout, region)) {
      const CommandId id = group_.schedule.append(load, group_.origin(index_), after);
      group_.residence.wrote(operand.item, id);
      group_.residence.read(group_.item(tensor), id);
    }
    return operand;
  }

  /// Where the step's parameters lie in memory.
  Operand load_constant(std::size_t i, std::size_t slot, TensorId tensor, const Region& region) {
    const TensorPart part = part_of(region);
    Operand operand = in_slot(slot, dense_layout(shape_of(part)), shape_of(part));
    set_part(operand, part);
    group_.residence.begin(operand.item);
    const Commands after = group_.residence.users(operand.item);
    const std::uint64_t memory = group_.plan.constants[index_].parameters +
                                 parameters_of(graph(), step_).values +
                                 constant_offset(graph(), node_, i);
    const Shape shape = seen_shape(graph(), step_, node_.inputs[i]);
    for (isa::Load& load : loads_of_part(memory, shape, part, operand, tensor)) {
      load.space = isa::Space::Weights;
      group_.residence.wrote(operand.item,
                             group_.schedule.append(load, group_.origin(index_), after));
    }
    return operand;
  }

  std::vector<isa::Load> loads_of(std::size_t i, TensorId tensor, const Operand& to,
                                  const Layout& layout, const Region& region) const {
    const Shape shape = seen_shape(graph(), step_, node_.inputs[i]);
    const std::uint64_t memory = group_.plan.address(tensor, group_.first);
    const TensorPart whole = whole_part(shape);
    const TensorPart part = part_of(region);
    if (!bands_.single_pixels && !std::equal(whole.begin() + 1, whole.end(), part.begin() + 1)) {
      return loads_of_part(memory, shape, part, to, tensor);
    }
    isa::Load load;
    place_rows(load, memory, to.address, layout, region);
    const StatePlace* state = group_.plan.state_of(tensor);
    if (state != nullptr && state->blocks > 1) {
      take_blocks(*state, region, layout, load);
    }
    return {load};
  }

  /// Bytes from one index of an axis to the next in memory, of `values` values each.
  std::uint64_t distance(TensorId tensor, std::uint64_t values) const {
    const StatePlace* state = group_.plan.state_of(tensor);
    if (state == nullptr || state->blocks == 1) {
      return values;
    }
    const std::uint64_t block = state->first_bytes + group_.first * state->more_bytes;
    return values / block * state->block_bytes + values % block;
  }

  /// Of any of the axes.
  std::vector<isa::Load> loads_of_part(std::uint64_t memory, const Shape& shape,
                                       const TensorPart& part, const Operand& to,
                                       TensorId tensor) const {
    Box box;
    box.a = memory;
    box.destination = to.address;
    box.b_bytes = 0;
    for (std::size_t axis = 0; axis < part.size(); ++axis) {
      const std::uint64_t each = distance(tensor, values_of_index(shape, axis));
      box.a += part[axis].first * each;
      box.axes.push_back(
          {part[axis].count(), static_cast<std::int64_t>(each), 0, to.strides[axis + 1]});
    }
    std::vector<isa::Load> loads;
    for_each_part(box, [&](const BoxPart& walks) {
      isa::Load& load = loads.emplace_back();
      load.memory = walks.a;
      load.buffer = walks.destination;
      load.piece_bytes = walks.columns;
    });
    return loads;
  }

  /// Of a state that grows: its blocks, each with room behind it, are as many for each row.
  void take_blocks(const StatePlace& state, const Region& region, const Layout& layout,
                   isa::Load& load) const {
    const std::uint64_t bytes = state.first_bytes + group_.first * state.more_bytes;
    const std::uint64_t each = layout.columns * layout.channels / bytes;
    load.memory = {group_.plan.address(state.value, 0) + region[0].first * each * state.block_bytes,
                   layout.rows * each, state.block_bytes};
    load.buffer = {load.buffer.base, layout.rows * each, bytes};
    load.piece_bytes = bytes;
  }

  /// Rows of pixels, or single ones; the tensor is at `memory`.
  void place_rows(isa::Load& load, std::uint64_t memory, std::uint64_t buffer, const Layout& layout,
                  const Region& region) const {
    if (!bands_.single_pixels) {
      const std::uint64_t row = layout.columns * layout.channels;
      load.memory = {memory + region[0].first * row, layout.rows, row};
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
        isa::Walk(memory + region[0].first * row, {{layout.rows, down}, {layout.columns, right}});
    load.buffer =
        isa::Walk(buffer, {{layout.rows, layout.row_bytes()}, {layout.columns, layout.channels}});
    load.piece_bytes = layout.channels;
  }

  void store(const Frame& frame) {
    const std::size_t item = frame.output.item;
    isa::Store store;
    const std::uint64_t memory =
        group_.plan.address(step_.output, group_.first) + frame.first_value();
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
  std::vector<Loaded> loaded_;  ///< by the node's inputs
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
  bands.cut.extent = all;
  bands.values = std::uint64_t{of.rows} * of.outputs;
  bands.inputs.resize(graph.nodes[of.node].inputs.size());
  const bool array = of.kind == StepKind::Matrix || of.kind == StepKind::Product;
  if (!array && group.samples == 1 && !areas.bordered && can_be_cut(graph, of)) {
    const std::uint64_t each = bands.values / all;
    bands.cut.extent = std::clamp<std::uint64_t>(
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
