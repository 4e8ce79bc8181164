#include "host/compile/constants.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <stdexcept>

#include "host/compile/sign_tensors.h"
#include "host/compile/sign_tiles.h"
#include "host/compile/sparse_tiles.h"
#include "host/graph/kernel_run.h"
#include "sim/timed_command.h"

namespace systol {
namespace {

/// A row of a tile, which begins with a byte of its own.
void append_packed(std::span<const std::int8_t> weights, isa::PeType pe,
                   std::vector<std::uint8_t>& image) {
  const std::uint32_t bits = isa::describe(pe).weight_bits;
  const std::size_t first = image.size();
  image.resize(first + isa::weight_row_bytes(weights.size(), pe));
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const std::size_t bit = i * bits;
    const std::uint8_t field = isa::weight_field(weights[i], pe);
    if (isa::packed_weight(&field, 0, pe) != weights[i]) {
      throw std::logic_error("a network that was quantised for weights of more bits");
    }
    image[first + bit / 8] = static_cast<std::uint8_t>(image[first + bit / 8] | field << bit % 8);
  }
}

void append_tiles(const QuantMatMul& matmul, const Tiling& tiling, isa::PeType pe,
                  std::vector<std::uint8_t>& image) {
  if (isa::is_sparse(pe)) {
    append_sparse_tiles(matmul, tiling, image);
    return;
  }
  for (std::uint32_t n = 0; n < tiling.column_tiles(); ++n) {
    const std::uint64_t first = tiling.first_column(n);
    for (std::uint64_t k = 0; k < tiling.inputs; ++k) {
      const auto row =
          matmul.weights.begin() + static_cast<std::ptrdiff_t>(k * tiling.outputs + first);
      if (isa::is_packed(pe)) {
        append_packed({row, row + tiling.columns(n)}, pe, image);
      } else {
        image.insert(image.end(), row, row + tiling.columns(n));
      }
    }
  }
}

/// Column by column: an input-stationary array is fed a row of the transposed weights a cycle.
void append_transposed_tiles(const QuantMatMul& matmul, const Tiling& tiling,
                             std::vector<std::uint8_t>& image) {
  for (std::uint32_t n = 0; n < tiling.column_tiles(); ++n) {
    for (std::uint32_t k = 0; k < tiling.row_tiles(); ++k) {
      const std::size_t first =
          std::size_t{tiling.slice(k).first} * tiling.outputs + tiling.first_column(n);
      for (std::size_t column = 0; column < tiling.columns(n); ++column) {
        for (std::size_t row = 0; row < tiling.depth(k); ++row) {
          const std::int8_t weight = matmul.weights[first + row * tiling.outputs + column];
          image.push_back(static_cast<std::uint8_t>(weight));
        }
      }
    }
  }
}

/// Byte `byte` of each value, least significant first.
template <class Number>
void append_plane(const Number* values, std::uint32_t count, unsigned byte,
                  std::vector<std::uint8_t>& image) {
  for (std::uint32_t i = 0; i < count; ++i) {
    image.push_back(static_cast<std::uint8_t>(static_cast<std::uint32_t>(values[i]) >> (8 * byte)));
  }
}

void append_channels(const QuantMatMul& matmul, const Tiling& tiling,
                     std::vector<std::uint8_t>& image) {
  for (std::uint32_t n = 0; n < tiling.column_tiles(); ++n) {
    const std::size_t first = tiling.first_column(n);
    const std::uint32_t columns = tiling.columns(n);
    const std::size_t planes = image.size();
    image.resize(planes + isa::kChannelPlanes * std::size_t{columns});
    for (std::uint32_t i = 0; i < columns; ++i) {
      const isa::Channel channel{matmul.bias[first + i],
                                 static_cast<std::uint32_t>(matmul.multiplier[first + i]),
                                 static_cast<std::uint8_t>(matmul.shift[first + i])};
      isa::write_channel(channel, &image[planes], columns, i);
    }
  }
}

/// Those of an array that multiplies signs, for each kind of place of a convolution's output.
void append_sign_channels(const QuantMatMul& matmul, const Graph& graph, const Step& step,
                          const StepConstants& constants, std::vector<std::uint8_t>& image) {
  const Node& node = graph.nodes[step.node];
  const QuantMatMul channels = without_padding(matmul, constants.depth);
  if (!std::holds_alternative<Convolution>(node.operation)) {
    append_channels(channels, constants.tiling, image);
    return;
  }
  for (const BorderPlaces& places : border_places(graph, node)) {
    append_channels(without_borders(channels, matmul, graph.shape(node.inputs[1]), places),
                    constants.tiling, image);
  }
}

/// The step's functions, one after another, as one table.
std::array<std::int8_t, isa::kTableEntries> table_of(const Step& step, const QuantGraph& graph) {
  constexpr int kLeast = -128;
  std::vector<std::size_t> functions = step.functions;
  if (step.kind == StepKind::Table) {
    functions.insert(functions.begin(), step.node);
  }
  std::array<std::int8_t, isa::kTableEntries> table{};
  for (std::size_t i = 0; i < table.size(); ++i) {
    int value = static_cast<int>(i) + kLeast;
    for (const std::size_t node : functions) {
      if (const auto* map = std::get_if<QuantMap>(&graph.nodes[node])) {
        value = map->table[static_cast<std::size_t>(value - kLeast)];
      }
    }
    table[i] = static_cast<std::int8_t>(value);
  }
  return table;
}

/// All channels of a step, as blocks of planes of so many.
void append_planes(const QuantMatMul& matmul, std::uint32_t channels,
                   std::vector<std::uint8_t>& image) {
  Tiling whole;
  whole.outputs = static_cast<std::uint32_t>(matmul.bias.size());
  whole.tile_columns = std::min(channels, whole.outputs);
  append_channels(matmul, whole, image);
}

/// A product's channels have no bias, and all the same scale.
QuantMatMul channels_of(const QuantProduct& product, std::uint32_t outputs) {
  QuantMatMul channels;
  channels.bias.assign(outputs, 0);
  channels.multiplier.assign(outputs, product.rescale.multiplier);
  channels.shift.assign(outputs, product.rescale.shift);
  return channels;
}

const QuantMatMul& weights_of(const QuantOperation& operation) {
  const auto* convolution = std::get_if<QuantConvolution>(&operation);
  return convolution != nullptr ? convolution->matmul : std::get<QuantMatMul>(operation);
}

/// Where the values of a convolution's place lie from the place's first value on: a run for each
/// pixel of the kernel, in the order of the weights' rows.
std::vector<ByteRun> runs_of(const Convolution& convolution, const Shape& weights,
                             const Layout& layout) {
  std::vector<ByteRun> runs;
  for (std::int64_t row = 0; row < weights[0]; ++row) {
    for (std::int64_t column = 0; column < weights[1]; ++column) {
      const auto y = static_cast<std::uint64_t>(row * convolution.window.dilation[0]);
      const auto x = static_cast<std::uint64_t>(column * convolution.window.dilation[1]);
      runs.push_back(
          {y * layout.row_bytes() + x * layout.channels, static_cast<std::uint64_t>(weights[2])});
    }
  }
  return runs;
}

GroupedValues groups_of(const Convolution& convolution, const Shape& weights, isa::PeType pe) {
  if (!isa::is_sparse(pe)) {
    return {};
  }
  const std::uint64_t run = kernel_run(convolution, weights);
  return {isa::kGroupValues, run % isa::kGroupValues == 0 ? 0 : run};
}

Tiling tiling_of(const Graph& graph, const Step& step, const std::vector<Layout>& layouts,
                 const ArrayConfig& config, std::uint32_t depth) {
  const std::uint32_t values = config.rows * isa::lane_values(config.pe);
  const Node& node = graph.nodes[step.node];
  Tiling tiling{depth, step.outputs, values, tile_outputs(config)};
  if (const auto* convolution = std::get_if<Convolution>(&node.operation)) {
    const Shape& weights = graph.shape(node.inputs[1]);
    Shape kernel = weights;
    kernel[2] = depth / (kernel[0] * kernel[1]);  // bytes of a pixel, of signs fewer than values
    tiling.groups = static_cast<std::uint32_t>(convolution->groups);
    tiling.group_stride = static_cast<std::uint64_t>(kernel[2]);
    Layout layout = layouts[index_of(step.input())];
    if (!layout.bordered()) {  // a copy with borders is made where it needs them
      layout = bordered_layout(graph.shape(node.inputs[0]), convolution->window);
      layout.channels = tiling.group_stride * tiling.groups;
    }
    tiling.uneven = slices_of(runs_of(*convolution, kernel, layout), values,
                              groups_of(*convolution, weights, config.pe));
  }
  return tiling;
}

void append_parameters(const Step& step, const QuantGraph& graph, std::uint32_t channels,
                       std::vector<std::uint8_t>& image) {
  const QuantOperation& operation = graph.nodes[step.node];
  const auto append = [&image](const std::vector<std::int8_t>& values) {
    image.insert(image.end(), values.begin(), values.end());
  };
  if (step.kind == StepKind::Depthwise) {
    append(weights_of(operation).weights);
    append_planes(weights_of(operation), channels, image);
  } else if (const auto* binary = std::get_if<QuantBinary>(&operation)) {
    append(binary->constant);
  } else if (const auto* move = std::get_if<QuantMove>(&operation)) {
    for (const std::vector<std::int8_t>& values : move->constants) {
      append(values);
    }
  } else if (const auto* softmax = std::get_if<QuantSoftmax>(&operation)) {
    for (const std::uint16_t entry : softmax->table) {
      image.push_back(static_cast<std::uint8_t>(entry & 0xffU));
      image.push_back(static_cast<std::uint8_t>(entry >> 8U));
    }
  }
  if (step.table) {
    append_plane(table_of(step, graph).data(), isa::kTableEntries, 0, image);
  }
}

/// Of an `activate`.
Cycles cycles_beyond_rows(const ArrayConfig& config) {
  const isa::Activate activate;
  isa::Command command;
  command.operation = activate;
  return timed_command(command, config).busy - Cycles(activate.rows());
}

}  // namespace

std::uint32_t block_rows(const ArrayConfig& config, std::uint64_t rows) {
  std::uint64_t most = std::max<std::uint64_t>(1, config.accumulator_rows / 2);
  if (config.dataflow == Dataflow::OutputStationary) {
    most = config.rows;
  } else if (config.dataflow == Dataflow::InputStationary) {
    most = config.columns;
  }
  return static_cast<std::uint32_t>(std::min(rows, most));
}

std::uint32_t streamed_block_rows(const ArrayConfig& config, std::uint32_t batch) {
  const std::uint64_t reserved = reserved_bytes(config);
  const std::uint64_t room = std::max(config.unified_buffer.count(), reserved) - reserved;
  return block_rows(config, std::min<std::uint64_t>(batch, room / streamed_row_bytes(config)));
}

std::uint32_t slot_rows(const ArrayConfig& config) {
  return config.dataflow == Dataflow::WeightStationary
             ? std::max<std::uint32_t>(1, config.accumulator_rows / 4)
             : block_rows(config, UINT32_MAX);
}

std::uint64_t activated_rows(const ArrayConfig& config, const Tiling& tiling, std::uint64_t rows) {
  constexpr std::uint64_t kFew = 256;
  if (config.dataflow != Dataflow::WeightStationary || config.tile_use == TileUse::Whole ||
      tiling.row_tiles() > 1 || rows <= kFew) {
    return rows;
  }
  // `size` of the rows wait and rows / size commands are given: least where both cost the same.
  return static_cast<std::uint64_t>(
      std::sqrt(static_cast<double>(cycles_beyond_rows(config).count() * rows)));
}

std::uint64_t constant_offset(const Graph& graph, const Node& node, std::size_t input) {
  std::uint64_t offset = 0;
  for (std::size_t i = 0; i < input; ++i) {
    const bool constant = graph.constant(node.inputs[i]) != nullptr;
    offset += constant ? elements(graph.shape(node.inputs[i])) : 0;
  }
  return offset;
}

std::uint64_t operand_bytes(const Graph& graph, const Step& step) {
  std::uint64_t bytes = 0;
  for (const TensorId input : graph.nodes[step.node].inputs) {
    const bool constant = step.kind == StepKind::Vector && graph.constant(input) != nullptr;
    bytes += constant ? elements(graph.shape(input)) : 0;
  }
  return bytes;
}

Parameters parameters_of(const Graph& graph, const Step& step) {
  Parameters parameters;
  if (step.kind == StepKind::Matrix || step.kind == StepKind::Product) {
    return parameters;
  }
  parameters.bytes = operand_bytes(graph, step);
  if (step.kind == StepKind::Depthwise) {
    parameters.planes = std::uint64_t{step.inputs} * step.outputs;
    parameters.bytes = parameters.planes + std::uint64_t{isa::kChannelPlanes} * step.outputs;
  }
  parameters.table = parameters.bytes;
  parameters.bytes += step.softmax() ? isa::kSoftmaxTableBytes : 0;
  parameters.bytes += step.table ? isa::kTableEntries : 0;
  return parameters;
}

StepConstants place_constants(const Graph& graph, const Step& step,
                              const std::vector<Layout>& layouts, const ArrayConfig& config,
                              std::uint64_t first, const PackedRows& input) {
  StepConstants constants;
  constants.end = first;
  constants.parameters = first;
  if (step.softmax()) {
    constants.softmax_table = first;
  }
  if (step.kind != StepKind::Matrix && step.kind != StepKind::Product) {
    constants.end += parameters_of(graph, step).bytes;
    return constants;
  }
  if (input) {
    constants.depth = sign_depth(graph, step, input, config);
    const bool image = std::holds_alternative<Convolution>(graph.nodes[step.node].operation);
    constants.borders = image ? border_places(graph, graph.nodes[step.node]).size() : 1;
  }
  constants.tiling =
      tiling_of(graph, step, layouts, config, input ? constants.depth.bytes() : step.inputs);
  constants.pe = config.pe;
  constants.columns_first = config.dataflow == Dataflow::InputStationary;
  constants.tiles = first;
  const bool weights = step.kind == StepKind::Matrix;
  const Tiling& tiling = constants.tiling;
  constants.channels =
      constants.tiles + (weights ? tiling.row_bytes_before(tiling.column_tiles(), config.pe) *
                                       tiling.pe_rows_before(tiling.row_tiles(), config.pe)
                                 : 0);
  constants.end =
      constants.channels + constants.borders * isa::kChannelPlanes * std::uint64_t{step.outputs};
  if (step.table) {
    constants.table = constants.end;
    constants.end += isa::kTableEntries;
  }
  return constants;
}

void append_constants(const Step& step, const QuantGraph& graph, const StepConstants& constants,
                      std::vector<std::uint8_t>& image, std::uint32_t channels) {
  const QuantOperation& operation = graph.nodes[step.node];
  if (step.kind == StepKind::Product) {
    append_channels(channels_of(std::get<QuantProduct>(operation), step.outputs), constants.tiling,
                    image);
  } else if (step.kind != StepKind::Matrix) {
    append_parameters(step, graph, channels, image);
    return;
  } else {
    const QuantMatMul& matmul = weights_of(operation);
    if (isa::is_signs(constants.pe)) {
      append_sign_tiles(matmul, constants.depth, constants.tiling, image);
      append_sign_channels(matmul, *graph.graph, step, constants, image);
    } else if (constants.columns_first) {
      append_transposed_tiles(matmul, constants.tiling, image);
      append_channels(matmul, constants.tiling, image);
    } else {
      append_tiles(matmul, constants.tiling, constants.pe, image);
      append_channels(matmul, constants.tiling, image);
    }
  }
  if (step.table) {
    append_plane(table_of(step, graph).data(), isa::kTableEntries, 0, image);
  }
  for (const std::uint32_t columns : constants.ragged_columns) {
    if (columns > 0) {
      append_planes(channels_of(std::get<QuantProduct>(operation), columns), UINT32_MAX, image);
    }
  }
}

void place_ragged(StepConstants& constants) {
  for (const std::uint32_t columns : constants.ragged_columns) {
    constants.end += std::uint64_t{isa::kChannelPlanes} * columns;
  }
}

}  // namespace systol
