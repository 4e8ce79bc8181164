#include "sim/fast/data_path.h"

#include <algorithm>
#include <cstring>

#include "sim/check/area.h"
#include "sim/fast/softmax.h"

namespace systol {
DataPath::DataPath(const ArrayConfig& config, OnChip& chip, MemoryImage& memory,
                   std::vector<NodeResult>& nodes, Observer* observer, ThreadPool* pool)
    : config_(config),
      chip_(chip),
      memory_(memory),
      nodes_(nodes),
      observer_(observer),
      pool_(pool),
      path_(exact_gemm_path()),
      rows_in_place_(config.rows),
      channels_(config.columns),
      channel_planes_(isa::kChannelPlanes * std::size_t{config.columns}) {}

void DataPath::apply(std::uint64_t index, const isa::Command& command) {
  index_ = index;
  command_ = &command;
  for (const Access& access : accesses_of(command.operation)) {
    chip_.note(access);
    if (!std::holds_alternative<isa::Matmul>(command.operation)) {
      prepare(access);
    }
  }
  std::visit([this](const auto& operation) { apply(operation); }, command.operation);
}

/// Multiplies what is pending if its sums are asked for or its activations go, and forgets what
/// was counted in them.
void DataPath::prepare(const Access& access) {
  const Area area(access.address, access.stride, access.rows, access.row_size);
  const bool buffer_write = access.region == Region::Buffer && access.write;
  if (pending_) {
    const isa::Matmul& matmul = pending_->matmul;
    const bool sums = access.region == Region::Accumulators &&
                      shared_count({matmul.accumulator, 1, matmul.rows, 1}, area) > 0;
    const bool activations =
        buffer_write &&
        shared_count({matmul.buffer, matmul.buffer_stride, matmul.rows, matmul.depth}, area) > 0;
    if (sums || activations) {
      multiply_pending();
    }
  }
  if (buffer_write) {
    zero_operands_.changed(buffer_at(area.address), buffer_at(area.end()));
  }
}

void DataPath::apply(const isa::Load& load) {
  const std::uint8_t* source = memory_.space(load.space).data() + load.memory;
  for (std::uint64_t row = 0; row < load.rows; ++row) {
    std::memcpy(buffer_at(load.buffer + row * load.buffer_stride),
                source + row * load.memory_stride, load.row_bytes);
  }
}

void DataPath::apply(const isa::LoadWeights& load) {
  const std::uint8_t* source = memory_.space(load.space).data() + load.memory;
  fifo_.push_back({reinterpret_cast<const std::int8_t*>(source),
                   load.rows,
                   load.columns,
                   load.space,
                   load.memory,
                   {}});
}

void DataPath::apply(const isa::LoadTile& load) {
  Tile tile;
  tile.rows = load.rows;
  tile.columns = load.columns;
  tile.copy.resize(std::size_t{load.rows} * load.columns);
  for (std::size_t column = 0; column < load.columns; ++column) {
    const std::int8_t* sample = buffer_at(load.buffer + column * load.buffer_stride);
    for (std::size_t row = 0; row < load.rows; ++row) {
      tile.copy[row * load.columns + column] = sample[row];
    }
  }
  fifo_.push_back(std::move(tile));
}

void DataPath::take_tile() {
  const bool own = !fifo_.front().copy.empty();
  if (own || !active_.copy.empty()) {
    multiply_pending();  // it may point into the copy that goes
  }
  active_ = std::move(fifo_.front());
  fifo_.pop_front();
  active_.values = own ? active_.copy.data() : active_.values;
}

/// The PEs' sums are the accumulator rows behind the last one.
void DataPath::apply(const isa::MatmulInPlace& matmul) {
  take_tile();
  multiply({matmul.buffer, matmul.buffer_stride, matmul.rows, matmul.depth, matmul.columns,
            config_.accumulator_rows, !matmul.begin, false});
  const std::size_t width = config_.columns;
  const std::size_t from = config_.accumulator_rows * width;
  if (matmul.begin && matmul.rows < rows_in_place_) {  // rows without a sample begin, too
    std::fill_n(&chip_.accumulators[from + matmul.rows * width],
                (rows_in_place_ - matmul.rows) * width, 0);
  }
  rows_in_place_ = matmul.begin ? matmul.rows : std::max(rows_in_place_, matmul.rows);
  if (matmul.drain) {
    multiply_pending();
    for (std::size_t row = 0; row < matmul.rows; ++row) {
      std::copy_n(&chip_.accumulators[from + row * width], width,
                  &chip_.accumulators[(matmul.accumulator + row) * width]);
    }
  }
}

void DataPath::apply(const isa::Matmul& matmul) {
  if (!matmul.reuse) {
    take_tile();
  }
  multiply(matmul);
}

/// By the active tile.
void DataPath::multiply(const isa::Matmul& matmul) {
  if (extends_pending(matmul, active_.values)) {
    pending_->matmul.depth += matmul.depth;
    return;
  }
  multiply_pending();
  pending_ = Pending{matmul, active_.values, active_.columns, command_->origin.node};
}

/// The same sums, the columns behind those so far, and weight rows that follow in memory.
bool DataPath::extends_pending(const isa::Matmul& matmul, const std::int8_t* weights) const {
  if (!pending_ || !matmul.add || matmul.reuse || active_.columns != pending_->weights_stride) {
    return false;
  }
  const isa::Matmul& first = pending_->matmul;
  return first.accumulator == matmul.accumulator && first.rows == matmul.rows &&
         first.columns == matmul.columns && first.buffer_stride == matmul.buffer_stride &&
         first.buffer + first.depth == matmul.buffer &&
         pending_->weights + std::size_t{first.depth} * pending_->weights_stride == weights &&
         pending_->node == command_->origin.node;
}

void DataPath::multiply_pending() {
  if (!pending_) {
    return;
  }
  count_zero_operands();
  const isa::Matmul& matmul = pending_->matmul;
  GemmLayout shape;
  shape.m = matmul.rows;
  shape.n = matmul.columns;
  shape.k = matmul.depth;
  shape.a_stride = matmul.buffer_stride;
  shape.b_stride = pending_->weights_stride;
  shape.c_stride = config_.columns;
  shape.add = matmul.add;
  gemm(path_, shape, buffer_at(matmul.buffer), pending_->weights,
       &chip_.accumulators[std::size_t{matmul.accumulator} * config_.columns], pool_);
  if (!matmul.add) {
    clear_rest(matmul);
  }
  pending_.reset();
}

/// The columns that a ragged tile leaves empty are multiplied by its padding.
void DataPath::clear_rest(const isa::Matmul& matmul) {
  for (std::size_t row = 0; row < matmul.rows && matmul.columns < config_.columns; ++row) {
    const std::size_t first = (matmul.accumulator + row) * config_.columns;
    std::fill_n(&chip_.accumulators[first + matmul.columns], config_.columns - matmul.columns, 0);
  }
}

void DataPath::count_zero_operands() {
  const isa::Matmul& matmul = pending_->matmul;
  nodes_[pending_->node].activity[Action::MacsZero] += zero_operands_.count(
      {buffer_at(matmul.buffer), matmul.buffer_stride, matmul.rows, matmul.depth},
      {pending_->weights, pending_->weights_stride, matmul.depth, matmul.columns});
}

void DataPath::apply(const isa::SetChannels& channels) {
  set_channels(channels_, channels.buffer, channels.columns);
  std::ranges::fill(channel_planes_, std::uint8_t{0});  // the unit's unused columns get zeros
  for (std::size_t plane = 0; plane < isa::kChannelPlanes; ++plane) {
    std::copy_n(buffer_at(channels.buffer + plane * channels.columns), channels.columns,
                channel_planes_.begin() + static_cast<std::ptrdiff_t>(plane * config_.columns));
  }
}

void DataPath::set_channels(ChannelParameters& channels, std::uint64_t address, std::size_t n) {
  const auto* planes = reinterpret_cast<const std::uint8_t*>(buffer_at(address));
  const auto word = [&](std::size_t plane, std::size_t column) {
    std::uint32_t value = 0;
    for (std::size_t byte = 0; byte < 4; ++byte) {
      value |= std::uint32_t{planes[(plane + byte) * n + column]} << (8 * byte);
    }
    return value;
  };
  for (std::size_t i = 0; i < n; ++i) {
    channels.set(i, static_cast<std::int32_t>(word(0, i)),
                 static_cast<std::int32_t>(word(4, i) & 0x7fffffffU), planes[8 * n + i] & 63U);
  }
}

void DataPath::apply(const isa::SetTable& table) {
  std::copy_n(buffer_at(table.buffer), table_.size(), table_.begin());
}

void DataPath::apply(const isa::Activate& activate) {
  const OutputRange range{activate.zero_point, activate.minimum, activate.maximum};
  for (std::uint32_t row = 0; row < activate.rows; ++row) {
    const std::uint64_t address = activate.buffer + row * activate.buffer_stride;
    std::int8_t* values = buffer_at(address);
    requantise(channels_, range,
               &chip_.accumulators[(std::size_t{activate.accumulator} + row) * config_.columns],
               values, activate.columns);
    if (activate.table) {
      look_up(values, activate.columns);
    }
    wrote_row(address, row, activate.columns);
  }
}

/// Sample by sample: a sample's channels are next to each other in the buffer.
void DataPath::apply(const isa::ActivateTransposed& activate) {
  const OutputRange range{activate.zero_point, activate.minimum, activate.maximum};
  ChannelParameters channels(activate.rows);
  set_channels(channels, activate.channels, activate.rows);
  std::vector<std::int32_t> sums(activate.rows);
  for (std::size_t sample = 0; sample < activate.columns; ++sample) {
    for (std::size_t i = 0; i < sums.size(); ++i) {
      sums[i] = chip_.accumulators[(activate.accumulator + i) * config_.columns + sample];
    }
    std::int8_t* values = buffer_at(activate.buffer + sample * activate.buffer_stride);
    requantise(channels, range, sums.data(), values, sums.size());
    if (activate.table) {
      look_up(values, sums.size());
    }
  }
  show_rows(activate);
}

/// The machine works row by row, and so it is shown.
void DataPath::show_rows(const isa::ActivateTransposed& activate) {
  std::vector<std::int8_t> values(activate.columns);
  for (std::uint32_t row = 0; row < activate.rows && observer_ != nullptr; ++row) {
    for (std::size_t i = 0; i < values.size(); ++i) {
      values[i] = *buffer_at(activate.buffer + i * activate.buffer_stride + row);
    }
    observer_->wrote_row(index_, *command_, row, values);
  }
}

void DataPath::look_up(std::int8_t* values, std::size_t count) {
  std::transform(values, values + count, values, [this](std::int8_t value) {
    return table_[static_cast<std::size_t>(value + 128)];
  });
}

void DataPath::apply(const isa::Softmax& softmax) {
  std::array<std::uint16_t, isa::kTableEntries> exponentials;
  std::memcpy(exponentials.data(), buffer_at(softmax.table), sizeof exponentials);
  Softmax unit(exponentials);
  for (std::uint32_t row = 0; row < softmax.rows; ++row) {
    const std::uint64_t to = softmax.destination + row * softmax.destination_stride;
    unit.row({buffer_at(softmax.source + row * softmax.source_stride), softmax.columns},
             {buffer_at(to), softmax.columns});
    wrote_row(to, row, softmax.columns);
  }
}

void DataPath::apply(const isa::Store& store) {
  keep_tiles(store.space);
  std::uint8_t* target = memory_.space(store.space).data() + store.memory;
  for (std::uint64_t row = 0; row < store.rows; ++row) {
    std::memcpy(target + row * store.memory_stride,
                buffer_at(store.buffer + row * store.buffer_stride), store.row_bytes);
  }
}

/// Tiles that have been read from a memory keep their values when it is written.
void DataPath::keep_tiles(isa::Space space) {
  const auto keep = [&](Tile& tile) {
    if (tile.space == space && tile.copy.empty() && tile.values != nullptr) {
      tile.copy.assign(tile.values, tile.values + std::size_t{tile.rows} * tile.columns);
      tile.values = tile.copy.data();
    }
  };
  if (pending_ && active_.space == space) {
    multiply_pending();
  }
  keep(active_);
  for (Tile& tile : fifo_) {
    keep(tile);
  }
}

void DataPath::save(Snapshot& snapshot) {
  multiply_pending();
  const std::size_t sums = std::size_t{config_.accumulator_rows} * config_.columns;
  const std::size_t pes = std::size_t{config_.rows} * config_.columns;
  snapshot.buffer.assign(buffer_at(0), buffer_at(config_.unified_buffer.count()));
  snapshot.accumulators.assign(chip_.accumulators.data(), chip_.accumulators.data() + sums);
  snapshot.sums.assign(chip_.accumulators.data() + sums, chip_.accumulators.data() + sums + pes);
  snapshot.channels = channel_planes_;
  snapshot.table = table_;
  snapshot.active = padded(active_);
  for (const Tile& tile : fifo_) {
    snapshot.tiles.push_back(padded(tile));
  }
}

Snapshot::Tile DataPath::padded(const Tile& tile) const {
  Snapshot::Tile padded;
  padded.values.resize(std::size_t{config_.rows} * config_.columns);
  padded.rows = tile.rows;
  padded.columns = tile.columns;
  const std::int8_t* values = tile.copy.empty() ? tile.values : tile.copy.data();
  for (std::size_t row = 0; row < tile.rows; ++row) {
    std::copy_n(values + row * tile.columns, tile.columns,
                padded.values.begin() + static_cast<std::ptrdiff_t>(row * config_.columns));
  }
  return padded;
}

void DataPath::wrote_row(std::uint64_t address, std::uint32_t row, std::uint32_t columns) {
  if (observer_ != nullptr) {
    observer_->wrote_row(index_, *command_, row, {buffer_at(address), columns});
  }
}

}  // namespace systol
