#include "sim/command_banks.h"

#include <algorithm>
#include <numeric>
#include <variant>

namespace systol {

/// A piece is a loop of bytes. What goes once around all banks is the same for each of them; of
/// the rest, a loop multiplies the places at which its first turn starts.
void InterleavedBanks::add(const isa::Walk& walk, std::uint64_t bytes, std::uint64_t times,
                           const isa::Walk& window) {
  const std::uint64_t banks = counts_.size();
  const isa::Pieces pieces = isa::merged(walk, bytes);
  std::uint64_t turns = times * pieces.walk.count() * window.count();
  in_all_ += turns * (pieces.bytes / banks);
  const std::uint64_t rest = pieces.bytes % banks;
  if (rest == 0) {
    return;
  }
  std::ranges::fill(starts_, 0U);
  starts_[pieces.walk.base % banks] = times;
  for (const auto& loops : {pieces.walk.loops, window.loops}) {
    for (const isa::Walk::Loop& loop : loops) {
      repeat(loop.count, loop.stride % banks);
    }
  }
  repeat(rest, 1);
  std::ranges::transform(counts_, starts_, counts_.begin(), std::plus());
}

/// What starts in a bank starts `count` times, `stride` banks apart: of the banks that are reached
/// so each gets the sum of those whose turns reach it, a window that slides along.
void InterleavedBanks::repeat(std::uint64_t count, std::uint64_t stride) {
  const std::uint64_t banks = starts_.size();
  const std::uint64_t orbits = std::gcd(stride, banks);  // `banks` where the stride is 0
  const std::uint64_t length = banks / orbits;
  const std::uint64_t part = count % length;
  if (count == 1) {
    return;
  }
  const auto next = [&](std::uint64_t bank) {
    return bank + stride < banks ? bank + stride : bank + stride - banks;
  };
  for (std::uint64_t first = 0; first < orbits; ++first) {
    std::uint64_t all = 0;
    std::uint64_t sliding = 0;  // of the `part` banks up to the one before `first`
    std::uint64_t oldest = first;
    for (std::uint64_t i = 0, bank = first; i < length; ++i, bank = next(bank)) {
      all += starts_[bank];
      sliding += i >= length - part ? starts_[bank] : 0;
      oldest = i == length - part ? bank : oldest;
    }
    for (std::uint64_t i = 0, bank = first; i < length; ++i, bank = next(bank)) {
      sliding += part == 0 ? 0 : starts_[bank] - starts_[oldest];
      sums_[bank] = count / length * all + sliding;
      oldest = next(oldest);
    }
  }
  std::swap(starts_, sums_);
}

std::vector<std::uint64_t> InterleavedBanks::counts() const {
  std::vector<std::uint64_t> all = counts_;
  for (std::uint64_t& count : all) {
    count += in_all_;
  }
  return all;
}

std::vector<std::uint64_t> ColumnBanks::counts() const {
  std::vector<std::uint64_t> counts = last_;
  for (std::size_t i = counts.size(); i-- > 1;) {
    counts[i - 1] += counts[i];
  }
  return counts;
}

/// What each command accesses.
struct CommandBanks::Counter {
  CommandBanks& banks;
  const ArrayConfig& config = banks.config_;

  void read(const isa::Walk& walk, std::uint64_t bytes, std::uint64_t times = 1) const {
    banks.buffer_reads_.add(walk, bytes, times);
  }
  void write(const isa::Walk& walk, std::uint64_t bytes) const {
    banks.buffer_writes_.add(walk, bytes);
  }
  void read_segments(const isa::Walk& walk, std::uint32_t depth, std::uint32_t segments) const {
    read(walk, isa::segment_bytes(depth, segments, config.pe));
  }
  /// With sums in place a tile leaves the FIFO as it is fed.
  void tile(std::uint32_t rows, std::uint32_t columns, bool whole) const {
    banks.fifo_writes_.add(whole ? config.columns : columns, whole ? config.rows : rows);
    banks.fifo_reads_.add(columns, config.dataflow == Dataflow::OutputStationary ? 0 : rows);
  }

  void operator()(const isa::Load& op) const { write(op.buffer, op.piece_bytes); }
  void operator()(const isa::Store& op) const { read(op.buffer, op.piece_bytes); }
  void operator()(const isa::LoadWeights& op) const {
    tile(op.rows, op.columns, config.tile_fetch == TileFetch::Whole);
  }
  void operator()(const isa::LoadTile& op) const {
    read_segments(op.buffer, op.depth, op.segments);
    tile(op.rows(), op.columns(), false);
  }
  void operator()(const isa::Matmul& op) const {
    read_segments(op.buffer, op.depth, op.segments);
    banks.accumulator_writes_.add(op.columns, op.rows());
    banks.accumulator_reads_.add(op.columns, op.add ? op.rows() : 0);
  }
  void operator()(const isa::MatmulOutputStationary& op) const {
    read_segments(op.buffer, op.depth, op.segments);
    banks.fifo_reads_.add(op.columns, op.depth);
    banks.accumulator_writes_.add(op.columns, op.drain ? op.rows() : 0);
  }
  void operator()(const isa::SetChannels& op) const {
    read(isa::Walk(op.buffer), std::uint64_t{isa::kChannelPlanes} * op.columns);
  }
  void operator()(const isa::SetTable& op) const { read(isa::Walk(op.buffer), isa::kTableEntries); }
  void operator()(const isa::Activate& op) const {
    banks.accumulator_reads_.add(op.columns, op.rows());
    write(op.buffer, op.columns);
  }
  void operator()(const isa::ActivateAdd& op) const {
    banks.accumulator_reads_.add(op.columns, op.rows());
    read(op.residual, op.columns);
    write(op.buffer, op.columns);
  }
  void operator()(const isa::ActivateSigns& op) const {
    banks.accumulator_reads_.add(op.columns, op.rows());
    write(op.buffer, op.row_bytes());
  }
  void operator()(const isa::ActivateFloat& op) const {
    banks.accumulator_reads_.add(op.columns, op.rows());
    write(op.buffer, op.row_bytes());
  }
  void operator()(const isa::ActivateTransposed& op) const {
    banks.accumulator_reads_.add(op.columns(), op.rows);
    read(isa::Walk(op.channels), std::uint64_t{isa::kChannelPlanes} * op.rows);
    write(op.buffer, op.rows);
  }
  /// The logits are read once for the maximum and once for the exponentials.
  void operator()(const isa::Softmax& op) const {
    read(op.source, op.columns, 2);
    read(isa::Walk(op.table), isa::kSoftmaxTableBytes);
    write(op.destination, op.columns);
  }
  void operator()(const isa::SoftmaxPart& op) const {
    read(isa::Walk(op.source), op.columns);
    read(isa::Walk(op.table), op.reads_table() ? isa::kSoftmaxTableBytes : 0);
    write(isa::Walk(op.destination), op.writes() ? op.columns : 0);
  }
  void operator()(const isa::Vector& op) const {
    if (isa::reads_a(op.operation)) {
      banks.buffer_reads_.add(op.a, isa::Vector::bytes(op.wide_a, op.columns), 1, op.a_window);
    }
    if (isa::reads_b(op.operation)) {
      banks.buffer_reads_.add(op.b, isa::Vector::bytes(op.wide_b, op.columns), 1, op.b_window);
    }
    read(isa::Walk(op.planes), op.channels ? std::uint64_t{isa::kChannelPlanes} * op.columns : 0);
    read(isa::Walk(op.entries), op.table ? isa::kTableEntries : 0);
    write(op.destination, isa::Vector::bytes(op.wide_destination, op.columns));
  }
  /// The values are read once for the sums and once to be written.
  void operator()(const isa::Normalise& op) const {
    const auto values = [&](std::uint64_t stride) { return isa::Walk(0, {{op.columns, stride}}); };
    banks.buffer_reads_.add(op.source, 1, 2, values(op.source_stride));
    banks.buffer_writes_.add(op.destination, 2, 1, values(op.destination_stride));
  }
};

CommandBanks::CommandBanks(const ArrayConfig& config)
    : config_(config),
      buffer_reads_(SramActivity::banks_of(Sram::UnifiedBuffer, config)),
      buffer_writes_(SramActivity::banks_of(Sram::UnifiedBuffer, config)),
      fifo_reads_(SramActivity::banks_of(Sram::WeightFifo, config)),
      fifo_writes_(SramActivity::banks_of(Sram::WeightFifo, config)),
      accumulator_reads_(SramActivity::banks_of(Sram::Accumulators, config)),
      accumulator_writes_(SramActivity::banks_of(Sram::Accumulators, config)) {}

void CommandBanks::count(const isa::Operation& operation) {
  std::visit(Counter{*this}, static_cast<const isa::OperationVariant&>(operation));
}

SramActivity CommandBanks::activity() const {
  SramActivity activity;
  activity[Sram::UnifiedBuffer] = {buffer_reads_.counts(), buffer_writes_.counts()};
  activity[Sram::WeightFifo] = {fifo_reads_.counts(), fifo_writes_.counts()};
  activity[Sram::Accumulators] = {accumulator_reads_.counts(), accumulator_writes_.counts()};
  return activity;
}

}  // namespace systol
