#include <algorithm>

#include "host/compile/lowering.h"

namespace systol {
namespace {

/// Narrow slices would make many short transfers; wide ones would keep the array waiting.
constexpr std::uint32_t kInputSliceBytes = 64;

class ResidentLowering {
 public:
  ResidentLowering(const Plan& plan, Schedule& schedule)
      : plan_(plan),
        schedule_(schedule),
        block_rows_(block_rows(plan.config, plan.resident_rows)),
        tiles_(make_tile_lowering(plan.config, schedule, block_rows_)),
        tensors_(plan.tensors.size()) {
    for (std::size_t i = 0; i < tensors_.size(); ++i) {
      tensors_[i].address = reserved_bytes(plan.config) + *plan.places[i].buffer;
      tensors_[i].width = static_cast<std::uint32_t>(plan.places[i].sample_bytes);
    }
    for (std::size_t i = 0; i < tensors_.size(); ++i) {
      for (std::size_t j = 0; j < tensors_.size(); ++j) {
        if (begin_of(i) < end_of(j) && begin_of(j) < end_of(i)) {
          tensors_[i].shares.push_back(j);
        }
      }
    }
  }

  /// Rows `first` to `first + rows` of the batch, from input to output.
  void lower(std::uint32_t first, std::uint32_t rows) {
    first_ = first;
    rows_ = rows;
    for (const TensorId input : plan_.graph->inputs) {
      load_input(input);
    }
    for (std::size_t i = 0; i < plan_.steps.size(); ++i) {
      if (plan_.steps[i].softmax()) {
        lower_softmax(i);
      } else {
        lower_matmul(i);
      }
    }
    for (auto output = plan_.outputs.begin(); output != plan_.outputs.end(); ++output) {
      if (std::find(plan_.outputs.begin(), output, *output) == output) {  // once, if named twice
        store_output(*output);
      }
    }
  }

 private:
  /// A tensor in the buffer, and for each row block the commands that wrote slices of `slice`
  /// columns.
  struct Tensor {
    std::uint64_t address = 0;
    std::uint32_t width = 0;
    std::vector<std::size_t> shares;  ///< tensors in the same bytes, itself among them
    LastUse use;
    std::uint32_t slice = 1;
    std::vector<std::vector<CommandId>> writers;
  };

  std::uint64_t begin_of(std::size_t i) const { return tensors_[i].address; }
  std::uint64_t end_of(std::size_t i) const {
    return begin_of(i) + std::uint64_t{tensors_[i].width} * plan_.resident_rows;
  }
  std::uint32_t blocks() const { return (rows_ + block_rows_ - 1) / block_rows_; }
  std::uint32_t rows_in(std::uint32_t block) const {
    return std::min(block_rows_, rows_ - block * block_rows_);
  }
  std::uint32_t row_of(std::uint32_t block) const { return first_ + block * block_rows_; }
  Tensor& tensor(TensorId id) { return tensors_[plan_.index_of(id)]; }

  /// What the tensor's bytes were used for last, whichever tensor they held.
  std::vector<std::optional<CommandId>> last_uses(const Tensor& tensor) const {
    LastUse last;
    for (const std::size_t other : tensor.shares) {
      last.note(tensors_[other].use);
    }
    return last.all();
  }

  void begin_writing(Tensor& tensor, std::uint32_t slice) const {
    tensor.slice = slice;
    tensor.writers.assign(blocks(), {});
  }

  BufferRows rows_of(const Tensor& tensor, std::uint32_t block, std::uint32_t column) const {
    return rows_of(tensor, {std::uint64_t{block} * block_rows_, rows_in(block)}, column);
  }
  /// Rows of the batch's.
  struct Rows {
    std::uint64_t first = 0;
    std::uint32_t count = 0;
  };
  static BufferRows rows_of(const Tensor& tensor, Rows rows, std::uint32_t column) {
    return {{tensor.address + rows.first * tensor.width + column, rows.count, tensor.width}, {}};
  }

  void load_input(TensorId id) {
    Tensor& input = tensor(id);
    const std::uint32_t tile = plan_.config.rows * isa::lane_values(plan_.config.pe);
    begin_writing(input, (kInputSliceBytes + tile - 1) / tile * tile);
    // What the block before still does with these bytes.
    const std::vector<std::optional<CommandId>> after = last_uses(input);
    for (std::uint32_t block = 0; block < blocks(); ++block) {
      for (std::uint32_t column = 0; column < input.width; column += input.slice) {
        isa::Load load;
        load.memory = {plan_.address(id, row_of(block)) + column, rows_in(block), input.width};
        load.buffer = rows_of(input, block, column).walk;
        load.piece_bytes = std::min(input.slice, input.width - column);
        const CommandId command = schedule_.append(load, {0, row_of(block), 0, column}, after);
        input.writers[block].push_back(command);
        input.use.note(isa::Unit::Load, command);
      }
    }
  }

  void lower_matmul(std::size_t i) {
    const Step& step = plan_.steps[i];
    const Tiling& tiling = plan_.constants[i].tiling;
    begin_matmul(*tiles_, plan_, i);
    Tensor& output = tensor(step.output);
    begin_writing(output, tiling.tile_columns);
    for (std::uint32_t n = 0; n < tiling.column_tiles(); ++n) {
      tiles_->begin_column_tile(n);
      for (std::uint32_t block = 0; block < blocks(); ++block) {
        output.writers[block].push_back(lower_tile(tensor(step.input()), output, tiling, n, block));
      }
    }
  }

  /// The rows of a block in parts that are activated together, as in a network.
  std::vector<Rows> parts_of(const Tiling& tiling, std::uint32_t block) const {
    const std::uint64_t most =
        activated_rows(plan_.config, tiling, std::uint64_t{rows_} * tiling.column_tiles());
    std::vector<Rows> parts;
    for (std::uint64_t row = 0; row < rows_in(block); row += most) {
      parts.push_back({std::uint64_t{block} * block_rows_ + row,
                       isa::narrow(std::min(most, rows_in(block) - row))});
    }
    return parts;
  }

  CommandId lower_tile(Tensor& input, Tensor& output, const Tiling& tiling, std::uint32_t n,
                       std::uint32_t block) {
    const std::vector<Rows> parts = parts_of(tiling, block);
    TileLowering::Block work;
    work.row = row_of(block);
    work.rows = rows_in(block);
    work.input = [&, block](std::uint32_t k, std::size_t part) {
      const std::uint32_t column = k * tiling.tile_rows;
      BufferRows rows = rows_of(input, parts[part], column);
      // A unit works in order: the writer of the last column has followed those before it.
      const std::uint32_t last = column + tiling.depth(k) - 1;
      rows.after = {input.writers[block][last / input.slice]};
      return rows;
    };
    work.used = [&input](isa::Unit unit, CommandId reader) { input.use.note(unit, reader); };
    for (const Rows& part : parts) {
      work.parts.push_back({part.count, rows_of(output, part, n * tiling.tile_columns)});
      work.parts.back().destination.after = last_uses(output);
    }
    const CommandId id = tiles_->lower_block(work);
    output.use.note(isa::Unit::Activate, id);
    return id;
  }

  void lower_softmax(std::size_t i) {
    const Step& step = plan_.steps[i];
    Tensor& input = tensor(step.input());
    Tensor& output = tensor(step.output);
    begin_writing(output, step.outputs);
    begin_softmax(*tiles_, plan_, i);
    for (std::uint32_t block = 0; block < blocks(); ++block) {
      BufferRows from = rows_of(input, block, 0);
      from.after = {input.writers[block].back()};
      BufferRows to = rows_of(output, block, 0);
      to.after = last_uses(output);
      const isa::Origin origin{static_cast<std::uint32_t>(i), row_of(block), 0, 0};
      const CommandId id = tiles_->lower_softmax(origin, step.outputs, from, to);
      input.use.note(isa::Unit::Vector, id);
      output.use.note(isa::Unit::Vector, id);
      output.writers[block].push_back(id);
    }
  }

  void store_output(TensorId id) {
    Tensor& output = tensor(id);
    const auto by = std::ranges::find(plan_.steps, id, &Step::output);
    const auto node = static_cast<std::uint32_t>(by - plan_.steps.begin());
    for (std::uint32_t block = 0; block < blocks(); ++block) {
      isa::Store store;
      store.memory = {plan_.address(id, row_of(block)), rows_in(block), output.width};
      store.buffer = rows_of(output, block, 0).walk;
      store.piece_bytes = output.width;
      const CommandId command =
          schedule_.append(store, {node, row_of(block), 0, 0}, {output.writers[block].back()});
      output.use.note(isa::Unit::Store, command);
    }
  }

  const Plan& plan_;
  Schedule& schedule_;
  std::uint32_t block_rows_;
  std::unique_ptr<TileLowering> tiles_;
  std::vector<Tensor> tensors_;  ///< as in the plan
  std::uint32_t first_ = 0;
  std::uint32_t rows_ = 0;
};

}  // namespace

void lower_resident(const Plan& plan, Schedule& schedule) {
  ResidentLowering lowering(plan, schedule);
  for (std::uint32_t first = 0; first < plan.rows; first += plan.resident_rows) {
    lowering.lower(first, std::min(plan.resident_rows, plan.rows - first));
  }
}

}  // namespace systol
