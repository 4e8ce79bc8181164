#include <fmt/format.h>

#include <algorithm>

#include "host/compile/lowering.h"
#include "sim/base/error.h"

namespace systol {
namespace {

/// A part of the unified buffer that holds one tile of activations.
struct Slot {
  std::uint64_t address = 0;
  LastUse use;
};

/// Slots for tiles of activations on their way in and out, two of each.
struct Slots {
  std::array<Slot, 2> in;
  std::array<Slot, 2> out;
  std::uint32_t in_turn = 0;
  std::uint32_t out_turn = 0;

  Slot& next_in() { return in[in_turn = 1 - in_turn]; }
  Slot& next_out() { return out[out_turn = 1 - out_turn]; }
};

class StreamingLowering {
 public:
  StreamingLowering(const Plan& plan, Schedule& schedule, std::uint32_t rows)
      : plan_(plan),
        schedule_(schedule),
        block_rows_(rows),
        tiles_(make_tile_lowering(plan.config, schedule, rows)),
        stored_(plan.tensors.size()) {
    std::uint64_t address = reserved_bytes(plan.config);
    for (Slot& slot : slots_.in) {
      slot.address = address;
      address += std::uint64_t{rows} * plan.config.rows * isa::lane_values(plan.config.pe);
    }
    for (Slot& slot : slots_.out) {
      slot.address = address;
      address += std::uint64_t{rows} * tile_outputs(plan.config);
    }
  }

  /// Samples `first` to `first + rows`, from input to output.
  void lower(std::uint32_t first, std::uint32_t rows) {
    first_ = first;
    end_ = first + rows;
    // A batch begins when all of the one before it is stored.
    for (const TensorId input : plan_.graph->inputs) {
      stored_[plan_.index_of(input)] = last_store_;
    }
    for (std::size_t i = 0; i < plan_.steps.size(); ++i) {
      node_ = static_cast<std::uint32_t>(i);
      if (plan_.steps[i].softmax()) {
        lower_softmax(plan_.steps[i]);
      } else {
        lower_matmul(plan_.steps[i]);
      }
    }
  }

 private:
  void lower_matmul(const Step& step) {
    const Tiling& tiling = plan_.constants[node_].tiling;
    begin_matmul(*tiles_, plan_, node_);
    for (std::uint32_t n = 0; n < tiling.column_tiles(); ++n) {
      tiles_->begin_column_tile(n);
      for (std::uint32_t row = first_; row < end_; row += block_rows_) {
        lower_tile(step, tiling, n, row);
      }
    }
  }

  void lower_tile(const Step& step, const Tiling& tiling, std::uint32_t n, std::uint32_t row) {
    const std::uint32_t rows = std::min(block_rows_, end_ - row);
    Slot* in = nullptr;
    Slot& out = slots_.next_out();
    TileLowering::Block work;
    work.row = row;
    work.rows = rows;
    work.input = [&](std::uint32_t k, std::size_t /*part*/) {
      in = &slots_.next_in();
      const std::uint32_t column = k * tiling.tile_rows;
      const isa::Origin origin{node_, row, n * tiling.tile_columns, column};
      const CommandId id =
          load(*in, {step.input(), row, rows, column, tiling.depth(k), step.inputs}, origin);
      return BufferRows{{in->address, rows, tiling.depth(k)}, {id}};
    };
    work.used = [&](isa::Unit unit, CommandId id) { in->use.note(unit, id); };
    const std::uint32_t columns = tiling.columns(n);
    work.parts = {{rows, {{out.address, rows, columns}, out.use.all()}}};
    const CommandId id = tiles_->lower_block(work);
    out.use.note(isa::Unit::Activate, id);
    store(out, {step.output, row, rows, n * tiling.tile_columns, columns, step.outputs}, id);
  }

  /// Rows of logits in, rows of probabilities out, in a buffer that nothing else uses now.
  void lower_softmax(const Step& step) {
    const std::uint64_t base = reserved_bytes(plan_.config);
    const std::uint64_t space = plan_.config.unified_buffer.count() - base;
    const std::uint64_t width = step.outputs;
    begin_softmax(*tiles_, plan_, node_);
    const auto chunk =
        static_cast<std::uint32_t>(std::min<std::uint64_t>(end_ - first_, space / (2 * width)));
    Slot in{base, everything()};
    Slot out{base + chunk * width, everything()};
    for (std::uint32_t row = first_; row < end_; row += chunk) {
      const std::uint32_t rows = std::min(chunk, end_ - row);
      const isa::Origin origin{node_, row, 0, 0};
      const CommandId loaded =
          load(in, {step.input(), row, rows, 0, step.outputs, step.outputs}, origin);
      const CommandId id =
          tiles_->lower_softmax(origin, step.outputs, {{in.address, rows, width}, {loaded}},
                                {{out.address, rows, width}, out.use.all()});
      in.use.note(isa::Unit::Vector, id);
      out.use.note(isa::Unit::Vector, id);
      store(out, {step.output, row, rows, 0, step.outputs, step.outputs}, id);
    }
    for (Slot* slot : {&slots_.in[0], &slots_.in[1], &slots_.out[0], &slots_.out[1]}) {
      slot->use.note(out.use);
    }
  }

  /// A rectangle of a tensor of `width` columns.
  struct Piece {
    TensorId tensor;
    std::uint32_t row, rows, column, columns, width;
  };

  CommandId load(Slot& slot, const Piece& piece, const isa::Origin& origin) {
    isa::Load load;
    fill(load, slot, piece);
    std::vector<std::optional<CommandId>> after = slot.use.all();
    // The store unit works in order: with the last of the tensor's pieces all are in memory.
    after.push_back(stored_[plan_.index_of(piece.tensor)]);
    const CommandId id = schedule_.append(load, origin, after);
    slot.use.note(isa::Unit::Load, id);
    return id;
  }

  void store(Slot& slot, const Piece& piece, CommandId writer) {
    isa::Store store;
    fill(store, slot, piece);
    const CommandId id = schedule_.append(store, {node_, piece.row, piece.column, 0}, {writer});
    stored_[plan_.index_of(piece.tensor)] = id;
    last_store_ = id;
    slot.use.note(isa::Unit::Store, id);
  }

  void fill(isa::Transfer& transfer, const Slot& slot, const Piece& piece) const {
    transfer.memory = {plan_.address(piece.tensor, piece.row) + piece.column, piece.rows,
                       piece.width};
    transfer.buffer = {slot.address, piece.rows, piece.columns};
    transfer.piece_bytes = piece.columns;
  }

  /// The last use of any slot.
  LastUse everything() const {
    LastUse last;
    for (const Slot* slot : {&slots_.in[0], &slots_.in[1], &slots_.out[0], &slots_.out[1]}) {
      last.note(slot->use);
    }
    return last;
  }

  const Plan& plan_;
  Schedule& schedule_;
  std::uint32_t block_rows_;
  std::unique_ptr<TileLowering> tiles_;
  Slots slots_;
  std::uint32_t first_ = 0;
  std::uint32_t end_ = 0;
  std::uint32_t node_ = 0;
  std::vector<std::optional<CommandId>> stored_;  ///< by tensor, its last store
  std::optional<CommandId> last_store_;
};

}  // namespace

void lower_streaming(const Plan& plan, Schedule& schedule) {
  StreamingLowering lowering(plan, schedule, streamed_block_rows(plan.config, plan.batch));
  for (std::uint32_t first = 0; first < plan.rows; first += plan.batch) {
    lowering.lower(first, std::min(plan.batch, plan.rows - first));
  }
}

}  // namespace systol
