// The commands of one output tile, and the slots that consecutive tiles take turns in.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "host/compile/constants.h"
#include "host/compile/schedule.h"
#include "sim/config/array_config.h"

namespace systol {

/// Rows in the unified buffer, each of `segments` pieces of the walk, and the commands that a user
/// of them must follow.
struct BufferRows {
  isa::Walk walk;
  std::vector<std::optional<CommandId>> after;
  std::uint32_t segments = 1;
};

/// A tile of weights that lies in the unified buffer.
struct BufferTile {
  isa::LoadTile load;
  std::vector<std::optional<CommandId>> after;
};

/// The last command of each unit that touched something.
struct LastUse {
  std::array<std::optional<CommandId>, isa::kUnits> by_unit{};

  void note(isa::Unit unit, CommandId id) { by_unit[static_cast<std::size_t>(unit)] = id; }
  /// The later of both, for each unit.
  void note(const LastUse& other) {
    for (std::size_t i = 0; i < by_unit.size(); ++i) {
      by_unit[i] = std::max(by_unit[i], other.by_unit[i]);
    }
  }
  std::vector<std::optional<CommandId>> all() const { return {by_unit.begin(), by_unit.end()}; }
};

/// What the activation unit adds to requantised sums, and where it clamps them.
struct Bounds {
  std::int8_t zero_point = 0;
  std::int8_t minimum = -128;
  std::int8_t maximum = 127;
};

/// A row that is added to each row of the results, and how.
struct FusedAddition {
  isa::Addition weights;
  Bounds bounds;  ///< of the sum
};

/// Lowers output tiles in the order column tile, row block, weight tile. Channel parameters,
/// tables and accumulators each have slots in turn, so that a tile's set-up runs during the tile
/// before it. What a tile's commands are is the dataflow's affair.
class TileLowering {
 public:
  virtual ~TileLowering() = default;

  /// Loads the table of the program's node `node`, a matmul.
  void begin_matmul(std::uint32_t node, const StepConstants& constants, const Bounds& bounds,
                    const std::optional<FusedAddition>& addition = std::nullopt);
  /// Loads the table of the softmax `node`: best before the matmul whose sums it reads.
  void load_softmax_table(std::uint32_t node, const StepConstants& constants);
  /// Prepares the channel parameters of column tile `n`.
  virtual void begin_column_tile(std::uint32_t n);
  /// Of the current column tile, those of places whose windows reach into the borders of their
  /// input in the way `border`; after begin_column_tile it is the first.
  virtual void begin_border(std::uint64_t border);

  /// Rows of a block whose pieces one walk can reach.
  struct Part {
    std::uint32_t rows = 0;
    BufferRows destination;
    BufferRows residual = {};  ///< with an addition: what is added
  };
  /// One row block of the current column tile: `input(k, part)` says where the part's values of
  /// weight tile k are; `used` hears which command reads them. Both may be skipped for values that
  /// are in the array already. With `tile`, the weights' tile k is in the buffer too.
  struct Block {
    std::uint32_t row = 0;  ///< first row in the batch
    std::uint32_t rows = 0;
    std::function<BufferRows(std::uint32_t k, std::size_t part)> input;
    std::function<void(isa::Unit unit, CommandId reader)> used;
    std::vector<Part> parts;  ///< one after another; one alone unless weights are stationary
    std::function<BufferTile(std::uint32_t k)> tile = nullptr;
  };
  /// Returns the last command that writes the block's rows to their destinations.
  CommandId lower_block(const Block& block);

  /// The row-wise softmax of rows in the buffer.
  CommandId lower_softmax(const isa::Origin& origin, std::uint32_t columns,
                          const BufferRows& source, const BufferRows& destination);

 protected:
  /// Sums of a block start at row `slot * slot_rows` of the accumulators.
  TileLowering(const ArrayConfig& config, Schedule& schedule, std::uint32_t slot_rows);

  /// The matmuls of a block; `reader` is the last command that read the accumulators it writes.
  /// Returns, for each part, the one after which its sums are whole.
  virtual std::vector<CommandId> lower_matmuls(const Block& block, std::uint32_t accumulator,
                                               std::optional<CommandId> reader) = 0;
  /// Accumulator rows that a block's sums take.
  virtual std::uint32_t sum_rows(const Block& block) const { return block.rows; }
  /// What takes a part's sums to its destination.
  virtual isa::Operation activation(const Part& part, std::uint32_t accumulator) = 0;
  /// Called with the command that did so.
  virtual void activated(CommandId /*id*/) {}

  const Tiling& tiling() const { return constants_->tiling; }
  const StepConstants& constants() const { return *constants_; }
  /// Of what goes to the buffer.
  isa::Requantisation requantisation() const {
    const Bounds& bounds = addition_ ? addition_->bounds : bounds_;
    return {bounds.zero_point, bounds.minimum, bounds.maximum, constants_->table.has_value()};
  }
  const std::optional<FusedAddition>& addition() const { return addition_; }
  std::uint32_t column_tile() const { return column_tile_; }
  isa::Origin origin(std::uint32_t row, std::uint32_t depth) const;
  CommandId load_constants(std::uint64_t memory, std::uint64_t buffer, std::uint64_t bytes,
                           const isa::Origin& origin, std::optional<CommandId> after);

  const ArrayConfig& config_;
  Schedule& schedule_;

 private:
  struct Slots {
    std::uint32_t first = 0;
    std::uint32_t count = 0;
  };
  Slots take_slots(std::uint32_t rows);

  std::uint32_t slot_rows_;
  std::uint32_t node_ = 0;
  const StepConstants* constants_ = nullptr;
  Bounds bounds_;
  std::optional<FusedAddition> addition_;
  std::uint32_t column_tile_ = 0;
  std::uint32_t table_turn_ = 0;
  std::array<std::optional<CommandId>, 2> table_readers_;
  std::optional<CommandId> softmax_load_;
  std::optional<CommandId> last_softmax_;
  std::uint32_t accumulator_turn_ = 0;
  std::vector<std::optional<CommandId>> accumulator_readers_;  ///< per slot
};

/// The lowering of the array's dataflow. Consecutive blocks take turns in slots of `slot_rows`
/// accumulator rows; one of more rows takes several. Parameters, tables and whatever else it needs
/// take the first reserved_bytes() of the unified buffer.
std::unique_ptr<TileLowering> make_tile_lowering(const ArrayConfig& config, Schedule& schedule,
                                                 std::uint32_t slot_rows);

}  // namespace systol
