#include "sim/fast/data_path.h"

#include <algorithm>
#include <cstring>

#include "sim/check/area.h"

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
      tiles_(config),
      begun_rows_(config.rows),
      channels_(config.columns),
      channel_planes_(isa::kChannelPlanes * std::size_t{config.columns}) {
  const bool in_place = config.dataflow == Dataflow::OutputStationary;
  if (switching && isa::is_float(config.pe) && isa::counts_switching(config.pe, in_place)) {
    floats_.emplace(FloatCounts{FloatSwitching(config), FloatSums(config)});
    for (NodeResult& node : nodes) {
      node.sum_toggles.emplace();
    }
  } else if (switching && isa::counts_switching(config.pe, in_place)) {
    switching_.emplace(config);
    if (in_place) {
      sums_in_place_.emplace();
    } else {
      sums_.emplace(config);
    }
    // The estimate is one of sums of products, of numbers or, where tiles stay, of signs.
    const bool products = isa::is_product(config.pe) || (isa::is_signs(config.pe) && sums_);
    for (NodeResult& node : nodes) {
      node.sum_toggles = products ? std::optional(SumBits{}) : std::nullopt;
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
  shift(tiles_.load(load, memory_.space(load.space).data()));
}

void DataPath::apply(const isa::LoadTile& load) { shift(tiles_.load(load, buffer_at(0))); }

/// With sums in place, tiles are fed and not shifted.
void DataPath::shift(const WeightTiles::Tile& tile) {
  if (sums_) {
    switching_->shift(tile.view(), *tile.counts, activity(command_->origin.node));
  }
  if (floats_) {
    floats_->operands.shift(float_view(tile), activity(command_->origin.node));
  }
}

void DataPath::take_tile() {
  if (!tiles_.in_memory()) {
    multiply_pending();  // it may point into the copy that goes
  }
  if (sums_) {
    const WeightTiles::Tile& next = tiles_.next();
    switching_->swap(tiles_.active().view(), next.view(), next.counts,
                     activity(command_->origin.node));
    sums_->swap(*next.counts);
  }
  if (floats_) {
    floats_->operands.swap(float_view(tiles_.next()), activity(command_->origin.node));
  }
  tiles_.take();
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
    switching_->step(activations, tiles_.active().view(), node.activity);
    if (node.sum_toggles) {
      node.sum_toggles->all +=
          sums_in_place_->steps(activations, *tiles_.active().counts, matmul.begin);
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
  if (floats_) {
    count_floats(matmul);
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
    node.sum_toggles->all += sums_->begin(first, last, matmul.columns);
  }
}

/// By the active tile.
void DataPath::multiply(const isa::Matmul& matmul) {
  if (extends_pending(matmul, tiles_.active().values)) {
    pending_->matmul.depth += matmul.depth;
  } else {
    multiply_pending();
    pending_ = Pending{matmul,
                       matmul.rows(),
                       tiles_.active().values,
                       tiles_.active().columns,
                       command_->origin.node,
                       matmul.depth};
  }
  pending_->tiles.push_back({tiles_.active().counts, matmul.depth});
}

/// The same sums, the columns after those so far, and weight rows that follow in memory.
bool DataPath::extends_pending(const isa::Matmul& matmul, const std::int8_t* weights) const {
  if (!pending_ || !matmul.add || matmul.reuse ||
      tiles_.active().columns != pending_->weights_stride) {
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
  for (const std::vector<std::int8_t>* weights : tiles_.active().sparse->dense()) {
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
  if (sums_ && activations.rows > 1) {  // what changes from row to row
    switching_->feed(zero_operands_.toggles(activations), tiles, node.activity);
    if (node.sum_toggles) {
      node.sum_toggles->all +=
          isa::is_signs(config_.pe)
              ? sums_->feed(activations,
                            moments_of_signs(zero_operands_.toggles(activations), activations.rows),
                            tiles)
              : sums_->feed(activations, zero_operands_.moments(activations), tiles);
    }
  }
}

void DataPath::apply(const isa::Store& store) {
  if (pending_ && tiles_.active().space == store.space) {
    multiply_pending();
  }
  tiles_.keep(store.space);
  std::uint8_t* target = memory_.space(store.space).data();
  copy_pieces(store.buffer, store.memory, store.piece_bytes,
              [&](std::uint64_t from, std::uint64_t to, std::uint64_t bytes) {
                std::memcpy(target + to, buffer_at(from), bytes);
              });
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
  snapshot.softmax = softmax_row_;
  tiles_.save(snapshot);
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
