#include "host/compile/tile_lowering.h"

#include <algorithm>
#include <span>
#include <stdexcept>

#include "host/compile/column_channels.h"
#include "host/compile/input_stationary.h"

namespace systol {
namespace {

constexpr std::uint64_t kSoftmaxTable = 2 * isa::kTableEntries;  ///< after the two tables

}  // namespace

TileLowering::TileLowering(const ArrayConfig& config, Schedule& schedule, std::uint32_t slot_rows)
    : config_(config),
      schedule_(schedule),
      slot_rows_(slot_rows),
      accumulator_readers_(config.accumulator_rows / slot_rows) {}

isa::Origin TileLowering::origin(std::uint32_t row, std::uint32_t depth) const {
  return {node_, row, tiling().first_column(column_tile_), depth};
}

CommandId TileLowering::load_constants(std::uint64_t memory, std::uint64_t buffer,
                                       std::uint64_t bytes, const isa::Origin& origin,
                                       std::optional<CommandId> after) {
  isa::Load load;
  load.space = isa::Space::Weights;
  load.memory = isa::Walk(memory);
  load.buffer = isa::Walk(buffer);
  load.piece_bytes = bytes;
  return schedule_.append(load, origin, {after});
}

void TileLowering::begin_matmul(std::uint32_t node, const StepConstants& constants,
                                const Bounds& bounds,
                                const std::optional<FusedAddition>& addition) {
  node_ = node;
  addition_ = addition;
  constants_ = &constants;
  bounds_ = bounds;
  if (constants.table) {
    const isa::Origin origin{node, 0, 0, 0};
    table_turn_ = 1 - table_turn_;
    const std::uint64_t slot = std::uint64_t{table_turn_} * isa::kTableEntries;
    std::optional<CommandId>& reader = table_readers_[table_turn_];
    const CommandId load =
        load_constants(*constants.table, slot, isa::kTableEntries, origin, reader);
    reader = schedule_.append(isa::SetTable{slot}, origin, {load});
  }
}

void TileLowering::load_softmax_table(std::uint32_t node, const StepConstants& constants) {
  softmax_load_ = load_constants(*constants.softmax_table, kSoftmaxTable, isa::kSoftmaxTableBytes,
                                 {node, 0, 0, 0}, last_softmax_);
}

void TileLowering::begin_column_tile(std::uint32_t n) { column_tile_ = n; }

void TileLowering::begin_border(std::uint64_t /*border*/) {
  throw std::logic_error("channels that differ from place to place");
}

/// The slots that a block of `rows` rows takes, in turn; a block does not go round the end.
TileLowering::Slots TileLowering::take_slots(std::uint32_t rows) {
  const std::uint32_t count = (rows + slot_rows_ - 1) / slot_rows_;
  if (accumulator_turn_ + count > accumulator_readers_.size()) {
    accumulator_turn_ = 0;
  }
  const Slots slots{accumulator_turn_, count};
  accumulator_turn_ =
      (accumulator_turn_ + count) % static_cast<std::uint32_t>(accumulator_readers_.size());
  return slots;
}

CommandId TileLowering::lower_block(const Block& block) {
  const Slots slots = take_slots(sum_rows(block));
  const auto readers = std::span(accumulator_readers_).subspan(slots.first, slots.count);
  const std::uint32_t accumulator = slots.first * slot_rows_;
  const std::vector<CommandId> sums =
      lower_matmuls(block, accumulator, *std::ranges::max_element(readers));
  std::uint32_t row = 0;
  CommandId last;
  for (std::size_t i = 0; i < block.parts.size(); ++i) {
    const Part& part = block.parts[i];
    std::vector<std::optional<CommandId>> after = part.destination.after;
    after.push_back(sums[i]);
    after.insert(after.end(), part.residual.after.begin(), part.residual.after.end());
    last = schedule_.append(activation(part, accumulator + row), origin(block.row + row, 0), after);
    row += part.rows;
  }
  std::ranges::fill(readers, last);
  activated(last);
  return last;
}

CommandId TileLowering::lower_softmax(const isa::Origin& origin, std::uint32_t columns,
                                      const BufferRows& source, const BufferRows& destination) {
  isa::Softmax softmax;
  softmax.source = source.walk;
  softmax.destination = destination.walk;
  softmax.table = kSoftmaxTable;
  softmax.columns = columns;
  std::vector<std::optional<CommandId>> after = destination.after;
  after.push_back(softmax_load_);
  after.insert(after.end(), source.after.begin(), source.after.end());
  last_softmax_ = schedule_.append(softmax, origin, after);
  return *last_softmax_;
}

std::unique_ptr<TileLowering> make_tile_lowering(const ArrayConfig& config, Schedule& schedule,
                                                 std::uint32_t slot_rows) {
  if (config.dataflow == Dataflow::InputStationary) {
    return std::make_unique<InputStationaryLowering>(config, schedule);
  }
  return std::make_unique<ColumnChannelsLowering>(config, schedule, slot_rows);
}

}  // namespace systol
