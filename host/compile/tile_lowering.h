// The commands of one output tile, and the slots that consecutive tiles take turns in.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "host/compile/constants.h"
#include "host/compile/schedule.h"
#include "sim/config/array_config.h"

namespace systol {

/// Rows in the unified buffer, and the commands that a user of them must follow.
struct BufferRows {
  std::uint64_t address = 0;
  std::uint64_t stride = 0;
  std::vector<std::optional<CommandId>> after;
};

/// The last command of each unit that touched something.
struct LastUse {
  std::array<std::optional<CommandId>, isa::kUnits> by_unit{};

  void note(isa::Unit unit, CommandId id) { by_unit[static_cast<std::size_t>(unit)] = id; }
  std::vector<std::optional<CommandId>> all() const { return {by_unit.begin(), by_unit.end()}; }
};

/// How the activation unit treats a layer's sums.
struct LayerActivation {
  std::int8_t zero_point = 0;
  std::int8_t minimum = 0;
  std::int8_t maximum = 0;
};

/// Lowers output tiles in the order column tile, row block, weight tile. Channel parameters,
/// tables and accumulators each have slots in turn, so that a tile's set-up runs during the tile
/// before it.
class TileLowering {
 public:
  /// Parameters and tables take the first reserved_bytes() of the unified buffer; row blocks have
  /// at most `block_rows` rows.
  TileLowering(const ArrayConfig& config, Schedule& schedule, std::uint32_t block_rows);

  static std::uint64_t reserved_bytes(const ArrayConfig& config);

  /// Loads the layer's tables.
  void begin_layer(std::uint32_t layer, const LayerConstants& constants,
                   const LayerActivation& activation);
  /// Loads the channel parameters of column tile `n`.
  void begin_column_tile(std::uint32_t n);

  /// One row block of the current column tile: `input(k)` says where the block's rows of weight
  /// tile k are. `keep_tile` runs on the weight tile of the row block before.
  /// Returns the `activate` that writes `rows` rows to `destination`.
  struct Block {
    std::uint32_t row = 0;  ///< first row in the batch
    std::uint32_t rows = 0;
    bool keep_tile = false;
    std::function<BufferRows(std::uint32_t k)> input;
    std::function<void(std::uint32_t k, CommandId matmul)> used;  ///< may be empty
    BufferRows destination;
  };
  CommandId lower_block(const Block& block);

  /// The row-wise softmax of rows in the buffer.
  CommandId lower_softmax(const isa::Origin& origin, std::uint32_t rows, const BufferRows& source,
                          const BufferRows& destination);

 private:
  std::uint64_t channel_slot(std::uint32_t slot) const;
  std::uint64_t table_slot(std::uint32_t slot) const;
  std::uint64_t softmax_table_address() const;
  CommandId load_constants(std::uint64_t memory, std::uint64_t buffer, std::uint64_t bytes,
                           const isa::Origin& origin, std::optional<CommandId> after);
  CommandId lower_matmuls(const Block& block, std::uint32_t slot);

  const ArrayConfig& config_;
  Schedule& schedule_;
  std::uint32_t block_rows_;
  std::uint32_t layer_ = 0;
  const LayerConstants* constants_ = nullptr;
  LayerActivation activation_;
  std::uint32_t column_tile_ = 0;
  std::uint32_t channel_turn_ = 0;
  std::array<std::optional<CommandId>, 2> channel_readers_;
  std::uint32_t table_turn_ = 0;
  std::array<std::optional<CommandId>, 2> table_readers_;
  std::optional<CommandId> softmax_load_;
  std::optional<CommandId> last_softmax_;
  std::uint32_t accumulator_turn_ = 0;
  std::vector<std::optional<CommandId>> accumulator_readers_;  ///< per slot
};

}  // namespace systol
