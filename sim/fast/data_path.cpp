#include "sim/fast/data_path.h"

#include <algorithm>
#include <cstring>

#include "sim/check/area.h"
#include "sim/fast/unpack_weights.h"

namespace systol {
namespace {

/// Most transfers have one loop: then both sides step together.
template <class Copy>
void copy_pieces(const isa::Walk& from, const isa::Walk& to, std::uint64_t bytes, Copy&& copy) {
  const isa::Pieces source = isa::merged(from, bytes);
  const isa::Pieces target = isa::merged(to, bytes);
  if (source.bytes == target.bytes) {
    std::uint64_t piece = 0;
    source.walk.for_each(
        [&](std::uint64_t address) { copy(address, target.walk.at(piece++), source.bytes); });
    return;
  }
  std::uint64_t piece = 0;
  from.for_each([&](std::uint64_t address) { copy(address, to.at(piece++), bytes); });
}

/// `count` values of `bytes` bytes, `step` values apart where they go.
void spread(const std::int8_t* __restrict from, std::int8_t* __restrict to, std::size_t count,
            std::size_t step, std::size_t bytes) {
  if (step == 1) {
    std::memcpy(to, from, count * bytes);
  } else if (bytes == 1) {
    for (std::size_t i = 0; i < count; ++i) {
      to[i * step] = from[i];
    }
  } else {
    for (std::size_t i = 0; i < count; ++i) {
      std::memcpy(to + i * step * bytes, from + i * bytes, bytes);
    }
  }
}

/// False only if they share no address; comparing them must not take long.
bool may_meet(const Area& a, const Area& b) {
  constexpr std::uint64_t kFewSteps = 64;
  StepsLeft steps{kFewSteps};
  try {
    return first_shared(a, b, steps).has_value();
  } catch (const TooManySteps&) {
    return true;
  }
}

}  // namespace

DataPath::DataPath(const ArrayConfig& config, OnChip& chip, MemoryImage& memory,
                   std::vector<NodeResult>& nodes, Observer* observer, ThreadPool* pool,
                   bool switching)
    : config_(config),
      chip_(chip),
      memory_(memory),
      nodes_(nodes),
      observer_(observer),
      pool_(pool),
      path_(exact_gemm_path(isa::describe(config.pe).operation)),
      begun_rows_(config.rows),
      channels_(config.columns),
      channel_planes_(isa::kChannelPlanes * std::size_t{config.columns}) {
  if (switching && isa::counts_switching(config.pe)) {
    switching_.emplace(config);
    if (config.dataflow == Dataflow::OutputStationary) {
      sums_in_place_.emplace();
    } else {
      sums_.emplace(config);
    }
    // The estimate is one of sums of products.
    const bool products = isa::is_product(config.pe);
    for (NodeResult& node : nodes) {
      node.sum_toggles = products ? std::optional(0.0) : std::nullopt;
    }
  }
}

void DataPath::apply(std::uint64_t index, const isa::Command& command) {
  index_ = index;
  command_ = &command;
  for (const isa::Access& access : isa::accesses_of(command.operation, config_.pe)) {
    chip_.note(access);
    if (!std::holds_alternative<isa::Matmul>(command.operation)) {
      prepare(access);
    }
  }
  std::visit([this](const auto& operation) { apply(operation); }, command.operation);
}

/// Multiplies what is pending if its sums are asked for or its activations go, and forgets what
/// was counted in them.
void DataPath::prepare(const isa::Access& access) {
  const bool buffer_write = access.region == isa::Region::Buffer && access.write;
  const bool sums = access.region == isa::Region::Accumulators;
  if (pending_ && (sums || buffer_write)) {
    const isa::Matmul& matmul = pending_->matmul;
    const Area area(access.pieces);
    const Area own = sums ? Area(matmul.accumulator, pending_->rows)
                          : Area({matmul.buffer, segment_bytes(matmul)});
    if (may_meet(own, area)) {
      multiply_pending();
    }
  }
  if (buffer_write) {
    zero_operands_.changed(buffer_at(access.pieces.walk.base), buffer_at(access.end()));
    gathered_.changed(access.pieces.walk.base, access.end());
  }
}

void DataPath::apply(const isa::Load& load) {
  const std::uint8_t* source = memory_.space(load.space).data();
  copy_pieces(load.memory, load.buffer, load.piece_bytes,
              [&](std::uint64_t from, std::uint64_t to, std::uint64_t bytes) {
                std::memcpy(buffer_at(to), source + from, bytes);
              });
}

void DataPath::apply(const isa::LoadWeights& load) {
  const std::uint8_t* source = memory_.space(load.space).data() + load.memory;
  Tile tile{nullptr, load.rows, load.columns, load.space, {}};
  if (isa::is_sparse(config_.pe)) {
    SparseTile sparse(source, load.rows, load.columns);
    tile.copy = sparse.take_lanes();
    tile.sparse = std::move(sparse);
  } else if (isa::is_packed(config_.pe)) {
    tile.copy.resize(std::size_t{load.rows} * load.columns);
    for (std::size_t row = 0; row < load.rows; ++row) {
      unpack_weights(source + row * isa::weight_row_bytes(load.columns, config_.pe),
                     &tile.copy[row * load.columns], load.columns,
                     isa::describe(config_.pe).weight_bits);
    }
  } else {
    tile.values = reinterpret_cast<const std::int8_t*>(source);
  }
  if (isa::counts_switching(config_.pe)) {
    tile.counts = tile_counts_.of(load.space, source, view(tile));
  }
  push(std::move(tile));
}

void DataPath::apply(const isa::LoadTile& load) {
  Tile tile;
  tile.rows = load.rows();
  tile.columns = load.columns();
  tile.copy = std::move(spare_);
  tile.copy.resize(std::size_t{tile.rows} * tile.columns * value_bytes());
  const std::uint32_t segment = load.depth / load.segments;
  const std::size_t step = load.transposed ? tile.columns : 1;  // from value to value
  const std::size_t turn = load.transposed ? 1 : tile.columns;  // from vector to vector
  std::size_t piece = 0;
  load.buffer.for_each([&](std::uint64_t address) {
    spread(buffer_at(address),
           &tile.copy[(piece / load.segments * turn + piece % load.segments * segment * step) *
                      value_bytes()],
           segment, step, value_bytes());
    ++piece;
  });
  if (isa::counts_switching(config_.pe)) {
    tile.counts = std::make_shared<TileCounts>(view(tile));
  }
  push(std::move(tile));
}

/// With sums in place, tiles are fed and not shifted.
void DataPath::push(Tile tile) {
  if (sums_) {
    switching_->shift(view(tile), *tile.counts, activity(command_->origin.node));
  }
  fifo_.push_back(std::move(tile));
}

void DataPath::take_tile() {
  Tile& next = fifo_.front();
  const bool own = !next.copy.empty();
  if (own || !active_.copy.empty()) {
    multiply_pending();  // it may point into the copy that goes
  }
  if (sums_) {
    switching_->swap(view(active_), view(next), next.counts, activity(command_->origin.node));
    sums_->swap(*next.counts);
  }
  spare_ = std::move(active_.copy);
  active_ = std::move(next);
  fifo_.pop_front();
  active_.values = own ? active_.copy.data() : active_.values;
}

/// The PEs' sums are the accumulator rows after the last one.
void DataPath::apply(const isa::MatmulOutputStationary& matmul) {
  take_tile();
  const std::uint32_t rows = matmul.rows();
  const isa::Matmul product{matmul.buffer, matmul.depth, matmul.columns,  config_.accumulator_rows,
                            !matmul.begin, false,        matmul.segments, matmul.zero_point};
  multiply(product);
  const std::size_t width = config_.columns;
  const std::size_t from = config_.accumulator_rows * width;
  if (matmul.begin && rows < begun_rows_) {  // rows without a sample begin, too
    std::fill_n(&chip_.accumulators[from + rows * width], (begun_rows_ - rows) * width, 0);
  }
  if (switching_) {
    NodeResult& node = nodes_[command_->origin.node];
    const MatrixView activations = activations_of(product);
    switching_->step(activations, view(active_), node.activity);
    if (node.sum_toggles) {
      *node.sum_toggles += sums_in_place_->steps(activations, *active_.counts, matmul.begin);
    }
  }
  begun_rows_ = matmul.begin ? rows : std::max(begun_rows_, rows);
  if (matmul.drain) {
    multiply_pending();
    for (std::size_t row = 0; row < rows; ++row) {
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
  if (sums_) {
    begin_rows(matmul);
  }
}

/// A matmul's first row follows the last one of the matmul before, whatever is multiplied together.
void DataPath::begin_rows(const isa::Matmul& matmul) {
  const std::uint32_t bytes = segment_bytes(matmul);
  std::array<std::vector<std::int8_t>, 2> gathered;
  const auto row = [&](std::uint64_t index, std::vector<std::int8_t>& copy) {
    const auto segment = [&](std::uint32_t i) {
      const std::int8_t* from = buffer_at(matmul.buffer.at(index * matmul.segments + i));
      return std::span<const std::int8_t>(from, bytes);
    };
    if (matmul.segments == 1) {
      return segment(0);
    }
    for (std::uint32_t i = 0; i < matmul.segments; ++i) {
      copy.insert(copy.end(), segment(i).begin(), segment(i).end());
    }
    return std::span<const std::int8_t>(copy);
  };
  const std::span<const std::int8_t> first = row(0, gathered[0]);
  const std::span<const std::int8_t> last = row(matmul.rows() - 1, gathered[1]);
  NodeResult& node = nodes_[command_->origin.node];
  switching_->begin(first, last, node.activity);
  if (node.sum_toggles) {
    *node.sum_toggles += sums_->begin(first, last, matmul.columns);
  }
}

/// By the active tile.
void DataPath::multiply(const isa::Matmul& matmul) {
  if (extends_pending(matmul, active_.values)) {
    pending_->matmul.depth += matmul.depth;
  } else {
    multiply_pending();
    pending_ = Pending{matmul,          matmul.rows(),         active_.values,
                       active_.columns, command_->origin.node, matmul.depth};
  }
  pending_->tiles.push_back({active_.counts, matmul.depth});
}

/// The same sums, the columns after those so far, and weight rows that follow in memory.
bool DataPath::extends_pending(const isa::Matmul& matmul, const std::int8_t* weights) const {
  if (!pending_ || !matmul.add || matmul.reuse || active_.columns != pending_->weights_stride) {
    return false;
  }
  const isa::Matmul& first = pending_->matmul;
  const std::uint32_t tile = pending_->tile_depth;  // floats are added tile by tile
  if (isa::is_float(config_.pe) && (first.depth % tile != 0 || matmul.depth > tile)) {
    return false;
  }
  return first.zero_point == matmul.zero_point && first.segments == 1 && matmul.segments == 1 &&
         first.accumulator == matmul.accumulator && first.buffer.loops == matmul.buffer.loops &&
         first.columns == matmul.columns &&
         first.buffer.base + std::uint64_t{first.depth} * value_bytes() == matmul.buffer.base &&
         pending_->weights + std::size_t{first.depth} * pending_->weights_stride * value_bytes() ==
             weights &&
         pending_->node == command_->origin.node;
}

void DataPath::multiply_pending() {
  if (!pending_) {
    return;
  }
  const isa::Matmul& matmul = pending_->matmul;
  const MatrixView activations = activations_of(matmul);
  GemmLayout shape;
  shape.m = activations.rows;
  shape.n = matmul.columns;
  shape.k = activations.columns;
  shape.a_stride = activations.stride;
  shape.b_stride = pending_->weights_stride;
  shape.c_stride = config_.columns;
  shape.add = matmul.add;
  std::int32_t* sums = &chip_.accumulators[std::size_t{matmul.accumulator} * config_.columns];
  if (isa::is_float(config_.pe)) {
    multiply_floats(shape, activations, sums);
  } else if (isa::is_sparse(config_.pe)) {
    multiply_sparse(shape, activations, sums);
  } else {
    count_operands(activations);
    gemm(path_, shape, activations.values, pending_->weights, sums, pool_);
  }
  if (!matmul.add) {
    clear_rest(matmul);
  }
  pending_.reset();
}

/// By the tile as if it were dense. Both weights of a group may have the same index: those that
/// come second there are a tile of their own.
void DataPath::multiply_sparse(GemmLayout shape, const MatrixView& activations,
                               std::int32_t* sums) {
  const isa::Matmul& matmul = pending_->matmul;
  const std::uint64_t macs =
      isa::fed_depth(matmul.depth, matmul.segments, config_.pe) * shape.m * shape.n;
  std::uint64_t multiplied = 0;
  for (const std::vector<std::int8_t>* weights : active_.sparse->dense()) {
    const MatrixView view = {weights->data(), shape.b_stride, shape.k, shape.n};
    multiplied += shape.m * shape.k * shape.n - zero_operands_.count(activations, view);
    gemm(path_, shape, activations.values, weights->data(), sums, pool_);
    shape.add = true;
  }
  Activity& counts = activity(pending_->node);
  counts[Action::MacsZero] += macs - multiplied;
  counts[Action::FedZeros] += zero_operands_.equal(activations, matmul.zero_point);
  if (matmul.zero_point == 0) {
    // Padding of groups is fed, too; where rows were not gathered they lie without it.
    const std::uint64_t places = isa::fed_values(matmul.depth, matmul.segments, config_.pe);
    counts[Action::FedZeros] += shape.m * (places - activations.columns);
  }
}

/// Where they lie, if their rows are whole and in one loop; otherwise a copy. The stride is in
/// bytes.
MatrixView DataPath::activations_of(const isa::Matmul& matmul) {
  const isa::Walk walk = isa::joined(matmul.buffer);
  if (matmul.segments == 1 && isa::used_loops(walk).size() <= 1) {
    return {buffer_at(walk.base), walk.loops.back().stride, pending_->rows, matmul.depth};
  }
  return gathered_.rows(matmul, buffer_at(0), config_.pe);
}

/// The columns that a ragged tile leaves empty are multiplied by its padding.
void DataPath::clear_rest(const isa::Matmul& matmul) {
  for (std::size_t row = 0; row < pending_->rows && matmul.columns < config_.columns; ++row) {
    const std::size_t first = (matmul.accumulator + row) * config_.columns;
    std::fill_n(&chip_.accumulators[first + matmul.columns], config_.columns - matmul.columns, 0);
  }
}

void DataPath::count_operands(const MatrixView& activations) {
  const isa::Matmul& matmul = pending_->matmul;
  const std::vector<TilePart>& tiles = pending_->tiles;
  NodeResult& node = nodes_[pending_->node];
  node.activity[Action::MacsZero] += zero_operands_.count(activations, tiles, matmul.columns);
  node.activity[Action::FedZeros] += zero_operands_.equal(activations, matmul.zero_point);
  if (sums_) {
    switching_->feed(zero_operands_.toggles(activations), tiles, node.activity);
    if (node.sum_toggles) {
      *node.sum_toggles += sums_->feed(activations, zero_operands_.moments(activations), tiles);
    }
  }
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
  for (std::size_t i = 0; i < n; ++i) {
    channels.set(i, isa::read_channel(planes, n, i));
  }
}

void DataPath::apply(const isa::SetTable& table) {
  std::copy_n(buffer_at(table.buffer), table_.size(), table_.begin());
}

void DataPath::apply(const isa::Activate& activate) {
  std::uint32_t row = 0;
  activate.buffer.for_each([&](std::uint64_t address) {
    std::int8_t* values = buffer_at(address);
    results_of(activate, row, values);
    wrote_row(address, row++, activate.columns);
  });
}

void DataPath::apply(const isa::ActivateSigns& activate) {
  std::uint32_t row = 0;
  std::vector<std::int8_t> values(activate.columns);
  activate.buffer.for_each([&](std::uint64_t address) {
    results_of(activate, row, values.data());
    isa::pack_signs(values.data(), activate.columns,
                    reinterpret_cast<std::uint8_t*>(buffer_at(address)));
    wrote_row(row++, values);
  });
}

/// Of accumulator row `row` of the command.
template <class Activation>
void DataPath::results_of(const Activation& activate, std::uint32_t row, std::int8_t* values) {
  requantise(channels_, activate.requantisation,
             &chip_.accumulators[(std::size_t{activate.accumulator} + row) * config_.columns],
             values, activate.columns);
  if (activate.requantisation.table) {
    look_up(values, activate.columns);
  }
}

void DataPath::apply(const isa::ActivateAdd& activate) {
  std::uint32_t row = 0;
  activate.buffer.for_each([&](std::uint64_t address) {
    std::int8_t* values = buffer_at(address);
    requantise(channels_, activate.addition.sums(),
               &chip_.accumulators[(std::size_t{activate.accumulator} + row) * config_.columns],
               values, activate.columns);
    add_residual(activate.addition, activate.requantisation, buffer_at(activate.residual.at(row)),
                 values, activate.columns);
    if (activate.requantisation.table) {
      look_up(values, activate.columns);
    }
    wrote_row(address, row++, activate.columns);
  });
}

/// Sample by sample: a sample's channels are next to each other in the buffer.
void DataPath::apply(const isa::ActivateTransposed& activate) {
  ChannelParameters channels(activate.rows);
  set_channels(channels, activate.channels, activate.rows);
  std::vector<std::int32_t> sums(activate.rows);
  std::size_t sample = 0;
  activate.buffer.for_each([&](std::uint64_t address) {
    for (std::size_t i = 0; i < sums.size(); ++i) {
      sums[i] = chip_.accumulators[(activate.accumulator + i) * config_.columns + sample];
    }
    std::int8_t* values = buffer_at(address);
    requantise(channels, activate.requantisation, sums.data(), values, sums.size());
    if (activate.requantisation.table) {
      look_up(values, sums.size());
    }
    ++sample;
  });
  show_rows(activate);
}

/// The machine works row by row, and so it is shown.
void DataPath::show_rows(const isa::ActivateTransposed& activate) {
  std::vector<std::int8_t> values;
  for (std::uint32_t row = 0; row < activate.rows && observer_ != nullptr; ++row) {
    values.clear();
    activate.buffer.for_each(
        [&](std::uint64_t address) { values.push_back(*buffer_at(address + row)); });
    observer_->wrote_row(index_, *command_, row, values);
  }
}

void DataPath::look_up(std::int8_t* values, std::size_t count) {
  std::transform(values, values + count, values, [this](std::int8_t value) {
    return table_[static_cast<std::size_t>(value + 128)];
  });
}

void DataPath::apply(const isa::Store& store) {
  keep_tiles(store.space);
  tile_counts_.changed(store.space);
  std::uint8_t* target = memory_.space(store.space).data();
  copy_pieces(store.buffer, store.memory, store.piece_bytes,
              [&](std::uint64_t from, std::uint64_t to, std::uint64_t bytes) {
                std::memcpy(target + to, buffer_at(from), bytes);
              });
}

/// Tiles that have been read from a memory keep their values when it is written.
void DataPath::keep_tiles(isa::Space space) {
  const auto keep = [&](Tile& tile) {
    if (tile.space == space && tile.copy.empty() && tile.values != nullptr) {
      tile.copy.assign(tile.values,
                       tile.values + std::size_t{tile.rows} * tile.columns * value_bytes());
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
  const std::size_t bytes = lane_bytes();
  padded.values.resize(std::size_t{config_.rows} * config_.columns * bytes);
  padded.rows = tile.rows;
  padded.columns = tile.columns;
  const std::int8_t* values = tile.copy.empty() ? tile.values : tile.copy.data();
  for (std::size_t row = 0; row < tile.rows; ++row) {
    std::copy_n(values + row * tile.columns * bytes, tile.columns * bytes,
                padded.values.begin() + static_cast<std::ptrdiff_t>(row * config_.columns * bytes));
  }
  return padded;
}

void DataPath::wrote_row(std::uint64_t address, std::uint32_t row, std::uint64_t bytes) {
  wrote_row(row, {buffer_at(address), bytes});
}

void DataPath::wrote_row(std::uint32_t row, std::span<const std::int8_t> values) {
  if (observer_ != nullptr) {
    observer_->wrote_row(index_, *command_, row, values);
  }
}

}  // namespace systol
