// What a program keeps in the weights space: tiles, channel parameters and tables of every step.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "host/compile/layout.h"
#include "host/compile/sign_tiles.h"
#include "host/compile/steps.h"
#include "host/compile/tiling.h"
#include "host/graph/quant_graph.h"
#include "hw/isa/command.h"
#include "sim/config/array_config.h"
#include "sim/config/minimum_buffer.h"

namespace systol {

/// Samples that go through a tile together, at most `rows`: as many as half the accumulators hold,
/// so that the next block's sums build up while the last one's are read; where samples have PE rows
/// (output-stationary) or PE columns (input-stationary) of their own, as many as there are.
std::uint32_t block_rows(const ArrayConfig& config, std::uint64_t rows);

/// Samples of `batch` whose tiles a chain that streams has in the buffer at a time.
std::uint32_t streamed_block_rows(const ArrayConfig& config, std::uint32_t batch);

/// The accumulators' rows as slots that blocks of a network take turns in: four where a block is at
/// most half of them, so that short blocks wait for none that is still being read.
std::uint32_t slot_rows(const ArrayConfig& config);

/// Rows whose sums are best activated together, of `rows` that are multiplied one after another:
/// the last of them are activated after the array is done, and each command costs the activation
/// path some cycles more. While the sums of one tile of weights build up, the path has no more time
/// than the next rows take; with several tiles parts would only fill the queue of commands, and
/// weights come late. All of them there, where they are few, where the sums of a block leave
/// together, or where a tile must be in whole before it is used: more commands delay the weights.
std::uint64_t activated_rows(const ArrayConfig& config, const Tiling& tiling, std::uint64_t rows);

/// What the vector unit needs of a step, as one block that is loaded into the buffer; offsets in
/// it.
struct Parameters {
  std::uint64_t values =
      0;  ///< weights [window][C] of a depthwise convolution, or constant operands
  std::uint64_t planes = 0;  ///< of the channels of a depthwise convolution
  std::uint64_t table = 0;   ///< of the functions, or softmax's exponentials
  std::uint64_t bytes = 0;   ///< of all
};
Parameters parameters_of(const Graph& graph, const Step& step);
/// Bytes of the constant operands among them, which come first; of a depthwise convolution 0.
std::uint64_t operand_bytes(const Graph& graph, const Step& step);
/// Where among the values those of the node's input `input`, a constant, begin.
std::uint64_t constant_offset(const Graph& graph, const Node& node, std::size_t input);

/// Where a step's constants lie in the weights space.
struct StepConstants {
  Tiling tiling;            ///< of a matmul
  std::uint64_t tiles = 0;  ///< column tile by column tile; in each, row tiles from the top
  isa::PeType pe = isa::PeType::Int8;  ///< whose weights they are
  bool signs = false;                  ///< results are packed signs
  bool columns_first = false;          ///< a tile is written column by column, not row by row
  SignDepth depth = {};                ///< of weights of signs
  std::uint64_t borders = 1;           ///< kinds of places with channels of their own
  std::uint64_t channels = 0;          ///< nine planes per column tile, for each kind of place
  std::int8_t zero_point = 0;          ///< of what a matmul feeds; weights have 0
  std::optional<std::uint64_t> table;
  std::optional<std::uint64_t> softmax_table;
  std::uint64_t parameters = 0;  ///< where the block of vector unit parameters lies
  std::uint64_t end = 0;         ///< where the next step's may begin
  /// Of a product whose columns grow from sample to sample: those of its last column tile in each
  /// sample, 0 where that is whole; and where this sample's channels of that tile lie.
  std::vector<std::uint32_t> ragged_columns = {};
  std::optional<std::uint64_t> ragged = {};

  std::uint64_t tile(std::uint32_t k, std::uint32_t n) const {
    const std::uint64_t before =
        tiling.row_bytes_before(n, pe) * tiling.pe_rows_before(tiling.row_tiles(), pe);
    return tiles + before + isa::tile_bytes(tiling.pe_rows_before(k, pe), tiling.columns(n), pe);
  }
  std::uint64_t channel_block(std::uint32_t n, std::uint64_t border = 0) const {
    if (ragged && tiling.columns(n) < tiling.tile_columns) {
      return *ragged;
    }
    const std::uint64_t column = border * tiling.outputs + tiling.first_column(n);
    return channels + column * isa::kChannelPlanes;
  }
};

/// Where the step's constants lie if they begin at `first`, and how its weights are cut; `layouts`
/// are by tensor, and `input` says how a layer's input of signs was packed.
StepConstants place_constants(const Graph& graph, const Step& step,
                              const std::vector<Layout>& layouts, const ArrayConfig& config,
                              std::uint64_t first, const PackedRows& input = {});

/// Makes room behind all else for the channels of the last column tiles that `ragged_columns`
/// names.
void place_ragged(StepConstants& constants);

/// Appends the step's constants to `image`, which ends where they were placed. The channels of a
/// depthwise convolution are so many at a time.
void append_constants(const Step& step, const QuantGraph& graph, const StepConstants& constants,
                      std::vector<std::uint8_t>& image, std::uint32_t channels = UINT32_MAX);

}  // namespace systol
