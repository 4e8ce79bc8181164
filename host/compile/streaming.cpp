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
  StreamingLowering(const Network& network, Schedule& schedule, std::uint32_t rows)
      : network_(network),
        schedule_(schedule),
        block_rows_(rows),
        tiles_(make_tile_lowering(network.config, schedule, rows)) {
    std::uint64_t address = reserved_bytes(network.config);
    for (Slot& slot : slots_.in) {
      slot.address = address;
      address += std::uint64_t{rows} * network.config.rows;
    }
    for (Slot& slot : slots_.out) {
      slot.address = address;
      address += std::uint64_t{rows} * tile_outputs(network.config);
    }
  }

  /// Samples `first` to `first + rows`, from input to output.
  void lower(std::uint32_t first, std::uint32_t rows) {
    first_ = first;
    end_ = first + rows;
    const std::vector<Step> steps = steps_of(network_.graph);
    for (std::size_t i = 0; i < steps.size(); ++i) {
      // Everything that this step reads was stored by the step before.
      written_ = last_store_;
      from_ = network_.tensors[i];
      to_ = network_.tensors[i + 1];
      if (steps[i].softmax) {
        lower_softmax(steps[i]);
      } else {
        lower_layer(steps[i]);
      }
    }
  }

 private:
  void lower_layer(const Step& step) {
    const LayerConstants& constants = network_.constants[step.layer];
    tiles_->begin_layer(step.layer, constants, activation_of(network_.graph.layers[step.layer]));
    for (std::uint32_t n = 0; n < constants.tiling.column_tiles(); ++n) {
      tiles_->begin_column_tile(n);
      for (std::uint32_t row = first_; row < end_; row += block_rows_) {
        lower_tile(step, constants.tiling, n, row);
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
    work.input = [&](std::uint32_t k) {
      in = &slots_.next_in();
      const std::uint32_t column = k * tiling.tile_rows;
      const isa::Origin origin{step.layer, row, n * tiling.tile_columns, column};
      const CommandId id = load(*in, {row, rows, column, tiling.depth(k), step.inputs}, origin);
      return BufferRows{in->address, tiling.depth(k), {id}};
    };
    work.used = [&](isa::Unit unit, CommandId id) { in->use.note(unit, id); };
    const std::uint32_t columns = tiling.columns(n);
    work.destination = {out.address, columns, out.use.all()};
    const CommandId id = tiles_->lower_block(work);
    out.use.note(isa::Unit::Activate, id);
    store(out, {row, rows, n * tiling.tile_columns, columns, step.outputs}, step.layer, id);
  }

  /// Rows of logits in, rows of probabilities out, in a buffer that nothing else uses now.
  void lower_softmax(const Step& step) {
    const std::uint64_t base = reserved_bytes(network_.config);
    const std::uint64_t space = network_.config.unified_buffer.count() - base;
    const std::uint64_t width = step.outputs;
    if (space < 2 * width) {
      throw InputError(fmt::format(
          "layer '{}': its softmax needs {} bytes of unified buffer for one row of logits and "
          "probabilities, and {} are left; raise unified_buffer.capacity",
          network_.graph.layers[step.layer].name, 2 * width, space));
    }
    const auto chunk =
        static_cast<std::uint32_t>(std::min<std::uint64_t>(end_ - first_, space / (2 * width)));
    Slot in{base, everything()};
    Slot out{base + chunk * width, everything()};
    for (std::uint32_t row = first_; row < end_; row += chunk) {
      const std::uint32_t rows = std::min(chunk, end_ - row);
      const isa::Origin origin{step.layer, row, 0, 0};
      const Piece piece{row, rows, 0, step.outputs, step.outputs};
      const CommandId loaded = load(in, piece, origin);
      const CommandId id = tiles_->lower_softmax(origin, rows, {in.address, width, {loaded}},
                                                 {out.address, width, out.use.all()});
      in.use.note(isa::Unit::Activate, id);
      out.use.note(isa::Unit::Activate, id);
      store(out, piece, step.layer, id);
    }
    for (Slot* slot : {&slots_.in[0], &slots_.in[1], &slots_.out[0], &slots_.out[1]}) {
      slot->use.note(isa::Unit::Activate, *out.use.by_unit[index(isa::Unit::Activate)]);
      slot->use.note(isa::Unit::Store, *last_store_);
    }
  }

  /// A rectangle of a tensor of `width` columns.
  struct Piece {
    std::uint32_t row, rows, column, columns, width;
  };

  CommandId load(Slot& slot, const Piece& piece, const isa::Origin& origin) {
    isa::Load load;
    fill(load, from_, slot, piece);
    std::vector<std::optional<CommandId>> after = slot.use.all();
    after.push_back(written_);
    const CommandId id = schedule_.append(load, origin, after);
    slot.use.note(isa::Unit::Load, id);
    return id;
  }

  void store(Slot& slot, const Piece& piece, std::uint32_t layer, CommandId writer) {
    isa::Store store;
    fill(store, to_, slot, piece);
    last_store_ = schedule_.append(store, {layer, piece.row, piece.column, 0}, {writer});
    slot.use.note(isa::Unit::Store, *last_store_);
  }

  static void fill(isa::Transfer& transfer, std::uint64_t tensor, const Slot& slot,
                   const Piece& piece) {
    transfer.memory = tensor + std::uint64_t{piece.row} * piece.width + piece.column;
    transfer.memory_stride = piece.width;
    transfer.buffer = slot.address;
    transfer.buffer_stride = piece.columns;
    transfer.rows = piece.rows;
    transfer.row_bytes = piece.columns;
  }

  static std::size_t index(isa::Unit unit) { return static_cast<std::size_t>(unit); }

  /// The last use of any slot.
  LastUse everything() const {
    LastUse last;
    for (const Slot* slot : {&slots_.in[0], &slots_.in[1], &slots_.out[0], &slots_.out[1]}) {
      for (std::size_t i = 0; i < isa::kUnits; ++i) {
        last.by_unit[i] = std::max(last.by_unit[i], slot->use.by_unit[i]);
      }
    }
    return last;
  }

  const Network& network_;
  Schedule& schedule_;
  std::uint32_t block_rows_;
  std::unique_ptr<TileLowering> tiles_;
  Slots slots_;
  std::uint32_t first_ = 0;
  std::uint32_t end_ = 0;
  std::uint64_t from_ = 0;
  std::uint64_t to_ = 0;
  std::optional<CommandId> written_;
  std::optional<CommandId> last_store_;
};

}  // namespace

void lower_streaming(const Network& network, Schedule& schedule) {
  const ArrayConfig& config = network.config;
  const std::uint64_t reserved = reserved_bytes(config);
  const std::uint64_t row_bytes = 2 * (std::uint64_t{config.rows} + tile_outputs(config));
  if (config.unified_buffer.count() < reserved + row_bytes) {
    throw InputError(fmt::format(
        "unified_buffer.capacity: {} bytes cannot hold the parameters ({} bytes) and one row of "
        "double-buffered tiles ({} bytes) of a {}x{} array",
        config.unified_buffer.count(), reserved, row_bytes, config.rows, config.columns));
  }
  const std::uint64_t fit = (config.unified_buffer.count() - reserved) / row_bytes;
  StreamingLowering lowering(network, schedule,
                             block_rows(config, std::min<std::uint64_t>(network.batch, fit)));
  for (std::uint32_t first = 0; first < network.rows; first += network.batch) {
    lowering.lower(first, std::min(network.batch, network.rows - first));
  }
}

}  // namespace systol
