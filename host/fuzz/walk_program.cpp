#include "host/fuzz/walk_program.h"

#include <algorithm>
#include <array>
#include <optional>

#include "host/compile/schedule.h"
#include "hw/isa/accesses.h"

namespace systol {
namespace {

// Where things are in the buffer: parameters that are loaded once, then what walks go over.
constexpr std::uint64_t kSoftmaxTableAt = 0;
constexpr std::uint64_t kTableAt = kSoftmaxTableAt + isa::kSoftmaxTableBytes;
constexpr std::uint64_t kChannelsAt = kTableAt + isa::kTableEntries;
constexpr std::uint64_t kMostChannels = 40;
constexpr std::uint64_t kConstants = kChannelsAt + isa::kChannelPlanes * kMostChannels;
// Noise fills the activations, and the weights up to there; channels come after it.
constexpr std::uint64_t kNoise = 4096;
constexpr std::uint64_t kWeights = 32768;
constexpr std::uint64_t kMostRows = 24;
constexpr std::uint64_t kMiddle = (kConstants + kWalkBuffer) / 2;

/// The last commands that touched each byte, or accumulator row, by unit.
class Touched {
 public:
  explicit Touched(std::uint64_t accumulator_rows) {
    const std::array<std::uint64_t, isa::kRegions> sizes = {kWalkBuffer, accumulator_rows, kWeights,
                                                            kNoise};
    for (std::size_t region = 0; region < sizes.size(); ++region) {
      readers_[region].resize(sizes[region]);
      writers_[region].resize(sizes[region]);
    }
  }

  /// The commands that `access` must follow.
  void collect(const isa::Access& access, std::vector<std::optional<CommandId>>& after) const {
    for_each_byte(access, [&](std::size_t region, std::uint64_t at) {
      const ByUnit& writers = writers_[region][at];
      after.insert(after.end(), writers.begin(), writers.end());
      if (access.write) {
        const ByUnit& readers = readers_[region][at];
        after.insert(after.end(), readers.begin(), readers.end());
      }
    });
  }
  void note(const isa::Access& access, CommandId id) {
    for_each_byte(access, [&](std::size_t region, std::uint64_t at) {
      (access.write ? writers_ : readers_)[region][at][static_cast<std::size_t>(id.unit)] = id;
    });
  }

 private:
  using ByUnit = std::array<std::optional<CommandId>, isa::kUnits>;
  using Bytes = std::array<std::vector<ByUnit>, isa::kRegions>;

  template <class Action>
  static void for_each_byte(const isa::Access& access, Action&& action) {
    access.pieces.walk.for_each([&](std::uint64_t address) {
      for (std::uint64_t i = 0; i < access.pieces.bytes; ++i) {
        action(static_cast<std::size_t>(access.region), address + i);
      }
    });
  }

  Bytes readers_;
  Bytes writers_;
};

class Drawing {
 public:
  Drawing(const ArrayConfig& config, SplitMix64 random, isa::Program& program)
      : config_(config),
        random_(random),
        program_(program),
        schedule_(append_to(program.commands)),
        touched_(config.accumulator_rows) {}

  void draw(std::uint32_t rounds) {
    program_.pe = config_.pe;
    program_.nodes = {"walks"};
    program_.space_bytes = {kWeights, kNoise};
    program_.image = {{isa::Space::Weights, 0, noise(kNoise)},
                      {isa::Space::Activations, 0, noise(kNoise)}};
    load_tables();
    load_channels(config_.columns);
    append(isa::SetChannels{kChannelsAt, config_.columns});
    for (std::uint32_t round = 0; round < rounds; ++round) {
      append(transfer<isa::Load>());
      multiply();
      activate();
      vector();
      if (between(0, 2) == 0) {
        softmax();
      }
      if (between(0, 2) == 0) {
        normalise();
      }
      append(transfer<isa::Store>());
    }
    schedule_.finish();
  }

 private:
  std::uint32_t between(std::uint64_t low, std::uint64_t high) {
    return static_cast<std::uint32_t>(low + random_.next() % (high - low + 1));
  }

  std::vector<std::uint8_t> noise(std::size_t count) {
    std::vector<std::uint8_t> bytes(count);
    for (std::uint8_t& byte : bytes) {  // a quarter are zeros, which gate multipliers
      byte = static_cast<std::uint8_t>(between(0, 3) == 0 ? 0 : random_.next());
    }
    return bytes;
  }

  void load_constants(std::uint64_t memory, std::uint64_t buffer, std::uint64_t bytes) {
    isa::Load load;
    load.space = isa::Space::Weights;
    load.memory = isa::Walk(memory);
    load.buffer = isa::Walk(buffer);
    load.piece_bytes = bytes;
    append(load);
  }

  void load_tables() {
    std::vector<std::uint8_t>& weights = program_.image.front().bytes;
    weights[0] = weights[1] = 0xff;  // the exponential of 0
    load_constants(0, 0, kChannelsAt);
    append(isa::SetTable{kTableAt});
  }

  /// To where all channels go.
  void load_channels(std::uint32_t count) {
    std::vector<std::uint8_t>& weights = program_.image.front().bytes;
    const std::size_t planes = weights.size();
    weights.resize(planes + isa::kChannelPlanes * std::size_t{count});
    for (std::size_t i = 0; i < count; ++i) {
      const auto bias = static_cast<std::int32_t>(random_.next()) >> between(8, 24);
      const std::uint32_t multiplier = between(1U << 29U, INT32_MAX);
      const auto shift = static_cast<std::uint8_t>(between(28, 42));
      isa::write_channel({bias, multiplier, shift}, &weights[planes], count, i);
    }
    load_constants(planes, kChannelsAt, isa::kChannelPlanes * std::uint64_t{count});
  }

  CommandId append(const isa::Operation& operation) {
    const isa::Accesses accesses = isa::accesses_of(operation);
    std::vector<std::optional<CommandId>> after;
    for (const isa::Access& access : accesses) {
      touched_.collect(access, after);
    }
    std::ranges::sort(after);
    after.erase(std::unique(after.begin(), after.end()), after.end());
    const CommandId id = schedule_.append(operation, {}, after);
    for (const isa::Access& access : accesses) {
      touched_.note(access, id);
    }
    return id;
  }

  std::uint32_t divisor(std::uint64_t of) {
    std::uint32_t part = 1;
    do {
      part = between(1, of);
    } while (of % part != 0);
    return part;
  }

  /// `count` as the product of three numbers, the first of which are 1 for fewer loops.
  std::array<std::uint64_t, 3> factors(std::uint64_t count, std::size_t loops = 3) {
    std::array<std::uint64_t, 3> parts = {1, 1, 1};
    for (std::size_t i = 3 - loops; i < 3; ++i) {
      parts[i] = divisor(count);
      count /= parts[i];
    }
    parts[between(3 - loops, 2)] *= count;
    return parts;
  }

  /// `count` pieces that may overlap, in [low, high).
  isa::Walk read(std::uint64_t count, std::uint64_t bytes, std::uint64_t low, std::uint64_t high,
                 std::size_t loops = 3) {
    isa::Walk walk;
    std::uint64_t left = high - low - bytes;
    const std::array<std::uint64_t, 3> counts = factors(count, loops);
    for (std::size_t i = 0; i < 3; ++i) {
      walk.loops[i].count = counts[i];
      if (counts[i] > 1) {
        walk.loops[i].stride = between(0, std::min<std::uint64_t>(left / (counts[i] - 1), 200));
        left -= (counts[i] - 1) * walk.loops[i].stride;
      }
    }
    walk.base = low + between(0, left);
    return walk;
  }

  /// `count` pieces that do not overlap, in [low, high), with the loops in any order.
  isa::Walk write(std::uint64_t count, std::uint64_t bytes, std::uint64_t low, std::uint64_t high,
                  std::size_t loops = 3) {
    isa::Walk walk;
    const std::array<std::uint64_t, 3> counts = factors(count, loops);
    std::array<std::size_t, 3> order = {0, 1, 2};
    std::swap(order[0], order[between(0, 2)]);
    std::swap(order[1], order[between(1, 2)]);
    // Gaps of three loops fit in what is left over.
    const std::uint64_t widest =
        std::min<std::uint64_t>((high - low - bytes * count) / (3 * count), 7);
    std::uint64_t span = bytes;
    for (const std::size_t i : order) {
      walk.loops[i].count = counts[i];
      if (counts[i] > 1) {
        walk.loops[i].stride = span + between(0, widest);
        span += (counts[i] - 1) * walk.loops[i].stride;
      }
    }
    walk.base = low + between(0, high - low - span);
    return walk;
  }

  template <class Transfer>
  Transfer transfer() {
    constexpr bool kLoads = std::is_same_v<Transfer, isa::Load>;
    Transfer transfer;
    const std::uint64_t count = between(1, 24);
    transfer.piece_bytes = between(1, 24);
    const std::uint64_t half = kNoise / 2;
    if (kLoads) {
      transfer.memory = read(count, transfer.piece_bytes, 0, half);
      transfer.buffer = write(count, transfer.piece_bytes, kConstants, kWalkBuffer);
    } else {
      transfer.buffer = read(count, transfer.piece_bytes, kConstants, kWalkBuffer);
      transfer.memory = write(count, transfer.piece_bytes, half, kNoise);
    }
    return transfer;
  }

  /// A tile of `rows` x `columns` goes to the FIFO.
  void load_tile(std::uint32_t rows, std::uint32_t columns) {
    const std::uint32_t kind = between(0, 2);
    if (kind == 0) {
      const std::uint64_t address = between(0, kNoise - std::uint64_t{rows} * columns);
      append(isa::LoadWeights{isa::Space::Weights, address, rows, columns});
      return;
    }
    const bool transposed = kind == 1;
    const std::uint32_t pieces = transposed ? columns : rows;
    const std::uint32_t depth = transposed ? rows : columns;
    const std::uint32_t segments = divisor(depth);
    append(isa::LoadTile{rows_of(pieces, depth, segments), depth, transposed, segments});
  }

  /// Activation rows of `depth` values.
  isa::Walk rows_of(std::uint64_t rows, std::uint32_t depth, std::uint32_t segments) {
    return read(rows * segments, depth / segments, kConstants, kWalkBuffer);
  }

  void multiply() {
    const std::uint32_t tiles = between(1, 3);
    columns_ = between(1, config_.columns);
    const bool output_stationary = config_.dataflow == Dataflow::OutputStationary;
    rows_ = between(1, std::min<std::uint64_t>(
                           output_stationary ? config_.rows : config_.accumulator_rows, kMostRows));
    first_ = between(0, config_.accumulator_rows - rows_);
    for (std::uint32_t tile = 0; tile < tiles; ++tile) {
      const std::uint32_t depth = between(1, config_.rows);
      const std::uint32_t segments = between(0, 1) == 0 ? 1 : divisor(depth);
      const isa::Walk walk = rows_of(rows_, depth, segments);
      load_tile(depth, columns_);
      if (output_stationary) {
        append(isa::MatmulOutputStationary{walk, depth, columns_, first_, tile == 0,
                                           tile + 1 == tiles, segments});
        continue;
      }
      append(isa::Matmul{walk, depth, columns_, first_, tile > 0, false, segments});
      if (between(0, 2) == 0) {
        append(isa::Matmul{rows_of(rows_, depth, 1), depth, columns_, first_, true, true});
      }
    }
  }

  isa::Requantisation requantisation() {
    const auto minimum = static_cast<std::int8_t>(between(0, 127));
    return {static_cast<std::int8_t>(between(0, 20)), static_cast<std::int8_t>(-minimum),
            static_cast<std::int8_t>(between(1, 127)), between(0, 1) == 1};
  }

  void activate() {
    if (between(0, 1) == 0) {
      append(isa::Activate{first_, columns_, write(rows_, columns_, kConstants, kWalkBuffer),
                           requantisation()});
    } else {
      load_channels(rows_);
      append(isa::ActivateTransposed{first_, rows_, kChannelsAt,
                                     write(columns_, rows_, kConstants, kWalkBuffer),
                                     requantisation()});
    }
  }

  void softmax() {
    const std::uint32_t rows = between(1, 12);
    const std::uint32_t columns = between(1, 24);
    append(isa::Softmax{read(rows, columns, kConstants, kMiddle),
                        write(rows, columns, kMiddle, kWalkBuffer), kSoftmaxTableAt, columns});
  }

  /// A command of the vector unit reads one half of the buffer and writes the other.
  void vector() {
    isa::Vector op;
    op.operation = static_cast<isa::LaneOperation>(between(0, isa::kLaneOperationNames.size() - 1));
    op.join = static_cast<isa::WindowJoin>(between(0, 1));
    op.columns = between(1, 24);
    op.wide_a = between(0, 2) == 0;
    op.wide_b = between(0, 2) == 0;
    op.wide_destination = between(0, 2) == 0;
    const bool up = between(0, 1) == 1;
    const std::uint64_t low = up ? kConstants : kMiddle;
    const std::uint64_t high = up ? kMiddle : kWalkBuffer;
    const std::uint32_t pieces = between(1, 12);
    const std::uint32_t places = between(0, 1) == 0 ? 1 : between(1, 6);
    const auto operand = [&](isa::Walk& walk, isa::Walk& window, bool wide) {
      window = read(places, 1, 0, 80);
      window.base = 0;
      walk = read(pieces, window.end(isa::Vector::bytes(wide, op.columns)), low, high);
    };
    operand(op.a, op.a_window, op.wide_a);
    operand(op.b, op.b_window, op.wide_b);
    op.destination = write(pieces, isa::Vector::bytes(op.wide_destination, op.columns),
                           up ? kMiddle : kConstants, up ? kWalkBuffer : kMiddle);
    draw_numbers(op);
    op.table = !op.wide_destination && between(0, 2) == 0;
    op.entries = between(0, 1) == 0 ? kTableAt : between(low, high - isa::kTableEntries);
    op.channels = between(0, 2) == 0;
    op.planes = between(low, high - isa::kChannelPlanes * std::uint64_t{op.columns});
    append(op);
  }

  /// -limit + 1 to limit - 1.
  std::int32_t around_zero(std::int32_t limit) {
    return static_cast<std::int32_t>(between(0, 2 * static_cast<std::uint64_t>(limit) - 2)) -
           (limit - 1);
  }

  void draw_numbers(isa::Vector& op) {
    // Two int16 operands are multiplied with zero points of 0 only.
    op.a_zero_point = static_cast<std::int16_t>(op.wide_a ? 0 : around_zero(257));
    op.b_zero_point = static_cast<std::int16_t>(op.wide_b ? 0 : around_zero(257));
    op.a_multiplier = around_zero(op.wide_a ? 1 << 13 : 1 << 21) >> between(0, 12);
    op.b_multiplier = around_zero(op.wide_b ? 1 << 13 : 1 << 21) >> between(0, 12);
    op.multiplier = between(0, INT32_MAX);
    op.shift = static_cast<std::uint8_t>(between(28, 48));
    op.zero_point = static_cast<std::int16_t>(around_zero(100));
    const std::int32_t limit = op.wide_destination ? 32'768 : 128;
    op.minimum = static_cast<std::int16_t>(-static_cast<std::int32_t>(between(0, limit)));
    op.maximum = static_cast<std::int16_t>(between(0, limit - 1));
  }

  /// Rows whose values lie together, or each after those of the other rows.
  void normalise() {
    isa::Normalise op;
    const std::uint32_t rows = between(1, 8);
    op.columns = between(1, 20);
    op.source_stride = between(1, 3);
    op.source = read(rows, (op.columns - 1) * op.source_stride + 1, kConstants, kMiddle, 2);
    if (between(0, 1) == 0) {
      op.destination_stride = between(2, 4);
      op.destination =
          write(rows, (op.columns - 1) * op.destination_stride + 2, kMiddle, kWalkBuffer, 2);
    } else {
      op.destination_stride = 2 * rows + between(0, 3);
      op.destination = isa::Walk(kMiddle + between(0, 400), rows, 2);
    }
    op.epsilon = random_.next() >> between(18, 63);
    append(op);
  }

  const ArrayConfig& config_;
  SplitMix64 random_;
  isa::Program& program_;
  Schedule schedule_;
  Touched touched_;
  std::uint32_t rows_ = 0;     ///< of the last product, in the accumulators
  std::uint32_t columns_ = 0;  ///< as well
  std::uint32_t first_ = 0;    ///< the accumulator row that it begins with
};

}  // namespace

isa::Program draw_walk_program(const ArrayConfig& config, SplitMix64 random, std::uint32_t rounds) {
  isa::Program program;
  Drawing(config, random, program).draw(rounds);
  return program;
}

}  // namespace systol
