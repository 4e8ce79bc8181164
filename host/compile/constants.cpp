#include "host/compile/constants.h"

namespace systol {
namespace {

void append_tiles(const QuantMatMul& matmul, const Tiling& tiling,
                  std::vector<std::uint8_t>& image) {
  for (std::uint32_t n = 0; n < tiling.column_tiles(); ++n) {
    const std::uint64_t first = std::uint64_t{n} * tiling.tile_columns;
    for (std::uint64_t k = 0; k < tiling.inputs; ++k) {
      const auto row =
          matmul.weights.begin() + static_cast<std::ptrdiff_t>(k * tiling.outputs + first);
      image.insert(image.end(), row, row + tiling.columns(n));
    }
  }
}

/// Column by column: an input-stationary array is fed a row of the transposed weights a cycle.
void append_transposed_tiles(const QuantMatMul& matmul, const Tiling& tiling,
                             std::vector<std::uint8_t>& image) {
  for (std::uint32_t n = 0; n < tiling.column_tiles(); ++n) {
    for (std::uint32_t k = 0; k < tiling.row_tiles(); ++k) {
      const std::size_t first =
          std::size_t{k} * tiling.tile_rows * tiling.outputs + std::size_t{n} * tiling.tile_columns;
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
    const std::size_t first = std::size_t{n} * tiling.tile_columns;
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

/// The step's functions, one after another, as one table.
std::array<std::int8_t, isa::kTableEntries> table_of(const Step& step, const QuantGraph& graph) {
  constexpr int kLeast = -128;
  std::array<std::int8_t, isa::kTableEntries> table{};
  for (std::size_t i = 0; i < table.size(); ++i) {
    int value = static_cast<int>(i) + kLeast;
    for (const std::size_t node : step.functions) {
      if (const auto* map = std::get_if<QuantMap>(&graph.nodes[node])) {
        value = map->table[static_cast<std::size_t>(value - kLeast)];
      }
    }
    table[i] = static_cast<std::int8_t>(value);
  }
  return table;
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

StepConstants place_constants(const Step& step, const ArrayConfig& config, std::uint64_t first) {
  StepConstants constants;
  constants.end = first;
  if (step.softmax) {
    constants.softmax_table = first;
    constants.end += isa::kSoftmaxTableBytes;
    return constants;
  }
  constants.tiling = {step.inputs, step.outputs, config.rows, tile_outputs(config)};
  constants.columns_first = config.dataflow == Dataflow::InputStationary;
  constants.tiles = first;
  constants.channels = constants.tiles + std::uint64_t{step.inputs} * step.outputs;
  constants.end = constants.channels + std::uint64_t{isa::kChannelPlanes} * step.outputs;
  if (step.table) {
    constants.table = constants.end;
    constants.end += isa::kTableEntries;
  }
  return constants;
}

void append_constants(const Step& step, const QuantGraph& graph, const StepConstants& constants,
                      std::vector<std::uint8_t>& image) {
  if (step.softmax) {
    for (const std::uint16_t entry : std::get<QuantSoftmax>(graph.nodes[step.node]).table) {
      image.push_back(static_cast<std::uint8_t>(entry & 0xffU));
      image.push_back(static_cast<std::uint8_t>(entry >> 8U));
    }
    return;
  }
  const auto& matmul = std::get<QuantMatMul>(graph.nodes[step.node]);
  if (constants.columns_first) {
    append_transposed_tiles(matmul, constants.tiling, image);
  } else {
    append_tiles(matmul, constants.tiling, image);
  }
  append_channels(matmul, constants.tiling, image);
  if (step.table) {
    append_plane(table_of(step, graph).data(), isa::kTableEntries, 0, image);
  }
}

}  // namespace systol
