#include "host/compile/constants.h"

namespace systol {
namespace {

void append_tiles(const QuantDense& layer, const Tiling& tiling, std::vector<std::uint8_t>& image) {
  for (std::uint32_t n = 0; n < tiling.column_tiles(); ++n) {
    const std::uint64_t first = std::uint64_t{n} * tiling.tile_columns;
    for (std::uint64_t k = 0; k < layer.inputs; ++k) {
      const auto row =
          layer.weights.begin() + static_cast<std::ptrdiff_t>(k * layer.outputs + first);
      image.insert(image.end(), row, row + tiling.columns(n));
    }
  }
}

/// Column by column: an input-stationary array is fed a row of the transposed weights a cycle.
void append_transposed_tiles(const QuantDense& layer, const Tiling& tiling,
                             std::vector<std::uint8_t>& image) {
  for (std::uint32_t n = 0; n < tiling.column_tiles(); ++n) {
    for (std::uint32_t k = 0; k < tiling.row_tiles(); ++k) {
      const std::size_t first =
          std::size_t{k} * tiling.tile_rows * layer.outputs + std::size_t{n} * tiling.tile_columns;
      for (std::size_t column = 0; column < tiling.columns(n); ++column) {
        for (std::size_t row = 0; row < tiling.depth(k); ++row) {
          const std::int8_t weight = layer.weights[first + row * layer.outputs + column];
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

void append_channels(const QuantDense& layer, const Tiling& tiling,
                     std::vector<std::uint8_t>& image) {
  for (std::uint32_t n = 0; n < tiling.column_tiles(); ++n) {
    const std::size_t first = std::size_t{n} * tiling.tile_columns;
    const std::uint32_t columns = tiling.columns(n);
    for (unsigned byte = 0; byte < 4; ++byte) {
      append_plane(&layer.bias[first], columns, byte, image);
    }
    for (unsigned byte = 0; byte < 4; ++byte) {
      append_plane(&layer.multiplier[first], columns, byte, image);
    }
    append_plane(&layer.shift[first], columns, 0, image);
  }
}

}  // namespace

std::uint32_t tile_outputs(const ArrayConfig& config) {
  if (config.dataflow != Dataflow::InputStationary) {
    return config.columns;
  }
  constexpr std::uint64_t kShareOfBuffer = 4;
  constexpr std::uint64_t kCopies = 2;
  const std::uint64_t bytes = kCopies * (std::uint64_t{config.rows} + isa::kChannelPlanes);
  const std::uint64_t fit = config.unified_buffer.count() / kShareOfBuffer / bytes;
  const std::uint64_t half = config.accumulator_rows / 2;
  return static_cast<std::uint32_t>(std::max<std::uint64_t>(1, std::min(half, fit)));
}

std::uint32_t block_rows(const ArrayConfig& config, std::uint64_t rows) {
  std::uint64_t most = std::max<std::uint64_t>(1, config.accumulator_rows / 2);
  if (config.dataflow == Dataflow::OutputStationary) {
    most = config.rows;
  } else if (config.dataflow == Dataflow::InputStationary) {
    most = config.columns;
  }
  return static_cast<std::uint32_t>(std::min(rows, most));
}

LayerConstants place_constants(const QuantDense& layer, const ArrayConfig& config,
                               std::uint64_t first) {
  LayerConstants constants;
  constants.tiling = {layer.inputs, layer.outputs, config.rows, tile_outputs(config)};
  constants.columns_first = config.dataflow == Dataflow::InputStationary;
  constants.tiles = first;
  constants.channels = constants.tiles + std::uint64_t{layer.inputs} * layer.outputs;
  constants.end = constants.channels + std::uint64_t{isa::kChannelPlanes} * layer.outputs;
  if (layer.table) {
    constants.table = constants.end;
    constants.end += isa::kTableEntries;
  }
  if (layer.softmax_table) {
    constants.softmax_table = constants.end;
    constants.end += isa::kSoftmaxTableBytes;
  }
  return constants;
}

void append_constants(const QuantDense& layer, const LayerConstants& constants,
                      std::vector<std::uint8_t>& image) {
  if (constants.columns_first) {
    append_transposed_tiles(layer, constants.tiling, image);
  } else {
    append_tiles(layer, constants.tiling, image);
  }
  append_channels(layer, constants.tiling, image);
  if (layer.table) {
    append_plane(layer.table->data(), isa::kTableEntries, 0, image);
  }
  if (layer.softmax_table) {
    for (const std::uint16_t entry : *layer.softmax_table) {
      image.push_back(static_cast<std::uint8_t>(entry & 0xffU));
      image.push_back(static_cast<std::uint8_t>(entry >> 8U));
    }
  }
}

}  // namespace systol
